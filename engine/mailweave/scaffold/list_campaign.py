"""A campaign for a list: its declarations, and the least that can be sent to everybody on it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from mailweave.rules.formatter import format_source
from mailweave.rules.prover.default_values import normal, plain
from mailweave.scaffold.declarations import declarations
from mailweave.scaffold.examples import Files
from mailweave.scaffold.first_segments import FirstSegment, first_segments
from mailweave.scaffold.list_schema import ListSchema
from mailweave.scaffold.personal import words_of
from mailweave.schema import types as t
from mailweave.values.durations import HOUR
from mailweave.values.instants import iso

_NOW: Final = "2026-11-30T09:00:00Z"
"""The moment of previews where no event gives one: no clock is read."""

_SETTINGS: Final = """\
# The settings of this campaign. docs/campaign.md lists all of them; an unknown one is refused.
name = "{name}"
from = {{ name = "Your company", address = "hello@shop.example" }}
{to}

# The law asks for both: write your own.
unsubscribe_url = "https://shop.example/unsubscribe?who={{{{ profile.{key} }}}}"
postal_address = "Your company, 1 High Street, Oldtown"

locale = "en"
currency = "{currency}"
layout = "newsletter"

# The moment of previews: {why_now}. Take it out and they use the clock.
now = {now}

# The list that this was made from; the paths start in this folder.
{lists}

# What the blocks of the rules show; `mailweave blocks` lists the stock ones.
[blocks.masthead]
use = "header"

"""
_HERO: Final = """\
[blocks.{block}]
use = "hero"
[blocks.{block}.inputs]
heading = "{heading}"
text = "Change this in campaign.toml: [blocks.{block}.inputs]."

"""
_FOOTER: Final = """\
[blocks.legal]
use = "footer"
"""


@dataclass(frozen=True, slots=True)
class Lists:
    """Where the list and its events lie, seen from the folder of the campaign."""

    profiles: str
    events: str | None


def list_campaign(name: str, schema: ListSchema, lists: Lists) -> Files:
    """The files of a campaign of that name for a list."""
    segments = first_segments(schema)
    files = {
        "campaign.toml": _settings(name, schema, segments, lists),
        f"{name}.rules": format_source("\n".join(_rules(name, schema, segments)) + "\n"),
        "recipients/all-known.json": _person(schema, is_complete=True),
        "recipients/least-known.json": _person(schema, is_complete=False),
    }
    return {path: text.encode() for path, text in files.items()}


# ---- campaign.toml


def _settings(name: str, schema: ListSchema, segments: Sequence[FirstSegment], lists: Lists) -> str:
    head = _SETTINGS.format(
        name=name,
        to="\n".join(_to(schema)),
        key=schema.key.field.name,
        currency=schema.currency,
        now=_now(schema),
        why_now="any" if schema.latest is None else "the first full hour after the last event",
        lists="\n".join(_lists(lists)),
    )
    blocks = [("hello", "Hello"), *((one.name, f"For {one.name}") for one in segments)]
    return head + "".join(_HERO.format(block=f"hero_{n}", heading=said) for n, said in blocks) + _FOOTER


def _to(schema: ListSchema) -> Iterator[str]:
    address = schema.address
    others = len(address.values) - address.addresses
    if others:
        yield f"# {others:,} of them hold no address: a batch leaves these out, and names them in dead.jsonl."
    yield f"to = \"{{{{ profile.{address.field.name} | default: '' }}}}\""


def _now(schema: ListSchema) -> str:
    return _NOW if schema.latest is None else iso((schema.latest // HOUR + 1) * HOUR)


def _lists(lists: Lists) -> Iterator[str]:
    yield f"profiles = {json.dumps(lists.profiles, ensure_ascii=False)}"
    if lists.events is not None:
        yield f"events = {json.dumps(lists.events, ensure_ascii=False)}"


# ---- the rules


def _rules(name: str, schema: ListSchema, segments: Sequence[FirstSegment]) -> Iterator[str]:
    yield "# Who gets what. docs/language.md is the whole language."
    yield f'ruleset "{name}" version 1\n'
    yield "# ---- what the list holds, as docs/new.md says it is read: correct what you know better"
    yield from declarations(schema)
    yield "\n# ---- who they are: write your own, as segment regulars = orders >= 3"
    yield from (f"segment {one.name} = {one.condition}" for one in segments)
    yield from _skips(schema)
    yield from _choice(segments)
    yield from _tests(schema)


def _consent(schema: ListSchema) -> str | None:
    """The purpose that a mail needs: the one for marketing, or the first."""
    wanted = [name for name in schema.consents if name in ("marketing", "newsletter", "email")]
    return next(iter([*wanted, *schema.consents]), None)


def _skips(schema: ListSchema) -> Iterator[str]:
    yield "\n# ---- who gets no mail at all"
    consent, address = _consent(schema), schema.address
    if consent is not None:
        yield f'skip no_consent "has not agreed" when not consent.{consent}'
    else:
        yield "# No column says who has agreed to mail. Have one, `consent.marketing`, declare it by `consent marketing`,"
        yield '# and write: skip no_consent "has not agreed" when not consent.marketing'
    if address.field.optional:
        yield f'skip no_address "has no address" when {address.field.name} is unknown'


def _choice(segments: Sequence[FirstSegment]) -> Iterator[str]:
    names = [one.name for one in segments]
    yield "\n# ---- what there is to say: a slot is a place in the layout"
    yield "slot subject text max 1 fallback subject_hello"
    yield "slot preheader text max 1 fallback preheader_news"
    yield "slot header max 1 fallback masthead"
    yield "slot hero max 1 fallback hero_hello"
    yield "slot footer max 1 fallback legal"
    yield 'block subject_hello for subject says "Hello"'
    yield 'block preheader_news for preheader says "What an inbox shows behind the subject"'
    yield "block masthead for header"
    yield from (f"block hero_{name} for hero" for name in ("hello", *names))
    yield "block legal for footer"
    yield "\n# ---- who gets what: a row is a segment, a column a slot, the greatest number wins"
    yield "matrix main policy priority {\n  tie order"
    yield "  | subject | preheader | header | hero | footer |"
    ranked = zip(names, range(80, 0, -20), strict=False)
    yield from (f"  {name} | - | - | - | hero_{name} {rank} | - |" for name, rank in ranked)
    yield "  otherwise | subject_hello | preheader_news | masthead | hero_hello | legal |\n}"


def _tests(schema: ListSchema) -> Iterator[str]:
    yield "\n# ---- examples are tests: `mailweave test` runs them"
    address, consent = schema.address, _consent(schema)
    yield 'test "who is in no segment gets the plain hello" {'
    if not isinstance(address.field.type, t.Key):
        yield f'  profile {{ {address.field.name}: "ann@example.org" }}'
    if consent is not None:
        yield f"  consent {consent}"
    yield f"  now {_now(schema)[:16]}"
    yield "  expect hero is hero_hello\n}"


# ---- made-up recipients


def _person(schema: ListSchema, *, is_complete: bool) -> str:
    """A made-up recipient: nobody of the list is copied into a folder that will be shared."""
    person: dict[str, Any] = {}
    address = schema.address
    for each in schema.attributes:
        field = each.field
        if is_complete or not field.optional or each is address:
            person[field.column or field.name] = _value(field, is_address=each is address)
    if schema.consents:
        person["consent"] = dict.fromkeys(schema.consents, True)
    return json.dumps(person, indent=2, ensure_ascii=False) + "\n"


def _value(field: t.Field, *, is_address: bool) -> Any:
    words = "_".join(words_of(field.name)) or field.name
    return "ann@example.org" if is_address else plain(field.type, normal(replace(field, name=words)))
