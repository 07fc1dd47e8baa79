"""Snapchat: the shape of its history is not published; these are the names known from post analytics."""

from ayrframe.columns import REPLIES, SHARES, VIEWS, reach, watch_time
from ayrframe.spec import Evidence, Gap, Platform, Unit

_KNOWN_FROM_ANALYTICS = Evidence.ANALYTICS

PLATFORM = Platform(
    name="snapchat",
    title="Snapchat",
    hosts=("snapchat.com",),
    about="The shape of this network's history is not known for sure: expect fields in `extra`, and look at `drift()`.",
    columns=(
        VIEWS.here(evidence=_KNOWN_FROM_ANALYTICS, gaps=(Gap.FRESH,)),
        reach(path="viewers", meaning="People who viewed the post.", evidence=_KNOWN_FROM_ANALYTICS, gaps=(Gap.FRESH,)),
        REPLIES.here(evidence=_KNOWN_FROM_ANALYTICS, gaps=(Gap.FRESH,)),
        SHARES.here(evidence=_KNOWN_FROM_ANALYTICS, gaps=(Gap.FRESH,)),
        watch_time(
            path="viewTime",
            unit=Unit.MILLISECONDS,
            meaning="Time spent viewing the post, all together.",
            evidence=_KNOWN_FROM_ANALYTICS,
            gaps=(Gap.FRESH,),
        ),
    ),
)
