"""The mail of one recipient, from what was decided: envelope, lines, parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mailweave.campaign.annotations import Thing, numbered
from mailweave.campaign.calendars import CalendarTemplates
from mailweave.campaign.envelopes import Addressing
from mailweave.campaign.lines import Line
from mailweave.campaign.offers import Offers
from mailweave.campaign.parts_writer import PartsWriter, Seen
from mailweave.campaign.render_context import RenderContexts
from mailweave.decisions import Selection, Skip
from mailweave.message.attachment import Attachment
from mailweave.message.cleaning import one_line
from mailweave.message.email import Email
from mailweave.message.headers import Envelope
from mailweave.rules import ValidatedRecipient
from mailweave.schema.types import Field
from mailweave.values.invalid_value import InvalidValue


@dataclass(frozen=True, slots=True)
class MailWriter:
    """Writes the mails of a campaign.

    parts: what writes them, by the direction in which they are written. start: what all envelopes have in common.
    text_slots: those that hold a line. key: the attribute that tells recipients apart, if there is one.
    optional: the slots that may stay empty. offers: when blocks end. files: what goes with every mail. calendar: the
    event that does. sender: who sends them, for annotations.
    """

    parts: Mapping[str, PartsWriter]
    says: Mapping[str, Line]
    views: RenderContexts
    addressing: Addressing
    start: Envelope
    text_slots: tuple[str, ...]
    key: Field | None
    offers: Offers
    optional: tuple[str, ...] = ()
    files: tuple[Attachment, ...] = ()
    calendar: CalendarTemplates | None = None
    sender: Thing | None = None

    def email(
        self,
        admitted: ValidatedRecipient,
        chosen: Selection,
        about: Mapping[str, Any],
        now: datetime,
        sending: str,
        files: tuple[Attachment, ...] = (),
        *,
        cuts: bool = False,
    ) -> Email | Skip:
        """The mail; or why there is none, where it has no address that can be written. files: those of this
        recipient alone. cuts: whether it is cut in two as well."""
        data, place = self.views.of(admitted, chosen.arms, about, now)
        writer = self.parts[place.direction]
        envelope = self.addressing.envelope(self.start, data, now, sending, self.views.link_field)
        if isinstance(envelope, Skip):
            return envelope
        selection = dict(chosen.blocks)
        lines = {slot: self._line(selection[slot], data, admitted, now) for slot in self.text_slots}
        subject = one_line(lines.get("subject", ""))
        key = str(admitted.attributes[self.key.name]) if self.key else ""
        data["mail"] = {"subject": subject}
        if self.calendar is not None:
            try:
                event = self.calendar.invitation(data, now, envelope, key, subject)
            except InvalidValue as refusal:
                return Skip("bad_data", refusal.reason, refusal.path)
            files = files if event is None else (*files, event)
        if self.optional:
            data["mail"]["filled"] = {slot: bool(selection[slot]) for slot in self.optional}
        write = writer.cut if cuts else writer.write
        seen = Seen(data, lines, admitted, now)
        if writer.annotates:
            data["mail"]["annotations"] = numbered(writer.annotations(selection, seen), self.sender)
        html, text, amp, why_not, cut = write(selection, seen)
        return Email(
            subject=subject,
            preheader=one_line(lines.get("preheader", "")),
            html=html,
            text=text,
            amp=amp,
            selection=selection,
            key=key,
            now=now,
            envelope=envelope,
            amp_reason=why_not,
            locale=place.locale,
            timezone=place.timezone,
            lacks=place.lacks,
            cut=cut,
            attachments=(*self.files, *files) if files else self.files,
        )

    def _line(
        self, names: tuple[str, ...], data: dict[str, Any], admitted: ValidatedRecipient, now: datetime
    ) -> str:
        seen = [(name, self.offers.seen(name, data, admitted)) for name in names]
        return " ".join([self.says[name].render(view, now=now) for name, view in seen])
