"""How a network looks in every plot: its title, a colour, and a marker and a line that tell it apart without colour."""

from __future__ import annotations

from dataclasses import dataclass

from ayrframe._platforms import PLATFORMS

_MARKERS = ("o", "s", "D", "^", "v", "P", "X", "<", ">", "*")
_LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))

Dashes = str | tuple[int, tuple[int, ...]]


@dataclass(frozen=True)
class PlatformStyle:
    """What a network is called and how it is drawn."""

    title: str
    colour: str
    marker: str
    line: Dashes


_LOOKS = {
    name: PlatformStyle(platform.title, platform.colour, _MARKERS[place % len(_MARKERS)], _LINES[place % len(_LINES)])
    for place, (name, platform) in enumerate(PLATFORMS.items())
}


def platform_style(name: str) -> PlatformStyle:
    """Return how a network is drawn; one that is not registered is drawn in grey."""
    return _LOOKS.get(name) or PlatformStyle(name, "#777777", "o", "-")


def platform_titles(names: list[str]) -> str:
    """Return the titles of networks as a list of words."""
    return ", ".join(platform_style(name).title for name in names)
