"""Define the colors, markers and line styles of plots, on light and dark backgrounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ayrframe._platforms import PLATFORMS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType

RGB = tuple[float, float, float]
GREY = "#8A8A8A"
_WHITE: RGB = (1.0, 1.0, 1.0)
_MIN_LIGHT_LUMINANCE = 0.45  # text is dark on backgrounds above it, light on those below
_WHITE_SHARE = 0.45  # share of white in the platform colors on dark backgrounds
_MARKERS = ("o", "s", "D", "^", "v", "P", "X", "<", ">", "*")
_LINE_STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
# Distinguishable with common color vision deficiencies, and unlike the colors of platforms.
_SERIES_COLORS = (
    "#332288",
    "#117733",
    "#AA4499",
    "#999933",
    "#882255",
    "#44AA99",
    "#CC6677",
    "#88CCEE",
    "#661100",
    "#6699CC",
)


class PlatformStyle(NamedTuple):
    """The title, color, marker and line style of a platform."""

    title: str
    color: str
    marker: str
    line_style: str | tuple[int, tuple[int, ...]]


_PLATFORM_STYLES = {
    name: PlatformStyle(
        platform.title, platform.color, _MARKERS[number % len(_MARKERS)], _LINE_STYLES[number % len(_LINE_STYLES)]
    )
    for number, (name, platform) in enumerate(PLATFORMS.items())
}


def platform_style(name: str) -> PlatformStyle:
    """Return the style of a platform; a grey one for platforms that are not registered."""
    return _PLATFORM_STYLES.get(name) or PlatformStyle(name, "#777777", "o", "-")


def platform_titles(names: list[str]) -> str:
    """Return the titles of platforms, separated by commas."""
    return ", ".join(platform_style(name).title for name in names)


def only_title(names: Sequence[str], separator: str) -> str:
    """Return the title of the platform and the separator if there is only one platform, otherwise ""."""
    return f"{platform_style(names[0]).title}{separator}" if len(names) == 1 else ""


def background_color(ax: Axes) -> RGB:
    """Return the background color of an Axes, or of its figure if that of the Axes is transparent; default white."""
    from matplotlib.colors import to_rgba

    for color in (ax.get_facecolor(), ax.figure.get_facecolor()):
        *solid, alpha = to_rgba(color)
        if alpha > 0:
            return solid[0], solid[1], solid[2]
    return _WHITE


def text_color(ax: Axes) -> str:
    """Return the color of texts and reference lines on an Axes."""
    return text_color_on(background_color(ax))


def text_color_on(background: RGB) -> str:
    """Return the color of texts on a background color."""
    red, green, blue = background
    return "#222222" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > _MIN_LIGHT_LUMINANCE else "#F4F4F4"


def grid_color(ax: Axes) -> RGB:
    """Return the color of the grid and other lines behind the data."""
    return blend(text_color(ax), background_color(ax), 0.13)


def platform_color(ax: Axes, name: str) -> RGB:
    """Return the color of a platform, lighter on dark backgrounds."""
    return _on_background(ax, platform_style(name).color)


def series_color(ax: Axes, number: int) -> RGB:
    """Return the color of the numbered series of a plot, such as a video or a kind of reaction."""
    return _on_background(ax, _SERIES_COLORS[number % len(_SERIES_COLORS)])


def series_line_style(number: int) -> Any:
    """Return the line style of a numbered series; series of the same color have different ones."""
    return _LINE_STYLES[(number + number // len(_SERIES_COLORS)) % len(_LINE_STYLES)]


def series_hatch(number: int) -> str:
    """Return the hatch of a numbered series; series of the same color have different ones."""
    return "" if number < len(_SERIES_COLORS) else "////"


def _on_background(ax: Axes, color: str) -> RGB:
    """Return a color, lighter on dark backgrounds."""
    is_dark = text_color_on(background_color(ax)) != text_color_on(_WHITE)
    return blend("white", color, _WHITE_SHARE if is_dark else 0.0)


def blend(color: ColorType, background: ColorType, alpha: float) -> RGB:
    """Return the color that results from drawing `color` with opacity `alpha` over `background`."""
    from matplotlib.colors import to_rgb

    red, green, blue = (
        above * alpha + below * (1 - alpha) for above, below in zip(to_rgb(color), to_rgb(background), strict=True)
    )
    return red, green, blue
