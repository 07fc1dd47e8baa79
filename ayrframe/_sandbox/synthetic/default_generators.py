"""Choose how the values of a column are generated from its declaration alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ayrframe._platforms.columns import AS_OF, CREATED, ID, POST, POST_URL
from ayrframe._platforms.spec import Column, Endpoint, Evidence, Field, Kind, KnownGap, Role, Unit
from ayrframe._sandbox.synthetic import generators
from ayrframe._sandbox.synthetic.profile import PostDraft, SyntheticProfile, ValueGenerator

MissingTest = Callable[[PostDraft], bool]

# By the name of the column, or of the column that it fills.
_COMMON_GENERATORS: Mapping[str, ValueGenerator] = {
    ID.name: generators.random_token(generators.DIGITS, 17, start="1"),
    CREATED.name: generators.publish_time,
    POST.name: generators.caption_text,
    POST_URL.name: lambda draft: f"https://www.{draft.platform.hosts[0]}/{draft.scene.brand.handle}/{draft[ID.path]}",
    AS_OF.name: generators.last_read_time,
}

# Mean value per view of the post, by role, or else by unit.
_SHARES_OF_VIEWS: Mapping[Role | Unit, float] = {
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
_WHOLE_IN_UNIT = {Unit.FRACTION: 1, Unit.RATIO: 1, Unit.PERCENT: 100}
_UNITS_PER_SECOND = {Unit.SECONDS: 1, Unit.MILLISECONDS: 1000}
_SECONDS_PER_VIEW = 4
_OLD_AFTER_DAYS = 30

_TEXT_GENERATORS: Mapping[Role, ValueGenerator] = {
    Role.ACCOUNT: lambda draft: draft.scene.brand.handle,
    Role.CONTENT: generators.caption_text,
    Role.MEDIA: generators.media_url,
}
_WORD_GENERATOR = generators.random_token(generators.HEX, 12)

# The other gaps depend on the account, the request or the media.
_GAP_TESTS: Mapping[KnownGap, MissingTest] = {
    KnownGap.OLDER_THAN_30_DAYS: lambda draft: draft.age_days > _OLD_AFTER_DAYS,
    KnownGap.TOO_FRESH: lambda draft: draft.is_fresh,
    KnownGap.NO_ACTIVITY_FOR_7_DAYS: lambda draft: draft.is_inactive,
    KnownGap.PERSONAL_ACCOUNT: lambda draft: draft.is_personal,
    KnownGap.COPYRIGHT: lambda draft: draft.is_muted,
}


def default_generator(column: Column) -> ValueGenerator:
    """Return the generator of a column that no profile defines."""
    if common := _COMMON_GENERATORS.get(column.fills or column.name):
        return common
    if column.kind is not Kind.TEXT:
        return _generator_for(column, column.role)
    if not column.values:
        return _TEXT_GENERATORS.get(column.role, _WORD_GENERATOR)
    # Values are declared with the most frequent first.
    weights = {value: 1 / (position * position) for position, value in enumerate(column.values, start=1)}
    return lambda draft: draft.rng.weighted_choice(weights)


def missing_when(column: Column, profile: SyntheticProfile, endpoint: Endpoint) -> list[MissingTest]:
    """Return tests for the posts without this column in an endpoint, by its declaration and by the profile."""
    tests = [_GAP_TESTS[gap] for gap in column.gaps if gap in _GAP_TESTS]
    if column.evidence is Evidence.ANALYTICS and endpoint is Endpoint.HISTORY:
        tests.append(lambda draft: not draft.has_analytics)
    if end := profile.before.get(column.path, column.retired_on):
        tests.append(lambda draft: draft.date >= end)
    if start := profile.since.get(column.path):
        tests.append(lambda draft: draft.date < start)
    if formats := profile.only_formats.get(column.path, column.formats):
        tests.append(lambda draft: draft.format not in formats)
    elif KnownGap.OTHER_KIND_OF_MEDIA in column.gaps:
        tests.append(lambda draft: not draft.is_video)
    return tests


def set_at_path(target: dict[str, Any], steps: list[str], value: Any) -> None:
    """Set a value at a path, creating the objects along it."""
    for step in steps[:-1]:
        target = target.setdefault(step, {})
    target[steps[-1]] = value


def _generator_for(value: Column | Field, role: Role) -> ValueGenerator:
    match value.kind:
        case Kind.TEXT | Kind.ID:
            return _WORD_GENERATOR
        case Kind.TIME:
            return generators.publish_time
        case Kind.BOOLEAN:
            return lambda draft: draft.rng.chance(0.1)
        case Kind.LIST:
            element = _element_generator(value.inner, role)
            return lambda draft: [element(draft) for _ in range(draft.rng.integer(0, 3))]
        case Kind.MAPPING:
            return _element_generator(value.inner, role)
        case _:
            return _number_generator(value, role)


def _number_generator(value: Column | Field, role: Role) -> ValueGenerator:
    amount = _amount_generator(value.unit, role)
    if value.kind is Kind.FLOAT:
        return lambda draft: round(amount(draft), 4)
    convert = str if value.kind is Kind.QUOTED_INTEGER else int
    return lambda draft: convert(draft.rng.round_randomly(amount(draft)))


def _amount_generator(unit: Unit, role: Role) -> Callable[[PostDraft], float]:
    if role is Role.WATCH_TIME:
        watched = _SECONDS_PER_VIEW * _UNITS_PER_SECOND.get(unit, 1)
        return lambda draft: draft.exposure * watched * draft.rng.lognormal(0.2)
    if whole_amount := _WHOLE_IN_UNIT.get(unit):
        return lambda draft: draft.rng.uniform(0.02, 0.6) * whole_amount
    if share := _SHARES_OF_VIEWS.get(role) or _SHARES_OF_VIEWS.get(unit):
        return lambda draft: draft.exposure * share * (1 if share == 1 else draft.rng.lognormal(0.3))
    if units_per_second := _UNITS_PER_SECOND.get(unit):
        return lambda draft: draft.duration * units_per_second
    if unit is Unit.PIXELS:
        return lambda draft: generators.media_size(draft)[0]
    return lambda draft: draft.rank


def _element_generator(inner: tuple[Field, ...], role: Role) -> ValueGenerator:
    inner_generators = [(field.path.split("."), _generator_for(field, role)) for field in inner]
    if [steps for steps, _ in inner_generators] == [[""]]:
        return inner_generators[0][1]

    def make(draft: PostDraft) -> dict[str, Any]:
        element: dict[str, Any] = {}
        for steps, generator in inner_generators:
            set_at_path(element, steps, generator(draft))
        return element

    return make
