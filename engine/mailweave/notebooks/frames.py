"""Mails for the rows of a frame: a frame of the same kind with what became of each row. No row is lost.

Neither pandas nor polars is imported: the frame that is given brings what is needed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib import import_module
from itertools import repeat
from typing import Any, Final, TypeVar

from mailweave.campaign import Campaign, Failure
from mailweave.campaign.render_many import Happened
from mailweave.decisions import Selection, Skip
from mailweave.diagnostics import ArgumentError, MailweaveError, TemplateError, diagnose
from mailweave.message import Email
from mailweave.rules.coercion import coerce
from mailweave.values.invalid_value import type_name

COLUMNS: Final = ("subject", "html", "text", "decision", "error")
"""What is added, each a text; `error` is empty where there is a mail, or the rules want none."""

_F = TypeVar("_F")


def render_frame(
    campaign: Campaign,
    frame: _F,
    *,
    events: Mapping[str, Happened] | None = None,
    now: datetime | None = None,
    context: Mapping[str, Any] | None = None,
    prefix: str = "",
) -> _F:
    """A frame of pandas or polars with the mail of each row beside it: in its order, with its index.

    frame: a DataFrame whose columns are named as the data of a list is (docs/data.md): attributes, `consent.marketing`,
    `scores.churn`, `lists.for_you`. Values are read as `mailweave.coerce` reads them. events: by the recipient's key.
    now, context: as `Campaign.render` takes them; the clock is read once.

    Adds `subject`, `html`, `text`, `decision` (blocks by slot as JSON, or `skip CODE: why`) and `error`, with `prefix`
    before their names. A row that cannot be rendered has its reason in `error`, with no value of its data, and no mail.

    Raises MailweaveError for what is no such frame (MW683) and where columns have the names that are added, or one name
    twice (MW684), and ArgumentError for `now`, events or a context that cannot be used.
    """
    kind = _kind(frame)
    names = tuple(prefix + name for name in COLUMNS)
    _check_columns([str(name) for name in frame.columns], names)  # type: ignore[attr-defined]  # both kinds have them
    about = campaign.snapshot(context) if context is not None else None
    moment = campaign.pinned(now) or datetime.now(UTC)
    happened = _by_key(events)
    told = [_row(campaign, row, happened, moment, about) for row in _rows(frame, kind)]
    made: _F = _with_columns(frame, kind, {name: [row[at] for row in told] for at, name in enumerate(names)})
    return made


def _by_key(events: Mapping[str, Happened] | None) -> Mapping[str, Happened]:
    """Events by keys as profiles have them: a frame's own may be numbers."""
    if events is None:
        return {}
    if not isinstance(events, Mapping):
        raise ArgumentError("MW040", "events", "a mapping of keys to lists of events", type_name(events))
    return {str(key): happened for key, happened in events.items()}


def _kind(frame: object) -> str:
    """`pandas` or `polars`."""
    found = type(frame)
    kind = found.__module__.partition(".")[0]
    if kind not in ("pandas", "polars") or found.__name__ != "DataFrame":
        name = f"{kind}.{found.__name__}" if kind in ("pandas", "polars") else found.__name__
        help = "collect it first: frame.collect()" if found.__name__ == "LazyFrame" else ""
        raise MailweaveError([diagnose("MW683", help=help, what=name)])
    return kind


def _check_columns(given: list[str], added: tuple[str, ...]) -> None:
    meet = [name for name in added if name in given]
    meet += sorted({name for name in given if given.count(name) > 1})
    if meet:
        raise MailweaveError([diagnose("MW684", names=", ".join(meet))])


def _rows(frame: Any, kind: str) -> Iterator[dict[str, Any]]:
    """The rows as mappings; nothing that pandas or polars would convert on the way."""
    if kind == "polars":
        yield from frame.iter_rows(named=True)
        return
    names, columns = [str(name) for name in frame.columns], [frame[name] for name in frame.columns]
    rows = zip(*columns, strict=True) if columns else repeat((), len(frame))
    yield from (dict(zip(names, row, strict=True)) for row in rows)


def _row(
    campaign: Campaign, row: Mapping[str, Any], events: Mapping[str, Happened], now: datetime, about: Any
) -> tuple[str, str, str, str, str]:
    """What is added to a row."""
    try:
        profile = coerce(row, campaign)
        happened = events.get(str(profile.get(campaign.key_column)), ())
        made = campaign.decide(profile, events=happened, now=now, context=about)
    except ArgumentError as error:
        return "", "", "", "", str(error)
    except TemplateError as error:
        return "", "", "", "", str(Failure.of(error))
    if isinstance(made, Skip):
        return "", "", "", str(made), str(made) if made.code == "bad_data" else ""
    return _mail(*made)


def _mail(chosen: Selection, email: Email) -> tuple[str, str, str, str, str]:
    decision = json.dumps({slot: list(blocks) for slot, blocks in chosen.items()}, ensure_ascii=False)
    return email.subject, email.html, email.text, decision, ""


def _with_columns(frame: Any, kind: str, columns: Mapping[str, list[str]]) -> Any:
    if kind == "pandas":
        return frame.assign(**columns)
    polars = import_module("polars")  # it is there: the frame is one of its own
    return frame.with_columns(
        [polars.Series(name, column, polars.String) for name, column in columns.items()]
    )
