"""Collect the synthetic profiles, one module per platform; platforms without one use the default profile."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from ayrframe._sandbox.synthetic.profile import SyntheticProfile

SYNTHETIC_PROFILES: dict[str, SyntheticProfile] = {
    module.name: import_module(f"{__name__}.{module.name}").PROFILE for module in pkgutil.iter_modules(__path__)
}
