"""`--format junit`: XML of the shape that build servers agree on, judged by libxml2."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import etree

from mailweave.cli import group
from mailweave.diagnostics import Diagnostic, Severity, diagnose
from mailweave.diagnostics.junit import print_junit
from mailweave.source import Source, Span

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
SCHEMA = etree.XMLSchema(etree.parse(FIXTURES / "junit" / "junit.xsd"))


def read(text: str) -> etree._Element:
    """The document, which the schema allows."""
    root = etree.fromstring(text.encode())
    SCHEMA.assertValid(root)
    return root


def found(code: str, **facts: Any) -> Diagnostic:
    return diagnose(code, Source("a.html", 'one\n<p title="&<">\x00\x1b</p>'), Span(4, 7), **facts)


def test_each_severity_is_a_case_of_its_own_kind() -> None:
    root = read(
        print_junit(
            [
                found("MW024", place="x", what="broken"),
                found("MW951", tag="img", what="`alt`"),
                found("MW972"),
            ]
        )
    )
    assert [sorted(child.tag for child in case) for case in root.iter("testcase")] == [
        ["error"],
        ["failure"],
        ["system-out"],
    ]
    (suite,) = root
    assert [suite.get(name) for name in ("tests", "failures", "errors")] == ["3", "1", "1"]


@pytest.mark.parametrize("text", ["\x00\x0b", "]]>", "\ud800", "\ufffe", "‮abc", "<b>&amp;"])
def test_any_text_is_xml(text: str) -> None:
    source = Source(f"{text}.html", f"{text}\n")
    root = read(print_junit([diagnose("MW936", source, Span(0, 1), address=text)]))
    assert len(list(root.iter("failure"))) == 1


def test_no_finding_is_one_case_that_passes() -> None:
    (case,) = read(print_junit([])).iter("testcase")
    assert len(case) == 0


def test_check_prints_it() -> None:
    told = CliRunner().invoke(
        group, ["check", str(FIXTURES / "campaigns" / "smallest"), "--format", "junit", "--no-cache"]
    )
    assert told.exit_code == 0
    assert [case.get("name") for case in read(told.output).iter("testcase")] == ["MW981 no-preheader at 1:1"]
    assert Severity.NOTE.value in told.output
