"""Define the child tables: what one row is, and which columns follow the post key, the same on every platform."""

from __future__ import annotations

from ayrframe._platforms.spec import Cell, ChildTable, Kind, Unit

_MEDIA_KEY = Cell("media_key", Kind.TEXT, meaning="Key of the medium on the platform.")
_SECOND_MEANING = "Point in time in the video; the values of the API may exceed the length of the video."
_SECOND = Cell("second", Kind.INTEGER, Unit.UNSTATED, _SECOND_MEANING)
_CURVE_POSITION = Cell(
    "position",
    Kind.FLOAT,
    Unit.FRACTION,
    "`second` divided by the last second of the curve of this post, 0 to 1; NA if the curve has only one point.",
)


def _fraction(part: str) -> Cell:
    return Cell("fraction", Kind.FLOAT, Unit.FRACTION, f"Share, normalised to 0 to 1: {part}")


def _value_table(name: str, row: str, meaning: str) -> ChildTable:
    return ChildTable(name, row_meaning=row, cells=(Cell("value", Kind.TEXT, meaning=meaning),))


REACTIONS_TABLE = ChildTable(
    "reactions",
    row_meaning="one kind of reaction to a post",
    cells=(
        Cell("reaction", Kind.TEXT, meaning="Name of the reaction in the API."),
        Cell("label", Kind.TEXT, meaning="Name shown by the platform, such as Celebrate; NA for an undeclared kind."),
        Cell("count", Kind.INTEGER, Unit.COUNT, "Number of these reactions, lifetime."),
    ),
    note="A total that the API sends with the kinds does not get a row; `wide=True` returns it as a column.",
    wide_row_meaning="a post with reactions, with one column per kind and `total`",
)
IMPRESSION_SOURCES_TABLE = ChildTable(
    "impression_sources",
    row_meaning="one source of views of a post",
    cells=(
        Cell("impression_source", Kind.TEXT, meaning="Where the viewers came from, as named by the platform."),
        _fraction("part of the views that came from this source."),
    ),
)
AUDIENCE_COUNTRIES_TABLE = ChildTable(
    "audience_countries",
    row_meaning="one country of the viewers of a post",
    cells=(
        Cell("country", Kind.TEXT, meaning="Country of the viewers, as the code that the platform uses."),
        _fraction("part of the viewers."),
    ),
)
AUDIENCE_CITIES_TABLE = ChildTable(
    "audience_cities",
    row_meaning="one city of the viewers of a post",
    cells=(
        Cell("city", Kind.TEXT, meaning="City of the viewers, as named by the platform."),
        _fraction("part of the viewers."),
    ),
    note=(
        "The API sends percentages for cities and fractions for countries; the values of cities are divided by 100. "
        "A `DataWarning` names posts whose values sum to 1 or less, because these may already have been fractions."
    ),
)
AUDIENCE_GENDERS_TABLE = ChildTable(
    "audience_genders",
    row_meaning="one gender of the viewers of a post",
    cells=(
        Cell("gender", Kind.TEXT, meaning="Gender of the viewers, as named by the platform."),
        _fraction("part of the viewers."),
    ),
)
AUDIENCE_TYPES_TABLE = ChildTable(
    "audience_types",
    row_meaning="one group of the viewers of a post, such as followers",
    cells=(
        Cell("type", Kind.TEXT, meaning="Group of the viewers, as named by the platform."),
        _fraction("part of the viewers."),
    ),
)
VIDEO_VIEW_RETENTION_TABLE = ChildTable(
    "video_view_retention",
    row_meaning="one point in time of the video of a post",
    cells=(_SECOND, _CURVE_POSITION, _fraction("part of the viewers who are still watching.")),
    relative_cell=("position", "second"),
)
ENGAGEMENT_LIKES_TABLE = ChildTable(
    "engagement_likes",
    row_meaning="one point in time of the video of a post",
    cells=(_SECOND, _CURVE_POSITION, _fraction("part of the likes given at this point.")),
    relative_cell=("position", "second"),
)
MEDIA_TABLE = ChildTable(
    "media",
    row_meaning="one medium of a post",
    position_cell="position",
    cells=(
        Cell("position", Kind.INTEGER, Unit.POSITION, "Position of the medium in the post, starting at 0."),
        Cell("media_id", Kind.TEXT, meaning="ID of the medium on the platform."),
        Cell("type", Kind.TEXT, meaning="image, video, gif or link; NA if the platform does not report it."),
        Cell("url", Kind.TEXT, meaning="URL of the file; NA if only a preview image or a page is known."),
        Cell("thumbnail_url", Kind.TEXT, meaning="URL of a preview image of the medium."),
        Cell("width", Kind.INTEGER, Unit.PIXELS, "Width of the medium."),
        Cell("height", Kind.INTEGER, Unit.PIXELS, "Height of the medium."),
        Cell("duration_s", Kind.FLOAT, Unit.SECONDS, "Length of a video."),
    ),
    note="A post with a single medium outside a list also has one row, if its media type is known.",
)
MEDIA_VARIANTS_TABLE = ChildTable(
    "media_variants",
    row_meaning="one encoding of a medium of a post",
    cells=(
        _MEDIA_KEY,
        Cell("bit_rate", Kind.INTEGER, Unit.BITS_PER_SECOND, "Bits per second; NA for a playlist."),
        Cell("content_type", Kind.TEXT, meaning="MIME type of the file."),
        Cell("url", Kind.TEXT, meaning="URL of the file."),
    ),
)
MEDIA_METRICS_TABLE = ChildTable(
    "media_metrics",
    row_meaning="one number of one scope for a medium of a post, or for the post",
    cells=(
        _MEDIA_KEY,
        Cell("scope", Kind.TEXT, meaning="public, non_public or organic: different counts of the same views."),
        Cell("metric", Kind.TEXT, meaning="view_count, or playback_0_count to playback_100_count."),
        Cell("value", Kind.INTEGER, Unit.COUNT, "Value of the metric."),
    ),
    note=(
        "Scopes count the same people in different ways; never add them. Rows without a media key are the numbers that "
        "post analytics sends for the post as a whole; they repeat those of its video."
    ),
    wide_row_meaning="a medium, or the post, and a scope, with one column per metric",
)
# Metrics that count viewers who reached a percentage of the video.
QUARTILE_METRICS = {f"playback_{quarter}_count": quarter for quarter in (0, 25, 50, 75, 100)}
URLS_TABLE = ChildTable(
    "urls",
    row_meaning="one link in the text of a post",
    cells=(
        Cell("start", Kind.INTEGER, Unit.POSITION, "Position in the text at which the link starts."),
        Cell("end", Kind.INTEGER, Unit.POSITION, "Position in the text at which the link ends."),
        Cell("url", Kind.TEXT, meaning="Short URL as contained in the text."),
        Cell("expanded_url", Kind.TEXT, meaning="Full URL to which it leads."),
        Cell("display_url", Kind.TEXT, meaning="URL as shown by the platform."),
    ),
)
REFERENCED_TWEETS_TABLE = ChildTable(
    "referenced_tweets",
    row_meaning="one post that a post quotes, answers or reposts",
    cells=(
        Cell("type", Kind.TEXT, meaning="quoted, replied_to or retweeted."),
        Cell("referenced_id", Kind.TEXT, meaning="ID of the other post on the platform."),
        Cell("url", Kind.TEXT, meaning="URL of the other post."),
    ),
)
LIKED_BY_TABLE = ChildTable(
    "liked_by",
    row_meaning="one person who liked a post",
    cells=(
        Cell("person_id", Kind.TEXT, meaning="ID of the person on the platform."),
        Cell("name", Kind.TEXT, meaning="Name of the person; NA if the platform sends IDs only."),
    ),
    note="Contains personal data; handle with care.",
)
COMMENT_URNS_TABLE = ChildTable(
    "comment_urns",
    row_meaning="one comment on a post",
    cells=(Cell("comment_urn", Kind.TEXT, meaning="URN of the comment, with which it can be looked up."),),
)
PROPERTIES_TABLE = ChildTable(
    "properties",
    row_meaning="one property of the video of a post",
    cells=(
        Cell("name", Kind.TEXT, meaning="Name of the property, such as Length."),
        Cell("text", Kind.TEXT, meaning="Value as formatted by the platform."),
    ),
)
LABELS_TABLE = _value_table("labels", "one label of a post", "The label.")
PRODUCT_TAGS_TABLE = _value_table("product_tags", "one product tagged in a post", "The tag.")
TAGS_TABLE = _value_table("tags", "one tag of a post", "The tag.")
EDIT_HISTORY_TABLE = _value_table("edit_history", "one version of a post", "ID of the version.")

EXTRA_TABLE = ChildTable(
    "extra",
    row_meaning="one undeclared field or invalid value of a post",
    cells=(
        Cell("field", Kind.TEXT, meaning="API path of the value; empty for an item that is not an object."),
        Cell("value", Kind.TEXT, meaning="Value as JSON text."),
        Cell("reason", Kind.TEXT, meaning="undeclared, wrong type, or not an object."),
    ),
)
