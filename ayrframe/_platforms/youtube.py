"""YouTube: titles and texts of videos. History carries no metric at all."""

from ayrframe._platforms import child_tables as tables
from ayrframe._platforms import metrics as measures
from ayrframe._platforms.columns import THUMBNAIL_URL, TITLE, content, state
from ayrframe._platforms.spec import Expansion, Format, Kind, Platform, Refusal, Single, Take, Unit

_ELSEWHERE = "Post analytics tell it; this endpoint has no metrics for YouTube."

PLATFORM = Platform(
    name="youtube",
    title="YouTube",
    colour="#E8753D",
    hosts=("youtube.com", "youtu.be"),
    about="This endpoint has no metrics for YouTube.",
    columns=(
        TITLE.here(),
        content(
            path="description",
            meaning="The description of the video.",
            note="Deprecated by the API; `post` says the same.",
        ),
        state(
            path="position",
            kind=Kind.WHOLE,
            unit=Unit.POSITION,
            meaning="Place of the video in the channel's list, from 0.",
        ),
        state(path="privacyStatus", meaning="Who can see the video.", values=("public", "unlisted", "private")),
        THUMBNAIL_URL.here(),
    ),
    expansions=(
        Expansion(
            table=tables.MEDIA,
            source="title",
            single=Single({"thumbnail_url": Take("thumbnail_url")}, constant={"type": "video"}),
        ),
    ),
    formats=(Format("video"),),
    refusals=(
        Refusal(measures.LIKES, _ELSEWHERE),
        Refusal(measures.COMMENTS, _ELSEWHERE),
        Refusal(measures.SHARES, _ELSEWHERE),
        Refusal(measures.VIEWS, _ELSEWHERE),
        Refusal(measures.WATCH_TIME, _ELSEWHERE),
        Refusal(measures.AVERAGE_WATCH_TIME, _ELSEWHERE),
    ),
    quoted_by=measures.VIEWS,
)
