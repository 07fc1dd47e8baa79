"""Define constructors of columns and fields, the common columns, and the columns that several platforms share.

A column name has the same dtype, unit, role and meaning on every platform. A column of several platforms is therefore
declared here, and `.customize(...)` adds what is particular to one platform.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from ayrframe._platforms.spec import (
    Column,
    Endpoint,
    Evidence,
    Field,
    Kind,
    Parameter,
    Platform,
    Role,
    Unit,
    with_shared,
)

key_column = partial(Column, kind=Kind.TEXT, role=Role.KEY)
time_column = partial(Column, kind=Kind.TIME, role=Role.TIME)
content_column = partial(Column, kind=Kind.TEXT, role=Role.CONTENT)
account_column = partial(Column, kind=Kind.TEXT, role=Role.ACCOUNT)
id_column = partial(Column, kind=Kind.ID)
media_column = partial(Column, kind=Kind.TEXT, role=Role.MEDIA)
pixel_column = partial(Column, kind=Kind.INTEGER, unit=Unit.PIXELS, role=Role.MEDIA)
status_column = partial(Column, kind=Kind.TEXT, role=Role.STATUS)
boolean_column = partial(Column, kind=Kind.BOOLEAN, role=Role.STATUS)
engagement_column = partial(Column, kind=Kind.INTEGER, unit=Unit.COUNT, role=Role.ENGAGEMENT)
saves_column = partial(Column, kind=Kind.INTEGER, unit=Unit.COUNT, role=Role.SAVES)
clicks_column = partial(Column, kind=Kind.INTEGER, unit=Unit.COUNT, role=Role.CLICKS)
views_column = partial(Column, kind=Kind.INTEGER, unit=Unit.COUNT, role=Role.VIEWS)
impressions_column = partial(Column, kind=Kind.INTEGER, unit=Unit.COUNT, role=Role.IMPRESSIONS)
reach_column = partial(Column, kind=Kind.INTEGER, unit=Unit.PEOPLE, role=Role.REACH)
feedback_column = partial(Column, kind=Kind.INTEGER, unit=Unit.COUNT, role=Role.FEEDBACK)
watch_time_column = partial(Column, kind=Kind.INTEGER, role=Role.WATCH_TIME)
retention_column = partial(Column, kind=Kind.FLOAT, role=Role.RETENTION)
rate_column = partial(Column, kind=Kind.FLOAT, role=Role.RATE)
list_column = partial(Column, kind=Kind.LIST)
mapping_column = partial(Column, kind=Kind.MAPPING)
people_count = partial(Column, kind=Kind.INTEGER, unit=Unit.PEOPLE, role=Role.AUDIENCE)
post_count = partial(Column, kind=Kind.INTEGER, unit=Unit.COUNT, role=Role.CONTENT)

# The columns at the start and at the end of every posts frame, the post key among them.
PLATFORM = key_column("", "Platform of the post.", name="platform")
PROFILE = key_column("", "Label that the caller gave this profile; empty if none was given.", name="profile")
ID, CREATED, POST, POST_URL = with_shared(
    key_column("id", "ID of the post on its platform, unchanged, as text.", kind=Kind.ID),
    time_column("created", "When the post was published."),
    content_column("post", "Text of the post."),
    content_column("postUrl", "URL of the post on its platform."),
    evidence=Evidence.LIVE,
    endpoint=Endpoint.BOTH,
)
AS_OF = time_column("", "When these numbers were read.", name="as_of")
READ_AT = time_column("", "When the response that listed the post was received.", name="read_at")
LISTED_FROM = time_column(
    "", "Time from which on all posts of the account up to `read_at` were listed.", name="listed_from"
)
ANALYTICS_AS_OF = time_column(
    "", "When post analytics of the post were read; missing if they were not requested.", name="analytics_as_of"
)
ANALYTICS_ERROR = status_column(
    "", "Why requested post analytics are missing: Ayrshare's error code, or `absent`.", name="analytics_error"
)
EXTRA = mapping_column(
    "",
    "Undeclared fields and invalid values of the post, nested as in the API response.",
    name="extra",
    role=Role.EXTRA,
)

LEADING_COLUMNS = (PLATFORM, PROFILE, ID, CREATED, POST, POST_URL)
COMMON_API_COLUMNS = (ID, CREATED, POST, POST_URL)
TRAILING_COLUMNS = (AS_OF, READ_AT, LISTED_FROM, ANALYTICS_AS_OF, ANALYTICS_ERROR, EXTRA)
# Names of the columns of every posts frame, public as `ayr.COMMON`, to select by.
COMMON = [column.name for column in (*LEADING_COLUMNS, *TRAILING_COLUMNS)]
# The post key, public as `ayr.KEY`: identifies a row of a posts frame, and joins child tables and metrics with posts.
KEY = ["platform", "profile", "id", "as_of"]

# The columns at the start and at the end of every accounts frame.
FOLLOWERS = people_count("", "People who follow the account.", name="followers")
FOLLOWING = people_count("", "Accounts that the account follows.", name="following")
POSTS = post_count("", "Posts that the account has published.", name="posts")
ACCOUNT_LEADING_COLUMNS = (
    replace(PLATFORM, meaning="Platform of the account."),
    PROFILE,
    AS_OF,
    FOLLOWERS,
    FOLLOWING,
    POSTS,
)
ACCOUNT_TRAILING_COLUMNS = (
    replace(EXTRA, meaning="Undeclared fields and invalid values of the account, nested as in the API response."),
)


def _unitless_field(
    kind: Kind, path: str, meaning: str = "", inner: tuple[Field, ...] = (), values: tuple[str, ...] = ()
) -> Field:
    return Field(path, kind, Unit.NONE, meaning, inner, values)


def _number_field(kind: Kind, path: str, unit: Unit, meaning: str = "") -> Field:
    return Field(path, kind, unit, meaning)


# Constructors of fields inside nested columns. An ID is text, even if the API sends a number.
text_field = partial(_unitless_field, Kind.TEXT)
id_field = partial(_unitless_field, Kind.ID)
list_field = partial(_unitless_field, Kind.LIST)
float_field = partial(_number_field, Kind.FLOAT)
integer_field = partial(_number_field, Kind.INTEGER)
quoted_integer_field = partial(_number_field, Kind.QUOTED_INTEGER)

TEXT_ELEMENT = text_field("", "The element itself.")
ID_ELEMENT = id_field("", "The element itself, an ID.")

# Columns that several platforms share.
LIKE_COUNT = engagement_column("likeCount", "Likes of the post, lifetime.")
COMMENTS_COUNT = engagement_column("commentsCount", "Comments on the post, lifetime.")
SHARES_COUNT = engagement_column("sharesCount", "Times the post was shared, lifetime.")
SHARE_COUNT = engagement_column("shareCount", "Times the post was shared, lifetime.")
VIDEO_VIEWS = views_column("videoViews", "Plays of the video, lifetime.")
REPLY_COUNT = engagement_column("replyCount", "Replies to the post, lifetime.")
QUOTE_COUNT = engagement_column("quoteCount", "Posts that quote this post, lifetime.")
VIEWS_COLUMN = views_column("views", "Views, lifetime.")
LIKES_COLUMN = engagement_column("likes", "Likes, lifetime.")
SHARES_COLUMN = engagement_column("shares", "Shares, lifetime.")
REPLIES = engagement_column("replies", "Replies, lifetime.")
REACTIONS_COLUMN = mapping_column(
    "reactions", "Number of reactions of each kind, lifetime.", unit=Unit.COUNT, role=Role.REACTIONS
)

LAST_UPDATED = time_column(
    "lastUpdated", "When Ayrshare last read this post from the platform.", fills="as_of", endpoint=Endpoint.BOTH
)
NEXT_UPDATE = time_column(
    "nextUpdate", "Earliest time at which Ayrshare reads this post again.", endpoint=Endpoint.BOTH
)
PUBLISHED_AT = time_column("publishedAt", "When the post became visible.")
IS_POPULAR = boolean_column("isPopular", "Whether the platform classifies the post as popular.")
MEDIA_TYPE = media_column("mediaType", "Media type, as named by the platform.")
MEDIA_PRODUCT_TYPE = media_column("mediaProductType", "Part of the platform on which the post was published.")
MEDIA = list_column("media", "Media of the post.", role=Role.MEDIA)
MEDIA_URL = media_column("mediaUrl", "URL of the medium of a post with a single medium.")
MEDIA_URLS = list_column("mediaUrls", "Media of the post, one element per medium.", role=Role.MEDIA)
THUMBNAIL_URL = media_column("thumbnailUrl", "URL of a preview image of the medium; it may expire.")
PERMALINK = content_column("permalink", "Permanent URL of the post on its platform.")
TEXT = content_column("text", "Text of the post in a second field.")
TITLE = content_column("title", "Title of the post.")
DESCRIPTION = content_column("description", "Description of the post.")
TAGS = list_column("tags", "Tags of the post.", role=Role.CONTENT, inner=(TEXT_ELEMENT,))
NAME = account_column("name", "Display name of the account.")
USERNAME = account_column("username", "User name of the account that published the post.")
HEIGHT = pixel_column("height", "Height of the medium.")
WIDTH = pixel_column("width", "Width of the medium.")

# Query parameters that several platforms share.
SKIP_ANALYTICS = Parameter("skipAnalytics", Kind.BOOLEAN)
DATA_TYPE = Parameter("dataType", Kind.TEXT, values=("posts", "stories"))


def columns_of(platform: Platform) -> tuple[Column, ...]:
    """Return all columns of the posts frame of a platform, or of its accounts frame, in order."""
    leading, trailing = common_columns([platform])
    return (*leading, *platform.columns, *trailing)


def common_columns(platforms: Iterable[Platform]) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """Return the columns at the start and at the end of a frame of these platforms; by default those of posts."""
    if any(platform.is_account for platform in platforms):
        return ACCOUNT_LEADING_COLUMNS, ACCOUNT_TRAILING_COLUMNS
    return LEADING_COLUMNS, TRAILING_COLUMNS


def sent_by(platform: Platform, endpoint: Endpoint | None = None) -> tuple[Column, ...]:
    """Return the columns that the API sends: all, or those of one endpoint.

    `sent_by(platform, Endpoint.POST_ANALYTICS)` are the fields inside `analytics` of POST /analytics/post, and those of
    its block: `id`, `postUrl`, `lastUpdated`. Columns documented for post analytics that history may contain as well
    (`Evidence.ANALYTICS`) are also columns of `Endpoint.HISTORY`.
    """
    columns = platform.columns if platform.is_account else (*COMMON_API_COLUMNS, *platform.columns)
    if endpoint is None or platform.is_account:
        return columns
    senders = {endpoint, Endpoint.BOTH}
    return tuple(
        column
        for column in columns
        if column.endpoint in senders or (endpoint is Endpoint.HISTORY and column.evidence is Evidence.ANALYTICS)
    )
