"""What callers pass, looked at before anything else: a mistake of theirs is told once, and not to each recipient."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sized
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mailweave.diagnostics import ArgumentError
from mailweave.message.headers import LONGEST_SEND_ID, is_send_id
from mailweave.rules.context import Context as Ready
from mailweave.rules.context_check import ContextCheck
from mailweave.schema.types import Field
from mailweave.values.instants import to_datetime, to_instant
from mailweave.values.invalid_value import InvalidValue, type_name
from mailweave.values.plain_data import check_plain

_NO_LIST = (str, bytes, bytearray, Mapping)


def checked_now(now: object) -> datetime:
    """An instant in UTC. Raises ArgumentError."""
    if now.__class__ is datetime and now.tzinfo is UTC and 1 < now.year < 9999:
        return now
    expected = "a datetime with a zone, as in datetime(2026, 11, 22, 9, tzinfo=UTC)"
    if not isinstance(now, datetime):
        raise ArgumentError("MW040", "now", expected, type_name(now))
    try:
        return to_datetime(to_instant(now))
    except InvalidValue as refusal:
        raise ArgumentError("MW040", "now", expected, f"what {refusal.reason}") from None


def check_profile(profile: object, key: Field | None) -> None:
    """Raises ArgumentError for what is no profile, or has a key that is no text."""
    if not isinstance(profile, Mapping):
        raise ArgumentError("MW040", "profile", "a mapping of declared attributes", type_name(profile))
    given = None if key is None else profile.get(key.column or key.name)
    if key is not None and given is not None and not isinstance(given, str):
        hint = "`mailweave.coerce` makes a profile of such a row"
        raise ArgumentError("MW040", key.column or key.name, "a text", type_name(given), hint)


def checked_send_id(send_id: object) -> str:
    """What tells one sending from the next. Raises ArgumentError."""
    if isinstance(send_id, str) and is_send_id(send_id):
        return send_id
    expected = f"1 to {LONGEST_SEND_ID} signs of ASCII without blanks, such as 2026-w48"
    got = "a text that is not so" if isinstance(send_id, str) else type_name(send_id)
    raise ArgumentError("MW040", "send_id", expected, got)


def is_list(given: object) -> bool:
    """Whether things come one after the other: profiles, or events."""
    if given.__class__ is tuple or given.__class__ is list:
        return True
    return isinstance(given, Iterable) and not isinstance(given, _NO_LIST)


def check_events(events: object) -> None:
    """Raises ArgumentError for what is no list of events; what each event holds is the recipient's data."""
    if not is_list(events):
        raise ArgumentError(
            "MW040", "events", "a list of events, mappings with `type` and `at`", type_name(events)
        )


def check_profiles(profiles: object) -> None:
    """Raises ArgumentError for what holds no profiles."""
    if not is_list(profiles):
        raise ArgumentError(
            "MW040", "profiles", "a list of profiles, or what yields them", type_name(profiles)
        )


def check_events_of_many(events: Any, profiles: object) -> None:
    """Raises ArgumentError for what cannot be the events of these profiles, as far as that can be known."""
    if events is None or isinstance(events, Mapping):
        return
    if not is_list(events):
        expected = "a mapping of keys to events, or the events of each profile in step"
        raise ArgumentError("MW042", "events", expected, type_name(events))
    if isinstance(events, Sized) and isinstance(profiles, Sized) and len(events) != len(profiles):
        how = "shorter" if len(events) < len(profiles) else "longer"
        raise out_of_step(str(len(profiles)), f"a {how} list, of {len(events)}")
    if isinstance(events, list | tuple):
        for one in events:
            check_in_step(one)


def check_in_step(events: object) -> None:
    """Raises ArgumentError for an event where the events of a profile should be."""
    if isinstance(events, Mapping):
        expected = "in step with the profiles, a list of events for each of them"
        raise ArgumentError("MW042", "events", expected, f"a single event ({type_name(events)})")


def out_of_step(profiles: str, events: str) -> ArgumentError:
    """The error of as many lists of events as there are not profiles."""
    return ArgumentError("MW042", "events", f"in step with the profiles, {profiles} lists of events", events)


def checked_context(context: Mapping[str, Any], check: ContextCheck) -> Ready:
    """A context made ready for rules. Raises ArgumentError, whose `field` names the member."""
    try:
        return check(context)
    except InvalidValue as refusal:
        raise _bad_context(refusal) from None


def check_members(context: Mapping[str, Any]) -> None:
    """Raises ArgumentError for members that templates could not show."""
    try:
        check_plain(context)
    except InvalidValue as refusal:
        raise _bad_context(refusal) from None


def _bad_context(refusal: InvalidValue) -> ArgumentError:
    got = refusal.got or f"what {refusal.reason}"
    expected = refusal.expected or "plain data as the rules declare it"
    return ArgumentError("MW041", refusal.path.removeprefix(".") or "context", expected, got)


def check_mapping(context: object) -> None:
    """Raises ArgumentError for a context that is no mapping."""
    if not isinstance(context, Mapping):
        expected = "a mapping such as {'lookups': ..., 'catalogs': ...}, or what `snapshot` made"
        raise ArgumentError("MW041", "context", expected, type_name(context))


def check_flag(name: str, value: object) -> None:
    """Raises ArgumentError for an option that is neither on nor off."""
    if value is not True and value is not False:
        raise ArgumentError("MW040", name, "True or False", type_name(value))


def checked_folder(path: object) -> Path:
    """The path of a folder. Raises ArgumentError for what no path can be."""
    expected = "the path of a campaign folder"
    try:
        given = os.fspath(path)  # type: ignore[call-overload]  # found out here
    except TypeError:
        raise ArgumentError("MW040", "path", expected, type_name(path)) from None
    if not isinstance(given, str):
        raise ArgumentError("MW040", "path", expected, type_name(given))
    try:
        Path(given).resolve().is_dir()
    except (OSError, ValueError) as error:
        raise ArgumentError("MW040", "path", expected, f"what cannot be one ({type_name(error)})") from None
    return Path(given)
