"""A compiled campaign: decide and render, for one recipient at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from mailweave.campaign.config import CampaignConfig
from mailweave.campaign.many import Failure, in_order
from mailweave.campaign.parts import BlockParts, Data
from mailweave.campaign.recipient import Views
from mailweave.campaign.snapshot import Context, Snapshot
from mailweave.campaign.weaving import Woven, spoken
from mailweave.decisions import DecisionProgram, Explanation, Selection, Skip
from mailweave.diagnostics import Diagnostic
from mailweave.liquid import Template
from mailweave.liquid.contract import CampaignContract
from mailweave.message.email import Email
from mailweave.message.headers import Envelope, is_address, one_line
from mailweave.message.plaintext import wrap
from mailweave.rules import Admitted, BadData
from mailweave.schema.model import Schema
from mailweave.schema.types import Field, Key

Profile: TypeAlias = Mapping[str, Any]
Events: TypeAlias = Iterable[Mapping[str, Any]]
Shown: TypeAlias = dict[str, list[tuple[BlockParts, dict[str, Any]]]]
"""The blocks in each place of the layout, with what they see."""


@dataclass(frozen=True, slots=True)
class Addressing:
    """The templates of the headers that depend on the recipient."""

    to: Template
    to_name: Template
    fixed_name: str | None


def envelope_of(config: CampaignConfig, version: int) -> Envelope:
    """The envelope as far as it is the same for everybody."""
    return Envelope(
        campaign=config.name,
        version=version,
        sender=config.sender.address,
        sender_name=config.sender.name,
        to="",
        reply_to=config.reply_to.address if config.reply_to else "",
        reply_to_name=config.reply_to.name if config.reply_to else "",
        one_click=config.unsubscribe_one_click,
    )


def key_attribute(schema: Schema) -> Field | None:
    """The attribute of type `key`, if the rules declare one."""
    return next((field for field in schema.profile.values() if isinstance(field.type, Key)), None)


class Campaign:
    """A compiled campaign. Immutable, and safe to share between threads.

    Made by `Environment.compile`. `diagnostics` holds the notes of its check, `config` its settings,
    `digest` changes when any text that it was made from does.
    """

    def __init__(
        self,
        config: CampaignConfig,
        decisions: DecisionProgram,
        woven: Woven,
        says: Mapping[str, Template],
        views: Views,
        addressing: Addressing,
        context: Context,
        diagnostics: tuple[Diagnostic, ...],
        digest: str,
        reads: CampaignContract,
    ) -> None:
        self.config, self.decisions, self.diagnostics = config, decisions, diagnostics
        self.digest, self._reads = digest, reads
        self._woven, self._says, self._views = woven, says, views
        self._addressing, self._snapshot = addressing, Snapshot.of(context, decisions.program)
        self._key = key_attribute(decisions.program.schema)
        self._pinned = config.now and config.now.astimezone(UTC)
        self._from = envelope_of(config, decisions.version)
        self._text_slots = tuple(slot.name for slot in decisions.slots if slot.is_text)

    def render(
        self,
        profile: Profile,
        *,
        events: Events = (),
        now: datetime | None = None,
        context: Context | Snapshot | None = None,
    ) -> Email | Skip:
        """The e-mail of one recipient, or why there is none.

        profile: a mapping of declared attributes, with `consent`, `scores` and `lists` beside them.
        events: mappings with `type`, `at` and their properties, in any order.
        now: an instant with a zone; without it the campaign's pinned `now`, else the clock, read once.
        context: the campaign-wide snapshot: `lookups`, `catalogs`, anything that templates read; as a mapping, or as
        `snapshot` makes it ready for many.

        Raises TemplateError when a template fails for this recipient (a budget, a strict variable).
        """
        decided = self.decide(profile, events=events, now=now, context=context)
        return decided if isinstance(decided, Skip) else decided[1]

    def decide(
        self,
        profile: Profile,
        *,
        events: Events = (),
        now: datetime | None = None,
        context: Context | Snapshot | None = None,
        answers: int | None = None,
    ) -> tuple[Selection, Email] | Skip:
        """Like `render`, with the decision beside the e-mail.

        answers: what the rules say of this recipient at `now`, as the mask of `decisions.program.bits`, where that
        was worked out before (a batch asks SQL). The rules are then not evaluated again, and `events` need hold
        only those that caps, ties and ranks read.
        """
        moment, about = self._moment(now), self._about(context)
        admitted = self._admit(profile, events, moment, about, shown=True)
        if isinstance(admitted, Skip):
            return admitted
        chosen = self.decisions.decide(admitted, answers=answers)
        if isinstance(chosen, Skip):
            return chosen
        email = self._weave(admitted, chosen, about, moment)
        return email if isinstance(email, Skip) else (chosen, email)

    def render_many(
        self,
        profiles: Iterable[Profile],
        *,
        events: Mapping[str, Events] | Iterable[Events] | None = None,
        now: datetime | None = None,
        context: Context | Snapshot | None = None,
    ) -> Iterator[Email | Skip | Failure]:
        """The answer for each of `profiles`, in order, each made when it is asked for; failures are values.

        events: a mapping of recipients' keys to their events, or the events of each profile in step with
        `profiles`. now, context: as `render` takes them, one for all; without either `now` the clock is
        read once. One recipient's failure stops nobody else.

        Raises ValueError when `events` in step end earlier or later than `profiles`.

        >>> from mailweave import Environment
        >>> campaign = Environment().compile("fixtures/campaigns/smallest")
        >>> ann = {"id": "1", "email": "ann@example.com", "consent": {"marketing": True}}
        >>> [type(one).__name__ for one in campaign.render_many([ann, {**ann, "consent": {}}, {"id": "3"}])]
        ['Email', 'Skip', 'Skip']
        """
        return in_order(self, profiles, events, self._moment(now), context)

    def select(
        self,
        profile: Profile,
        *,
        events: Events = (),
        now: datetime | None = None,
        context: Context | Snapshot | None = None,
    ) -> Selection | Skip:
        """The decision alone: the blocks of every slot, or why there is no e-mail."""
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
        show_pii: bool = False,
    ) -> Explanation:
        """Why: for every candidate of every slot, whether it won or lost, and by what."""
        moment, about = self._moment(now), self._about(context)
        return self.decisions.explain(
            profile, events=events, now=moment, context=about.data, show_pii=show_pii
        )

    @property
    def context(self) -> Context:
        """The campaign's own snapshot, that of `context` in campaign.toml."""
        return self._snapshot.data

    def snapshot(self, context: Context | None = None) -> Snapshot:
        """`context` over the campaign's own, made ready once: give it to `render` in place of the mapping.

        Catalogues are then indexed once and not for each recipient, and what their items write is remembered. Later
        changes to `context` are not seen.

        >>> from mailweave import Environment
        >>> campaign = Environment().compile("fixtures/campaigns/smallest")
        >>> campaign.snapshot({"weather": "rain"}).data["weather"]
        'rain'
        """
        if context is None:
            return self._snapshot
        return Snapshot.of({**self._snapshot.data, **context}, self.decisions.program)

    def contract(self) -> CampaignContract:
        """The data of recipients that the templates read, by path, with the blocks that read it."""
        return self._reads

    @property
    def key_column(self) -> str:
        """The name, in the data, of the attribute that identifies a recipient; `id` where none does."""
        return (self._key.column or self._key.name) if self._key else "id"

    def pinned(self, now: datetime | None) -> datetime | None:
        """`now`, else the campaign's own, in UTC; None when there is neither."""
        if now is None:
            return self._pinned
        if now.tzinfo is None:
            raise ValueError("now needs a zone: datetime(..., tzinfo=UTC)")
        return now.astimezone(UTC)

    def _moment(self, now: datetime | None) -> datetime:
        return self.pinned(now) or datetime.now(UTC)  # the façade's one look at the clock, if any

    def _about(self, context: Context | Snapshot | None) -> Snapshot:
        if context is None:
            return self._snapshot
        return context if isinstance(context, Snapshot) else Snapshot({**self._snapshot.data, **context})

    def _admit(
        self, profile: Profile, events: Events, now: datetime, about: Snapshot, *, shown: bool = False
    ) -> Admitted | Skip:
        ready = about.data if about.ready is None else about.ready
        try:
            return self.decisions.admit(profile, events, now, ready, shown=shown)
        except BadData as bad:
            return Skip("bad_data", str(bad))

    def _weave(self, admitted: Admitted, chosen: Selection, about: Snapshot, now: datetime) -> Email | Skip:
        data = self._views.of(admitted, chosen.arms, about.data, now)
        envelope = self._envelope(data, now)
        if isinstance(envelope, Skip):
            return envelope
        selection = dict(chosen.blocks)
        lines = {slot: self._line(selection[slot], data, now) for slot in self._text_slots}
        html, text, shown = self._parts(selection, lines, data, now)
        amp = self._woven.amp
        live, why_not = amp.render(shown, data, now) if amp is not None else (None, "")
        return Email(
            subject=one_line(lines.get("subject", "")),
            preheader=one_line(lines.get("preheader", "")),
            html=self._inlined(html),
            text=wrap(text),
            amp=live,
            selection=selection,
            key=str(admitted.attributes[self._key.name]) if self._key else "",
            now=now,
            envelope=envelope,
            amp_reason=why_not,
        )

    def _parts(
        self,
        chosen: Mapping[str, tuple[str, ...]],
        lines: Mapping[str, str],
        data: dict[str, Any],
        now: datetime,
    ) -> tuple[str, str, Shown]:
        """HTML and text, of the blocks first, then of the layout around them; and what each block saw.

        A line of text is an input of the block that shows it.
        """
        html: dict[str, list[str]] = {}
        text: dict[str, list[str]] = {}
        shown: Shown = {}
        for slot in self._woven.layout.places:
            line = lines.get(slot)
            in_html: list[str] = []
            in_text: list[str] = []
            html[slot], text[slot], shown[slot] = in_html, in_text, []
            for name in chosen[slot] if line is None else (spoken(slot),):
                block = self._woven.blocks[name]
                view = block.data(data, now, text=line)
                shown[slot].append((block, view))
                if in_text:
                    in_text.append("\n\n")
                block.pair.write(view, in_html, in_text, now=now)
        return *self._woven.layout.pair.render(data, now=now, slots=(html, text)), shown

    def _inlined(self, html: str) -> str:
        """Templates that could not be inlined once are inlined now; `check` has said so."""
        css = self._woven.css
        if css is None:
            return html
        from mailweave.content.per_recipient import inline_rendered

        return inline_rendered(html, css)

    def _line(self, names: tuple[str, ...], data: Data, now: datetime) -> str:
        if len(names) == 1:
            return self._says[names[0]].render(data, now=now)
        return " ".join([self._says[name].render(data, now=now) for name in names])

    def _envelope(self, data: Data, now: datetime) -> Envelope | Skip:
        to = self._addressing.to.render(data, now=now).strip()
        if to and not is_address(to):
            return Skip("bad_data", "`to` is not one plain address")
        name = self._addressing.fixed_name
        to_name = self._addressing.to_name.render(data, now=now) if name is None else name
        campaign, version, sender, sender_name, _, _, reply, reply_name, _, one_click = self._from
        url = data["campaign"]["unsubscribe_url"]
        return Envelope(
            campaign, version, sender, sender_name, to, to_name, reply, reply_name, url, one_click
        )
