"""Declare Facebook pages: feed posts and stories. Meta retired most older numbers; `media_view` replaced them."""

from dataclasses import replace

from ayrframe._platforms import accounts, child_tables, metrics
from ayrframe._platforms.columns import (
    COMMENTS_COUNT,
    DATA_TYPE,
    IS_POPULAR,
    LAST_UPDATED,
    LIKE_COUNT,
    MEDIA_TYPE,
    MEDIA_URLS,
    NEXT_UPDATE,
    REACTIONS_COLUMN,
    SHARES_COUNT,
    SKIP_ANALYTICS,
    clicks_column,
    engagement_column,
    feedback_column,
    id_column,
    id_field,
    impressions_column,
    integer_field,
    list_column,
    mapping_column,
    media_column,
    people_count,
    reach_column,
    status_column,
    text_field,
    views_column,
)
from ayrframe._platforms.facebook_video import (
    FACEBOOK_GAPS,
    FACEBOOK_VIDEOS,
    STORY_NOTE,
    VIDEO_COLUMNS,
    VIDEO_DETAIL_COLUMNS,
)
from ayrframe._platforms.spec import (
    Account,
    CellSource,
    Condition,
    Endpoint,
    Evidence,
    Expansion,
    Format,
    Kind,
    KnownGap,
    Measure,
    MissingMetric,
    Paid,
    Parameter,
    Platform,
    PostKind,
    Role,
    RowPerElement,
    RowPerKey,
    RowPerPost,
    Scope,
    Unit,
    cells_from,
    with_shared,
)

_LIKES_NOTE = "Differs from `like` in `reactions`; never add the two."
# Meta retired impressions first and the numbers of people later; its pages name several days, this is the main one.
_IMPRESSIONS_RETIRED_ON, _PEOPLE_RETIRED_ON = "2025-11-14", "2026-06-15"
_PEOPLE_NOTE = f"Meta retired impressions in steps from {_IMPRESSIONS_RETIRED_ON} on; Ayrshare may have been earlier."
_GONE_NOTE = "Meta removed it, on a day that is not known."
_STATUS_TYPES = (
    "added_photos added_video app_created_story approved_friend created_event created_group "
    "created_note mobile_status_update published published_story shared_story tagged_in_photo wall_post"
)
_GONE_GAPS = (KnownGap.RETIRED, *FACEBOOK_GAPS)
_FACEBOOK_STORIES = ("story",)
_FACEBOOK_MEDIA_TYPES = {"photo": "image", "video": "video", "link": "link"}
_FACEBOOK_REACTIONS = {"like": "Like", "love": "Love", "anger": "Angry", "haha": "Haha", "wow": "Wow", "sorry": "Sad"}

FACEBOOK = Platform(
    name="facebook",
    title="Facebook",
    color="#0544C7",
    hosts=("facebook.com", "fb.com", "fb.watch"),
    short_hosts=("fb.watch",),
    url_parameters=("story_fbid", "fbid", "id", "v"),
    about="Some numbers are missing for pages with fewer than 100 likes. Stories have no meaningful numbers.",
    columns=(
        *with_shared(
            LIKE_COUNT.customize(_LIKES_NOTE, evidence=Evidence.LIVE),
            COMMENTS_COUNT.customize(STORY_NOTE, evidence=Evidence.LIVE),
            SHARES_COUNT.customize(STORY_NOTE, evidence=Evidence.LIVE),
            views_column(
                "mediaView",
                "Views of the media of the post, in total.",
                evidence=Evidence.LIVE,
                note="Newer field, with which Meta replaced impressions.",
            ),
            reach_column(
                "totalMediaViewUnique",
                "People who viewed the media of the post at least once.",
                evidence=Evidence.REPORTED,
                note="Newer field, with which Meta replaced unique impressions.",
            ),
            REACTIONS_COLUMN.customize(
                "`like` includes Care. Empty (`{}`) on a story.",
                inner=tuple(integer_field(name, Unit.COUNT) for name in (*_FACEBOOK_REACTIONS, "total")),
            ),
            engagement_column(
                "reactionsByType",
                "Single number that the API sends in addition to the reactions.",
                note="The metric of this name at Meta is an object; here it is a number that does not match any sum.",
            ),
            *with_shared(
                reach_column("impressionsUnique", "People who saw the post."),
                reach_column("impressionsFanUnique", "Fans of the page who saw the post."),
                reach_column("impressionsFanPaidUnique", "Fans of the page who saw the post as an advertisement."),
                reach_column("impressionsOrganicUnique", "People who saw the post without an advertisement."),
                reach_column("impressionsPaidUnique", "People who saw the post as an advertisement."),
                retired_on=_PEOPLE_RETIRED_ON,
                note=_PEOPLE_NOTE,
            ),
            endpoint=Endpoint.BOTH,
            gaps=FACEBOOK_GAPS,
        ),
        *with_shared(
            clicks_column("clicksUnique", "People who clicked anywhere in the post.", unit=Unit.PEOPLE),
            reach_column("engagedUsers", "People who clicked, reacted, commented or shared."),
            feedback_column("negativeFeedback", "Times the post was hidden or reported."),
            feedback_column("negativeFeedbackUnique", "People who hid or reported the post.", unit=Unit.PEOPLE),
            note=_GONE_NOTE,
            gaps=_GONE_GAPS,
        ),
        *VIDEO_COLUMNS,
        IS_POPULAR.customize(evidence=Evidence.LIVE),
        status_column(
            "statusType", "Action that created the post.", evidence=Evidence.LIVE, values=tuple(_STATUS_TYPES.split())
        ),
        MEDIA_TYPE.customize(
            "Stories only; `photo` is assumed, not documented.", formats=_FACEBOOK_STORIES, values=("video", "photo")
        ),
        id_column(
            "mediaId",
            "ID of the medium of a story on the platform.",
            role=Role.MEDIA,
            note="Stories only; equal to `id`.",
            formats=_FACEBOOK_STORIES,
        ),
        id_column(
            "postId",
            "Second ID of a story.",
            role=Role.STATUS,
            note="Stories only; differs from `id`.",
            formats=_FACEBOOK_STORIES,
        ),
        media_column("fullPicture", "URL of the image of the post in full size; it may expire."),
        id_column("parentId", "ID of the original if the post shares another post.", role=Role.CONTENT),
        MEDIA_URLS.customize(
            inner=(
                text_field("mediaType", "Type of the medium.", values=("photo", "video", "link")),
                text_field("mediaUrl", "`link` if the API uses the field for the type."),
                text_field("type", "Set on a story.", values=("story",)),
                text_field("url", "Page that contains the medium, or target of the link."),
                id_field("videoId", "ID of a video on the platform."),
                text_field("media.source", "URL of the file of a video."),
                text_field("media.image.src", "URL of the image, or of the preview image of a video."),
                integer_field("media.image.height", Unit.PIXELS, "Height of the image."),
                integer_field("media.image.width", Unit.PIXELS, "Width of the image."),
            )
        ),
        list_column(
            "likedBy",
            "People who liked the post.",
            role=Role.PEOPLE,
            note="Contains names of people.",
            inner=(id_field("id", "ID of the person on the platform."), text_field("name", "Name of the person.")),
        ),
        list_column(
            "properties",
            "Properties of the video of the post, such as its length.",
            role=Role.MEDIA,
            inner=(text_field("name"), text_field("text")),
            formats=FACEBOOK_VIDEOS,
        ),
        LAST_UPDATED,
        NEXT_UPDATE,
        *VIDEO_DETAIL_COLUMNS,
    ),
    expansions=(
        Expansion(child_tables.REACTIONS_TABLE, "reactions", RowPerKey(labels=_FACEBOOK_REACTIONS, total_key="total")),
        Expansion(
            child_tables.MEDIA_TABLE,
            "media_urls",
            RowPerElement(
                cells_from(
                    media_id="videoId",
                    type=(
                        CellSource("mediaType", recode=_FACEBOOK_MEDIA_TYPES),
                        CellSource("mediaUrl", recode=_FACEBOOK_MEDIA_TYPES),
                    ),
                    url=(
                        CellSource("media.source", only_for_type="video"),
                        CellSource("media.image.src", only_for_type="image"),
                    ),
                    thumbnail_url=CellSource("media.image.src", only_for_type="video"),
                    width="media.image.width",
                    height="media.image.height",
                )
            ),
            row_per_post=RowPerPost(
                cells_from(media_id="media_id", type=CellSource("media_type", recode=_FACEBOOK_MEDIA_TYPES))
            ),
        ),
        Expansion(child_tables.LIKED_BY_TABLE, "liked_by", RowPerElement(cells_from(person_id="id", name="name"))),
        Expansion(child_tables.PROPERTIES_TABLE, "properties", RowPerElement(cells_from(name="name", text="text"))),
    ),
    parameters=(
        SKIP_ANALYTICS,
        # The feed also contains posts of visitors, whose numbers are not those of the page.
        Parameter("pagePublished", Kind.BOOLEAN, default=True),
        Parameter("since", Kind.TIME),
        Parameter("until", Kind.TIME),
        DATA_TYPE,
    ),
    formats=(
        Format("story", {"statusType": "published"}),
        Format("video", {"statusType": "added_video"}),
        Format("image", {"statusType": "added_photos"}),
        Format("link", {"statusType": "shared_story"}, (Condition("mediaUrls", "link", inner_path="mediaUrl"),)),
        Format("text", {"statusType": "mobile_status_update"}),
        # Posts without a status, and shares of other content: the common type of all their media.
        Format("story", conditions=(Condition("mediaUrls", "story", inner_path="type"),)),
        Format("link", conditions=(Condition("mediaUrls", "link", inner_path="mediaUrl"),)),
        Format("link", conditions=(Condition("mediaUrls", "link", inner_path="mediaType"),)),
        Format("video", conditions=(Condition("mediaUrls", "video", inner_path="mediaType"),)),
        Format("image", conditions=(Condition("mediaUrls", "photo", inner_path="mediaType"),)),
    ),
    post_kinds=(
        PostKind("visitor", Condition("statusType", "wall_post"), is_foreign=True),
        PostKind("repost", Condition("parentId"), is_foreign=True),
    ),
    measures=(
        *with_shared(
            Measure(metrics.LIKES, "like_count", note="Sent in addition to `reactions`; never add the two."),
            Measure(metrics.REACTIONS, "reactions", uses_total=True, note="Total that the API sends."),
            Measure(metrics.COMMENTS, "comments_count"),
            Measure(
                metrics.SHARES,
                "shares_count",
                counts="shares as Facebook counts them",
                note="Shares as counted by Facebook; whether shares in messages are included is not documented.",
            ),
            Measure(
                metrics.VIEWS,
                "media_view",
                scope=Scope.OWNER,
                paid=Paid.PAID_AND_ORGANIC,
                counts="displays of the media",
                note="Times the media of the post were on screen, paid views included. Plays are in `video_views`.",
            ),
            Measure(
                metrics.REACH,
                "total_media_view_unique",
                scope=Scope.OWNER,
                paid=Paid.PAID_AND_ORGANIC,
                note="Viewers, paid views included. The retired `impressions_unique` does not replace it.",
            ),
            Measure(metrics.WATCH_TIME, "total_video_view_total_time", scope=Scope.OWNER),
            Measure(metrics.AVERAGE_WATCH_TIME, "total_video_avg_time_watched", scope=Scope.OWNER),
            not_measured=_FACEBOOK_STORIES,
        ),
    ),
    missing_metrics=(
        MissingMetric(
            metrics.CLICKS,
            "`clicks_unique` counts people who clicked, not clicks.",
            other_number=Condition("clicksUnique"),
        ),
        MissingMetric(
            metrics.IMPRESSIONS, f"Meta retired impressions on {_IMPRESSIONS_RETIRED_ON}; views replaced them."
        ),
    ),
    usual_denominator=metrics.REACH,
    account=Account(
        columns=(
            accounts.FOLLOWERS_COUNT,
            people_count("fanCount", "People who like the page."),
            people_count("pageFollows", "People who follow the page.", evidence=Evidence.REPORTED),
            accounts.ACCOUNT_ID,
            accounts.ACCOUNT_NAME,
            accounts.account_text("link", "URL of the page."),
            accounts.VERIFIED,
            *with_shared(
                engagement_column("pagePostEngagements", "Times people engaged with posts of the page."),
                impressions_column("pagePostsImpressions", "Times posts of the page were shown."),
                impressions_column("pagePostsImpressionsPaid", "Times posts of the page were shown as advertisements."),
                views_column("pageVideoViews", "Times videos of the page were played for at least 3 seconds."),
                views_column("pageVideoViewsPaid", "Plays of videos of the page as advertisements."),
                views_column("pageMediaView", "Times media of the page were viewed.", evidence=Evidence.REPORTED),
                mapping_column(
                    "reactions", "Number of reactions of each kind to the page.", unit=Unit.COUNT, role=Role.REACTIONS
                ),
                note="In the reported period; with `quarters`, sums may be near zero.",
            ),
        ),
        expansions=(
            Expansion(
                accounts.ACCOUNT_REACTIONS_TABLE, "reactions", RowPerKey(labels=_FACEBOOK_REACTIONS, total_key="total")
            ),
        ),
        parameters=(
            replace(accounts.QUARTERS, warning="With quarters, the sums of some metrics may be incomplete."),
            accounts.DAILY,
        ),
    ),
)
