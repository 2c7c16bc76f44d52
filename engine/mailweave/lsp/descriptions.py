"""What a name means, in Markdown: its declaration as the author wrote it, the words above it, its type, its documents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from mailweave.glossary import meanings
from mailweave.liquid.filters.catalog import our_filters
from mailweave.liquid.filters.documentation import examples, summary
from mailweave.lsp.index import Index, Place
from mailweave.lsp.mentions import Symbol
from mailweave.lsp.toml_scan import entries, texts
from mailweave.source import Span

_LINES = 14  # of a declaration; of a longer one the beginning is shown
_TYPE = re.compile(r":\s*([a-z]+)")
_LABELS = ("pii", "sensitive", "needs", "min", "max", "from")


def described(index: Index, symbol: Symbol, types: Mapping[str, str] | None = None) -> str:
    """What a symbol means; empty for one that nothing declares. `types`: of lets, as the engine found them."""
    if symbol.kind == "filter":
        return filter_words(symbol.name)
    place = index.declared.get(symbol)
    if symbol.kind == "block" and place is not None:
        return "\n\n".join(filter(None, (_declared(place), _folder(index, index.folder(symbol.name)))))
    if symbol.kind == "folder":
        return _folder(index, symbol.name)
    if symbol.kind == "input":
        return "" if place is None else input_words(place)
    if place is None:
        return ""
    kind = (
        (types or {}).get(symbol.name, "") if place.mention.word == "let" and symbol.kind == "value" else ""
    )
    return "\n\n".join(filter(None, (_declared(place), kind and f"type: `{kind}`", _meaning(place))))


def _declared(place: Place) -> str:
    """The declaration, with the comment above it."""
    whole = place.mention.whole or place.mention.span
    lines = place.file.text[whole.start : whole.stop].splitlines()
    shown = "\n".join(lines[:_LINES]) + ("\n.." if len(lines) > _LINES else "")
    language = "mailweave-rules" if place.file.role == "rules" else "toml"
    said = _comment(place.file.text, whole.start)
    head = f"**{place.mention.word}** `{place.mention.symbol.name}`"
    return f"{head}\n\n```{language}\n{shown}\n```" + (f"\n\n{said}" if said else "")


def _comment(text: str, start: int) -> str:
    """The comment lines that stand directly above a place; lines that only divide are none."""
    found: list[str] = []
    for line in reversed(text[:start].rpartition("\n")[0].splitlines()):
        words = line.strip().lstrip("#").strip(" -=#")
        if not line.lstrip().startswith("#") or line.lstrip().startswith("# --"):
            break
        found.insert(0, words)
    return " ".join(found)


def _meaning(place: Place) -> str:
    """What its kind, its type and its labels mean."""
    if place.file.role != "rules":
        return ""
    whole = place.mention.whole or place.mention.span
    written = place.file.text[whole.start : whole.stop]
    if place.mention.word not in ("attribute", "field", "score", "lookup"):
        return meanings("rules").get({"catalogue": "catalog"}.get(place.mention.word, place.mention.word), "")
    named = _TYPE.search(written)
    kind = named[1] if named else ""
    lines = [f"`{kind}`: {meanings('types')[kind]}"] if kind in meanings("types") else []
    bare = re.sub(r'"[^"]*"|\{[^}]*\}|\([^)]*\)', "", written)
    lines += [
        f"`{word}`: {meanings('rules')[word]}" for word in _LABELS if re.search(rf"\b{word}\b", bare[1:])
    ]
    if "?" in bare:
        lines.append("`?`: it may be missing; a condition over a missing value is unknown")
    return "\n".join(f"- {line}" for line in lines)


def filter_words(name: str) -> str:
    """What a filter does, with its examples; empty for an unknown one."""
    one = our_filters().get(name)
    if one is None:
        return ""
    shown = "\n".join(f"{template}  =>  {result}" for template, result in examples(one))
    return f"**filter** `{name}`\n\n{summary(one)}" + (f"\n\n```liquid\n{shown}\n```" if shown else "")


def input_words(place: Place) -> str:
    """What an input of a block is: its sentence, its type, what it is without one."""
    name, owner = place.mention.symbol.name, place.mention.symbol.owner
    told = _told(place.file.text, ("inputs", name))
    kind = told.get("type", "text")
    values = f", one of {told['values']}" if "values" in told else ""
    default = f"; without it `{told['default']}`" if "default" in told else ""
    head = f"**input** `{name}` of the block `{owner}`: `{kind}`{values}{default}"
    return "\n\n".join(filter(None, (head, told.get("doc", ""))))


def _folder(index: Index, block: str) -> str:
    """What a block folder is: its title and its sentence, and the inputs that it has."""
    place = index.declared.get(Symbol("folder", block))
    if place is None:
        return ""
    told = _told(place.file.text, ())
    inputs = ", ".join(f"`{one.mention.symbol.name}`" for one in index.named("input", owner=block))
    parts = (
        f"**block folder** `{block}`: {told.get('title', '')}",
        told.get("doc", ""),
        inputs and f"inputs: {inputs}",
    )
    return "\n\n".join(filter(None, parts))


@lru_cache(maxsize=4_000)
def _told(text: str, table: tuple[str, ...]) -> Mapping[str, str]:
    """The plain keys of a table of a file of settings, as they read."""
    found = {}
    for one in entries(text):
        if one.path[:-1] == table and not one.is_table:
            found[one.path[-1]] = _plain(text, one.value)
    return found


def _plain(text: str, value: Span) -> str:
    inner = list(texts(text, value))
    if len(inner) == 1 and text[value.start] in "\"'":
        return text[inner[0].start : inner[0].stop].strip()
    return text[value.start : value.stop]
