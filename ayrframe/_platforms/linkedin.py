"""Declare LinkedIn: organizations and personal accounts, which lack impressions, shares and the engagement ratio."""

from ayrframe._platforms import accounts, child_tables, metrics
from ayrframe._platforms.columns import (
    ID_ELEMENT,
    LIKE_COUNT,
    MEDIA_URLS,
    PUBLISHED_AT,
    REACTIONS_COLUMN,
    SHARE_COUNT,
    VIDEO_VIEWS,
    account_column,
    boolean_column,
    clicks_column,
    engagement_column,
    id_field,
    impressions_column,
    integer_field,
    list_column,
    mapping_column,
    people_count,
    rate_column,
    reach_column,
    status_column,
    text_field,
    time_column,
    watch_time_column,
)
from ayrframe._platforms.spec import (
    Account,
    Endpoint,
    Evidence,
    Expansion,
    KnownGap,
    Measure,
    MissingMetric,
    Paid,
    Platform,
    Role,
    RowPerElement,
    RowPerKey,
    Scope,
    Unit,
    cells_from,
    with_shared,
)

_ORGANISATION_GAPS = (KnownGap.OLDER_THAN_12_MONTHS, KnownGap.PERSONAL_ACCOUNT, KnownGap.TOO_FRESH)
_LINKEDIN_VIDEO_GAPS = (KnownGap.OTHER_KIND_OF_MEDIA, *_ORGANISATION_GAPS)
_WITHOUT_SPONSORED = "Organic only, without sponsored posts."
_LINKEDIN_REACTIONS = {
    "like": "Like",
    "praise": "Celebrate",
    "maybe": "Curious",
    "empathy": "Love",
    "interest": "Insightful",
    "appreciation": "Support",
    "entertainment": "Funny",
}

LINKEDIN = Platform(
    name="linkedin",
    title="LinkedIn",
    color="#182952",
    hosts=("linkedin.com", "lnkd.in"),
    short_hosts=("lnkd.in",),
    about="As far as documented, personal accounts have reactions, likes and comments only, and organizations have "
    "other numbers for the last 12 months only.",
    columns=(
        *with_shared(
            LIKE_COUNT.customize("Differs from the sum of the kinds in `reactions`."),
            engagement_column(
                "commentCount",
                "Comments on the post, lifetime.",
                note="Singular on LinkedIn; other platforms send `commentsCount`.",
            ),
            SHARE_COUNT.customize(gaps=_ORGANISATION_GAPS),
            clicks_column("clickCount", "Clicks on the post.", gaps=(KnownGap.OLDER_THAN_12_MONTHS,)),
            *with_shared(
                impressions_column("impressionCount", "Times the post was shown."),
                reach_column("uniqueImpressionsCount", "People to whom the post was shown."),
                rate_column(
                    "engagement",
                    "(Clicks + likes + comments + shares) / impressions, as computed by LinkedIn.",
                    unit=Unit.RATIO,
                    note="Includes clicks, so it is not comparable with rates of other platforms.",
                ),
                gaps=_ORGANISATION_GAPS,
            ),
            REACTIONS_COLUMN.customize(
                "The API uses older names than LinkedIn shows. Without a total.",
                inner=tuple(integer_field(name, Unit.COUNT) for name in _LINKEDIN_REACTIONS),
            ),
            evidence=Evidence.LIVE,
            endpoint=Endpoint.BOTH,
        ),
        engagement_column(
            "totalFirstLevelComments", "Comments on the post, without replies to comments.", endpoint=Endpoint.BOTH
        ),
        *with_shared(
            VIDEO_VIEWS,
            reach_column("videoViewers", "People who watched the video."),
            watch_time_column("videoWatchTimeMs", "Total time spent watching the video.", unit=Unit.MILLISECONDS),
            evidence=Evidence.ANALYTICS,
            endpoint=Endpoint.POST_ANALYTICS,
            gaps=_LINKEDIN_VIDEO_GAPS,
        ),
        status_column("status", "Status of the post.", evidence=Evidence.LIVE, values=("PUBLISHED",)),
        status_column(
            "visibility", "Who can see the post.", evidence=Evidence.LIVE, values=("PUBLIC", "CONNECTIONS", "LOGGED_IN")
        ),
        status_column("commentsState", "Whether comments are allowed.", values=("OPEN",), endpoint=Endpoint.BOTH),
        boolean_column("likedByCurrentUser", "Whether the reading account likes the post."),
        PUBLISHED_AT.customize(evidence=Evidence.LIVE),
        time_column("lastModified", "When the post was last changed.", evidence=Evidence.LIVE),
        MEDIA_URLS.customize(inner=(id_field("id", "URN of the medium."), text_field("url", "URL of the file."))),
        list_column(
            "comments",
            "URNs of the comments on the post.",
            name="comment_urns",
            role=Role.CONTENT,
            note="List of URNs to look up, not a number of comments.",
            inner=(ID_ELEMENT,),
        ),
        list_column(
            "likeBy",
            "URNs of people who like the post.",
            role=Role.PEOPLE,
            note="The API spells it `likeBy`; the field of Facebook is `likedBy`.",
            inner=(ID_ELEMENT,),
        ),
        account_column(
            "type",
            "Whether the account is an organization or a person, as named by the platform.",
            note="`corporate` for organizations.",
            evidence=Evidence.REPORTED,
            endpoint=Endpoint.POST_ANALYTICS,
        ),
    ),
    expansions=(
        Expansion(child_tables.REACTIONS_TABLE, "reactions", RowPerKey(_LINKEDIN_REACTIONS)),
        Expansion(child_tables.MEDIA_TABLE, "media_urls", RowPerElement(cells_from(media_id="id", url="url"))),
        Expansion(child_tables.LIKED_BY_TABLE, "like_by", RowPerElement(cells_from(person_id=""))),
        Expansion(child_tables.COMMENT_URNS_TABLE, "comment_urns", RowPerElement(cells_from(comment_urn=""))),
    ),
    measures=(
        Measure(metrics.LIKES, "like_count", paid=Paid.ORGANIC, note=_WITHOUT_SPONSORED),
        Measure(
            metrics.REACTIONS,
            "reactions",
            note="Sum of all kinds; the API does not send a total. In its examples, the sum differs from the likes.",
        ),
        Measure(
            metrics.COMMENTS,
            "comment_count",
            paid=Paid.ORGANIC,
            note=f"`comment_urns` is a list of URNs, not a count. {_WITHOUT_SPONSORED}",
        ),
        Measure(
            metrics.SHARES,
            "share_count",
            counts="shares with other members",
            paid=Paid.ORGANIC,
            note=f"Times the post was shared with other members, with or without a text. {_WITHOUT_SPONSORED}",
        ),
        Measure(
            metrics.CLICKS,
            "click_count",
            scope=Scope.OWNER,
            paid=Paid.ORGANIC,
            note=f"Clicks anywhere on the post. {_WITHOUT_SPONSORED}",
        ),
        Measure(
            metrics.VIEWS,
            "video_views",
            scope=Scope.OWNER,
            counts="plays of a video",
            note="Plays of a video; missing for other posts.",
        ),
        *with_shared(
            Measure(metrics.IMPRESSIONS, "impression_count"),
            Measure(metrics.REACH, "unique_impressions_count"),
            scope=Scope.OWNER,
            paid=Paid.ORGANIC,
            note=_WITHOUT_SPONSORED,
        ),
        Measure(metrics.WATCH_TIME, "video_watch_time_ms", scope=Scope.OWNER),
    ),
    missing_metrics=(
        MissingMetric(
            metrics.AVERAGE_WATCH_TIME, "The API reports the total time and the viewers, but not the average."
        ),
    ),
    usual_denominator=metrics.IMPRESSIONS,
    account=Account(
        columns=(
            people_count(
                "followers.totalFollowerCount", "People who follow the page.", fills="followers", evidence=Evidence.LIVE
            ),
            people_count("followers.organicFollowerCount", "Followers who were not gained by advertisements."),
            people_count("followers.paidFollowerCount", "Followers who were gained by advertisements."),
            *with_shared(
                accounts.ACCOUNT_LIKE_COUNT,
                engagement_column("commentCount", "Comments on the posts of the page."),
                accounts.ACCOUNT_SHARE_COUNT,
                clicks_column("clickCount", "Clicks on the posts of the page."),
                impressions_column("impressionCount", "Times posts of the page were shown."),
                reach_column(
                    "uniqueImpressionsCount", "People who saw posts of the page at least once.", evidence=Evidence.LIVE
                ),
                rate_column("engagement", "Engagements divided by impressions.", unit=Unit.RATIO),
                mapping_column(
                    "views",
                    "Views of the page, by device and section.",
                    unit=Unit.COUNT,
                    role=Role.VIEWS,
                    name="linkedin_views",
                ),
                note="Organization pages only.",
            ),
        ),
        parameters=(accounts.QUARTERS,),
    ),
)
