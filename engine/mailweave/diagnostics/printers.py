"""Findings as text for people, as JSON and SARIF for tools, as annotations for GitHub."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from mailweave.diagnostics.model import Diagnostic, Related, Severity, ordered
from mailweave.diagnostics.repairs import Repair, repair
from mailweave.diagnostics.table import TABLE
from mailweave.source import Location

SHOWN = 100  # findings printed in full; the rest are counted
_WIDTH = 160  # of an author's line, around the place
_HIDDEN = {0x7F: "\u2421", **{code: chr(0x2400 + code) for code in range(0x20)}, 9: " "}
_HIDDEN |= dict.fromkeys((0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd")
_HIDDEN |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


def print_text(diagnostics: Iterable[Diagnostic]) -> str:
    """Every finding with its place, the author's own line and what to do, ending in a count."""
    found = ordered(diagnostics)
    blocks = [_block(d) for d in found[:SHOWN]]
    if len(found) > SHOWN:
        blocks.append(f"... and {len(found) - SHOWN} more")
    return "\n\n".join([*blocks, _count(found)]) + "\n" if found else ""


def _count(found: tuple[Diagnostic, ...]) -> str:
    counts = [(s, sum(d.severity is s for d in found)) for s in Severity]
    return ", ".join(f"{n} {s.value}{'s' if n > 1 else ''}" for s, n in counts if n)


def _block(d: Diagnostic) -> str:
    lines = [f"{d.severity.value}[{d.code}]: {visible(d.message)}"]
    at = d.location
    if at is not None:
        lines += [f"  --> {visible(str(at))}", *_excerpt(d, at)]
    elif d.place:
        lines.append(f"  --> {visible(d.place)}")
    for other in d.related:
        where = other.source.locate(other.span.start)
        lines += [f"  {visible(other.message)}: {visible(str(where))}"]
    if d.help:
        lines.append(f"  help: {visible(d.help)}")
    if d.witness is not None:
        people = d.witness if isinstance(d.witness, tuple) else (d.witness,)
        for words, who in zip(("shown by", *["and by"] * (len(people) - 1)), people, strict=True):
            lines += [f"  {words}:", *(f"    {visible(line)}" for line in _witness(who))]
    return "\n".join(lines)


def _witness(witness: Mapping[str, Any]) -> list[str]:
    """A recipient as JSON, an event a line."""
    parts = []
    for name, value in witness.items():
        if name == "events" and value:
            rows = ",\n    ".join(json.dumps(event) for event in value)
            parts.append(f'  "events": [\n    {rows}\n  ]')
        else:
            parts.append(f"  {json.dumps(name)}: {json.dumps(value)}")
    return ("{\n" + ",\n".join(parts) + "\n}").splitlines()


def _excerpt(d: Diagnostic, at: Location) -> list[str]:
    assert d.source is not None
    assert d.span is not None
    line = d.source.origin(d.span.start)[0].line(at.line)
    column = at.column - 1
    start = max(0, column - _WIDTH // 2) if len(line) > _WIDTH else 0
    shown = visible(line[start : start + _WIDTH])
    length = max(1, min(d.span.stop - d.span.start, len(shown) - (column - start)))
    number = str(at.line)
    margin = " " * len(number)
    lead = "... " if start else ""
    carets = " " * (len(lead) + column - start) + "^" * max(1, length)
    return [f" {margin} |", f" {number} | {lead}{shown}", f" {margin} | {carets}"]


def visible(text: str) -> str:
    """Text with control, direction and surrogate characters made visible, safe for a terminal."""
    return text.translate(_HIDDEN)


def as_dict(d: Diagnostic) -> dict[str, Any]:
    """One finding as plain JSON."""
    at, end = d.location, d.end
    place: dict[str, Any] = {"file": d.place or None}
    if at:
        place = {"file": at.name, "line": at.line, "column": at.column}
    if end and at:
        place |= {"end_line": end.line, "end_column": end.column}
    result: dict[str, Any] = {"code": d.code, "name": d.name, "severity": d.severity.value}
    result |= {"message": d.message, "help": d.help or None, **place}
    mends = repair(d)
    if mends is not None:
        span = [mends.fix.span.start, mends.fix.span.stop]
        result["fix"] = {"offsets": span, "text": mends.fix.text, "sure": mends.sure}
    if d.related:
        result["related"] = [_related(other) for other in d.related]
    if d.witness is not None:
        result["witness"] = list(d.witness) if isinstance(d.witness, tuple) else dict(d.witness)
    return result


def _related(other: Related) -> dict[str, Any]:
    at, end = other.source.locate(other.span.start), other.source.locate(other.span.stop)
    place = {"file": at.name, "line": at.line, "column": at.column}
    return {"message": other.message, **place, "end_line": end.line, "end_column": end.column}


def print_json(diagnostics: Iterable[Diagnostic]) -> str:
    """A JSON array, one object per finding."""
    return json.dumps([as_dict(d) for d in ordered(diagnostics)], indent=2, ensure_ascii=True) + "\n"


def print_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Workflow commands that GitHub shows as annotations on the lines of a pull request."""
    return "".join(_annotation(d) for d in ordered(diagnostics))


def _annotation(d: Diagnostic) -> str:
    kind = "notice" if d.severity is Severity.NOTE else d.severity.value
    at, end = d.location, d.end
    facts = {"title": f"{d.code} {d.name}", "file": at.name if at else d.place}
    if at and end:
        facts |= {"line": str(at.line), "col": str(at.column), "endLine": str(end.line)}
    listed = ",".join(f"{key}={_property(value)}" for key, value in facts.items() if value)
    body = d.message + (f"\nhelp: {d.help}" if d.help else "")
    return f"::{kind} {listed}::{_data(body)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def print_sarif(diagnostics: Iterable[Diagnostic]) -> str:
    """A SARIF 2.1.0 log, for code scanning."""
    found = ordered(diagnostics)
    used = sorted({d.code for d in found})
    rules = [
        {"id": code, "name": TABLE[code].name, "shortDescription": {"text": TABLE[code].name}}
        | {"helpUri": TABLE[code].page}
        | ({"help": {"text": TABLE[code].why}} if TABLE[code].why else {})
        for code in used
    ]
    driver: dict[str, Any] = {"name": "mailweave", "rules": rules}
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "results": [_result(d, used.index(d.code)) for d in found],
    }
    run["columnKind"] = "unicodeCodePoints"
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(d: Diagnostic, index: int) -> dict[str, Any]:
    text = d.message + (f"\nhelp: {d.help}" if d.help else "")
    result: dict[str, Any] = {"ruleId": d.code, "ruleIndex": index, "level": d.severity.value}
    result["message"] = {"text": text}
    at, end = d.location, d.end
    name = at.name if at else d.place
    if name:
        physical: dict[str, Any] = {"artifactLocation": {"uri": name}}
        if at and end:
            physical["region"] = {
                "startLine": at.line,
                "startColumn": at.column,
                "endLine": end.line,
                "endColumn": end.column,
            }
        result["locations"] = [{"physicalLocation": physical}]
    mends = repair(d)
    if mends is not None:
        result["fixes"] = [_fix(mends)]
    return result


def _fix(mends: Repair) -> dict[str, Any]:
    """A fix as SARIF has it; viewers show its description before they make it."""
    start = mends.file.locate(mends.fix.span.start)
    end = mends.file.locate_end(mends.fix.span)
    region = {"startLine": start.line, "startColumn": start.column}
    region |= {"endLine": end.line, "endColumn": end.column}
    change = {"deletedRegion": region, "insertedContent": {"text": mends.fix.text}}
    words = "mend it" if mends.sure else "did you mean this?"
    artifact = {"artifactLocation": {"uri": mends.file.name}, "replacements": [change]}
    return {"description": {"text": f"{words}: {mends.fix.text}"}, "artifactChanges": [artifact]}


PRINTERS: Mapping[str, Callable[[Iterable[Diagnostic]], str]] = MappingProxyType(
    {"text": print_text, "json": print_json, "sarif": print_sarif, "github": print_github}
)
