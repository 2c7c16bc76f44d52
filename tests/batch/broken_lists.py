"""A list in which every hundredth row is broken in each of the ways we know, and what must become of it."""

from __future__ import annotations

import json
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.message import small_campaign

EVERY: Final = 100
LONG: Final = 100_000  # characters of a name that is cut, and of an address that is none

# rows that look broken, and whose message says what they say
KEPT: Final = (
    "good",
    *("encoded_word", "header_line", "braces", "overlong_name", "right_to_left", "undeclared"),
    *("international_domain", "event_of_no_type"),
)
DEAD: Final = (
    *(
        "two_dots",
        "no_domain",
        "two_words",
        "empty_address",
        "no_address",
        "long_local_part",
        "quoted_local_part",
    ),
    *(
        "group",
        "two_addresses",
        "header_in_address",
        "encoded_address",
        "direction_in_domain",
        "local_part_beyond_ascii",
    ),
    *("overlong_address", "template_in_address"),
    *("no_key", "empty_key", "blank_key", "control_in_key", "overlong_key"),
    *(
        "neither_yes_nor_no",
        "consent_twice",
        "no_such_day",
        "moment_without_zone",
        "no_such_zone",
        "no_such_country",
    ),
    *("below_its_bounds", "amount_that_is_none", "score_beyond_one", "items_that_are_words", "overlong_link"),
    *("path_upwards", "event_without_zone", "event_at_no_moment"),
)
# what only lines of JSON can hold
LINES: Final = (
    *(
        "no_json",
        "no_object",
        "number_for_text",
        "text_for_number",
        "half_a_character",
        "many_digits",
        "too_deep",
    ),
    *("float_for_amount", "list_for_text", "consent_is_text"),
)
OTHERS: Final = ("no_consent", "same_key", "same_address", "suppressed", "suppressed_key", "complained")
_KINDS: Final = (*KEPT[1:], *DEAD, *OTHERS)

_RULES: Final = """ruleset "accounts" version 1
profile {
  id         : key
  email      : text      pii
  first_name : text?     pii
  token      : text?
  born       : date?     pii
  joined     : instant?
  tz         : zone?
  country    : enum(DE, US)?
  orders     : int?      min 0
  spent      : money(USD)?
}
score churn : ratio ttl 900 days else 0
catalog discs { sku: text }
list for_you of discs by "likes" max 4 else "best"
event open { machine: bool = false } keep 400 days
event complaint keep 400 days
consent marketing
skip no_consent "has not agreed" when not consent.marketing
skip complained "has complained" when complaint in last 365 days
segment buyers = orders >= 1 and country == DE and spent >= 1 USD and joined < 2026-01-01T00:00Z
segment at_risk = score.churn > 0.5 and no open in last 30 days
slot subject text max 1 fallback hello
slot hero max 1 fallback note
block hello for subject says "Hello, {{ profile.first_name }}"
block note for hero
"""
_SETTINGS: Final = {
    "to_name": "{{ profile.first_name }}",
    "unsubscribe_url": "https://example.com/u/{{ profile.token | default: profile.id }}/now",
    "context": "context.json",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A list, whom never to mail, and how many rows there are of each kind (`good` included)."""

    campaign: Path
    path: Path
    events: Path
    never: Path
    kinds: tuple[str, ...]

    @property
    def options(self) -> dict[str, Any]:
        """What a batch of it is told."""
        told: dict[str, Any] = {"duplicates": "first", "unique": "email"}
        return told | {"events": str(self.events), "suppress": self.never}


def campaign(folder: Path) -> Path:
    """A small one that reads a datum of each type."""
    made = small_campaign.write(folder / "accounts", _SETTINGS)
    (made / "main.rules").write_text(_RULES, encoding="utf-8")
    about = {"catalogs": {"discs": [{"sku": "a"}, {"sku": "b"}]}, "lists": {"best": ["a"]}}
    (made / "context.json").write_text(json.dumps(about), encoding="utf-8")
    return made


def person(number: int, kind: str) -> dict[str, Any]:
    """One row; what a good one has, but for one thing."""
    good: dict[str, Any] = {
        "id": f"{number:07d}",
        "email": f"p{number}@example.com",
        "first_name": f"Zoë {number}",
    }
    good |= {"token": None, "born": "1990-02-28", "joined": "2020-01-01T00:00:00Z", "tz": "Europe/Berlin"}
    good |= {"country": "DE", "orders": 2, "spent": "12.50", "consent": {"marketing": True}, "colour": None}
    good |= {
        "consent.marketing": None,
        "scores.churn.value": None,
        "scores.churn.at": None,
        "lists.for_you": None,
    }
    return {**good, **_changed(number).get(kind, {})}


def _changed(n: int) -> dict[str, dict[str, Any]]:
    before = n - n % EVERY  # a good row
    churned = {"scores.churn.at": "2026-11-01T00:00:00Z"}
    return {
        "encoded_word": {"first_name": f"=?utf-8?q?evil_{n}?="},
        "header_line": {"first_name": f"Zoe\r\nBcc: p{n}@example.com\r\n\r\nevil"},
        "braces": {"first_name": "{{ unsubscribe }} *|X|* %%y%%", "token": "{{x}}?a=b#c"},
        "overlong_name": {"first_name": "n" * LONG},
        "right_to_left": {"first_name": f"\u202eאבג \u2067{n}"},
        "undeclared": {"colour": "red"},
        "international_domain": {"email": f"p{n}@exämple.com"},
        "two_dots": {"email": f"p..{n}@example.com"},
        "no_domain": {"email": f"p{n}@"},
        "two_words": {"email": f"p {n}@example.com"},
        "empty_address": {"email": ""},
        "no_address": {"email": None},
        "long_local_part": {"email": f"{'a' * 65}{n}@example.com"},
        "quoted_local_part": {"email": f'"p {n}"@example.com'},
        "group": {"email": f"friends:p{n}@example.com;"},
        "two_addresses": {"email": f"p{n}@example.com, q{n}@example.com"},
        "header_in_address": {"email": f"p{n}@example.com\r\nBcc: q{n}@example.com"},
        "encoded_address": {"email": f"=?utf-8?q?p{n}=40example=2Ecom?="},
        "direction_in_domain": {"email": f"p{n}@exa\u202emple.com"},
        "local_part_beyond_ascii": {"email": f"pä{n}@example.com"},
        "overlong_address": {"email": f"p{n}@{'a.' * (LONG // 2)}com"},
        "template_in_address": {"email": f"{{{{p{n}}}}}@example.com"},
        "no_key": {"id": None},
        "empty_key": {"id": ""},
        "blank_key": {"id": "\u2003 \t"},
        "control_in_key": {"id": f"a\u0085{n}"},
        "overlong_key": {"id": f"{n}{'k' * 255}"},
        "neither_yes_nor_no": {"consent": None, "consent.marketing": "maybe"},
        "consent_twice": {"consent.marketing": "true"},
        "no_such_day": {"born": "1990-02-30"},
        "moment_without_zone": {"joined": "2020-01-01T00:00:00"},
        "no_such_zone": {"tz": "Mars/Olympus"},
        "no_such_country": {"country": "FR"},
        "below_its_bounds": {"orders": -1},
        "amount_that_is_none": {"spent": "ten"},
        "score_beyond_one": {"scores.churn.value": 1.5, **churned},
        "items_that_are_words": {"lists.for_you": "plain words"},
        "overlong_link": {"token": "t" * 1_000},
        "path_upwards": {"token": ".."},
        "no_consent": {"consent": None, "consent.marketing": "false"},
        "same_key": {"id": f"{before:07d}"},
        "same_address": {"email": f" P{before}@Example.com"},
        "suppressed": {"email": f"Never{n}@Example.com"},
        "suppressed_key": {"id": f"never{n}"},
        "number_for_text": {"first_name": n},
        "text_for_number": {"orders": "two"},
        "half_a_character": {"first_name": "\ud800"},
        "float_for_amount": {"spent": 12.5},
        "list_for_text": {"first_name": ["Zoë"]},
        "consent_is_text": {"consent": "marketing"},
    }


def line(number: int, kind: str) -> str:
    """A row of the list in JSON, or what should have been one."""
    odd = {
        "no_json": '{"id": ',
        "no_object": "[1]",
        "many_digits": f'{{"id": "{number}", "orders": {"9" * 5_000}}}',
        "too_deep": f'{{"id": "{number}", "first_name": {"[" * 5_000}{"]" * 5_000}}}',
    }
    return odd.get(kind) or json.dumps(person(number, kind))


def _events(rows: list[tuple[int, str]]) -> Iterator[dict[str, Any]]:
    for number, kind in rows:
        told = {"profile": f"{number:07d}", "type": "open", "at": "2026-11-20T09:00:00Z"}
        changed = {
            "event_of_no_type": {"type": "Open"},
            "event_without_zone": {"at": "2026-11-20T09:00:00"},
            "event_at_no_moment": {"at": "yesterday"},
            "complained": {"type": "complaint"},
        }
        if kind in changed or number % 10 == 0:
            yield {**told, **changed.get(kind, {})}
    yield {"profile": "nobody", "type": "open", "at": "2026-11-20T09:00:00Z"}


def _written(path: Path, rows: list[dict[str, Any]], lines: list[str]) -> None:
    if path.suffix == ".jsonl":
        path.write_text("".join(f"{one}\n" for one in lines), encoding="utf-8")
        return
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=10_000)


def write(folder: Path, size: int, form: str) -> Listed:
    """A campaign and its list in Parquet or lines of JSON."""
    kinds = _KINDS + (LINES if form == "jsonl" else ())
    assert len(kinds) < EVERY
    each = tuple(kinds[n % EVERY - 1] if 0 < n % EVERY <= len(kinds) else "good" for n in range(size))
    rows = list(enumerate(each))
    path, events, never = folder / f"people.{form}", folder / f"events.{form}", folder / "never.txt"
    people = [] if form == "jsonl" else [person(*row) for row in rows]
    _written(path, people, [line(*row) for row in rows] if form == "jsonl" else [])
    happened = list(_events(rows))
    _written(events, happened, [*map(json.dumps, happened), "no json"])
    wanted = [f"never{n}@example.com" for n, kind in rows if kind == "suppressed"]
    wanted += [f"never{n}" for n, kind in rows if kind == "suppressed_key"]
    never.write_text("\n".join(wanted), encoding="utf-8")
    return Listed(campaign(folder), path, events, never, each)


# ---- what became of them


def account(listed: Listed, out: Path, report: dict[str, Any], form: str) -> None:
    """Everybody is somewhere, once, and where they belong; the report counts them so."""
    found = {
        "rendered": sorted(_rendered(out, form)),
        "skipped": _lines(*sorted((out / "shards").glob("*.skipped.jsonl"))),
        "left_out": _lines(out / "left_out.jsonl"),
        "dead": _lines(out / "dead.jsonl"),
    }
    wanted: dict[str, list[int]] = {name: [] for name in found}
    for number, kind in enumerate(listed.kinds):
        wanted[_belongs(kind)].append(number)
    for name, numbers in wanted.items():
        strays = Counter(found[name]) - Counter(numbers), Counter(numbers) - Counter(found[name])
        assert not any(strays), (name, *({listed.kinds[n] for n in some} for some in strays))
    counts = Counter(listed.kinds)
    assert {name: report[name] for name in ("rendered", "skipped", "dead")} == {
        name: len(wanted[name]) for name in ("rendered", "skipped", "dead")
    }
    assert report["suppressed"] == counts["suppressed"] + counts["suppressed_key"]
    assert report["duplicates"] == counts["same_key"] + counts["same_address"]
    assert report["recipients"] + report["suppressed"] + report["duplicates"] == report["input_rows"]
    assert report["input_rows"] == len(listed.kinds)
    assert sum(report["codes"].values()) == sum(one["count"] for one in report["reasons"]) == report["dead"]


def _belongs(kind: str) -> str:
    if kind in KEPT:
        return "rendered"
    if kind in ("no_consent", "complained"):
        return "skipped"
    return "left_out" if kind in OTHERS else "dead"


def _lines(*files: Path) -> list[int]:
    """The rows that are named by their lines; those of the list only."""
    told = [json.loads(line) for file in files for line in file.read_bytes().splitlines()]
    return sorted(one["line"] - 1 for one in told if one.get("field") != "events")


_TO = re.compile(rb"^To:[^@]*?(?:<|\s)p(\d+)@(?:example|xn--exmple-cua)\.com", re.M)


def _rendered(out: Path, form: str) -> list[int]:
    """The numbers of those who get mail."""
    files = sorted(
        file
        for file in (out / "shards").iterdir()
        if not file.name.endswith((".dead.jsonl", ".skipped.jsonl"))
    )
    match form:
        case "parquet" | "values":
            import pyarrow.parquet as pq

            return [int(key) for file in files for key in pq.read_table(file)["key"].to_pylist()]
        case "jsonl":
            lines = [line for file in files for line in file.read_bytes().splitlines()]
            return [int(json.loads(line)["key"]) for line in lines]
        case "mbox":
            return [int(found) for file in files for found in _TO.findall(file.read_bytes())]
    return [number for file in files for number in _of_tar(file)]


def _of_tar(file: Path) -> Iterator[int]:
    with tarfile.open(file) as tar:
        for member in tar:
            content = tar.extractfile(member)
            assert content is not None
            (found,) = _TO.findall(content.read().partition(b"\r\n\r\n")[0])
            yield int(found)
