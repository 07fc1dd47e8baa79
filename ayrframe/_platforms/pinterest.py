"""Declare Pinterest: pins with their media. Metrics exist in post analytics only, not in history."""

from ayrframe._platforms import accounts, child_tables, metrics
from ayrframe._platforms.columns import (
    HEIGHT,
    MEDIA_TYPE,
    MEDIA_URL,
    MEDIA_URLS,
    TEXT_ELEMENT,
    TITLE,
    USERNAME,
    WIDTH,
    clicks_column,
    content_column,
    engagement_column,
    float_field,
    id_column,
    impressions_column,
    integer_field,
    list_column,
    media_column,
    post_count,
    saves_column,
    text_field,
)
from ayrframe._platforms.spec import (
    Account,
    CellSource,
    Evidence,
    Expansion,
    Format,
    Kind,
    MissingMetric,
    Platform,
    Role,
    RowPerElement,
    RowPerPost,
    Unit,
    cells_from,
    with_shared,
)

_COUNTRIES = "at ca ch cl co.kr co.uk com.au com.mx de dk es fr ie it jp nz ph pt se"
_COUNTRY_HOSTS = tuple(f"pinterest.{country}" for country in _COUNTRIES.split())
_PINTEREST_MEDIA_TYPES = {"image": "image", "video": "video"}
_PINTEREST_MISSING = "Available in post analytics; this endpoint has no metrics for Pinterest."
_VIDEO_ADDRESS_NOTE = "For a video, the URL of a preview image."

PINTEREST = Platform(
    name="pinterest",
    title="Pinterest",
    color="#7E0B05",
    hosts=("pinterest.com", "pin.it", *_COUNTRY_HOSTS),
    about="This endpoint has no metrics for Pinterest.",
    columns=(
        TITLE,
        content_column("note", "Private note of the creator on the pin."),
        content_column("link", "URL to which the pin links; may be empty."),
        content_column("altText", "Alternative text of the image; may be empty."),
        id_column("boardId", "ID of the board of the pin on the platform.", role=Role.ACCOUNT),
        MEDIA_TYPE.customize(values=("image", "video", "multiple_images", "multiple_videos", "multiple_mixed")),
        MEDIA_URL.customize(_VIDEO_ADDRESS_NOTE, formats=("image", "video")),
        MEDIA_URLS.customize(
            "Carousels only.",
            formats=("carousel",),
            inner=(
                text_field("mediaType", "Type of the medium.", values=("image", "video")),
                text_field("mediaUrl", "URL of the image, or of the preview image of a video."),
                integer_field("height", Unit.PIXELS, "Height of the medium."),
                integer_field("width", Unit.PIXELS, "Width of the medium."),
                float_field("duration", Unit.MILLISECONDS, "Length of a video."),
            ),
        ),
        media_column("coverImageUrl", "URL of the cover image of a video.", formats=("video",)),
        media_column("duration", "Length of the video.", kind=Kind.INTEGER, unit=Unit.MILLISECONDS, formats=("video",)),
        HEIGHT.customize(formats=("image", "video")),
        WIDTH.customize(formats=("image", "video")),
        media_column("dominantColor", "Main color of the image, as `#rrggbb`."),
        list_column("productTags", "Products tagged in the pin.", role=Role.CONTENT, inner=(TEXT_ELEMENT,)),
        USERNAME,
    ),
    expansions=(
        Expansion(
            child_tables.MEDIA_TABLE,
            "media_urls",
            RowPerElement(
                cells_from(
                    type=CellSource("mediaType", recode=_PINTEREST_MEDIA_TYPES),
                    url=CellSource("mediaUrl", only_for_type="image"),
                    thumbnail_url=CellSource("mediaUrl", only_for_type="video"),
                    width="width",
                    height="height",
                    duration_s="duration",
                )
            ),
            row_per_post=RowPerPost(
                cells_from(
                    type=CellSource("media_type", recode=_PINTEREST_MEDIA_TYPES),
                    url=CellSource("media_url", only_for_type="image"),
                    thumbnail_url=(CellSource("cover_image_url"), CellSource("media_url", only_for_type="video")),
                    width="width",
                    height="height",
                    duration_s="duration",
                )
            ),
        ),
        Expansion(child_tables.PRODUCT_TAGS_TABLE, "product_tags", RowPerElement(cells_from(value=""))),
    ),
    formats=(
        Format("image", {"mediaType": "image"}),
        Format("video", {"mediaType": "video"}),
        Format("carousel", {"mediaType": "multiple_mixed"}),
        Format("carousel", {"mediaType": "multiple_images"}),
        Format("carousel", {"mediaType": "multiple_videos"}),
    ),
    missing_metrics=(
        MissingMetric(metrics.REACTIONS, _PINTEREST_MISSING),
        MissingMetric(metrics.COMMENTS, _PINTEREST_MISSING),
        MissingMetric(metrics.SAVES, _PINTEREST_MISSING),
        MissingMetric(metrics.CLICKS, _PINTEREST_MISSING),
        MissingMetric(metrics.IMPRESSIONS, _PINTEREST_MISSING),
    ),
    usual_denominator=metrics.IMPRESSIONS,
    account=Account(
        columns=with_shared(
            impressions_column("impression", "Times pins of the account were shown."),
            engagement_column("engagement", "Clicks on and saves of pins of the account.", name="pinterest_engagement"),
            saves_column("save", "Times pins of the account were saved."),
            clicks_column("pinClick", "Clicks on pins of the account."),
            clicks_column("outboundClick", "Clicks that left Pinterest for the address of a pin."),
            post_count("board.pinCount", "Pins on the board."),
            evidence=Evidence.REPORTED,
        ),
        parameters=(accounts.QUARTERS,),
    ),
)
