"""Results of tests as JUnit XML, the form that CI systems read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree

from mailweave.diagnostics.printers import visible


@dataclass(frozen=True, slots=True)
class Case:
    """One test: `failure` is empty when it passed, else what went wrong, its first line a summary."""

    name: str
    file: str
    line: int
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Suite:
    """The tests of one file; `error` says why none could run."""

    name: str
    cases: tuple[Case, ...] = ()
    error: str = ""


def junit_xml(suites: Iterable[Suite]) -> str:
    """One `testsuites` document. Times are left out: the same rules give the same bytes.

    >>> print(junit_xml([Suite("a.rules", (Case("wins", "a.rules", 3),))]))
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="mailweave" tests="1" failures="0" errors="0">
      <testsuite name="a.rules" tests="1" failures="0" errors="0">
        <testcase name="wins" classname="a.rules" file="a.rules" line="3" />
      </testsuite>
    </testsuites>
    """
    root = ElementTree.Element("testsuites", name="mailweave")
    for suite in suites:
        _suite(root, suite)
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(child.get(count, "0")) for child in root)))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode")


def _suite(root: ElementTree.Element, suite: Suite) -> None:
    failures = sum(bool(case.failure) for case in suite.cases)
    errors = int(bool(suite.error))
    element = ElementTree.SubElement(root, "testsuite", name=_printable(suite.name))
    for count, number in (("tests", len(suite.cases) + errors), ("failures", failures), ("errors", errors)):
        element.set(count, str(number))
    for case in suite.cases:
        _verdict(_case(element, case.name, case.file, case.line), "failure", case.failure)
    if suite.error:
        _verdict(_case(element, "compile", suite.name, 1), "error", suite.error)


def _case(parent: ElementTree.Element, name: str, file: str, line: int) -> ElementTree.Element:
    return ElementTree.SubElement(
        parent,
        "testcase",
        name=_printable(name),
        classname=_printable(file),
        file=_printable(file),
        line=str(line),
    )


def _verdict(case: ElementTree.Element, kind: str, text: str) -> None:
    if text:
        lines = [_printable(line) for line in text.splitlines()]
        ElementTree.SubElement(case, kind, message=lines[0]).text = "\n".join(lines)


def _printable(text: str) -> str:
    """`visible`, and without the two characters that XML forbids besides."""
    return visible(text).translate({0xFFFE: "\ufffd", 0xFFFF: "\ufffd"})
