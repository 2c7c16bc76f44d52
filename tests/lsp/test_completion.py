"""What may stand at a caret: cases in fixtures/lsp/completion.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as t

from mailweave.lsp import answers
from mailweave.lsp.desk import Desk

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "examples" / "newsletter"
CASES = tomllib.loads((ROOT / "fixtures" / "lsp" / "completion.toml").read_text(encoding="utf-8"))["case"]
CARET = "‸"


def completed(case: dict[str, Any]) -> t.CompletionList:
    """The candidates at the caret of a case, in an editor that holds the demo."""
    desk = Desk()
    name = "blocks/hero/block.html" if case.get("alone") else case.get("file", "newsletter.rules")
    path = str(DEMO / name)
    text = case["text"]
    if not case.get("alone"):
        saved = (DEMO / name).read_text(encoding="utf-8")
        after = case.get("after")
        at = saved.index(f"{after}\n") + len(after) + 1 if after else len(saved)
        text = f"{saved[:at]}{text}\n{saved[at:]}"
    desk.open(path, text.replace(CARET, ""))
    return answers.completion(desk, path, desk.text(path).position(text.index(CARET)))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_may_stand_there(case: dict[str, Any]) -> None:
    labels = [item.label for item in completed(case).items]
    assert [word for word in case["has"] if word not in labels] == []
    assert [word for word in case.get("not", []) if word in labels] == []
    assert len(labels) == len(set(labels))


def test_each_has_its_documents() -> None:
    """Names are declared somewhere; words, filters and settings have their sentence."""
    for case in CASES:
        for item in completed(case).items:
            plain = item.kind in (t.CompletionItemKind.EnumMember, t.CompletionItemKind.Variable)
            has = item.documentation is not None or item.detail is not None
            assert has or plain or item.label.startswith(("end", "campaign")), (case["name"], item.label)


def test_a_candidate_takes_the_place_of_the_word_that_was_begun() -> None:
    (item,) = [one for one in completed(CASES[0]).items if one.label == "segment"]
    assert isinstance(item.text_edit, t.TextEdit)
    span = item.text_edit.range
    assert (span.start.character, span.end.character) == (0, 3)
