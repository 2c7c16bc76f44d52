"""Documents from a seed, inlined: nothing that a browser computes differs, next to nothing is reported."""

from __future__ import annotations

from functools import cache
from statistics import median

import pytest

from tests.conftest import part_of
from tests.inlining.documents import documents
from tests.inlining.oracle import Judge
from tests.inlining.others import css_inline_kept
from tests.inlining.verdicts import Verdict, counted, inlined, told, verdicts

REPORTED = 0.005  # of the documents, at most
PARTS, PART, DEEP_PART = 4, range(50), range(part_of(500))


@cache
def judged(judge: Judge, part: int, each: range) -> list[Verdict]:
    first = 1000 + part * len(each)
    named = [(f"document {one.seed}", one.html) for one in documents(range(first, first + len(each)))]
    return verdicts(judge, named)


def check(judge: Judge, part: int, each: range) -> None:
    found = judged(judge, part, each)
    count = counted(found)
    print(f"\n{dict(count)}")
    assert count["wrong"] + count["crashed"] == 0, told(found)
    assert count["reported"] <= max(1, REPORTED * len(found)), told(found, "reported")


@pytest.mark.parametrize("part", range(PARTS))
def test_no_document_changes(judge: Judge, part: int) -> None:
    check(judge, part, PART)


@pytest.mark.deep
@pytest.mark.parametrize("part", range(PARTS))
def test_no_document_of_two_thousand_changes(judge: Judge, part: int) -> None:
    check(judge, part, DEEP_PART)


def test_what_comes_out_is_no_larger_than_what_css_inline_makes() -> None:
    texts = [one.html for one in documents(range(1000, 1200))]
    made = [done.source for text in texts for done, error in (inlined(text),) if not error and done.exact]
    assert len(made) > 0.9 * len(texts)
    theirs = [css_inline_kept(text) for text in texts]
    assert sum(map(len, made)) / len(made) <= sum(map(len, theirs)) / len(theirs)
    assert median(map(len, made)) <= median(map(len, theirs))
