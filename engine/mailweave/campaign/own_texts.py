"""What a message has of the campaign's own: headers, tags, metadata, the address of bounces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple

from mailweave.campaign.compiled_parts import Data
from mailweave.campaign.config import CampaignConfig
from mailweave.campaign.lines import Line
from mailweave.content.toml import Path
from mailweave.markup.pieces import without_liquid
from mailweave.message.addresses import address
from mailweave.message.cleaning import one_line
from mailweave.message.own_headers import FEEDBACK_ID, LIST_ID, feedback_id, list_id, own_text
from mailweave.values.invalid_value import InvalidValue

Form = Callable[[str], str]
"""Gives a text as it is said, or raises InvalidValue."""


class Setting(NamedTuple):
    """A setting of campaign.toml that a message says: its path there, its text, and the form that the text has."""

    path: Path
    text: str
    form: Form

    @property
    def name(self) -> str:
        """As findings call it: `headers.X-Town`."""
        return ".".join(map(str, self.path))


class Own(NamedTuple):
    """The last four fields of an envelope."""

    return_path: str = ""
    custom_headers: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OwnText:
    """The text of one setting. `field`: the attribute that a wrong one comes from."""

    setting: Setting
    line: Line
    field: str

    def known(self) -> str | None:
        """The text of everybody, where the setting holds no Liquid. Raises InvalidValue."""
        fixed = self.line.fixed
        return self.setting.form(one_line(fixed)) if fixed else fixed

    def render(self, data: Data, now: datetime) -> str:
        """The text for one recipient, empty where it says nothing. Raises InvalidValue, whose `path` is the field."""
        text = self.line.render(data, now=now)
        try:
            return self.setting.form(text) if text else ""
        except InvalidValue as refusal:
            raise InvalidValue(f"{self.setting.name} {refusal.reason}", self.field) from None


class OwnTexts:
    """All of them; what holds no Liquid is said once. Raises InvalidValue where that has not its form."""

    __slots__ = ("_known", "_texts")

    def __init__(self, texts: tuple[OwnText, ...]) -> None:
        self._texts = tuple((one, one.known()) for one in texts)
        all_known = all(text is not None for _, text in self._texts)
        self._known = _gathered((one.setting, text or "") for one, text in self._texts) if all_known else None

    def of(self, data: Data, now: datetime) -> Own:
        """What one recipient's message has. Raises InvalidValue."""
        if self._known is not None:
            return self._known
        said = ((one.setting, one.render(data, now) if text is None else text) for one, text in self._texts)
        return _gathered(said)


def _gathered(said: Iterator[tuple[Setting, str]]) -> Own:
    """The texts that say something, each where it belongs."""
    headers, tags, metadata, return_path = list[tuple[str, str]](), list[str](), list[tuple[str, str]](), ""
    for (path, _, _), text in said:
        if not text:
            continue
        if path[0] == "return_path":
            return_path = text
        elif path[0] == "tags":
            tags.append(text)
        elif path[0] == "metadata":
            metadata.append((str(path[1]), text))
        else:
            headers.append((_NAMES.get(str(path[0])) or str(path[1]), text))
    return Own(return_path, tuple(headers), tuple(dict.fromkeys(tags)), tuple(metadata))


_NAMES = {"list_id": LIST_ID, "feedback_id": FEEDBACK_ID}


def own_settings(config: CampaignConfig) -> Iterator[Setting]:
    """The settings that are set, in the order in which a message says them."""
    if config.return_path:
        form = partial(address, international=config.smtputf8)
        yield Setting(("return_path",), config.return_path, form)
    if config.list_id:
        yield Setting(("list_id",), config.list_id, list_id)
    if config.feedback_id:
        yield Setting(("feedback_id",), config.feedback_id, _fields_as_written(config.feedback_id))
    for name, text in config.headers.items():
        yield Setting(("headers", name), text, partial(own_text, name))
    for number, text in enumerate(config.tags):
        yield Setting(("tags", number), text, str)
    for name, text in config.metadata.items():
        yield Setting(("metadata", name), text, str)


def _fields_as_written(setting: str) -> Form:
    """The form of Feedback-ID, with as many fields as its author wrote: no value begins another."""
    colons = without_liquid(setting).count(":") if "{%" not in setting else None

    def form(text: str) -> str:
        if colons is not None and text.count(":") != colons:
            raise InvalidValue("is no Feedback-ID: a value in it holds a `:`")
        return feedback_id(text)

    return form
