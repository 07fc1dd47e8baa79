"""One constructor per role, the columns every platform has, and the columns that several platforms share.

A name has one kind, unit, role and meaning everywhere: what more than one platform has is declared here once, and a
platform says with `.customize(...)` what is particular about it there.
"""

from __future__ import annotations

from functools import partial

from ayrframe._platforms.spec import Column, Evidence, Field, Kind, Parameter, Platform, Role, Unit

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

# The post key, and what else every posts frame starts and ends with.
PLATFORM = key_column(path="", name="platform", meaning="The network the post stands on.")
PROFILE = key_column(
    path="", name="profile", meaning="The label the caller gave this profile; empty if none was given."
)
ID = key_column(
    path="id", kind=Kind.ID, meaning="The network's own id of the post, as text and verbatim.", evidence=Evidence.LIVE
)
CREATED = time_column(path="created", meaning="When the post was published.", evidence=Evidence.LIVE)
POST = content_column(path="post", meaning="The text of the post.", evidence=Evidence.LIVE)
POST_URL = content_column(path="postUrl", meaning="The address of the post on its network.", evidence=Evidence.LIVE)
AS_OF = time_column(path="", name="as_of", meaning="The moment of which these numbers are.")
EXTRA = mapping_column(
    path="",
    name="extra",
    role=Role.EXTRA,
    meaning="Everything of the post that no declared column could hold, nested as it was sent.",
)

LEADING_COLUMNS = (PLATFORM, PROFILE, ID, CREATED, POST, POST_URL)
COMMON_API_COLUMNS = (ID, CREATED, POST, POST_URL)
TRAILING_COLUMNS = (AS_OF, EXTRA)
KEY = ["platform", "profile", "id", "as_of"]

# Shared by several platforms.
LIKE_COUNT = engagement_column(path="likeCount", meaning="Likes of the post, lifetime.")
COMMENTS_COUNT = engagement_column(path="commentsCount", meaning="Comments on the post, lifetime.")
SHARES_COUNT = engagement_column(path="sharesCount", meaning="Times the post was shared, lifetime.")
SHARE_COUNT = engagement_column(path="shareCount", meaning="Times the post was shared on, lifetime.")
VIDEO_VIEWS = views_column(path="videoViews", meaning="Plays of the video, lifetime.")
REPLY_COUNT = engagement_column(path="replyCount", meaning="Replies to the post, lifetime.")
QUOTE_COUNT = engagement_column(path="quoteCount", meaning="Posts that quote this one, lifetime.")
VIEWS_COLUMN = views_column(path="views", meaning="Views, lifetime.")
SHARES_COLUMN = engagement_column(path="shares", meaning="Shares, lifetime.")
REPLIES = engagement_column(path="replies", meaning="Replies, lifetime.")
REACTIONS_COLUMN = mapping_column(
    path="reactions",
    unit=Unit.COUNT,
    role=Role.REACTIONS,
    meaning="Reactions of each kind, lifetime.",
)

LAST_UPDATED = time_column(
    path="lastUpdated", meaning="When Ayrshare last read this post from the network.", fills="as_of"
)
NEXT_UPDATE = time_column(path="nextUpdate", meaning="The earliest moment at which Ayrshare reads this post again.")
IS_POPULAR = boolean_column(path="isPopular", meaning="Whether the network calls the post popular.")
MEDIA_TYPE = media_column(path="mediaType", meaning="The kind of medium, in the network's own word.")
MEDIA_PRODUCT_TYPE = media_column(
    path="mediaProductType", meaning="The surface of the network the post was published to."
)
MEDIA_URL = media_column(path="mediaUrl", meaning="The address of the medium, where the post has just one.")
MEDIA_URLS = list_column(path="mediaUrls", role=Role.MEDIA, meaning="The media of the post, one entry for each.")
THUMBNAIL_URL = media_column(
    path="thumbnailUrl", meaning="The address of a still picture of the medium; it may expire."
)
PERMALINK = content_column(path="permalink", meaning="The lasting address of the post on its network.")
TEXT = content_column(path="text", meaning="The text of the post under its other name.")
TITLE = content_column(path="title", meaning="The title of the post.")
USERNAME = account_column(path="username", meaning="The user name of the account that published the post.")
HEIGHT = pixel_column(path="height", meaning="Height of the medium.")
WIDTH = pixel_column(path="width", meaning="Width of the medium.")

# What can be asked of some platforms.
SKIP_ANALYTICS = Parameter("skipAnalytics", Kind.BOOLEAN)
DATA_TYPE = Parameter("dataType", Kind.TEXT, values=("posts", "stories"))


# What nested columns hold.
def text_field(path: str, meaning: str = "") -> Field:
    """Declare a text inside a nested column."""
    return Field(path, Kind.TEXT, Unit.NONE, meaning)


def id_field(path: str, meaning: str = "") -> Field:
    """Declare an id inside a nested column: text, also where the API should send digits."""
    return Field(path, Kind.ID, Unit.NONE, meaning)


def float_field(path: str, unit: Unit, meaning: str = "") -> Field:
    """Declare a number with a fraction inside a nested column."""
    return Field(path, Kind.FLOAT, unit, meaning)


def integer_field(path: str, unit: Unit, meaning: str = "") -> Field:
    """Declare a whole number inside a nested column."""
    return Field(path, Kind.INTEGER, unit, meaning)


def quoted_integer_field(path: str, unit: Unit, meaning: str = "") -> Field:
    """Declare a whole number that the API sends as text inside a nested column."""
    return Field(path, Kind.QUOTED_INTEGER, unit, meaning)


def list_field(path: str, meaning: str, inner: tuple[Field, ...]) -> Field:
    """Declare a list inside a nested column."""
    return Field(path, Kind.LIST, Unit.NONE, meaning, inner)


TEXT_ELEMENT = text_field("", "The element itself.")
ID_ELEMENT = id_field("", "The element itself, an id.")


def columns_of(platform: Platform) -> tuple[Column, ...]:
    """Return every column of a platform's posts frame, in order."""
    return (*LEADING_COLUMNS, *platform.columns, *TRAILING_COLUMNS)


def sent_by(platform: Platform) -> tuple[Column, ...]:
    """Return the columns that the API itself sends."""
    return (*COMMON_API_COLUMNS, *platform.columns)
