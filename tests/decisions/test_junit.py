from __future__ import annotations

from xml.etree import ElementTree

from mailweave.decisions.junit import Case, Suite, junit_xml


def test_counts_failures_and_errors() -> None:
    suites = [
        Suite("a.rules", (Case("wins", "a.rules", 3), Case("loses", "a.rules", 9, "hero is b\nbecause"))),
        Suite("b.rules", (), "b.rules:1:1: MW101 no"),
    ]
    root = ElementTree.fromstring(junit_xml(suites))
    assert dict(root.attrib) == {"name": "mailweave", "tests": "3", "failures": "1", "errors": "1"}
    failure = root.find(".//failure")
    assert failure is not None
    assert (failure.get("message"), failure.text) == ("hero is b", "hero is b\nbecause")
    assert root.find(".//error") is not None


def test_any_text_is_well_formed_xml() -> None:
    every = "".join(map(chr, range(0x100))) + "\ud800\ufffe\uffff]]><&\"'\U0001f600"
    root = ElementTree.fromstring(junit_xml([Suite(every, (Case(every, every, 1, every),))]))
    assert root.find(".//testcase") is not None
