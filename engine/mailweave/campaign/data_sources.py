"""The sources of a campaign, ready to be asked: which URL for whom, what they fill, and what is as declared.

Nothing here asks anybody: rendering reads no network. `mailweave.delivery.sources` does, before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from mailweave.campaign.source_settings import Fill, SourceSettings
from mailweave.campaign.url_templates import UrlTemplate, checked_url
from mailweave.rules.codecs import reader, writer
from mailweave.rules.compiled_inputs import Input, LookupInput
from mailweave.rules.context import Context, key_text
from mailweave.rules.lists import Lists
from mailweave.rules.validation import ValidatedRecipient
from mailweave.schema.model import Schema
from mailweave.values.invalid_value import InvalidValue, mistyped
from mailweave.values.missing import is_missing

Check: TypeAlias = Callable[[object, Context], None]
"""Raises InvalidValue for a value that is not as the rules declare it."""


@dataclass(frozen=True, slots=True)
class DataSource:
    """A source. `lookup`: the key under which the rules read the lookup that it fills, where it fills one.

    check: takes an answer's value as admission would.
    """

    name: str
    settings: SourceSettings
    lookup: LookupInput | None
    schema: Schema
    template: UrlTemplate
    known: Mapping[str, Any]
    check: Check

    def url(self, profile: Mapping[str, object], now: datetime) -> str:
        """The URL for one recipient, by their attributes as templates see them.

        Raises InvalidValue and TemplateError where there is none that leads to where the author wrote.
        """
        url = checked_url(self.template.render({"profile": profile, "campaign": self.known}, now=now))
        origin = self.settings.origin
        if not url.startswith(origin) or url[len(origin) : len(origin) + 1] not in ("", "/", "?"):
            raise InvalidValue("is a URL that leads elsewhere")
        return url

    def key(self, admitted: ValidatedRecipient) -> str | None:
        """The key of the lookup for one recipient, as JSON writes it; None where they have none."""
        use = self.lookup
        assert use is not None
        found = admitted.attributes[str(use.key)] if use.by == "attribute" else use.key
        if is_missing(found):
            return None
        return key_text(writer(self.schema.lookups[use.name].key)(found))


def check_of(fill: Fill, schema: Schema) -> Check:
    """The check of what a source fills, by the readers of admission."""
    if fill.kind != "lists":
        read = reader((schema.scores if fill.kind == "scores" else schema.lookups)[fill.name].type)

        def of_type(value: object, context: Context) -> None:
            read(value)

        return of_type
    lists = Lists(replace(schema, lists={fill.name: schema.lists[fill.name]}))

    def check(value: object, context: Context) -> None:
        if not isinstance(value, list):
            raise mistyped(value, "a list of items")
        lists.read({fill.name: value}, context)

    return check


def lookup_uses(name: str, inputs: tuple[Input, ...]) -> tuple[LookupInput, ...]:
    """The keys under which the rules read a lookup."""
    return tuple(one for one in inputs if isinstance(one, LookupInput) and one.name == name)
