"""The sketches, one file per network. A platform that has none here is made by the rules for its declarations alone."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from ayrframe._sandbox.synthetic.profile import SyntheticProfile

SYNTHETIC_PROFILES: dict[str, SyntheticProfile] = {
    module.name: import_module(f"{__name__}.{module.name}").PROFILE for module in pkgutil.iter_modules(__path__)
}
