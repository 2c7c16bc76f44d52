"""Whole campaigns drawn from a seed: stock blocks with awkward inputs, authors' blocks, layouts, rules that choose."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any, Final

from tests.lint.authored import authored
from tests.lint.awkward_pieces import SHEET, awkward

from mailweave.content.catalog import Catalog

STOCK: Final = (
    "button",
    "hero",
    "text",
    "image",
    "testimonial",
    "faq",
    "offer",
    "divider",
    "rating",
    "social",
    "carousel",
)
CATALOG: Final = Catalog()
_RULES = """ruleset "drawn" version 1
profile {{
  id       : key
  email    : text  pii
  name     : text? pii
  first_name : text? pii
  city     : text
  language : enum(en, de, ar)
  role     : text?
  orders   : int = 0 min 0
  vip      : bool = false
  loyal    : bool = false
  member   : bool = false
  things   : set of text
}}
segment regulars = orders >= 3
segment silver = member and not vip
slot subject text   max 1 fallback line_news
slot preheader text max 1 fallback line_more
{slots}
block line_news for subject says "What is new, {{{{ profile.name | default: 'dear reader' }}}}"
block line_vip  for subject says "For you alone"
block line_more for preheader says "Chosen by the people behind the counter, for the long evenings of this week"
{blocks}
matrix main policy priority {{
  tie order
            | subject      | preheader | {columns} |
  regulars  | line_vip 80  | -         | {first} |
  silver    | -            | -         | {second} |
  otherwise | line_news    | line_more | {third} |
}}
"""
_SETTINGS = """name = "drawn"
from = {{ name = "Harbour Books", address = "hello@shop.example" }}
unsubscribe_url = "https://shop.example/unsubscribe?who={{{{ profile.id }}}}"
postal_address = "Harbour Books, 4 Quay Street, Bristol BS1 4TQ, United Kingdom"
locale = "{locale}"
currency = "EUR"
now = 2026-11-30T09:00:00Z
amp = "never"
layout = "{layout}"
{css}
{blocks}
"""
_LAYOUT = """<!doctype html>
<html lang="{{{{ campaign.locale | replace: '_', '-' }}}}" dir="{{{{ campaign.dir }}}}"{html}>
<head><meta charset="utf-8"><meta name="viewport" content="{viewport}">
<meta name="color-scheme" content="{scheme}"><title>{title}</title></head>
<body{body}>
<div lang="{{{{ campaign.locale | replace: '_', '-' }}}}" dir="{{{{ campaign.dir }}}}">
{{% slot "preheader" %}}
<h1>{heading}</h1>
{{% slot "hero" %}}
{{% slot "main" %}}
{more}
{{% slot "footer" %}}
</div></body></html>
"""
_WORDS = (
    "Fresh bread", "", "Grüße aus Köln", "مرحبا بكم في متجرنا", "5 < 6 & 7 > 3", 'She said "now"', "🍞",
    "{{ profile.name }}", "{{ profile.name | default: 'Friend' }}", "Hello {{ profile.city }}", "→",
    "A very long sentence that goes on for quite a while and does not end where one would think",
)  # fmt: skip


def drawn(folder: Path, seed: int) -> Path:
    """The campaign of a seed, written into a folder."""
    rng = random.Random(f"campaign {seed}")
    own = rng.random() < 0.75
    places = ("hero", "main", "footer")
    layout = "layout.html" if own else "newsletter"
    blocks: dict[str, dict[str, Any]] = {}
    by_place = {
        place: [_block(folder, rng, blocks, f"{place}_{n}", seed) for n in range(2)] for place in places[:2]
    }
    blocks["legal"] = {"use": "footer"}
    by_place["footer"] = ["legal", "legal"]
    folder.mkdir(parents=True, exist_ok=True)
    sheet = (authored(seed).css if rng.random() < 0.1 else SHEET) + rng.choice(_SHEETS)
    sheet = f"{_GROUND if rng.random() < 0.85 else ''}{sheet}"
    (folder / "own.css").write_text(sheet, encoding="utf-8")
    (folder / "main.rules").write_text(_rules(rng, by_place), encoding="utf-8")
    if own:
        (folder / "layout.html").write_text(_layout(rng), encoding="utf-8")
    css = 'css = ["own.css"]' if own else ""
    written = "\n".join(_written(name, one) for name, one in blocks.items())
    locale = rng.choice(("en_GB", "de_DE", "ar_EG", "en_GB"))
    (folder / "campaign.toml").write_text(
        _SETTINGS.format(locale=locale, layout=layout, css=css, blocks=written), encoding="utf-8"
    )
    return folder


_GROUND = "body { background: #ffffff; color: #111111 } a { color: #005500 }\n"
_SHEETS = (
    "", "", "", "", " a { text-decoration: none; color: #005500 }",
    " @media (prefers-color-scheme: dark) { body { background: #111111 } body, h1, .mw-h1 { color: #eeeeee } }",
    " .plain a { color: inherit }",
)  # fmt: skip


def _layout(rng: random.Random) -> str:
    def odd(usual: str, *others: str) -> str:
        return rng.choice(others) if rng.random() < 0.02 else usual

    return _LAYOUT.format(
        html=odd("", ' xml:lang="xx"'),
        viewport=odd(
            "width=device-width, initial-scale=1", "width=device-width,maximum-scale=1.5", "user-scalable=0"
        ),
        scheme=rng.choice(("light", "light dark")),
        title=odd("{{ mail.subject }}", "{{ profile.name }}", "{% if profile.vip %}News{% endif %}", ""),
        body=odd("", ' aria-hidden="true"', ' bgcolor="#ffffff"', ' class="card"'),
        heading=odd("Harbour Books", "{{ profile.name }}", "{{ mail.subject }}"),
        more=awkward(rng) if rng.random() < 0.3 else "",
    )


def _rules(rng: random.Random, by_place: dict[str, list[str]]) -> str:
    def row(at: int | None) -> str:
        cells = []
        for names in by_place.values():
            own = names[0] if at is None else f"{names[min(at, 1)]} {90 - 10 * at}"
            cells.append(own if at in (None, 1) or rng.random() < 0.7 else "-")
        return " | ".join(cells)

    slots = "\n".join(f"slot {place} max 1 fallback {names[0]}" for place, names in by_place.items())
    named = {name: place for place, names in by_place.items() for name in names}
    blocks = "\n".join(f"block {name} for {place}" for name, place in named.items())
    return _RULES.format(
        slots=slots, blocks=blocks, columns=" | ".join(by_place), first=row(0), second=row(1), third=row(None)
    )


def _block(folder: Path, rng: random.Random, blocks: dict[str, dict[str, Any]], name: str, seed: int) -> str:
    if rng.random() < 0.4:
        blocks[name] = _stock(rng)
        return name
    own = folder / "blocks" / name
    own.mkdir(parents=True)
    pieces = [awkward(rng)]
    if rng.random() < 0.15:
        pieces.append(authored(rng.randrange(10**6)).html)
    inputs = {"label": rng.choice(_WORDS)} if any("block.label" in piece for piece in pieces) else {}
    (own / "block.html").write_text("\n".join(pieces), encoding="utf-8")
    (own / "block.toml").write_text(
        'title = "Own"\ndoc = "Drawn."\n' + '[inputs.label]\ntype = "text"\ndoc = "Words."\n' * bool(inputs),
        encoding="utf-8",
    )
    blocks[name] = {"use": name, "inputs": inputs}
    return name


def _stock(rng: random.Random) -> dict[str, Any]:
    """A stock block with its sample's inputs, some of them awkward."""
    use = rng.choice(STOCK)
    block, wrong = CATALOG.block(use)
    assert block is not None, wrong
    spec = block.spec
    inputs = dict(spec.sample.inputs)
    for key, one in spec.inputs.items():
        if one.type == "text" and rng.random() < 0.4:
            inputs[key] = rng.choice(_WORDS)[: int(one.max or 40)]
        elif rng.random() < 0.15:
            inputs.pop(key, None)
    return {"use": use, "inputs": inputs}


def _written(name: str, one: dict[str, Any]) -> str:
    lines = [f"[blocks.{name}]", f'use = "{one["use"]}"']
    lines += [f"inputs.{key} = {_toml(value)}" for key, value in one.get("inputs", {}).items()]
    return "\n".join(lines)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False) if not hasattr(value, "isoformat") else value.isoformat()


AWKWARD_PEOPLE: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": "",
        "city": "",
        "things": [],
        "vip": True,
        "loyal": False,
        "member": False,
        "orders": 3,
        "language": "ar",
    },
    {
        "name": None,
        "city": "Bath",
        "things": ["x"],
        "vip": False,
        "loyal": True,
        "member": True,
        "orders": 0,
        "language": "de",
    },
    {
        "name": "<b>Ada</b>",
        "city": "",
        "things": ["bread", ""],
        "vip": True,
        "loyal": True,
        "member": True,
        "orders": 9,
        "language": "en",
    },
)
"""Recipients whom the covering set does not think of: blank values, markup as a name."""
