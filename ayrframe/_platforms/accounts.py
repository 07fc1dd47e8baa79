"""Define columns of accounts, child tables and request parameters that several platforms share.

A column name has the same kind, unit, role and meaning on every platform. A field that means something else on one
platform gets the name of that platform as a prefix.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ayrframe._platforms import child_tables
from ayrframe._platforms.columns import FOLLOWERS, FOLLOWING, people_count
from ayrframe._platforms.spec import Cell, ChildTable, Column, Evidence, Kind, Parameter, Role, Unit, with_shared

account_text = partial(Column, kind=Kind.TEXT, role=Role.ACCOUNT)
account_id = partial(Column, kind=Kind.ID, role=Role.ACCOUNT)
account_flag = partial(Column, kind=Kind.BOOLEAN, role=Role.ACCOUNT)
account_time = partial(Column, kind=Kind.TIME, role=Role.TIME)
audience_list = partial(Column, kind=Kind.LIST, role=Role.AUDIENCE)
audience_mapping = partial(Column, kind=Kind.MAPPING, unit=Unit.PEOPLE, role=Role.AUDIENCE)

# Columns that several platforms share.
FOLLOWERS_COUNT, SUBSCRIBER_COUNT = with_shared(
    people_count("followersCount", "People who follow the account, as named by the platform."),
    people_count("subscriberCount", "Subscribers of the channel; YouTube rounds it to three digits."),
    fills=FOLLOWERS.name,
)
FOLLOWING_COUNT, FOLLOWS_COUNT = with_shared(
    people_count("followingCount", "Accounts that the account follows, as named by the platform."),
    people_count("followsCount", "Accounts that the account follows, as named by Bluesky and Instagram."),
    fills=FOLLOWING.name,
)
ACCOUNT_ID = account_id("id", "ID of the account on its platform, unchanged, as text.", name="account_id")
ACCOUNT_CREATED = account_time("created", "When the account was created.")
ACCOUNT_NAME = account_text("name", "Name of the account.")
DISPLAY_NAME = account_text("displayName", "Name that the platform shows for the account.")
HANDLE = account_text("handle", "Handle of the account, by which people find it.")
ACCOUNT_USERNAME = account_text("username", "User name of the account.")
ACCOUNT_URL = account_text("url", "URL of the account.")
VERIFIED = account_flag("verified", "Whether the platform verified the account.")

_TOTALS = partial(Column, kind=Kind.INTEGER, unit=Unit.COUNT, role=Role.ENGAGEMENT)
ACCOUNT_LIKE_COUNT = _TOTALS("likeCount", "Likes of the posts of the account.")
ACCOUNT_SHARE_COUNT = _TOTALS("shareCount", "Times that posts of the account were shared.")
ACCOUNT_LIKES = _TOTALS("likes", "Likes of the posts of the account in the reported period.")

# Parameters of the request.
QUARTERS = Parameter("quarters", Kind.INTEGER, values=("1", "2", "3", "4"))
DAILY = Parameter("daily", Kind.BOOLEAN)

_FRACTION = Cell(
    "fraction", Kind.FLOAT, Unit.FRACTION, "Part of the audience, 0 to 1; NA if the platform sends numbers."
)
_PEOPLE = Cell("people", Kind.INTEGER, Unit.PEOPLE, "Number of people; NA if the platform sends fractions.")
ACCOUNT_COUNTRIES_TABLE = ChildTable(
    "audience_countries",
    row_meaning="one country of the audience of an account",
    cells=(Cell("country", Kind.TEXT, meaning="Country, as the code that the platform uses."), _FRACTION, _PEOPLE),
)
ACCOUNT_AGES_TABLE = ChildTable(
    "audience_ages",
    row_meaning="one range of ages of the audience of an account",
    cells=(
        Cell("age", Kind.TEXT, meaning="Range of ages, such as 25-34."),
        Cell("gender", Kind.TEXT, meaning="Gender as named by the platform; NA if ages are not split by gender."),
        _FRACTION,
        _PEOPLE,
    ),
)
ACCOUNT_GENDERS_TABLE = ChildTable(
    "audience_genders",
    row_meaning="one gender of the audience of an account",
    cells=(Cell("gender", Kind.TEXT, meaning="Gender as named by the platform."), _FRACTION, _PEOPLE),
)

ACCOUNT_REACTIONS_TABLE = replace(
    child_tables.REACTIONS_TABLE,
    row_meaning="one kind of reaction to the posts of an account",
    wide_row_meaning="an account with reactions, with one column per kind and `total`",
)

# What third parties report, and Ayrshare does not document.
reported = partial(replace, evidence=Evidence.REPORTED)
