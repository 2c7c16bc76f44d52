"""The HTML of a mail as a campaign that looks the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Final

from mailweave.diagnostics import ordered
from mailweave.markup.tokens import StartTag
from mailweave.migrate.bench import Bench
from mailweave.migrate.campaign_files import NOW, SETTINGS, subject_of
from mailweave.migrate.convert import Campaign, not_said
from mailweave.migrate.html.elements import Page, page_of
from mailweave.migrate.html.inputs import Block, block_of, edited
from mailweave.migrate.html.sections import Section, sections
from mailweave.migrate.literal import holds_marks
from mailweave.rules.formatter import format_source
from mailweave.source import Source

_TYPES: Final = {"url": "url", "image": "image", "text": "text"}
_MOST_SHOWN: Final = 8  # addresses that are named in one finding


def convert_html(source: Source, name: str) -> Campaign:
    """A mail as a campaign of that name: a layout, a block for each section, its words as inputs."""
    bench = Bench(source, "HTML")
    page = page_of(source.text)
    found = [(section, block_of(page, section.element)) for section in sections(page)]
    slots = [
        (page.start(section.element), page.stop(section.element), f'{{% slot "{section.place}" %}}')
        for section, _ in found
    ]
    files = {
        "campaign.toml": SETTINGS.format(name=json.dumps(name), now=NOW)
        + "".join(map(_inputs, *_split(found))),
        "main.rules": format_source("\n".join(_rules(name, page, [each for each, _ in found])) + "\n"),
        "layout.html": edited(source.text, 0, len(source.text), slots),
    }
    for section, block in found:
        files[f"blocks/{section.name}/block.html"] = block.html
        files[f"blocks/{section.name}/block.toml"] = "\n".join(_declared(section, block)) + "\n"
    _tell(bench, page, found)
    return Campaign(
        {path: text.encode() for path, text in files.items()}, ordered([*bench.told, *not_said(page.text)])
    )


def _split(found: Sequence[tuple[Section, Block]]) -> tuple[list[Section], list[Block]]:
    return [section for section, _ in found], [block for _, block in found]


def _tell(bench: Bench, page: Page, found: Sequence[tuple[Section, Block]]) -> None:
    if not found:
        bench.tell("MW674", 0, 0, what="the mail")
    pictures = [
        unescape(token.get("src") or "")
        for token in page.tokens
        if isinstance(token, StartTag) and token.name == "img"
    ]
    named = [each for each in dict.fromkeys(pictures) if each]
    if named:
        shown = ", ".join(named[:_MOST_SHOWN]) + (", .." if len(named) > _MOST_SHOWN else "")
        bench.tell("MW673", 0, 0, count=len(named), what=shown)
    if holds_marks(page.text):
        at = min(place for mark in ("{{", "{%") if (place := page.text.find(mark)) >= 0)
        bench.tell("MW675", at, page.text.find("}", at) + 2)


def _inputs(section: Section, block: Block) -> str:
    rows = [f"\n[blocks.{section.name}.inputs]"]
    for name, value in block.values.items():
        if isinstance(value, str):
            rows.append(f"{name} = {_quoted(value)}")
        else:
            items = (", ".join(f"{key} = {_quoted(words)}" for key, words in each.items()) for each in value)
            rows += [f"{name} = [", *(f"  {{ {each} }}," for each in items), "]"]
    return "\n".join(rows) + "\n" if block.values else ""


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def _declared(section: Section, block: Block) -> Iterator[str]:
    yield f"title = {_quoted(section.title)}"
    yield f"doc = {_quoted(f'The section {section.title}.')}"
    for name, value in block.values.items():
        kind = "text" if isinstance(value, str) else "list"
        yield f'\n[inputs.{name}]\ntype = "{kind}"\ndoc = "What it says."'
        if name in block.rows:
            yield f"\n[inputs.{name}.fields]"
            fields = block.rows[name].items()
            yield from (f'{key} = {{ type = "{_TYPES[of]}", doc = "Of one row." }}' for key, of in fields)


def _rules(name: str, page: Page, found: Sequence[Section]) -> Iterator[str]:
    yield "# Who gets what. docs/language.md is the whole language."
    yield f'ruleset "{name}" version 1\n'
    yield "profile {\n  id : key\n  email : text pii\n}\n"
    yield "slot subject text max 1 fallback subject_line"
    yield from (f"slot {each.place} max 1 fallback {each.name}" for each in found)
    yield f"block subject_line for subject says {_quoted(subject_of(name, page.text))}"
    yield from (f"block {each.name} for {each.place}" for each in found)
