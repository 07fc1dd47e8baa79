"""Facebook pages: feed posts and stories. Meta took most of the older numbers away; `media_view` replaced them."""

from ayrframe._platforms import child_tables as tables
from ayrframe._platforms import metrics as measures
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
    VIDEO_VIEWS,
    clicks_column,
    engagement_column,
    feedback_column,
    id_column,
    id_field,
    integer_field,
    list_column,
    media_column,
    reach_column,
    status_column,
    text_field,
    views_column,
    watch_time_column,
)
from ayrframe._platforms.spec import (
    CellSource,
    Condition,
    Evidence,
    Expansion,
    Format,
    Kind,
    KnownGap,
    Measure,
    MissingMetric,
    Parameter,
    Platform,
    PostKind,
    Role,
    RowPerElement,
    RowPerKey,
    RowPerPost,
    Scope,
    Unit,
)

_LIKES_ARE_NOT_REACTIONS = "Not the `like` of `reactions`: the two differ and are never to be added."
_STORY = "On a story the API sends 0, which is no measurement."
_IMPRESSIONS_ENDED = "2025-11-14"
_SMALL = (KnownGap.FEWER_THAN_100_PAGE_LIKES, KnownGap.ANALYTICS_SKIPPED)
_VIDEO, _STORIES = ("video",), ("story",)
_TYPES = {"photo": "image", "video": "video", "link": "link"}

FACEBOOK = Platform(
    name="facebook",
    title="Facebook",
    colour="#0544C7",
    hosts=("facebook.com", "fb.com", "fb.watch"),
    about="Pages with fewer than 100 likes lack part of the numbers. Stories have none that mean anything.",
    columns=(
        LIKE_COUNT.customize(_LIKES_ARE_NOT_REACTIONS, evidence=Evidence.LIVE, gaps=_SMALL),
        COMMENTS_COUNT.customize(_STORY, evidence=Evidence.LIVE, gaps=_SMALL),
        SHARES_COUNT.customize(_STORY, evidence=Evidence.LIVE, gaps=_SMALL),
        views_column(
            path="mediaView",
            meaning="Views of the post's media, all of them.",
            evidence=Evidence.REPORTED,
            gaps=_SMALL,
            note="Newer; Meta's replacement of impressions.",
        ),
        reach_column(
            path="totalMediaViewUnique",
            meaning="People who viewed the post's media at least once.",
            evidence=Evidence.REPORTED,
            gaps=_SMALL,
            note="Newer; Meta's replacement of unique impressions.",
        ),
        REACTIONS_COLUMN.customize(
            "`like` includes Care. `{}` on a story.",
            inner=(
                integer_field("like", Unit.COUNT),
                integer_field("love", Unit.COUNT),
                integer_field("anger", Unit.COUNT),
                integer_field("haha", Unit.COUNT),
                integer_field("wow", Unit.COUNT),
                integer_field("sorry", Unit.COUNT),
                integer_field("total", Unit.COUNT),
            ),
            gaps=_SMALL,
        ),
        engagement_column(
            path="reactionsByType",
            meaning="A single number that the API sends beside the reactions.",
            note="Meta's metric of this name is an object; here it is a number that matches no sum.",
            gaps=_SMALL,
        ),
        reach_column(
            path="impressionsUnique", meaning="People who saw the post.", retired_on=_IMPRESSIONS_ENDED, gaps=_SMALL
        ),
        reach_column(
            path="impressionsFanUnique",
            meaning="Fans of the page who saw the post.",
            retired_on=_IMPRESSIONS_ENDED,
            gaps=_SMALL,
        ),
        reach_column(
            path="impressionsFanPaidUnique",
            meaning="Fans of the page who saw the post as an advertisement.",
            retired_on=_IMPRESSIONS_ENDED,
            gaps=_SMALL,
        ),
        reach_column(
            path="impressionsOrganicUnique",
            meaning="People who saw the post without an advertisement.",
            retired_on=_IMPRESSIONS_ENDED,
            gaps=_SMALL,
        ),
        reach_column(
            path="impressionsPaidUnique",
            meaning="People who saw the post as an advertisement.",
            retired_on=_IMPRESSIONS_ENDED,
            gaps=_SMALL,
        ),
        clicks_column(
            path="clicksUnique", meaning="People who clicked anywhere in the post.", unit=Unit.PEOPLE, gaps=_SMALL
        ),
        reach_column(path="engagedUsers", meaning="People who clicked, reacted, commented or shared.", gaps=_SMALL),
        feedback_column(path="negativeFeedback", meaning="Times the post was hidden or reported.", gaps=_SMALL),
        feedback_column(
            path="negativeFeedbackUnique",
            unit=Unit.PEOPLE,
            meaning="People who hid or reported the post.",
            gaps=_SMALL,
        ),
        VIDEO_VIEWS.customize(_STORY, gaps=_SMALL, formats=_VIDEO),
        reach_column(path="videoViewsUnique", meaning="People who watched the video.", gaps=_SMALL, formats=_VIDEO),
        watch_time_column(
            path="videoViewTime",
            unit=Unit.UNSTATED,
            meaning="Time people spent watching the video, all together.",
            note="The unit is not stated; Meta's own metric is in milliseconds.",
            gaps=_SMALL,
            formats=_VIDEO,
        ),
        views_column(
            path="totalVideoViews",
            meaning="Plays of the video, by the newer count.",
            evidence=Evidence.ANALYTICS,
            gaps=_SMALL,
            formats=_VIDEO,
        ),
        watch_time_column(
            path="totalVideoAvgTimeWatched",
            unit=Unit.UNSTATED,
            meaning="Time a viewer spent watching the video, on average.",
            evidence=Evidence.ANALYTICS,
            gaps=_SMALL,
            formats=_VIDEO,
        ),
        watch_time_column(
            path="totalVideoViewTotalTime",
            unit=Unit.MILLISECONDS,
            meaning="Time spent watching the video, all together, by the newer count.",
            evidence=Evidence.ANALYTICS,
            gaps=_SMALL,
            formats=_VIDEO,
        ),
        views_column(
            path="blueReelsPlayCount",
            meaning="Plays of the reel.",
            evidence=Evidence.ANALYTICS,
            gaps=_SMALL,
            formats=_VIDEO,
        ),
        IS_POPULAR.customize(evidence=Evidence.LIVE),
        status_column(
            path="statusType",
            meaning="What kind of action made the post.",
            evidence=Evidence.LIVE,
            values=(
                "added_photos",
                "added_video",
                "app_created_story",
                "approved_friend",
                "created_event",
                "created_group",
                "created_note",
                "mobile_status_update",
                "published",
                "published_story",
                "shared_story",
                "tagged_in_photo",
                "wall_post",
            ),
        ),
        MEDIA_TYPE.customize("Stories only.", formats=_STORIES, values=("video", "photo")),
        id_column(
            path="mediaId",
            role=Role.MEDIA,
            meaning="The network's own id of a story's medium.",
            note="Stories only; equals `id`.",
            formats=_STORIES,
        ),
        id_column(
            path="postId",
            role=Role.STATUS,
            meaning="A second id of a story.",
            note="Stories only; differs from `id`.",
            formats=_STORIES,
        ),
        media_column(path="fullPicture", meaning="The address of the post's picture in full size; it may expire."),
        id_column(path="parentId", role=Role.CONTENT, meaning="The id of the original, where the post shares another."),
        MEDIA_URLS.customize(
            inner=(
                text_field("mediaType", "photo, video or link."),
                text_field("mediaUrl", "The word `link`, where the API means the type."),
                text_field("type", "The word `story` on a story."),
                text_field("url", "The page the medium stands on, or the link's target."),
                id_field("videoId", "The network's own id of a video."),
                text_field("media.source", "The address of a video's file."),
                text_field("media.image.src", "The address of the picture, or of a video's still."),
                integer_field("media.image.height", Unit.PIXELS, "Height of the picture."),
                integer_field("media.image.width", Unit.PIXELS, "Width of the picture."),
            ),
        ),
        list_column(
            path="likedBy",
            role=Role.PEOPLE,
            meaning="People who liked the post.",
            note="Holds people's names.",
            inner=(id_field("id", "The network's own id of the person."), text_field("name", "The person's name.")),
        ),
        list_column(
            path="properties",
            role=Role.MEDIA,
            meaning="Properties of the post's video, such as its length.",
            inner=(text_field("name"), text_field("text")),
            formats=_VIDEO,
        ),
        LAST_UPDATED.customize(),
        NEXT_UPDATE.customize(),
    ),
    expansions=(
        Expansion(
            table=tables.REACTIONS_TABLE,
            source="reactions",
            shape=RowPerKey(
                labels={
                    "like": "Like",
                    "love": "Love",
                    "anger": "Angry",
                    "haha": "Haha",
                    "wow": "Wow",
                    "sorry": "Sad",
                },
                total_key="total",
            ),
        ),
        Expansion(
            table=tables.MEDIA_TABLE,
            source="media_urls",
            shape=RowPerElement(
                {
                    "media_id": CellSource("videoId"),
                    "type": (CellSource("mediaType", recode=_TYPES), CellSource("mediaUrl", recode=_TYPES)),
                    "url": (
                        CellSource("media.source", only_for_type="video"),
                        CellSource("media.image.src", only_for_type="image"),
                    ),
                    "thumbnail_url": CellSource("media.image.src", only_for_type="video"),
                    "width": CellSource("media.image.width"),
                    "height": CellSource("media.image.height"),
                }
            ),
            row_per_post=RowPerPost(
                {"media_id": CellSource("media_id"), "type": CellSource("media_type", recode=_TYPES)}
            ),
        ),
        Expansion(
            table=tables.LIKED_BY_TABLE,
            source="liked_by",
            shape=RowPerElement({"person_id": CellSource("id"), "name": CellSource("name")}),
        ),
        Expansion(
            table=tables.PROPERTIES_TABLE,
            source="properties",
            shape=RowPerElement({"name": CellSource("name"), "text": CellSource("text")}),
        ),
    ),
    parameters=(
        SKIP_ANALYTICS,
        Parameter("pagePublished", Kind.BOOLEAN),
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
        # Posts without a status, and shares of something: what all of their media are.
        Format("story", conditions=(Condition("mediaUrls", "story", inner_path="type"),)),
        Format("link", conditions=(Condition("mediaUrls", "link", inner_path="mediaUrl"),)),
        Format("link", conditions=(Condition("mediaUrls", "link", inner_path="mediaType"),)),
        Format("video", conditions=(Condition("mediaUrls", "video", inner_path="mediaType"),)),
        Format("image", conditions=(Condition("mediaUrls", "photo", inner_path="mediaType"),)),
    ),
    post_kinds=(PostKind("repost", Condition("parentId")),),
    measures=(
        Measure(
            measures.LIKES, "like_count", not_measured=_STORIES, note="Stands beside `reactions`; never add the two."
        ),
        Measure(
            measures.REACTIONS,
            "reactions",
            uses_total=True,
            not_measured=_STORIES,
            note="The total that the API sends of them.",
        ),
        Measure(measures.COMMENTS, "comments_count", not_measured=_STORIES),
        Measure(measures.SHARES, "shares_count", not_measured=_STORIES),
        Measure(
            measures.VIEWS,
            "media_view",
            scope=Scope.OWNER,
            not_measured=_STORIES,
            note="Meta's successor of impressions. Plays of a video stand in `video_views` and are another number.",
        ),
        Measure(
            measures.REACH,
            "total_media_view_unique",
            scope=Scope.OWNER,
            not_measured=_STORIES,
            note="Viewers. The retired `impressions_unique` was counted otherwise and does not stand in for it.",
        ),
        Measure(measures.WATCH_TIME, "total_video_view_total_time", scope=Scope.OWNER, not_measured=_STORIES),
    ),
    missing_metrics=(
        MissingMetric(measures.CLICKS, "`clicks_unique` counts people who clicked, and not clicks."),
        MissingMetric(
            measures.IMPRESSIONS, f"Meta retired impressions on {_IMPRESSIONS_ENDED}; views took their place."
        ),
        MissingMetric(measures.AVERAGE_WATCH_TIME, "The unit of `total_video_avg_time_watched` is not stated."),
    ),
    usual_denominator=measures.REACH,
)
