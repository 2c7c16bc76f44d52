"""docs/delivery.md: its tables, from what the engine and its tests read; the rest of the page is written by hand."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from mailweave.delivery.payloads.limits import Facts, Words
from mailweave.delivery.payloads.senders import FACTS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "delivery.md"
DIFFERENCES = ROOT / "fixtures" / "delivery" / "payloads" / "differences.toml"
OWN = "its own"
REFUSED = "refused"
FEATURES = {
    "amp": ("`amp`: the AMP part", REFUSED, "in the message"),
    "reply_to": ("`Reply-To`, with its name", REFUSED, "in the message"),
    "unsubscribe": ("`List-Unsubscribe`, `-Post`", REFUSED, "in the message"),
    "custom_headers": ("`custom_headers`: the campaign's own", REFUSED, "in the message"),
    "message_id": ("`Message-ID`", OWN, "in the message"),
    "date": ("`Date`", OWN, "in the message"),
    "return_path": ("`return_path`: where bounces go", REFUSED, "yours to say: `MAIL FROM`"),
    "smtputf8": ("`smtputf8`: `zoë@`", REFUSED, "in the message"),
    "tags": ("`tags`", REFUSED, "not told"),
    "metadata": ("`metadata`, and the key", REFUSED, "not told"),
    "attachments": ("`attachments`", REFUSED, "in the message"),
    "inline": ("files that the HTML shows", REFUSED, "in the message"),
    "invitation": ("`invitation`, beside the HTML", REFUSED, "in the message"),
}
"""By feature: what a reader reads, what stands where a provider has no field, and what `smtp` does."""


def page() -> str:
    """The page with its tables as they are now."""
    text = PAGE.read_text(encoding="utf-8")
    for name, table in (("says", says()), ("limits", limits()), ("differences", differences())):
        before, start, rest = text.partition(f"<!-- {name} -->\n")
        text = f"{before}{start}\n{table}\n\n{rest[rest.index(f'<!-- /{name} -->') :]}"
    return text


def says() -> str:
    """Who can say what, and where."""
    rows = [
        [shown, *(facts.says.get(feature, absent) for facts in FACTS.values()), smtp]
        for feature, (shown, absent, smtp) in FEATURES.items()
    ]
    return _table(["", *(f"`{name}`" for name in FACTS), "`smtp`"], rows)


def limits() -> str:
    """What is refused before anything is sent."""
    rows = [
        ["the request, bytes", *(f"{facts.most_bytes:,}" for facts in FACTS.values())],
        ["each text, bytes", *(_number(facts.most_body) for facts in FACTS.values())],
        ["tags", *(_words(facts.tags) for facts in FACTS.values())],
        ["metadata", *(_words(facts.metadata) for facts in FACTS.values())],
        ["headers that cannot be set", *(_names(facts.reserved) for facts in FACTS.values())],
        [
            "files that are refused",
            *(f"{len(facts.files)} endings" if facts.files else "" for facts in FACTS.values()),
        ],
        ["several e-mails", *(_batch(facts) for facts in FACTS.values())],
    ]
    return _table(["", *(f"`{name}`" for name in FACTS)], rows)


def differences() -> str:
    """Where anymail says something else."""
    found: list[dict[str, Any]] = tomllib.loads(DIFFERENCES.read_text(encoding="utf-8"))["difference"]
    rows = [[_provider(one["provider"]), one["ours"], one["theirs"], one["why"]] for one in found]
    return _table(["provider", "mailweave", "anymail", "why"], rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line).strip() + " |" for line in lines)


def _provider(name: str) -> str:
    return f"`{name}`" if name in FACTS else name


def _number(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _words(words: Words) -> str:
    told = [
        f"at most {words.most}" if words.most else "",
        f"names up to {words.name} characters" if words.name else "",
        f"values up to {words.value}" if words.value else "",
        f"{words.together:,} bytes together" if words.together else "",
        f"{'names: ' if words.only_names else ''}{words.kind}" if words.kind else "",
    ]
    return "; ".join(filter(None, told))


def _batch(facts: Facts) -> str:
    batch = facts.batch
    if batch is None:
        return "one each"
    size = "" if batch.most_bytes is None else f", {batch.most_bytes:,} bytes"
    return f"{batch.most}{size}{'' if batch.files else '; one with files alone'}"
