"""The paper of a plot, light or dark as the reader's style has it, and the colours that show on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ayrframe._platforms import PLATFORMS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType

RGB = tuple[float, float, float]
LineStyle = str | tuple[int, tuple[int, ...]]

GREY = "#8A8A8A"
_WHITE: RGB = (1.0, 1.0, 1.0)
_MIN_LIGHT_LUMINANCE = 0.45  # text is dark on backgrounds above it, light on those below
_WHITE_SHARE = 0.45  # share of white in the platform colors on dark backgrounds
_MARKERS = ("o", "s", "D", "^", "v", "P", "X", "<", ">", "*")
_LINE_STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))


@dataclass(frozen=True)
class PlatformStyle:
    """What a network is called and how it is drawn."""

    title: str
    color: str
    marker: str
    line_style: LineStyle


_PLATFORM_STYLES = {
    name: PlatformStyle(
        platform.title, platform.colour, _MARKERS[number % len(_MARKERS)], _LINE_STYLES[number % len(_LINE_STYLES)]
    )
    for number, (name, platform) in enumerate(PLATFORMS.items())
}


def platform_style(name: str) -> PlatformStyle:
    """Return how a network is drawn; one that is not registered is drawn in grey."""
    return _PLATFORM_STYLES.get(name) or PlatformStyle(name, "#777777", "o", "-")


def platform_titles(names: list[str]) -> str:
    """Return the titles of networks as a list of words."""
    return ", ".join(platform_style(name).title for name in names)


def background_color(ax: Axes) -> RGB:
    """Return the colour behind the data; white where neither the Axes nor its figure has one."""
    from matplotlib.colors import to_rgba

    for color in (ax.get_facecolor(), ax.figure.get_facecolor()):
        *solid, alpha = to_rgba(color)
        if alpha > 0:
            return solid[0], solid[1], solid[2]
    return _WHITE


def text_color(ax: Axes) -> str:
    """Return a colour for words and marks."""
    return text_color_on(background_color(ax))


def text_color_on(background: RGB) -> str:
    """Return a colour for words on this ground."""
    red, green, blue = background
    return "#222222" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > _MIN_LIGHT_LUMINANCE else "#F4F4F4"


def grid_color(ax: Axes) -> RGB:
    """Return a colour for what stands behind the data."""
    return blend(text_color(ax), background_color(ax), 0.13)


def platform_color(ax: Axes, name: str) -> RGB:
    """Return the colour of a network, lighter on dark paper."""
    is_dark = text_color_on(background_color(ax)) != text_color_on(_WHITE)
    return blend("white", platform_style(name).color, _WHITE_SHARE if is_dark else 0.0)


def blend(color: ColorType, background: ColorType, alpha: float) -> RGB:
    """Return what is seen of a colour that covers its ground in part."""
    from matplotlib.colors import to_rgb

    red, green, blue = (
        above * alpha + below * (1 - alpha) for above, below in zip(to_rgb(color), to_rgb(background), strict=True)
    )
    return red, green, blue
