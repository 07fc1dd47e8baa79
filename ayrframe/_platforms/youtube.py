"""YouTube: titles and texts of videos. History carries no metric at all."""

from ayrframe import tables
from ayrframe.columns import THUMBNAIL_URL, TITLE, content, state
from ayrframe.spec import Expansion, Kind, Platform, Single, Take, Unit

PLATFORM = Platform(
    name="youtube",
    title="YouTube",
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
)
