"""What a browser may ask the desk."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailweave.campaign import Campaign
from mailweave.campaign.saved_recipients import SavedRecipient, saved_recipient
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.preview import recipients
from mailweave.preview.desk import Desk, own_fault
from mailweave.preview.form import form
from mailweave.preview.guard import PAGE_POLICY
from mailweave.preview.made_up import MadeUp
from mailweave.preview.mails import Asked, Mails, all_as_json, as_json, rendered, shown
from mailweave.preview.own_pictures import picture_data, picture_names, with_own_pictures
from mailweave.preview.placeholder_images import stand_in_pictures
from mailweave.preview.places import written_at
from mailweave.preview.proofs import MailServer
from mailweave.preview.schemes import Scheme, in_scheme
from mailweave.values.json_text import read_json

_HEADERS: Final = {
    "cache-control": "no-store",
    "content-security-policy": PAGE_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_MAIL_POLICY: Final = "sandbox allow-same-origin; default-src 'none'; style-src 'unsafe-inline'; img-src "
_PICTURES: Final = {"web": "https: http: data:", "drawn": "'self' data:", "off": "'none'"}
_MEDIA: Final = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
_PAGE: Final = "desk.html"
_WAIT, _STEP = 25.0, 0.02  # seconds that a browser waits for a change, and between two looks

Answer = dict[str, Any]


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
            "files": list(edition.files),
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
            "now": None if config.now is None else config.now.isoformat(),
        }

    def search(self, asked: Answer) -> Answer:
        """Keys of the list."""
        keys = recipients.search(self._campaign(), self.desk.folder, str(asked.get("text", "")))
        return {"keys": list(keys)}

    def mail(self, asked: Answer) -> Answer:
        """One mail, for whom it was asked."""
        campaign = self._campaign()
        return {
            "number": self.desk.edition.number,
            **shown(campaign, self._asked(campaign, asked), self.mails),
        }

    def proof(self, asked: Answer) -> Answer:
        """One mail, or those of the covering set, sent to an address."""
        if self.server is None:
            what = "no mail server is named; start the preview with --smtp HOST:PORT"
            raise MailweaveError([diagnose("MW024", place="proof", what=what)])
        campaign = self._campaign()
        if asked.get("all"):
            made = self._people(campaign)
            everybody = map(made.covering, range(len(made.cover())))
            wanted = [Asked(who, _moment(who.now)) for who in everybody]
        else:
            wanted = [self._asked(campaign, asked)]
        mails = [email for one in wanted if (email := rendered(campaign, one)) is not None]
        return {"status": "sent", "sent": self.server.send(mails, str(asked.get("to", "")))}

    def _asked(self, campaign: Campaign, asked: Answer) -> Asked:
        who = self._who(campaign, asked)
        consents = {str(name): bool(value) for name, value in (asked.get("consents") or {}).items()}
        if consents:
            profile = recipients.with_consents(who.profile, consents)
            who = SavedRecipient(profile, who.events, who.now, who.context)
        arms = {str(name): str(arm) for name, arm in (asked.get("arms") or {}).items()}
        return Asked(who, _moment(asked.get("now") or who.now), arms or None)

    def cover(self, _: Answer) -> Answer:
        """The covering set, each with its mail."""
        campaign = self._campaign()
        made = self._people(campaign)
        tiles = []
        for number, each in enumerate(made.cover()):
            who = made.covering(number)
            told = shown(campaign, Asked(who, _moment(who.now)), self.mails)
            kept = {name: told.get(name) for name in ("status", "mail", "subject", "skip")}
            tiles.append({"at": number, "shows": list(each.shows), **kept})
        return {"number": self.desk.edition.number, "recipients": tiles}

    def source(self, asked: Answer) -> Answer:
        """A file of the campaign, or of its stock blocks, by its number."""
        edition, number = self.desk.edition, asked.get("file")
        if not isinstance(number, int) or not 0 <= number < len(edition.files):
            raise MailweaveError([diagnose("MW001", place="source", what="the file", todo="choose another")])
        name = edition.files[number]
        return {"file": number, "name": name, "text": edition.texts[name]}

    def place(self, asked: Answer) -> Answer:
        """Where a part of a mail was written."""
        words = (str(asked.get(name, ""))[:2_000] for name in ("slot", "block", "words"))
        found = written_at(self.desk.edition, *words)
        return {} if found is None else {"file": found.file, "line": found.line}

    def _campaign(self) -> Campaign:
        campaign = self.desk.edition.campaign
        if campaign is None:
            raise MailweaveError(self.desk.edition.findings)
        return campaign

    def _people(self, campaign: Campaign) -> MadeUp:
        if self._made_up is None or self._made_up.campaign is not campaign:
            self._made_up = MadeUp(campaign, self.desk.folder)
        return self._made_up

    def _who(self, campaign: Campaign, asked: Answer) -> SavedRecipient:
        name, folder = str(asked.get("name", "")), self.desk.folder
        match asked.get("kind"):
            case "saved":
                return recipients.saved(campaign, folder, name)
            case "listed":
                return recipients.listed(campaign, folder, name)
            case "segment":
                return self._people(campaign).member(name)
            case "cover":
                return self._people(campaign).covering(int(name) if name.isdigit() else -1)
            case _:  # whatever else a browser sends is a recipient written out, or refused as none
                return saved_recipient(campaign, asked.get("recipient"), "the form")


def _moment(text: object) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        what = "`now` should be as 2026-11-22T09:00Z"
        raise MailweaveError([diagnose("MW020", place="now", what=what)]) from None


def application(desk: Desk, server: MailServer | None = None) -> Starlette:
    """The desk as an ASGI application; `Guard` stands before it. `server`: where proofs go, if anywhere."""
    doors = Doors(desk, server)
    names = ("state", "search", "mail", "cover", "source", "place", "proof")
    routes = [Route(f"/{name}", _door(getattr(doors, name)), methods=["POST"]) for name in names]
    routes += [Route("/" if name == _PAGE else f"/{name}", _file(name)) for name in _page_files()]
    return Starlette(
        routes=[
            *routes,
            Route("/changes", _changes(desk)),
            Route("/mail/{name}", _frame(desk, doors.mails)),
            Route("/picture/{name}", _picture(desk)),
        ]
    )


def _door(answer: Callable[[Answer], Answer]) -> Callable[[Request], Awaitable[Response]]:
    async def door(request: Request) -> Response:
        if request.headers.get("content-type") != "application/json":
            return _json({"findings": []}, 415)
        try:
            asked = read_json((await request.body()).decode())
        except (ValueError, RecursionError):
            return _json({"findings": []}, 400)
        if not isinstance(asked, dict):
            return _json({"findings": []}, 400)
        try:
            return _json(await run_in_threadpool(answer, asked))
        except MailweaveError as error:
            return _json({"status": "failed", "findings": all_as_json(error.diagnostics)}, 200)
        except Exception as error:  # noqa: BLE001 - a trace would print a recipient's data; the kind is enough
            return _json({"status": "failed", "findings": [as_json(own_fault(error))]}, 500)

    return door


def _json(value: Answer, status: int = 200) -> Response:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return Response(text.encode("utf-8", "replace"), status, headers=_HEADERS, media_type="application/json")


def _page_files() -> list[str]:
    return sorted(one.name for one in _page().iterdir() if Path(one.name).suffix in _MEDIA)


def _page() -> Traversable:
    return files("mailweave.preview") / "page"


def _file(name: str) -> Callable[[Request], Awaitable[Response]]:
    text, media = (_page() / name).read_text(encoding="utf-8"), _MEDIA[Path(name).suffix]

    async def file(_: Request) -> Response:
        return Response(text, headers=_HEADERS, media_type=media)

    return file


def _changes(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    async def changes(request: Request) -> Response:
        """Answers as soon as there is an edition behind the one that the browser has."""
        after = request.query_params.get("after", "0")
        waited = 0.0
        known = int(after) if after.isdigit() else 0
        while desk.edition.number <= known and waited < _WAIT and not desk.is_closing():
            await asyncio.sleep(_STEP)
            waited += _STEP
        return _json({"number": desk.edition.number})

    return changes


def _frame(desk: Desk, mails: Mails) -> Callable[[Request], Awaitable[Response]]:
    async def frame(request: Request) -> Response:
        """The HTML of a mail for a frame in which nothing runs; `pictures` says where its pictures come from."""
        html = mails.html(request.path_params["name"])
        pictures = request.query_params.get("pictures", "drawn")
        scheme: Scheme = "dark" if request.query_params.get("scheme") == "dark" else "light"
        if html is None or pictures not in _PICTURES:
            return Response(status_code=404, headers=_HEADERS)
        if pictures == "drawn":
            html = stand_in_pictures(with_own_pictures(html, picture_names(desk.folder), "../picture"))
        shown = in_scheme(html, scheme)
        policy = _MAIL_POLICY + _PICTURES[pictures]
        return Response(
            shown, headers={**_HEADERS, "content-security-policy": policy}, media_type="text/html"
        )

    return frame


def _picture(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    async def picture(request: Request) -> Response:
        found = picture_data(desk.folder, request.path_params["name"])
        if found is None:
            return Response(status_code=404, headers=_HEADERS)
        return Response(found[0], headers=_HEADERS, media_type=found[1])

    return picture
