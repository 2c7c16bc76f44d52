"""Snippets of four products; `python -m tests.migrate.snippets` writes what becomes of each anew, to be looked at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mailweave.migrate.convert import convert
from mailweave.migrate.run import translate
from mailweave.source import Source

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "migrate"
PRODUCTS = ("braze", "customerio", "klaviyo", "mailchimp")
ALWAYS = frozenset({"MW667", "MW670", "MW676"})
"""Notes that each campaign has: made-up settings, guessed types, nobody asked whether they agreed."""


def snippets(product: str) -> list[Mapping[str, Any]]:
    """The cases: a template, the Liquid that it becomes, the codes of what is told."""
    lines = (FOLDER / f"{product}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def became(product: str, template: str) -> dict[str, Any]:
    """What a template becomes."""
    source = Source(f"{product}.html", template)
    told = convert(source, product, "snippet").told
    liquid = translate(source, product).liquid
    return {"template": template, "liquid": liquid, "codes": [d.code for d in told if d.code not in ALWAYS]}


if __name__ == "__main__":
    for product in PRODUCTS:
        rows = [
            json.dumps(became(product, case["template"]), ensure_ascii=False) for case in snippets(product)
        ]
        (FOLDER / f"{product}.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
