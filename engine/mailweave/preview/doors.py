"""The answers of the desk, by what is asked."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from mailweave.campaign import Campaign
from mailweave.campaign.saved_recipients import SavedRecipient, saved_recipient
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.preview import recipients
from mailweave.preview.desk import Desk
from mailweave.preview.form import form
from mailweave.preview.made_up import MadeUp
from mailweave.preview.mails import Asked, Mails, all_as_json, rendered, shown
from mailweave.preview.places import block_at

if TYPE_CHECKING:  # who sends proofs names a server of mail; all others need none of it
    from mailweave.preview.proofs import MailServer

Answer: TypeAlias = dict[str, Any]
_DIGITS = 9  # of a number that a browser sends
_PATIENCE, _STEP = 30.0, 0.05  # seconds that a proof waits for a mail to be whole, and between two looks


def whole_number(text: str, otherwise: int) -> int:
    """The number that a browser wrote, or another where it wrote none.

    >>> whole_number("12", 0), whole_number("x", 0), whole_number("\u00b2", 0)
    (12, 0, 0)
    """
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else otherwise


def _text(asked: Answer, name: str) -> str:
    """What a browser wrote, without halves of characters: no list and no file has them in a name."""
    return str(asked.get(name, "")).encode("utf-8", "replace").decode()


@dataclass(slots=True)
class Doors:
    """The answers, by what is asked. Each takes what the browser sent and gives JSON."""

    desk: Desk
    server: MailServer | None = None
    mails: Mails = field(default_factory=Mails)
    _made_up: MadeUp | None = None

    def state(self, _: Answer) -> Answer:
        """The campaign, its form, its recipients, its findings."""
        edition = self.desk.edition
        about: Answer = {
            "number": edition.number,
            "folder": self.desk.folder.name,
            "current": edition.is_current,
            "whole": edition.is_whole,
            "seconds": round(edition.seconds, 3),
            "findings": all_as_json(edition.findings),
            "files": dict(edition.files),
            "proofs": self.server is not None,
            "saved": list(recipients.saved_names(self.desk.folder)),
        }
        campaign = edition.campaign
        if campaign is None:
            return {**about, "campaign": None}
        config = campaign.config
        return {
            **about,
            "campaign": config.name,
            "version": campaign.decisions.version,
            "form": form(campaign),
            "segments": list(campaign.decisions.document.segments),
            "list": config.profiles is not None,
            "locales": list(edition.locales),
            "now": None if config.now is None else config.now.isoformat(),
        }

    def search(self, asked: Answer) -> Answer:
        """Keys of the list."""
        keys = recipients.search(self._campaign(), self.desk.folder, _text(asked, "text"))
        return {"keys": list(keys)}

    def mail(self, asked: Answer) -> Answer:
        """One mail, for whom it was asked."""
        edition, campaign = self.desk.edition, self._campaign()
        who, spoken = self._asked(campaign, asked), self._spoken(campaign, asked)
        told = shown(edition, spoken, who, self.desk.marks, self.mails)
        return {"number": edition.number, **told}

    def proof(self, asked: Answer) -> Answer:
        """One mail, or those of the covering set, sent to an address."""
        if self.server is None:
            what = "no mail server is named; start the preview with --smtp HOST:PORT"
            raise MailweaveError([diagnose("MW024", place="proof", what=what)])
        self._until_whole()
        campaign = self._campaign()
        if asked.get("all"):
            made = self._people(campaign)
            everybody = map(made.covering, range(len(made.cover())))
            wanted = [Asked(who) for who in everybody]
        else:
            wanted = [self._asked(campaign, asked)]
        spoken, marks = self._spoken(campaign, asked), self.desk.marks
        mails = [email for one in wanted if (email := rendered(spoken, one, marks)) is not None]
        if not mails:
            raise MailweaveError([diagnose("MW024", place="proof", what="no mail is sent to this recipient")])
        return {"status": "sent", "sent": self.server.send(mails, str(asked.get("to", "")))}

    def _until_whole(self) -> None:
        """Waits for the parts that follow what is seen first: what is sent has all of them."""
        end = time.monotonic() + _PATIENCE
        while self.desk.edition.is_current and not self.desk.edition.is_whole and time.monotonic() < end:
            time.sleep(_STEP)

    def _asked(self, campaign: Campaign, asked: Answer) -> Asked:
        given = asked.get("arms") or {}
        if not isinstance(given, dict):
            raise MailweaveError([diagnose("MW024", place="arms", what="they should be a JSON object")])
        arms = {str(name): str(arm) for name, arm in given.items()}
        return Asked(self._who(campaign, asked), arms or None)

    def _spoken(self, campaign: Campaign, asked: Answer) -> Campaign:
        """The campaign in the locale that is asked for; where none is, each recipient has their own."""
        locale = _text(asked, "locale")
        return self.desk.in_locale(locale) if locale else campaign

    def cover(self, asked: Answer) -> Answer:
        """The covering set, each with its mail."""
        edition, campaign = self.desk.edition, self._campaign()
        made, spoken = self._people(campaign), self._spoken(campaign, asked)
        tiles = []
        for number, each in enumerate(made.cover()):
            who = made.covering(number)
            told = shown(edition, spoken, Asked(who), self.desk.marks, self.mails)
            kept = {name: told.get(name) for name in ("status", "mail", "subject", "skip")}
            tiles.append({"at": number, "shows": list(each.shows), **kept})
        return {"number": edition.number, "recipients": tiles}

    def source(self, asked: Answer) -> Answer:
        """A file of the campaign, or of its stock blocks, by the name that the desk gave it."""
        edition = self.desk.edition
        name = edition.ids.file(asked.get("file"))
        if name is None:
            raise MailweaveError([diagnose("MW001", place="source", what="the file", todo="choose another")])
        if name not in edition.texts:
            what = "it is gone: it was renamed, removed, or cannot be read any more"
            raise MailweaveError([diagnose("MW024", place=name, what=what)])
        return {"file": asked["file"], "name": name, "text": edition.texts[name]}

    def place(self, asked: Answer) -> Answer:
        """Where a block begins."""
        edition = self.desk.edition
        found = block_at(edition, *(_text(asked, name)[:2_000] for name in ("slot", "block")))
        return {} if found is None else {"file": edition.ids.of(found.file), "line": found.line}

    def _campaign(self) -> Campaign:
        campaign = self.desk.edition.campaign
        if campaign is None:
            raise MailweaveError(self.desk.edition.findings)
        return campaign

    def _people(self, campaign: Campaign) -> MadeUp:
        last = self._made_up
        self._made_up = made = (
            MadeUp(campaign, self.desk.folder) if last is None else last.after_save(campaign)
        )
        return made

    def _who(self, campaign: Campaign, asked: Answer) -> SavedRecipient:
        name, folder = _text(asked, "name"), self.desk.folder
        match asked.get("kind"):
            case "saved":
                return recipients.saved(campaign, folder, name)
            case "listed":
                return recipients.listed(campaign, folder, name)
            case "segment":
                return self._people(campaign).member(name)
            case "cover":
                return self._people(campaign).covering(whole_number(name, -1))
            case _:  # whatever else a browser sends is a recipient written out, or refused as none
                return saved_recipient(campaign, asked.get("recipient"), "the form")
