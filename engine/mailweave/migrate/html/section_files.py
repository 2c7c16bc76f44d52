"""A mail that was cut into sections, as the files of a campaign; and what a person should look at in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from typing import Final

from mailweave.migrate.bench import Bench
from mailweave.migrate.campaign_files import NOW, SETTINGS, Files
from mailweave.migrate.html.elements import Page
from mailweave.migrate.html.inputs import Block, edited
from mailweave.migrate.html.sections import Section
from mailweave.migrate.literal import holds_marks
from mailweave.rules.formatter import format_source

_TYPES: Final = {"url": "url", "image": "image", "text": "text"}
_MOST_SHOWN: Final = 8  # addresses that are named in one finding

Cut = Sequence[tuple[Section, Block]]
"""The sections of a page, each as a block."""


def section_files(name: str, page: Page, found: Cut, *, subject: str, ending: str) -> Files:
    """The files of a campaign of that name. ending: of the names of its layout and blocks."""
    slots = [
        (page.start(section.element), page.stop(section.element), f'{{% slot "{section.place}" %}}')
        for section, _ in found
    ]
    inputs = "".join(_inputs(section, block) for section, block in found)
    sections = [section for section, _ in found]
    files = {
        "campaign.toml": SETTINGS.format(name=json.dumps(name), now=NOW) + inputs,
        "main.rules": format_source("\n".join(_rules(name, subject, sections)) + "\n"),
        f"layout{ending}": edited(page.text, 0, len(page.text), slots),
    }
    for section, block in found:
        files[f"blocks/{section.name}/block{ending}"] = block.html
        files[f"blocks/{section.name}/block.toml"] = "\n".join(_declared(section, block)) + "\n"
    return {path: text.encode() for path, text in files.items()}


def tell_person(bench: Bench, page: Page, found: Cut, pictures: Iterable[str | None]) -> None:
    """The notes on what was cut, and what is left to look at. pictures: their addresses, as they were written."""
    if not found:
        bench.tell("MW674", 0, 0, what="the mail")
    named = [each for each in dict.fromkeys(unescape(each or "") for each in pictures) if each]
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


def _rules(name: str, subject: str, found: Sequence[Section]) -> Iterator[str]:
    yield "# Who gets what. docs/language.md is the whole language."
    yield f'ruleset "{name}" version 1\n'
    yield "profile {\n  id : key\n  email : text pii\n}\n"
    yield "slot subject text max 1 fallback subject_line"
    yield from (f"slot {each.place} max 1 fallback {each.name}" for each in found)
    yield f"block subject_line for subject says {_quoted(subject)}"
    yield from (f"block {each.name} for {each.place}" for each in found)
