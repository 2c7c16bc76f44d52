"""A compiled campaign: decide and render, for one recipient at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

from mailweave.campaign import arguments
from mailweave.campaign.annotations import organization
from mailweave.campaign.assembly import Assembled, spoken
from mailweave.campaign.attached_arguments import AttachedArguments
from mailweave.campaign.block_variants import owner
from mailweave.campaign.calendars import CalendarTemplates
from mailweave.campaign.config import CampaignConfig
from mailweave.campaign.data_sources import DataSource
from mailweave.campaign.envelopes import Addressing, envelope_of
from mailweave.campaign.fallbacks import Fallbacks, counted, slow_templates
from mailweave.campaign.lines import Line
from mailweave.campaign.mail_writer import MailWriter
from mailweave.campaign.offers import Offers
from mailweave.campaign.parts_writer import PartsWriter
from mailweave.campaign.render_context import RenderContexts
from mailweave.campaign.render_many import Failure, in_order
from mailweave.campaign.snapshot import Context, Snapshot, shown_to_templates
from mailweave.campaign.stages import Templates
from mailweave.campaign.texts import CampaignTexts
from mailweave.decisions import (
    DecisionProgram,
    Explanation,
    Reachable,
    Selection,
    Skip,
    reachable_selections,
)
from mailweave.diagnostics import ArgumentError, Diagnostic, TemplateError
from mailweave.liquid.contract import CampaignContract
from mailweave.message.attachment import Attachment
from mailweave.message.email import Email
from mailweave.rules import BadData, ValidatedRecipient
from mailweave.rules.context_check import ContextCheck
from mailweave.rules.undeclared import Names, Undeclared
from mailweave.schema.model import Schema, key_attribute, key_column
from mailweave.values.invalid_value import type_name

Profile: TypeAlias = Mapping[str, Any]
Events: TypeAlias = Iterable[Mapping[str, Any]]


class Campaign:
    """A compiled campaign. Immutable, and safe to share between threads and processes.

    Made by `Environment.compile`. `diagnostics` holds the notes of its check, `config` its settings,
    `digest` changes when any text that it was made from does. `strict`: whether data with names that no rule declares
    is refused. `sources`: what `mailweave.delivery.sources` asks before a render. Pickled, it travels as its texts, and
    is compiled again where it arrives.

    >>> import pickle
    >>> from mailweave import Environment
    >>> campaign = Environment().compile("fixtures/campaigns/smallest")
    >>> pickle.loads(pickle.dumps(campaign)).digest == campaign.digest
    True
    """

    config: CampaignConfig
    decisions: DecisionProgram
    diagnostics: tuple[Diagnostic, ...]
    digest: str
    strict: bool
    sources: tuple[DataSource, ...]

    def __init__(
        self,
        config: CampaignConfig,
        decisions: DecisionProgram,
        woven: Mapping[str, Assembled],
        says: Mapping[str, Line],
        views: RenderContexts,
        addressing: Addressing,
        context: Context,
        files: tuple[Attachment, ...],
        calendar: CalendarTemplates | None,
        sources: tuple[DataSource, ...],
        diagnostics: tuple[Diagnostic, ...],
        texts: CampaignTexts,
        reads: CampaignContract,
        reopen: Callable[[CampaignTexts], Campaign],
    ) -> None:
        self.config, self.decisions, self.diagnostics = config, decisions, diagnostics
        self.digest, self.strict, self._texts, self._reads = texts.digest, texts.strict, texts, reads
        self._reopen, self.sources = reopen, sources
        self._written, self._views = woven, views
        self._woven = woven[config.direction()]
        self._check = ContextCheck(self.schema)
        self._snapshot = self._made_ready(context)
        self._files = AttachedArguments(config.attachments, files)
        self._key = key_attribute(self.schema)
        self._names = Names(self.schema)
        self._pinned = config.now and config.now.astimezone(UTC)
        text_slots = tuple(slot.name for slot in decisions.slots if slot.is_text)
        self._from = envelope_of(config, decisions.version)
        optional = tuple(slot.name for slot in decisions.slots if slot.fallback is None)
        offers = Offers(decisions.program, decisions.blocks)
        parts = {
            direction: PartsWriter(one, offers, text_slots, optional) for direction, one in woven.items()
        }
        sender = organization(config.sender.name or config.name, config.logo)
        self._writer = MailWriter(
            parts,
            says,
            views,
            addressing,
            self._from,
            text_slots,
            self._key,
            offers,
            optional,
            files,
            calendar,
            sender,
        )
        self._made = True

    _made = False

    def __setattr__(self, name: str, value: object) -> None:
        if self._made:
            raise FrozenInstanceError(f"a campaign does not change: {name}")
        object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"a campaign does not change: {name}")

    def __reduce__(self) -> tuple[Callable[[CampaignTexts], Campaign], tuple[CampaignTexts]]:
        return self._reopen, (self._texts,)

    def __repr__(self) -> str:
        blocks, slots = len(self.decisions.blocks), len(self.decisions.slots)
        name = f"{self.config.name} version {self.decisions.version}"
        return f"<Campaign {name}: {slots} slots, {blocks} blocks, digest {self.digest[:12]}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: slots, blocks, segments, notes."""
        from mailweave.campaign.notebook_view import of_campaign  # a notebook's alone

        title = f"{self.config.name} version {self.decisions.version}, digest {self.digest[:12]}"
        return of_campaign(title, self.decisions, self.diagnostics)

    def render(
        self,
        profile: Profile,
        *,
        events: Events = (),
        now: datetime | None = None,
        context: Context | Snapshot | None = None,
        send_id: str | None = None,
        attachments: Iterable[Attachment] = (),
    ) -> Email | Skip:
        """The e-mail of one recipient, or why there is none.

        profile: a mapping of declared attributes, with `consent`, `scores` and `lists` beside them.
        events: mappings with `type`, `at` and their properties, in any order.
        now: an instant with a zone; without it the campaign's pinned `now`, else the clock, read once.
        context: the campaign-wide snapshot: `lookups`, `catalogs`, anything that templates read; as a mapping, or as
        `snapshot` makes it ready for many.
        send_id: tells this sending from the next one of the same version, in place of the campaign's own: idempotency
        keys and message ids differ.
        attachments: files for this recipient alone, behind those of the campaign. One that has a `content_id` is shown
        by the HTML, so campaign.toml declares it, without `file`; each that is declared so must be given.

        Data that breaks the schema gives Skip("bad_data", ..). Raises ArgumentError for what cannot be a profile,
        events, `now`, a context, a `send_id` or the files of a mail, and TemplateError when a template fails for this
        recipient (a budget, a strict variable).
        """
        arguments.check_profile(profile, self._key)
        arguments.check_events(events)
        files = self._files.checked(attachments, whole=True)
        decided = self.decide(
            profile, events=events, now=now, context=context, send_id=send_id, attachments=files
        )
        return decided if isinstance(decided, Skip) else decided[1]

    @property
    def fallbacks(self) -> Fallbacks:
        """How often templates were interpreted, and parts written in two walks, in this process so far."""
        return counted(self._written.values())

    @property
    def files(self) -> tuple[Attachment, ...]:
        """What goes with every mail."""
        return self._files.own

    @property
    def files_to_give(self) -> tuple[str, ...]:
        """The content ids of the files that each call of `render` must give."""
        return self._files.asked

    @property
    def texts(self) -> CampaignTexts:
        """What it was compiled from, as it travels to other processes."""
        return self._texts

    def slow_templates(self) -> tuple[Diagnostic, ...]:
        """Notes on templates that cannot be compiled; they give the same e-mails, more slowly."""
        return slow_templates(self._written.values())

    def templates(self) -> Templates:
        """What the mails are woven from, without the blocks that nobody can be shown."""
        given, can = self._woven.templates, reachable_selections(self.decisions)
        slots = {
            slot: {
                name: text
                for name, text in named.items()
                if owner(name) in {spoken(slot), *_blocks(can, slot)}
            }
            for slot, named in given.slots.items()
        }
        return replace(given, slots=slots)

    @property
    def kept_css(self) -> int:
        """How many characters of CSS stay in the style elements of the longest mail, behind inlining."""
        return self._woven.kept_css

    def inputs(self) -> dict[str, Mapping[str, Any]]:
        """The inputs of each block as its settings give them, texts with their Liquid."""
        return {name: parts.inputs.fixed for name, parts in self._woven.blocks.items()}

    def decide(
        self,
        profile: Profile,
        *,
        events: Events = (),
        now: datetime | None = None,
        context: Context | Snapshot | None = None,
        answers: int | None = None,
        send_id: str | None = None,
        arms: Mapping[str, str] | None = None,
        cuts: bool = False,
        attachments: Iterable[Attachment] = (),
    ) -> tuple[Selection, Email] | Skip:
        """Like `render`, with the decision beside the e-mail.

        answers: what the rules say of this recipient at `now`, as the mask of `decisions.program.bits`, where that
        was worked out before (a batch asks SQL). The rules are then not evaluated again, and `events` need hold
        only those that caps, ties and ranks read. What is wrong with `profile` or `events` is this one recipient's,
        and gives Skip("bad_data", ..).

        arms: experiment to arm, for previews: it stands in for hash and holdout, and experiments that it does not name
        are off. Raises ArgumentError for one that there is not.

        cuts: whether the e-mail is cut in two as well, as its `cut`: what all who are shown the same blocks share, and
        the values of this recipient.

        attachments: as `render` takes them, but none must be given.
        """
        if arms is not None:
            self._check_arms(arms)
        if cuts is not False:
            arguments.check_flag("cuts", cuts)
        files = self._files.checked(attachments) if attachments else ()
        moment, about, sending = self._moment(now), self._about(context), self._sending(send_id)
        if answers is not None and answers.__class__ is not int:
            raise ArgumentError(
                "MW040", "answers", "a whole number, the mask of the rules", type_name(answers)
            )
        admitted = self._admit(profile, events, moment, about, shown=True)
        if isinstance(admitted, Skip):
            return admitted
        chosen = self.decisions.decide(admitted, arms, answers)
        if isinstance(chosen, Skip):
            return chosen
        email = self._writer.email(admitted, chosen, about.data, moment, sending, files, cuts=cuts)
        return email if isinstance(email, Skip) else (chosen, email)

    def render_many(
        self,
        profiles: Iterable[Profile],
        *,
        events: Mapping[str, Events] | Iterable[Events] | None = None,
        now: datetime | None = None,
        context: Context | Snapshot | None = None,
        send_id: str | None = None,
        attachments: Mapping[str, Iterable[Attachment]] | None = None,
    ) -> Iterator[Email | Skip | Failure]:
        """The answer for each of `profiles`, in order, each made when it is asked for; failures are values.

        events: a mapping of recipients' keys to their events, or the events of each profile in step with
        `profiles`. now, context, send_id: as `render` takes them, one for all; without either `now` the clock is
        read once. attachments: a mapping of recipients' keys to their files. One recipient's failure stops nobody else.

        Raises ArgumentError for what can be none of these, at once, when `events` in step turn out to be more or fewer
        than `profiles`, and behind the last answer when `attachments` holds keys that no profile has.

        >>> from mailweave import Environment
        >>> campaign = Environment().compile("fixtures/campaigns/smallest")
        >>> ann = {"id": "1", "email": "ann@example.com", "consent": {"marketing": True}}
        >>> [type(one).__name__ for one in campaign.render_many([ann, {**ann, "consent": {}}, {"id": "3"}])]
        ['Email', 'Skip', 'Skip']
        """
        arguments.check_profiles(profiles)
        arguments.check_events_of_many(events, profiles)
        moment, about, sending = self._moment(now), self._about(context), self._sending(send_id) or None

        given = self._files.of_many(attachments, self.key_column)

        def decide(profile: Profile, happened: Events) -> Skip | tuple[Selection, Email]:
            files = given.of(profile)
            if isinstance(files, Skip):
                return files
            return self.decide(
                profile, events=happened, now=moment, context=about, send_id=sending, attachments=files
            )

        return given.all_met(in_order(decide, profiles, events, self.key_column))

    def select(
        self,
        profile: Profile,
        *,
        events: Events = (),
        now: datetime | None = None,
        context: Context | Snapshot | None = None,
    ) -> Selection | Skip:
        """The decision alone: the blocks of every slot, or why there is no e-mail. Takes what `render` takes."""
        arguments.check_profile(profile, self._key)
        arguments.check_events(events)
        moment, about = self._moment(now), self._about(context)
        admitted = self._admit(profile, events, moment, about)
        return admitted if isinstance(admitted, Skip) else self.decisions.decide(admitted)

    def explain(
        self,
        profile: Profile,
        *,
        events: Events = (),
        now: datetime | None = None,
        context: Context | Snapshot | None = None,
        arms: Mapping[str, str] | None = None,
        show_pii: bool = False,
    ) -> Explanation:
        """Why: for every candidate of every slot, whether it won or lost, and by what. Takes what `render` takes.

        arms: as `decide` takes them. show_pii: show the values of attributes that the rules label `pii`, which are
        masked else.
        """
        if arms is not None:
            self._check_arms(arms)
        arguments.check_profile(profile, self._key)
        arguments.check_events(events)
        arguments.check_flag("show_pii", show_pii)
        moment, about = self._moment(now), self._about(context)
        if self.strict:
            found, events = self._strangers(profile, events)
            if found is not None:
                return self.decisions.refused(found, moment)
        events = tuple(events) if arguments.is_list(events) else events
        told = self.decisions.explain(
            profile, events=events, now=moment, context=about.given, arms=arms, show_pii=show_pii
        )
        if not self._views.by_recipient or told.skip is not None:
            return told
        return replace(told, locale=self._locale(profile, events, moment, about, arms))

    def _locale(
        self,
        profile: Profile,
        events: Events,
        now: datetime,
        about: Snapshot,
        arms: Mapping[str, str] | None,
    ) -> str | None:
        """The locale in which a recipient is written to; None where their data gives no mail."""
        admitted = self._admit(profile, events, now, about, shown=True)
        chosen = admitted if isinstance(admitted, Skip) else self.decisions.decide(admitted, arms)
        if isinstance(admitted, Skip) or isinstance(chosen, Skip):
            return None
        try:
            return self._views.of(admitted, chosen.arms, about.data, now)[1].locale
        except TemplateError:
            return None

    def _check_arms(self, arms: Mapping[str, str]) -> None:
        known = {one.name: one for one in self.decisions.plan.all_experiments}
        for name, arm in arms.items():
            if name not in known or all(arm != each.name for each in known[name].arms):
                there = ", ".join(f"{e.name}: {' | '.join(a.name for a in e.arms)}" for e in known.values())
                raise ArgumentError(
                    "MW040", "arms", there or "none, as there are no experiments", f"{name}: {arm}"
                )

    def undeclared(self, profile: Profile, *, events: Events = ()) -> tuple[Undeclared, ...]:
        """The names in a recipient's data that no rule declares, each with the declared one that is near.

        Attributes, purposes, scores, lists and types of events; and events that name another recipient. They are
        read by nobody; a `strict` campaign skips such a recipient as `bad_data`.

        >>> from mailweave import Environment
        >>> campaign = Environment().compile("fixtures/campaigns/smallest")
        >>> [str(name) for name in campaign.undeclared({"id": "1", "consent": {"marketting": True}})]
        ['consent.marketting is a purpose that no rule declares: did you mean `marketing`?']
        """
        arguments.check_profile(profile, None)
        arguments.check_events(events)
        return tuple(self._names.undeclared(profile, events, self.key_column))

    @property
    def schema(self) -> Schema:
        """What the rules declare about the data of recipients."""
        return self.decisions.program.schema

    @property
    def computed_scores(self) -> tuple[str, ...]:
        """The scores that need a whole list."""
        return tuple(name for name, score in self.schema.scores.items() if score.computed is not None)

    @property
    def context(self) -> Context:
        """The campaign's own snapshot, that of `context` in campaign.toml."""
        return self._snapshot.given

    def snapshot(self, context: Context | None = None) -> Snapshot:
        """`context` over the campaign's own, made ready once: give it to `render` in place of the mapping.

        Catalogues are then indexed once and not for each recipient, and what their items write is remembered. Later
        changes to `context` are not seen. Raises ArgumentError, whose `field` names the member, for a context that
        is not as the rules declare, or holds what no template can show.

        >>> from mailweave import Environment
        >>> campaign = Environment().compile("fixtures/campaigns/smallest")
        >>> campaign.snapshot({"weather": "rain"}).data["weather"]
        'rain'
        """
        if context is None:
            return self._snapshot
        arguments.check_mapping(context)
        own = self._snapshot
        given = {**own.given, **context}
        if "lookups" in context or "catalogs" in context:
            return self._made_ready(given)
        arguments.check_members(context)
        return Snapshot(given, {**own.data, **context}, own.ready, self.digest)

    def _made_ready(self, given: Context) -> Snapshot:
        ready = arguments.checked_context(given, self._check)
        return Snapshot(given, shown_to_templates(given, self.schema.lookups), ready, self.digest)

    def contract(self) -> CampaignContract:
        """The data of recipients that the templates read, by path, with the blocks that read it."""
        return self._reads

    @property
    def key_column(self) -> str:
        """The name, in the data, of the attribute that identifies a recipient; `id` where none does."""
        return key_column(self.schema)

    def pinned(self, now: datetime | None) -> datetime | None:
        """`now`, else the campaign's own, in UTC; None when there is neither. Raises ArgumentError."""
        return self._pinned if now is None else arguments.checked_now(now)

    def _moment(self, now: datetime | None) -> datetime:
        return self.pinned(now) or datetime.now(UTC)  # the façade's one look at the clock, if any

    def _about(self, context: Context | Snapshot | None) -> Snapshot:
        if not isinstance(context, Snapshot):
            return self.snapshot(context)
        if context.digest != self.digest:
            raise ArgumentError("MW041", "context", "a snapshot of this campaign", "one of another campaign")
        return context

    def _admit(
        self, profile: Profile, events: Events, now: datetime, about: Snapshot, *, shown: bool = False
    ) -> ValidatedRecipient | Skip:
        if self.strict:
            found, events = self._strangers(profile, events)
            if found is not None:
                return found
        try:
            return self.decisions.admit(profile, events, now, about.ready, shown=shown)
        except BadData as bad:
            return Skip("bad_data", str(bad), bad.field)

    def _strangers(self, profile: Profile, events: Events) -> tuple[Skip | None, Events]:
        """Why a recipient with names that no rule declares is skipped, if so; and the events, to be read again."""
        if not isinstance(profile, Mapping) or not arguments.is_list(events):
            return None, events  # admission says so
        kept = tuple(events)
        found = tuple(self._names.undeclared(profile, kept, self.key_column))
        if not found:
            return None, kept
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        return Skip("bad_data", f"{found[0]}{more}", found[0].field), kept

    def _sending(self, send_id: str | None) -> str:
        return self._from.send_id if send_id is None else arguments.checked_send_id(send_id)


def _blocks(reachable: Mapping[str, Reachable], slot: str) -> frozenset[str]:
    return reachable[slot].blocks if slot in reachable else frozenset()
