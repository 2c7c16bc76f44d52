"""Findings as JUnit's XML, which build servers read: a test case for each finding."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as Xml

from mailweave.diagnostics.model import Diagnostic, Severity, ordered
from mailweave.diagnostics.printers import print_text, visible

_NO_XML = dict.fromkeys((0xFFFE, 0xFFFF), "\ufffd")
_NEVER = "1970-01-01T00:00:00"  # the schema asks for a moment, and the same findings give the same text


def print_junit(diagnostics: Iterable[Diagnostic]) -> str:
    """One suite: errors are errors, warnings failures, notes pass and say what they say; without findings one case passes.

    >>> "<testcase" in print_junit([])
    True
    """
    found = ordered(diagnostics)
    counts = {
        "tests": max(1, len(found)),
        "failures": sum(d.severity is Severity.WARNING for d in found),
        "errors": sum(d.severity is Severity.ERROR for d in found),
    }
    numbers = {name: str(count) for name, count in counts.items()}
    root = Xml.Element("testsuites", {"name": "mailweave", **numbers, "time": "0"})
    suite = Xml.SubElement(
        root,
        "testsuite",
        {"name": "mailweave", "timestamp": _NEVER, "hostname": "localhost", **numbers, "time": "0"},
    )
    for one in found:
        _case(suite, one)
    if not found:
        Xml.SubElement(suite, "testcase", {"name": "no findings", "classname": "mailweave", "time": "0"})
    Xml.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'


def _case(suite: Xml.Element, one: Diagnostic) -> None:
    place = one.location.name if one.location else one.place or "mailweave"
    at = f" at {one.location.line}:{one.location.column}" if one.location else ""
    names = {"name": f"{one.code} {one.name}{at}", "classname": _plain(place), "time": "0"}
    case = Xml.SubElement(suite, "testcase", names)
    text = "\n".join(map(_plain, print_text([one]).split("\n")[:-3]))
    if one.severity is Severity.NOTE:
        Xml.SubElement(case, "system-out").text = text
        return
    kind = "error" if one.severity is Severity.ERROR else "failure"
    Xml.SubElement(case, kind, {"message": _plain(one.message), "type": one.code}).text = text


def _plain(text: str) -> str:
    """A text without what XML cannot hold."""
    return visible(text).translate(_NO_XML)
