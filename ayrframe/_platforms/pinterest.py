"""Pinterest: pins with their media. History carries no metric at all; those exist in post analytics only."""

from ayrframe._platforms import child_tables as tables
from ayrframe._platforms import metrics as measures
from ayrframe._platforms.columns import (
    HEIGHT,
    ITSELF,
    MEDIA_TYPE,
    MEDIA_URL,
    MEDIA_URLS,
    TITLE,
    USERNAME,
    WIDTH,
    content,
    ident,
    media,
    nested,
    number,
    text,
    whole,
)
from ayrframe._platforms.spec import Each, Expansion, Format, Kind, Platform, Refusal, Role, Single, Take, Unit

_COUNTRIES = [
    "at",
    "ca",
    "ch",
    "cl",
    "co.kr",
    "co.uk",
    "com.au",
    "com.mx",
    "de",
    "dk",
    "es",
    "fr",
    "ie",
    "it",
    "jp",
    "nz",
    "ph",
    "pt",
    "se",
]
_COUNTRY_HOSTS = tuple(f"pinterest.{country}" for country in _COUNTRIES)
_TYPES = {"image": "image", "video": "video"}
_VIDEO, _SINGLE = ("video",), ("image", "video")
_ELSEWHERE = "Post analytics tell it; this endpoint has no metrics for Pinterest."
_STILL_OF_A_VIDEO = "A video's address here leads to a still picture."

PLATFORM = Platform(
    name="pinterest",
    title="Pinterest",
    colour="#7E0B05",
    hosts=("pinterest.com", "pin.it", *_COUNTRY_HOSTS),
    about="This endpoint has no metrics for Pinterest.",
    columns=(
        TITLE.here(),
        content(path="note", meaning="The creator's private note on the pin."),
        content(path="link", meaning="Where the pin leads; may be empty."),
        content(path="altText", meaning="The description of the picture for those who cannot see it; may be empty."),
        ident(path="boardId", role=Role.ACCOUNT, meaning="The network's own id of the board the pin stands on."),
        MEDIA_TYPE.here(values=("image", "video", "multiple_images", "multiple_videos", "multiple_mixed")),
        MEDIA_URL.here(_STILL_OF_A_VIDEO, formats=_SINGLE),
        MEDIA_URLS.here(
            "Carousels only.",
            formats=("carousel",),
            inner=(
                text("mediaType", "image or video."),
                text("mediaUrl", "The address of the picture, or of a video's still."),
                whole("height", Unit.PIXELS, "Height of the medium."),
                whole("width", Unit.PIXELS, "Width of the medium."),
                number("duration", Unit.MILLISECONDS, "Length of a video."),
            ),
        ),
        media(path="coverImageUrl", meaning="The address of a video's cover picture.", formats=_VIDEO),
        media(
            path="duration",
            kind=Kind.WHOLE,
            unit=Unit.MILLISECONDS,
            meaning="Length of the video.",
            formats=_VIDEO,
        ),
        HEIGHT.here(formats=_SINGLE),
        WIDTH.here(formats=_SINGLE),
        media(path="dominantColor", meaning="The main colour of the picture, as `#rrggbb`."),
        nested(path="productTags", role=Role.CONTENT, meaning="Products tagged in the pin.", inner=(ITSELF,)),
        USERNAME.here(),
    ),
    expansions=(
        Expansion(
            table=tables.MEDIA,
            source="media_urls",
            shape=Each(
                {
                    "type": Take("mediaType", recode=_TYPES),
                    "url": Take("mediaUrl", only="image"),
                    "thumbnail_url": Take("mediaUrl", only="video"),
                    "width": Take("width"),
                    "height": Take("height"),
                    "duration_s": Take("duration"),
                }
            ),
            single=Single(
                {
                    "type": Take("media_type", recode=_TYPES),
                    "url": Take("media_url", only="image"),
                    "thumbnail_url": (Take("cover_image_url"), Take("media_url", only="video")),
                    "width": Take("width"),
                    "height": Take("height"),
                    "duration_s": Take("duration"),
                }
            ),
        ),
        Expansion(table=tables.PRODUCT_TAGS, source="product_tags", shape=Each({"value": Take("")})),
    ),
    formats=(
        Format("image", {"mediaType": "image"}),
        Format("video", {"mediaType": "video"}),
        Format("carousel", {"mediaType": "multiple_mixed"}),
        Format("carousel", {"mediaType": "multiple_images"}),
        Format("carousel", {"mediaType": "multiple_videos"}),
    ),
    refusals=(
        Refusal(measures.REACTIONS, _ELSEWHERE),
        Refusal(measures.COMMENTS, _ELSEWHERE),
        Refusal(measures.SAVES, _ELSEWHERE),
        Refusal(measures.CLICKS, _ELSEWHERE),
        Refusal(measures.IMPRESSIONS, _ELSEWHERE),
    ),
    quoted_by=measures.IMPRESSIONS,
)
