"""Declare YouTube: titles and descriptions of videos; history has no metrics."""

from ayrframe._platforms import child_tables, metrics
from ayrframe._platforms.columns import THUMBNAIL_URL, TITLE, content_column, status_column
from ayrframe._platforms.spec import Expansion, Format, Kind, MissingMetric, Platform, RowPerPost, Unit, cells_from

_YOUTUBE_MISSING = "Available in post analytics; this endpoint has no metrics for YouTube."

YOUTUBE = Platform(
    name="youtube",
    title="YouTube",
    color="#E8753D",
    hosts=("youtube.com", "youtu.be"),
    about="This endpoint has no metrics for YouTube.",
    columns=(
        TITLE,
        content_column("description", "Description of the video.", note="Deprecated by the API; same value as `post`."),
        status_column(
            "position",
            "Position of the video in the list of the channel, starting at 0.",
            kind=Kind.INTEGER,
            unit=Unit.POSITION,
        ),
        status_column("privacyStatus", "Who can see the video.", values=("public", "unlisted", "private")),
        THUMBNAIL_URL,
    ),
    expansions=(
        Expansion(
            child_tables.MEDIA_TABLE,
            "title",
            row_per_post=RowPerPost(cells_from(thumbnail_url="thumbnail_url"), constant={"type": "video"}),
        ),
    ),
    formats=(Format("video"),),
    missing_metrics=(
        MissingMetric(metrics.LIKES, _YOUTUBE_MISSING),
        MissingMetric(metrics.COMMENTS, _YOUTUBE_MISSING),
        MissingMetric(metrics.SHARES, _YOUTUBE_MISSING),
        MissingMetric(metrics.VIEWS, _YOUTUBE_MISSING),
        MissingMetric(metrics.WATCH_TIME, _YOUTUBE_MISSING),
        MissingMetric(metrics.AVERAGE_WATCH_TIME, _YOUTUBE_MISSING),
    ),
    usual_denominator=metrics.VIEWS,
)
