"""What a declaration alone tells about a column's values: enough for posts of a network that nobody has sketched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ayrframe._platforms.columns import AS_OF, CREATED, ID, POST, POST_URL
from ayrframe._platforms.spec import Column, Evidence, Field, Kind, KnownGap, Role, Unit
from ayrframe._sandbox.synthetic import generators as makers
from ayrframe._sandbox.synthetic.profile import PostDraft, ValueGenerator

MissingTest = Callable[[PostDraft], bool]

# Under these names also what stands for one of them.
_COMMON: Mapping[str, ValueGenerator] = {
    ID.name: makers.random_token(makers.DIGITS, 17, start="1"),
    CREATED.name: makers.publish_time,
    POST.name: makers.caption_text,
    POST_URL.name: lambda draft: f"https://www.{draft.platform.hosts[0]}/{draft.scene.brand.handle}/{draft[ID.path]}",
    AS_OF.name: makers.last_read_time,
}

# How many numbers of a role, or else of a unit, there are for one time the post is seen.
_SHARES: Mapping[Role | Unit, float] = {
    Role.VIEWS: 1,
    Role.IMPRESSIONS: 1,
    Role.REACH: 0.75,
    Role.ENGAGEMENT: 0.02,
    Role.CLICKS: 0.012,
    Role.SAVES: 0.005,
    Role.FEEDBACK: 0.0005,
    Unit.COUNT: 0.01,
    Unit.PEOPLE: 0.01,
}
_PARTS_OF_A_WHOLE = {Unit.FRACTION: 1, Unit.RATIO: 1, Unit.PERCENT: 100}
_SECONDS = {Unit.SECONDS: 1, Unit.MILLISECONDS: 1000}
_SECONDS_WATCHED = 4
_OLD_DAYS = 30

_TEXTS: Mapping[Role, ValueGenerator] = {
    Role.ACCOUNT: makers.username,
    Role.CONTENT: makers.caption_text,
    Role.MEDIA: makers.media_url,
}
_WORD = makers.random_token(makers.HEX, 12)

# When a gap opens. Those that are not here depend on the account or the request; of media the sketch tells.
_GAPS: Mapping[KnownGap, MissingTest] = {
    KnownGap.OLDER_THAN_30_DAYS: lambda draft: draft.days > _OLD_DAYS,
    KnownGap.TOO_FRESH: lambda draft: draft.is_fresh,
    KnownGap.NO_ACTIVITY_FOR_7_DAYS: lambda draft: draft.is_quiet,
    KnownGap.PERSONAL_ACCOUNT: lambda draft: draft.is_personal,
    KnownGap.COPYRIGHT: lambda draft: draft.is_muted,
}


def default_generator(column: Column) -> ValueGenerator:
    """Return how a column is made by its declaration."""
    if common := _COMMON.get(column.fills or column.name):
        return common
    if column.kind is Kind.TEXT:
        return _text(column)
    return _maker(column, column.role)


def missing_when(column: Column) -> list[MissingTest]:
    """Return when the API does not send a column, as far as its declaration tells."""
    tests = [_GAPS[gap] for gap in column.gaps if gap in _GAPS]
    if column.evidence is Evidence.ANALYTICS:
        tests.append(lambda draft: not draft.is_analysed)
    if column.retired_on:
        tests.append(lambda draft: draft.day >= column.retired_on)
    return tests


def set_at_path(target: dict[str, Any], steps: list[str], value: Any) -> None:
    """Put a value where its path says, inside objects that are made on the way."""
    for step in steps[:-1]:
        target = target.setdefault(step, {})
    target[steps[-1]] = value


def _maker(value: Column | Field, role: Role) -> ValueGenerator:
    match value.kind:
        case Kind.TEXT | Kind.ID:
            return _WORD
        case Kind.TIME:
            return makers.publish_time
        case Kind.BOOLEAN:
            return lambda draft: draft.dice.chance(0.1)
        case Kind.LIST:
            element = _element(value.inner, role)
            return lambda draft: [element(draft) for _ in range(draft.dice.whole(0, 3))]
        case Kind.MAPPING:
            return _element(value.inner, role)
        case _:
            return _number(value, role)


def _text(column: Column) -> ValueGenerator:
    if not column.values:
        return _TEXTS.get(column.role, _WORD)
    # The first that is declared is the usual one.
    weights = {value: 1 / (place * place) for place, value in enumerate(column.values, start=1)}
    return lambda draft: draft.dice.weighted(weights)


def _number(value: Column | Field, role: Role) -> ValueGenerator:
    amount = _amount(value.unit, role)
    match value.kind:
        case Kind.INTEGER:
            return lambda draft: draft.dice.rounded(amount(draft))
        case Kind.QUOTED_INTEGER:
            return lambda draft: str(draft.dice.rounded(amount(draft)))
        case _:
            return lambda draft: round(amount(draft), 4)


def _amount(unit: Unit, role: Role) -> Callable[[PostDraft], float]:
    if role is Role.WATCH_TIME:
        watched = _SECONDS_WATCHED * _SECONDS.get(unit, 1)
        return lambda draft: draft.exposure * watched * draft.dice.spread(0.2)
    if part := _PARTS_OF_A_WHOLE.get(unit):
        return lambda draft: draft.dice.between(0.02, 0.6) * part
    if share := _SHARES.get(role) or _SHARES.get(unit):
        return lambda draft: draft.exposure * share * (1 if share == 1 else draft.dice.spread(0.3))
    if second := _SECONDS.get(unit):
        return lambda draft: draft.duration * second
    if unit is Unit.PIXELS:
        return lambda draft: makers.media_size(draft)[0]
    return lambda draft: draft.rank


def _element(inner: tuple[Field, ...], role: Role) -> ValueGenerator:
    parts = [(field.path.split("."), _maker(field, role)) for field in inner]
    if [steps for steps, _ in parts] == [[""]]:
        return parts[0][1]

    def make(draft: PostDraft) -> dict[str, Any]:
        element: dict[str, Any] = {}
        for steps, maker in parts:
            set_at_path(element, steps, maker(draft))
        return element

    return make
