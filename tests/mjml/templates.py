"""The public templates of fixtures/mjml/templates.toml, where tools/mjml_templates.py has fetched them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailweave.mjml import layout_of
from mailweave.mjml.compiled import Compiled
from mailweave.mjml.includes import Read
from mailweave.root import Refused
from mailweave.source import Source

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "mjml"
CASES: list[dict[str, Any]] = tomllib.loads(
    (ROOT / "fixtures" / "mjml" / "templates.toml").read_text(encoding="utf-8")
)["template"]
_PAGE = re.compile(r"<mjml\b.*?</mjml>", re.DOTALL)
_HANDLEBARS = re.compile(r"\{\{[#/>!].*?\}\}")
_INCLUDE = re.compile(r'<mj-include path="\./([^"]*)" />')


@dataclass(frozen=True, slots=True)
class Template:
    """A page. `whole`: with what it includes, for MJML of npm includes nothing by itself."""

    name: str
    text: str
    whole: str
    beside: dict[str, str]
    refused: tuple[str, ...] = ()
    differs: str = ""


def name_of(case: dict[str, Any]) -> str:
    """What a case is called."""
    part = case["file"].rsplit("/", 2)[-2] if case["file"].endswith(".hbs") else str(case.get("nth", 0))
    return f"{case['package']}-{part}"


def template(case: dict[str, Any]) -> Template | None:
    """The template of a case, or None where it was not fetched."""
    folder = CACHE / case["package"].replace("/", "+")
    parts = [case.get("before"), case["file"], case.get("behind")]
    try:
        texts = [(folder / part).read_text(encoding="utf-8") for part in parts if part]
        beside = {
            Path(file).name: (folder / file).read_text(encoding="utf-8") for file in case.get("beside", ())
        }
    except FileNotFoundError:
        return None
    text = _PAGE.findall(_HANDLEBARS.sub("", "".join(texts)))[case.get("nth", 0)]
    whole = _INCLUDE.sub(lambda found: beside[found[1]], text)
    return Template(
        name_of(case), text, whole, beside, tuple(case.get("refused", ())), case.get("differs", "")
    )


def reads(beside: dict[str, str]) -> Read:
    """Reads files that are given as texts."""

    def read(path: str) -> Source:
        if path not in beside:
            raise Refused("missing", path, "it is missing")
        return Source(path, beside[path])

    return read


def compiled(text: str, beside: dict[str, str] | None = None) -> tuple[Compiled | None, tuple[str, ...]]:
    """A page through our compiler, and the codes of what is wrong with it."""
    made, _, found = layout_of(Source("layout.mjml", text), "layout.mjml", reads(beside or {}))
    return made, tuple(sorted({one.code for one in found}))


def every(step: int = 1) -> Iterator[dict[str, Any]]:
    """Every so many of the cases."""
    yield from CASES[::step]
