"""One export: a list decided and cut, its templates written once each, its values line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from mailweave.batch.arguments import check_one_of, checked_lists, checked_output, checked_people
from mailweave.batch.extras import require
from mailweave.batch.lookup import staged
from mailweave.batch.rendering import Outcome, ShardRenderer, as_line
from mailweave.batch.rows import Row
from mailweave.campaign import Campaign
from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose
from mailweave.export.folder import TEMPLATES, VALUES, being_made, refuse_taken
from mailweave.export.languages import Asked, TemplateParts, written
from mailweave.export.providers import PROVIDERS, Provider
from mailweave.message import Email
from mailweave.message.cut_mail import Sheet

_AT_ONCE: Final = 500
_DEAD, _SKIPPED = "dead.jsonl", "skipped.jsonl"


@dataclass(slots=True)
class Exported:
    """What an export holds. with_amp: mails that have an AMP part. whole: mails whose template is one value a part,
    because they cannot be cut. templates: the size of each, in bytes. codes: of the dead letters."""

    to: str
    recipients: int = 0
    mails: int = 0
    skipped: int = 0
    dead: int = 0
    with_amp: int = 0
    whole: int = 0
    templates: dict[str, int] = field(default_factory=dict)
    codes: Counter[str] = field(default_factory=Counter)

    @property
    def provider(self) -> Provider:
        """Where it goes."""
        return PROVIDERS[self.to]

    def beyond(self) -> tuple[Diagnostic, ...]:
        """What of it its provider does not take, by its documentation."""
        count, most, size = len(self.templates), self.provider.most_templates, self.provider.most_bytes
        found = [f"it keeps {most:,}, and there are {count:,}"] if most and count > most else []
        if size and (large := sum(one > size for one in self.templates.values())):
            found.append(f"{large:,} are larger than {size // 1000:,} KB")
        return tuple(diagnose("MW825", place=self.to, provider=self.to, what=what) for what in found)


def export(
    campaign: Campaign,
    to: str,
    profiles: str | Path | Sequence[str | Path],
    out: str | Path,
    *,
    events: str | Path | Sequence[str | Path] = (),
    now: datetime,
) -> Exported:
    """Writes the mails of a list into the folder `out`, as templates for a provider and the values of each recipient.

    Recipients are read, decided and counted as a batch does. Raises BatchError, ArgumentError, and MailweaveError
    without the extra `batch`.
    """
    require("batch", place=campaign.config.name, what="an export")
    check_one_of("to", to, PROVIDERS)
    _check_files(campaign)
    target, found = checked_output(out), Exported(to)
    lists, happened = checked_people(profiles), checked_lists("events", events)
    refuse_taken(target)
    with staged(campaign, lists, happened, now, in_sql=True) as (stage, total), being_made(target) as folder:
        found.recipients = total
        with _Files(folder, found) as files:
            renderer = ShardRenderer(campaign, now, None, files.piece, cuts=True)
            for start in range(0, total, _AT_ONCE):
                files.add(renderer.render(stage.read(start, min(start + _AT_ONCE, total))))
    return found


class _Piece(NamedTuple):
    """One mail: its sheet, and its line of values."""

    sheet: Sheet
    line: bytes


class _Files:
    """The files of an export, open."""

    def __init__(self, folder: Path, found: Exported) -> None:
        self._folder, self._found, self._provider = folder, found, found.provider
        self._asked: dict[str, Asked] = {}
        self._waiting: dict[str, TemplateParts] = {}  # a disk that refuses is no fault of a recipient
        self._open = ExitStack()
        self._values, self._skipped, self._dead = map(self._file, (VALUES, _SKIPPED, _DEAD))

    def __enter__(self) -> _Files:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _file(self, name: str) -> BinaryIO:
        return self._open.enter_context((self._folder / name).open("wb"))

    def piece(self, row: Row) -> _Piece:
        """A mail as it is exported. Raises what a batch raises of it, such as for a text that nothing encodes."""
        row.values()
        cut = row.email.cut
        assert cut is not None  # the renderer cuts
        asked = self._asked.get(cut.sheet.digest) or self._met(cut.sheet)
        line: dict[str, Any] = {"key": row.email.key, "template": cut.sheet.digest}
        if asked.has_amp:
            line["amp"] = row.email.amp is not None
        values = asked.values(cut.values) | _headers(row.email)
        return _Piece(cut.sheet, as_line({**line, "values": values, **_own(row.email)}))

    def _met(self, sheet: Sheet) -> Asked:
        parts = written(sheet, self._provider.language, amp=self._provider.has_amp)
        self._waiting[sheet.digest] = parts
        return self._asked.setdefault(sheet.digest, parts.asked)

    def add(self, outcome: Outcome) -> None:
        """Writes what became of some recipients, and counts it."""
        self._add_templates()
        found = self._found
        for sheet, line in outcome.pieces:
            self._values.write(line)
            found.whole += all(isinstance(piece, int) for piece in sheet.html)
        self._skipped.writelines(outcome.skipped)
        self._dead.writelines(outcome.dead)
        found.mails += len(outcome.pieces)
        found.skipped += len(outcome.skipped)
        found.dead += len(outcome.dead)
        found.with_amp += outcome.amp["sent"]
        found.codes.update(outcome.codes)

    def _add_templates(self) -> None:
        while self._waiting:
            digest, parts = self._waiting.popitem()
            for name, content in self._provider.files(self._provider.language, digest, parts).items():
                (self._folder / TEMPLATES / name).write_bytes(content)
            self._found.templates[digest] = len(parts.html.encode()) + len(parts.text.encode())


def _check_files(campaign: Campaign) -> None:
    """Raises MailweaveError where files go with the mails: a template has none."""
    if campaign.config.attachments or campaign.config.calendar is not None:
        what = (
            "files go with its mails (`[[attachments]]`, `[calendar]`), and templates of a provider have none"
        )
        raise MailweaveError([diagnose("MW024", place=campaign.config.name, what=what)])


def _own(email: Email) -> dict[str, Any]:
    """What a sender must say beside the values, where the campaign sets it."""
    return_path, headers, tags, metadata = email.envelope[-4:]
    told = {"return_path": return_path, "headers": dict(headers), "tags": tags, "metadata": dict(metadata)}
    return {name: value for name, value in told.items() if value}


def _headers(email: Email) -> dict[str, str]:
    """What the headers need, beside the values of the parts."""
    envelope = email.envelope
    return {
        "subject": email.subject,
        "preheader": email.preheader,
        "to": envelope.to,
        "to_name": envelope.to_name,
        "unsubscribe_url": envelope.unsubscribe_url,
    }
