"""The sources of a campaign asked for one recipient: their profile and context with what was found."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from mailweave.campaign import Campaign
from mailweave.campaign.data_sources import DataSource
from mailweave.campaign.snapshot import Context, Snapshot
from mailweave.delivery.sources.asking import Asked
from mailweave.delivery.sources.failures import NotHad
from mailweave.delivery.sources.fetching import Fetcher
from mailweave.delivery.sources.outcomes import Outcome
from mailweave.diagnostics import TemplateError
from mailweave.rules import BadData, ValidatedRecipient
from mailweave.rules.context import looked_up
from mailweave.values.instants import iso, to_datetime, to_instant
from mailweave.values.invalid_value import InvalidValue

Profile: TypeAlias = Mapping[str, Any]


class _Found(NamedTuple):
    """A value, where there is one, with the moment that it is of."""

    source: DataSource
    value: object
    at: int
    key: str | None


@dataclass(frozen=True, slots=True)
class Sources:
    """Asks the sources of one campaign. `counts`: how often each outcome was so far."""

    campaign: Campaign
    fetcher: Fetcher
    counts: Counter[Outcome] = field(default_factory=Counter)

    @classmethod
    def of(
        cls, campaign: Campaign, *, fetcher: Fetcher | None = None, counts: Counter[Outcome] | None = None
    ) -> Sources:
        """Those of a campaign. fetcher: shared with other campaigns, with what it keeps.

        >>> from mailweave import Environment
        >>> sources = Sources.of(Environment().compile("fixtures/campaigns/smallest"))
        >>> len(sources.campaign.sources)
        0
        """
        return cls(campaign, fetcher or Fetcher(), Counter() if counts is None else counts)

    async def resolve(
        self,
        profile: Profile,
        *,
        events: Sequence[Mapping[str, Any]] = (),
        now: datetime | None = None,
        context: Context | Snapshot | None = None,
    ) -> tuple[Profile, Context | Snapshot | None]:
        """The profile with what the sources gave, and the context with it, made ready, for `render`: new ones.

        What the caller gave stays: a score or list in the profile, a row of a lookup in a context of the caller's own.
        No source that fails raises anything. A recipient whose profile or events break the rules' declarations is given
        back as they are, nobody is asked about them, and `render` says why. `now`: with a zone; the campaign's own
        where it is None, else the clock. Raises ArgumentError for a context that can be none.
        """
        moment = self.campaign.pinned(now)
        if not self.campaign.sources:
            return profile, context
        at = self.fetcher.now() if moment is None else to_instant(moment)
        about = context if isinstance(context, Snapshot) else self.campaign.snapshot(context)
        try:
            admitted = self.campaign.decisions.admit(
                profile, events, to_datetime(at), about.ready, shown=True
            )
        except BadData:
            return profile, context
        asked = _Asking(self, profile, admitted, about, context, at)
        found = [
            one for one in await asyncio.gather(*map(asked.of, self.campaign.sources)) if one is not None
        ]
        return _with_found(profile, found), _over(about, found)


@dataclass(frozen=True, slots=True)
class _Asking:
    """For one recipient."""

    sources: Sources
    profile: Profile
    admitted: ValidatedRecipient
    about: Snapshot
    context: Context | Snapshot | None
    now: int

    async def of(self, source: DataSource) -> _Found | None:
        """What a source gives, or what stands in for it."""
        key = source.key(self.admitted) if source.settings.fills.kind == "lookups" else None
        if self._is_given(source, key):
            self._told(source, "given")
            return None
        needs = source.settings.needs
        if source.lookup is not None and key is None:
            self._told(source, "not_asked")
            return None
        if needs is not None and needs not in self.admitted.consents:
            self._told(source, "not_asked")
            return self._otherwise(source, key)
        try:
            return await self._fetched(source, key)
        except NotHad as found:
            self._told(source, "failed" if source.settings.otherwise is None else "else", found.why)
            return self._otherwise(source, key)

    async def _fetched(self, source: DataSource, key: str | None) -> _Found:
        settings = source.settings
        view = self.sources.campaign.decisions.program.liquid_view(self.admitted)
        try:
            url = source.url(view, to_datetime(self.now))
        except (InvalidValue, TemplateError):
            raise NotHad("url") from None
        answer, is_new = await self.sources.fetcher.fetch(
            Asked(url, settings.bearer, settings.timeout), settings.ttl
        )
        value = _picked(answer.value, settings.pick)
        try:
            source.check(value, self.about.ready)
        except InvalidValue:
            raise NotHad("type") from None
        self._told(source, "fetched" if is_new else "kept")
        return _Found(source, value, answer.at, key)

    def _otherwise(self, source: DataSource, key: str | None) -> _Found | None:
        value = source.settings.otherwise
        return None if value is None else _Found(source, value, self.now, key)

    def _is_given(self, source: DataSource, key: str | None) -> bool:
        kind, name = source.settings.fills
        if kind != "lookups":
            return _holds((self.profile.get(kind) or {}).get(name))
        if key is None or _lookups(self.context) is _lookups(self.sources.campaign.context):
            return False  # the campaign's own rows stand in where a source gives none
        return _holds(looked_up((_lookups(self.context) or {}).get(name) or {}, key))

    def _told(self, source: DataSource, outcome: str, why: str = "") -> None:
        self.sources.counts[Outcome(source.name, outcome, why)] += 1


def _lookups(context: Context | Snapshot | None) -> Any:
    given = context.given if isinstance(context, Snapshot) else context
    return None if given is None else given.get("lookups")


def _holds(given: object) -> bool:
    """Whether a caller gave a value: a bare one, or one with its moment."""
    return (given.get("value") if isinstance(given, Mapping) else given) is not None


def _picked(value: Any, path: str | None) -> object:
    """The value at the end of a path. Raises NotHad where there is none."""
    for name in path.split(".") if path else ():
        if isinstance(value, Mapping):
            value = value.get(name)
        elif isinstance(value, list) and name.isdecimal() and len(name) < 7 and int(name) < len(value):
            value = value[int(name)]
        else:
            value = None
    if value is None:
        raise NotHad("pick")
    return value


def _with_found(profile: Profile, found: Iterable[_Found]) -> Profile:
    """A profile with scores and lists."""
    members: dict[str, dict[str, object]] = {}
    for kind, name, value in _members(found):
        members.setdefault(kind, dict(profile.get(kind) or {}))[name] = value
    return {**profile, **members} if members else profile


def _members(found: Iterable[_Found]) -> Iterator[tuple[str, str, object]]:
    for one in found:
        kind, name = one.source.settings.fills
        if kind == "scores":
            yield kind, name, {"value": one.value, "at": iso(one.at)}
        elif kind == "lists":
            yield kind, name, one.value


def _over(about: Snapshot, found: Iterable[_Found]) -> Snapshot:
    """The snapshot with rows of lookups."""
    rows = {
        one.source.settings.fills.name: {one.key: {"value": one.value, "at": iso(one.at)}}
        for one in found
        if one.key is not None
    }
    return about.over(rows) if rows else about
