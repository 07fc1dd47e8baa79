"""One constructor per role, the columns every platform has, and the columns that several platforms share.

A name has one kind, unit, role and meaning everywhere: what more than one platform has is declared here once, and a
platform says with `.here(...)` what is particular about it there.
"""

from __future__ import annotations

from functools import partial

from ayrframe._platforms.spec import Column, Evidence, Field, Kind, Parameter, Role, Unit

# fmt: off
_column = partial(Column)

key         = partial(_column, kind=Kind.TEXT, role=Role.KEY)
moment      = partial(_column, kind=Kind.TIME, role=Role.MOMENT)
content     = partial(_column, kind=Kind.TEXT, role=Role.CONTENT)
account     = partial(_column, kind=Kind.TEXT, role=Role.ACCOUNT)
ident       = partial(_column, kind=Kind.KEY)
media       = partial(_column, kind=Kind.TEXT, role=Role.MEDIA)
size        = partial(_column, kind=Kind.WHOLE, unit=Unit.PIXELS, role=Role.MEDIA)
state       = partial(_column, kind=Kind.TEXT, role=Role.STATE)
flag        = partial(_column, kind=Kind.FLAG, role=Role.STATE)
engagement  = partial(_column, kind=Kind.WHOLE, unit=Unit.COUNT, role=Role.ENGAGEMENT)
saves       = partial(_column, kind=Kind.WHOLE, unit=Unit.COUNT, role=Role.SAVES)
clicks      = partial(_column, kind=Kind.WHOLE, unit=Unit.COUNT, role=Role.CLICKS)
views       = partial(_column, kind=Kind.WHOLE, unit=Unit.COUNT, role=Role.VIEWS)
impressions = partial(_column, kind=Kind.WHOLE, unit=Unit.COUNT, role=Role.IMPRESSIONS)
reach       = partial(_column, kind=Kind.WHOLE, unit=Unit.PEOPLE, role=Role.REACH)
feedback    = partial(_column, kind=Kind.WHOLE, unit=Unit.COUNT, role=Role.FEEDBACK)
watch_time  = partial(_column, kind=Kind.WHOLE, role=Role.WATCH_TIME)
retention   = partial(_column, kind=Kind.NUMBER, role=Role.RETENTION)
rate        = partial(_column, kind=Kind.NUMBER, role=Role.RATE)
nested      = partial(_column, kind=Kind.LIST)
keyed       = partial(_column, kind=Kind.OBJECT)
# fmt: on

# The post key, and what else every posts frame starts and ends with.
PLATFORM = key(path="", name="platform", meaning="The network the post stands on.")
PROFILE = key(path="", name="profile", meaning="The label the caller gave this profile; empty if none was given.")
ID = key(
    path="id", kind=Kind.KEY, meaning="The network's own id of the post, as text and verbatim.", evidence=Evidence.LIVE
)
CREATED = moment(path="created", meaning="When the post was published.", evidence=Evidence.LIVE)
POST = content(path="post", meaning="The text of the post.", evidence=Evidence.LIVE)
POST_URL = content(path="postUrl", meaning="The address of the post on its network.", evidence=Evidence.LIVE)
AS_OF = moment(path="", name="as_of", meaning="The moment of which these numbers are.")
EXTRA = keyed(
    path="",
    name="extra",
    role=Role.LEFTOVER,
    meaning="Everything of the post that no declared column could hold, nested as it was sent.",
)

HEAD = (PLATFORM, PROFILE, ID, CREATED, POST, POST_URL)
SENT = (ID, CREATED, POST, POST_URL)
TAIL = (AS_OF, EXTRA)
KEY = ["platform", "profile", "id", "as_of"]

# Shared by several platforms.
LIKE_COUNT = engagement(path="likeCount", meaning="Likes of the post, lifetime.")
COMMENTS_COUNT = engagement(path="commentsCount", meaning="Comments on the post, lifetime.")
SHARES_COUNT = engagement(path="sharesCount", meaning="Times the post was shared, lifetime.")
SHARE_COUNT = engagement(path="shareCount", meaning="Times the post was shared on, lifetime.")
VIDEO_VIEWS = views(path="videoViews", meaning="Plays of the video, lifetime.")
REPLY_COUNT = engagement(path="replyCount", meaning="Replies to the post, lifetime.")
QUOTE_COUNT = engagement(path="quoteCount", meaning="Posts that quote this one, lifetime.")
VIEWS = views(path="views", meaning="Views, lifetime.")
SHARES = engagement(path="shares", meaning="Shares, lifetime.")
REPLIES = engagement(path="replies", meaning="Replies, lifetime.")
REACTIONS = keyed(
    path="reactions",
    unit=Unit.COUNT,
    role=Role.REACTIONS,
    meaning="Reactions of each kind, lifetime.",
)

LAST_UPDATED = moment(
    path="lastUpdated", meaning="When Ayrshare last read this post from the network.", stands_for="as_of"
)
NEXT_UPDATE = moment(path="nextUpdate", meaning="The earliest moment at which Ayrshare reads this post again.")
IS_POPULAR = flag(path="isPopular", meaning="Whether the network calls the post popular.")
MEDIA_TYPE = media(path="mediaType", meaning="The kind of medium, in the network's own word.")
MEDIA_PRODUCT_TYPE = media(path="mediaProductType", meaning="The surface of the network the post was published to.")
MEDIA_URL = media(path="mediaUrl", meaning="The address of the medium, where the post has just one.")
MEDIA_URLS = nested(path="mediaUrls", role=Role.MEDIA, meaning="The media of the post, one entry for each.")
THUMBNAIL_URL = media(path="thumbnailUrl", meaning="The address of a still picture of the medium; it may expire.")
PERMALINK = content(path="permalink", meaning="The lasting address of the post on its network.")
TEXT = content(path="text", meaning="The text of the post under its other name.")
TITLE = content(path="title", meaning="The title of the post.")
USERNAME = account(path="username", meaning="The user name of the account that published the post.")
HEIGHT = size(path="height", meaning="Height of the medium.")
WIDTH = size(path="width", meaning="Width of the medium.")

# What can be asked of some platforms.
SKIP_ANALYTICS = Parameter("skipAnalytics", Kind.FLAG)
DATA_TYPE = Parameter("dataType", Kind.TEXT, values=("posts", "stories"))


# What nested columns hold.
def text(path: str, meaning: str = "") -> Field:
    """Declare a text inside a nested column."""
    return Field(path, Kind.TEXT, Unit.NONE, meaning)


def ident_of(path: str, meaning: str = "") -> Field:
    """Declare an id inside a nested column: text, also where the API should send digits."""
    return Field(path, Kind.KEY, Unit.NONE, meaning)


def number(path: str, unit: Unit, meaning: str = "") -> Field:
    """Declare a number with a fraction inside a nested column."""
    return Field(path, Kind.NUMBER, unit, meaning)


def whole(path: str, unit: Unit, meaning: str = "") -> Field:
    """Declare a whole number inside a nested column."""
    return Field(path, Kind.WHOLE, unit, meaning)


def quoted(path: str, unit: Unit, meaning: str = "") -> Field:
    """Declare a whole number that the API sends as text inside a nested column."""
    return Field(path, Kind.QUOTED, unit, meaning)


def several(path: str, meaning: str, inner: tuple[Field, ...]) -> Field:
    """Declare a list inside a nested column."""
    return Field(path, Kind.LIST, Unit.NONE, meaning, inner)


ITSELF = text("", "The element itself.")
ITSELF_ID = ident_of("", "The element itself, an id.")
