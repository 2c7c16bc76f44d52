"""The desk over HTTP: the page, its doors, the frames of mails."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose
from mailweave.preview.desk import Desk, own_fault
from mailweave.preview.doors import Answer, Doors, whole_number
from mailweave.preview.mails import Mails, all_as_json
from mailweave.preview.own_pictures import picture_data, picture_names, with_own_pictures
from mailweave.preview.placeholder_images import stand_in_pictures
from mailweave.preview.schemes import Scheme, in_scheme
from mailweave.values.json_text import problem_of, read_json

if TYPE_CHECKING:  # who sends proofs names a server of mail; all others need none of it
    from mailweave.preview.proofs import MailServer

_MAIL_POLICY: Final = (
    "sandbox allow-same-origin; default-src 'none'; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'; img-src "
)
_PICTURES: Final = {"web": "https: http: data:", "drawn": "'self' data:", "off": "'none'"}
_MEDIA: Final = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
_PAGE: Final = "desk.html"
_WAIT, _STEP = (
    25.0,
    0.2,
)  # seconds that a browser waits for a change, and between two looks whether the desk closes


def application(desk: Desk, server: MailServer | None = None) -> Starlette:
    """The desk as an ASGI application; `Guard` stands before it. `server`: where proofs go, if anywhere."""
    doors = Doors(desk, server)
    names = ("state", "search", "mail", "cover", "source", "place", "proof")
    routes = [Route(f"/{name}", _door(getattr(doors, name)), methods=["POST"]) for name in names]
    routes += [Route("/" if name == _PAGE else f"/{name}", _file(name)) for name in _page_files()]
    routes += [
        Route("/changes", _changes(desk)),
        Route("/mail/{name}", _frame(desk, doors.mails)),
        Route("/picture/{name}", _picture(desk)),
    ]
    made = Starlette(routes=routes)
    made.router.redirect_slashes = False  # it would name an address without the token
    return made


def _door(answer: Callable[[Answer], Answer]) -> Callable[[Request], Awaitable[Response]]:
    async def door(request: Request) -> Response:
        if request.headers.get("content-type") != "application/json":
            return _failed([_no_question("it is not sent as JSON")], 415)
        try:
            asked = _question(await request.body())
        except ValueError as error:
            return _failed([_no_question(str(error))], 400)
        try:
            return _json(await run_in_threadpool(answer, asked))
        except MailweaveError as error:
            return _failed(error.diagnostics, 200)
        except Exception as error:  # noqa: BLE001 - a trace would print a recipient's data; the kind is enough
            return _failed([own_fault(error)], 500)

    return door


def _question(body: bytes) -> Answer:
    """What the page asks. Raises ValueError, for people to read."""
    try:
        asked = read_json(body.decode())
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(problem_of(error)) from None
    if not isinstance(asked, dict):
        raise ValueError("it should be a JSON object")
    return asked


def _no_question(what: str) -> Diagnostic:
    return diagnose("MW024", place="preview", what=what, help="choose something else, or reload the page")


def _failed(found: Iterable[Diagnostic], status: int) -> Response:
    return _json({"status": "failed", "findings": all_as_json(found)}, status)


def _json(value: Answer, status: int = 200) -> Response:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return Response(text.encode("utf-8", "replace"), status, media_type="application/json")


def _page_files() -> list[str]:
    return sorted(one.name for one in _page().iterdir() if Path(one.name).suffix in _MEDIA)


def _page() -> Traversable:
    return files("mailweave.preview") / "page"


def _file(name: str) -> Callable[[Request], Awaitable[Response]]:
    text, media = (_page() / name).read_text(encoding="utf-8"), _MEDIA[Path(name).suffix]

    async def file(_: Request) -> Response:
        return Response(text, media_type=media)

    return file


def _changes(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def told() -> None:  # in the thread that compiles
        for loop, waiter in tuple(waiting):
            with suppress(RuntimeError):  # that loop has ended meanwhile
                loop.call_soon_threadsafe(waiter.set)

    desk.told = told

    async def changes(request: Request) -> Response:
        """Answers as soon as there is an edition behind the one that the browser has."""
        known, end = whole_number(request.query_params.get("after", "0"), 0), time.monotonic() + _WAIT
        told = asyncio.Event()
        mine = (asyncio.get_running_loop(), told)
        waiting.add(mine)
        try:
            while desk.edition.number <= known and time.monotonic() < end and not desk.is_closing():
                with suppress(TimeoutError):
                    await asyncio.wait_for(told.wait(), _STEP)
        finally:
            waiting.discard(mine)
        return _json({"number": desk.edition.number})

    return changes


def _frame(desk: Desk, mails: Mails) -> Callable[[Request], Response]:
    def frame(request: Request) -> Response:  # in a thread of its own: mails can be large
        """The HTML of a mail for a frame in which nothing runs; `pictures` says where its pictures come from."""
        html = mails.html(request.path_params["name"])
        pictures = request.query_params.get("pictures", "drawn")
        scheme: Scheme = "dark" if request.query_params.get("scheme") == "dark" else "light"
        if html is None or pictures not in _PICTURES:
            return Response(status_code=404)
        if pictures == "drawn":
            own = {name: f"../picture/{name}" for name in picture_names(desk.folder)}
            html = stand_in_pictures(with_own_pictures(html, own))
        shown = in_scheme(html, scheme).encode("utf-8", "replace")
        policy = {"content-security-policy": _MAIL_POLICY + _PICTURES[pictures]}
        return Response(shown, headers=policy, media_type="text/html")

    return frame


def _picture(desk: Desk) -> Callable[[Request], Response]:
    def picture(request: Request) -> Response:
        found = picture_data(desk.folder, request.path_params["name"])
        if found is None:
            return Response(status_code=404)
        return Response(found[0], media_type=found[1])

    return picture
