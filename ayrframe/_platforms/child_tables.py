"""The child tables: what one row is and which columns stand after the post key, the same on every platform."""

from __future__ import annotations

from ayrframe._platforms.spec import Cell, ChildTable, Kind, Unit

_SHARE = "Share of the whole, normalised to 0 to 1"

REACTIONS_TABLE = ChildTable(
    "reactions",
    row="a kind of reaction on a post",
    cells=(
        Cell("reaction", Kind.TEXT, meaning="The API's name of the reaction."),
        Cell("label", Kind.TEXT, meaning="What the network shows, such as Celebrate; NA for a kind not declared."),
        Cell("count", Kind.WHOLE, Unit.COUNT, "How many people reacted so, lifetime."),
    ),
    note="A total that the API sends beside the kinds is no kind and is left out; `wide=True` shows it.",
    wide="a post that has reactions, with a column for each kind and `total`",
)
IMPRESSION_SOURCES_TABLE = ChildTable(
    "impression_sources",
    row="a source of views of a post",
    cells=(
        Cell("impression_source", Kind.TEXT, meaning="Where the viewers came from, in the network's own word."),
        Cell("fraction", Kind.NUMBER, Unit.FRACTION, f"{_SHARE}: the part of the views that came from there."),
    ),
)
AUDIENCE_COUNTRIES_TABLE = ChildTable(
    "audience_countries",
    row="a country of a post's viewers",
    cells=(
        Cell("country", Kind.TEXT, meaning="Country of the viewers, in the network's own code."),
        Cell("fraction", Kind.NUMBER, Unit.FRACTION, f"{_SHARE}: the part of the viewers."),
    ),
)
AUDIENCE_CITIES_TABLE = ChildTable(
    "audience_cities",
    row="a city of a post's viewers",
    cells=(
        Cell("city", Kind.TEXT, meaning="City of the viewers, in the network's own words."),
        Cell("fraction", Kind.NUMBER, Unit.FRACTION, f"{_SHARE}: the part of the viewers."),
    ),
    note=(
        "The API sends percents here, and fractions for countries: the values of cities are divided by 100. "
        "A `DataWarning` names posts whose values sum to 1 or less, for these may have been fractions already."
    ),
)
VIDEO_VIEW_RETENTION_TABLE = ChildTable(
    "video_view_retention",
    row="a moment of a post's video",
    cells=(
        Cell("second", Kind.WHOLE, Unit.UNSTATED, "The moment in the video; the API's numbers may pass its length."),
        Cell("fraction", Kind.NUMBER, Unit.FRACTION, f"{_SHARE}: the part of the viewers who still watch."),
    ),
)
ENGAGEMENT_LIKES_TABLE = ChildTable(
    "engagement_likes",
    row="a moment of a post's video",
    cells=(
        Cell("second", Kind.WHOLE, Unit.UNSTATED, "The moment in the video; the API's numbers may pass its length."),
        Cell("fraction", Kind.NUMBER, Unit.FRACTION, f"{_SHARE}: the part of the likes given there."),
    ),
)
MEDIA_TABLE = ChildTable(
    "media",
    row="a medium of a post",
    position="position",
    cells=(
        Cell("position", Kind.WHOLE, Unit.POSITION, "Place of the medium in the post, from 0."),
        Cell("media_id", Kind.TEXT, meaning="The network's own id of the medium."),
        Cell("type", Kind.TEXT, meaning="image, video, gif, link, or NA where the network does not tell."),
        Cell("url", Kind.TEXT, meaning="The address of the file itself; NA where only a still or a page is known."),
        Cell("thumbnail_url", Kind.TEXT, meaning="The address of a still picture of the medium."),
        Cell("width", Kind.WHOLE, Unit.PIXELS, "Width of the medium."),
        Cell("height", Kind.WHOLE, Unit.PIXELS, "Height of the medium."),
        Cell("duration_s", Kind.NUMBER, Unit.SECONDS, "Length of a video."),
    ),
    note="A post with a single medium outside a list has one row too, as soon as its kind of medium is known.",
)
MEDIA_VARIANTS_TABLE = ChildTable(
    "media_variants",
    row="an encoding of a medium of a post",
    cells=(
        Cell("media_key", Kind.TEXT, meaning="The network's own key of the medium."),
        Cell("bit_rate", Kind.WHOLE, Unit.BITS_PER_SECOND, "Bits per second; NA for a play list."),
        Cell("content_type", Kind.TEXT, meaning="MIME type of the file."),
        Cell("url", Kind.TEXT, meaning="The address of the file."),
    ),
)
MEDIA_METRICS_TABLE = ChildTable(
    "media_metrics",
    row="a number of one scope about a medium of a post",
    cells=(
        Cell("media_key", Kind.TEXT, meaning="The network's own key of the medium."),
        Cell("scope", Kind.TEXT, meaning="public, non_public or organic: the same views counted differently."),
        Cell("metric", Kind.TEXT, meaning="view_count, or playback_0_count to playback_100_count."),
        Cell("value", Kind.WHOLE, Unit.COUNT, "The number."),
    ),
    note="Scopes count the same people in different ways and are never to be added.",
    wide="a medium and scope, with a column for each metric",
)
# The metrics that count who got so far, in percent of the video.
QUARTILE_METRICS = {f"playback_{quarter}_count": quarter for quarter in (0, 25, 50, 75, 100)}
URLS_TABLE = ChildTable(
    "urls",
    row="a link in the text of a post",
    cells=(
        Cell("start", Kind.WHOLE, Unit.POSITION, "Where the link starts in the text."),
        Cell("end", Kind.WHOLE, Unit.POSITION, "Where the link ends in the text."),
        Cell("url", Kind.TEXT, meaning="The short address that stands in the text."),
        Cell("expanded_url", Kind.TEXT, meaning="The address it leads to."),
        Cell("display_url", Kind.TEXT, meaning="The address as the network shows it."),
    ),
)
REFERENCED_TWEETS_TABLE = ChildTable(
    "referenced_tweets",
    row="a post that a post quotes or answers",
    cells=(
        Cell("type", Kind.TEXT, meaning="quoted or replied_to."),
        Cell("referenced_id", Kind.TEXT, meaning="The network's own id of the other post."),
        Cell("url", Kind.TEXT, meaning="The address of the other post."),
    ),
)
LIKED_BY_TABLE = ChildTable(
    "liked_by",
    row="a person who liked a post",
    cells=(
        Cell("person_id", Kind.TEXT, meaning="The network's own id of the person."),
        Cell("name", Kind.TEXT, meaning="The person's name; NA where the network sends ids only."),
    ),
    note="These are people's data: handle them with care.",
)
COMMENT_URNS_TABLE = ChildTable(
    "comment_urns",
    row="a comment on a post",
    cells=(Cell("comment_urn", Kind.TEXT, meaning="The URN by which the comment can be looked up."),),
)
PROPERTIES_TABLE = ChildTable(
    "properties",
    row="a property of a post's video",
    cells=(
        Cell("name", Kind.TEXT, meaning="The name of the property, such as Length."),
        Cell("text", Kind.TEXT, meaning="Its value as the network words it."),
    ),
)


def _values(name: str, row: str, meaning: str) -> ChildTable:
    return ChildTable(name, row=row, cells=(Cell("value", Kind.TEXT, meaning=meaning),))


LABELS_TABLE = _values("labels", "a label on a post", "The label.")
PRODUCT_TAGS_TABLE = _values("product_tags", "a product tagged in a post", "The tag.")
TAGS_TABLE = _values("tags", "a tag of a post", "The tag.")
EDIT_HISTORY_TABLE = _values("edit_history", "a version of a post", "The id of the version.")

EXTRA_TABLE = ChildTable(
    "extra",
    row="a value of a post that no declared column holds",
    cells=(
        Cell("field", Kind.TEXT, meaning="The API path of the value; empty for an item that is no object."),
        Cell("value", Kind.TEXT, meaning="The value as JSON text."),
        Cell("reason", Kind.TEXT, meaning="undeclared, wrong type, or not an object."),
    ),
)
