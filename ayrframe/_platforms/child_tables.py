"""The child tables: what one row is and which columns stand after the post key, the same on every platform."""

from __future__ import annotations

from ayrframe._platforms.spec import Cell, ChildTable, Kind, Unit

_SHARE_MEANING = "Share of the whole, normalised to 0 to 1"

REACTIONS_TABLE = ChildTable(
    "reactions",
    row_meaning="a kind of reaction on a post",
    cells=(
        Cell("reaction", Kind.TEXT, meaning="The API's name of the reaction."),
        Cell("label", Kind.TEXT, meaning="What the network shows, such as Celebrate; NA for a kind not declared."),
        Cell("count", Kind.INTEGER, Unit.COUNT, "How many people reacted so, lifetime."),
    ),
    note="A total that the API sends beside the kinds is no kind and is left out; `wide=True` shows it.",
    wide_row_meaning="a post that has reactions, with a column for each kind and `total`",
)
IMPRESSION_SOURCES_TABLE = ChildTable(
    "impression_sources",
    row_meaning="a source of views of a post",
    cells=(
        Cell("impression_source", Kind.TEXT, meaning="Where the viewers came from, in the network's own word."),
        Cell("fraction", Kind.FLOAT, Unit.FRACTION, f"{_SHARE_MEANING}: the part of the views that came from there."),
    ),
)
AUDIENCE_COUNTRIES_TABLE = ChildTable(
    "audience_countries",
    row_meaning="a country of a post's viewers",
    cells=(
        Cell("country", Kind.TEXT, meaning="Country of the viewers, in the network's own code."),
        Cell("fraction", Kind.FLOAT, Unit.FRACTION, f"{_SHARE_MEANING}: the part of the viewers."),
    ),
)
AUDIENCE_CITIES_TABLE = ChildTable(
    "audience_cities",
    row_meaning="a city of a post's viewers",
    cells=(
        Cell("city", Kind.TEXT, meaning="City of the viewers, in the network's own words."),
        Cell("fraction", Kind.FLOAT, Unit.FRACTION, f"{_SHARE_MEANING}: the part of the viewers."),
    ),
    note=(
        "The API sends percents here, and fractions for countries: the values of cities are divided by 100. "
        "A `DataWarning` names posts whose values sum to 1 or less, for these may have been fractions already."
    ),
)
VIDEO_VIEW_RETENTION_TABLE = ChildTable(
    "video_view_retention",
    row_meaning="a moment of a post's video",
    cells=(
        Cell("second", Kind.INTEGER, Unit.UNSTATED, "The moment in the video; the API's numbers may pass its length."),
        Cell("fraction", Kind.FLOAT, Unit.FRACTION, f"{_SHARE_MEANING}: the part of the viewers who still watch."),
    ),
)
ENGAGEMENT_LIKES_TABLE = ChildTable(
    "engagement_likes",
    row_meaning="a moment of a post's video",
    cells=(
        Cell("second", Kind.INTEGER, Unit.UNSTATED, "The moment in the video; the API's numbers may pass its length."),
        Cell("fraction", Kind.FLOAT, Unit.FRACTION, f"{_SHARE_MEANING}: the part of the likes given there."),
    ),
)
MEDIA_TABLE = ChildTable(
    "media",
    row_meaning="a medium of a post",
    position_cell="position",
    cells=(
        Cell("position", Kind.INTEGER, Unit.POSITION, "Place of the medium in the post, from 0."),
        Cell("media_id", Kind.TEXT, meaning="The network's own id of the medium."),
        Cell("type", Kind.TEXT, meaning="image, video, gif, link, or NA where the network does not tell."),
        Cell("url", Kind.TEXT, meaning="The address of the file itself; NA where only a still or a page is known."),
        Cell("thumbnail_url", Kind.TEXT, meaning="The address of a still picture of the medium."),
        Cell("width", Kind.INTEGER, Unit.PIXELS, "Width of the medium."),
        Cell("height", Kind.INTEGER, Unit.PIXELS, "Height of the medium."),
        Cell("duration_s", Kind.FLOAT, Unit.SECONDS, "Length of a video."),
    ),
    note="A post with a single medium outside a list has one row too, as soon as its kind of medium is known.",
)
MEDIA_VARIANTS_TABLE = ChildTable(
    "media_variants",
    row_meaning="an encoding of a medium of a post",
    cells=(
        Cell("media_key", Kind.TEXT, meaning="The network's own key of the medium."),
        Cell("bit_rate", Kind.INTEGER, Unit.BITS_PER_SECOND, "Bits per second; NA for a play list."),
        Cell("content_type", Kind.TEXT, meaning="MIME type of the file."),
        Cell("url", Kind.TEXT, meaning="The address of the file."),
    ),
)
MEDIA_METRICS_TABLE = ChildTable(
    "media_metrics",
    row_meaning="a number of one scope about a medium of a post",
    cells=(
        Cell("media_key", Kind.TEXT, meaning="The network's own key of the medium."),
        Cell("scope", Kind.TEXT, meaning="public, non_public or organic: the same views counted differently."),
        Cell("metric", Kind.TEXT, meaning="view_count, or playback_0_count to playback_100_count."),
        Cell("value", Kind.INTEGER, Unit.COUNT, "The number."),
    ),
    note="Scopes count the same people in different ways and are never to be added.",
    wide_row_meaning="a medium and scope, with a column for each metric",
)
# The metrics that count who got so far, in percent of the video.
QUARTILE_METRICS = {f"playback_{quarter}_count": quarter for quarter in (0, 25, 50, 75, 100)}
URLS_TABLE = ChildTable(
    "urls",
    row_meaning="a link in the text of a post",
    cells=(
        Cell("start", Kind.INTEGER, Unit.POSITION, "Where the link starts in the text."),
        Cell("end", Kind.INTEGER, Unit.POSITION, "Where the link ends in the text."),
        Cell("url", Kind.TEXT, meaning="The short address that stands in the text."),
        Cell("expanded_url", Kind.TEXT, meaning="The address it leads to."),
        Cell("display_url", Kind.TEXT, meaning="The address as the network shows it."),
    ),
)
REFERENCED_TWEETS_TABLE = ChildTable(
    "referenced_tweets",
    row_meaning="a post that a post quotes or answers",
    cells=(
        Cell("type", Kind.TEXT, meaning="quoted or replied_to."),
        Cell("referenced_id", Kind.TEXT, meaning="The network's own id of the other post."),
        Cell("url", Kind.TEXT, meaning="The address of the other post."),
    ),
)
LIKED_BY_TABLE = ChildTable(
    "liked_by",
    row_meaning="a person who liked a post",
    cells=(
        Cell("person_id", Kind.TEXT, meaning="The network's own id of the person."),
        Cell("name", Kind.TEXT, meaning="The person's name; NA where the network sends ids only."),
    ),
    note="These are people's data: handle them with care.",
)
COMMENT_URNS_TABLE = ChildTable(
    "comment_urns",
    row_meaning="a comment on a post",
    cells=(Cell("comment_urn", Kind.TEXT, meaning="The URN by which the comment can be looked up."),),
)
PROPERTIES_TABLE = ChildTable(
    "properties",
    row_meaning="a property of a post's video",
    cells=(
        Cell("name", Kind.TEXT, meaning="The name of the property, such as Length."),
        Cell("text", Kind.TEXT, meaning="Its value as the network words it."),
    ),
)


def _value_table(name: str, row: str, meaning: str) -> ChildTable:
    return ChildTable(name, row_meaning=row, cells=(Cell("value", Kind.TEXT, meaning=meaning),))


LABELS_TABLE = _value_table("labels", "a label on a post", "The label.")
PRODUCT_TAGS_TABLE = _value_table("product_tags", "a product tagged in a post", "The tag.")
TAGS_TABLE = _value_table("tags", "a tag of a post", "The tag.")
EDIT_HISTORY_TABLE = _value_table("edit_history", "a version of a post", "The id of the version.")

EXTRA_TABLE = ChildTable(
    "extra",
    row_meaning="a value of a post that no declared column holds",
    cells=(
        Cell("field", Kind.TEXT, meaning="The API path of the value; empty for an item that is no object."),
        Cell("value", Kind.TEXT, meaning="The value as JSON text."),
        Cell("reason", Kind.TEXT, meaning="undeclared, wrong type, or not an object."),
    ),
)
