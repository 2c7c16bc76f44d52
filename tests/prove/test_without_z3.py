"""Without z3, what boxes cannot tell is undecided and said to be so; what they can tell is proved."""

from __future__ import annotations

from mailweave.rules import CheckedDocument, check, parse
from mailweave.rules.prover.proofs import proved
from mailweave.rules.prover.prover import Prover
from mailweave.source import Source

HEAD = """profile {
  id     : key
  orders : int min 0
  name   : text?
}
event open keep 400 days
"""


def checked(text: str) -> CheckedDocument:
    found = check(parse(Source("t.rules", HEAD + text)).document, proofs=False)
    assert found.document is not None, found.diagnostics
    return found.document


def codes(text: str) -> list[str]:
    return [found.code for found in proved(Prover(checked(text), with_smt=False))]


def test_what_boxes_tell_is_told() -> None:
    assert codes("segment a = orders > 5 and orders < 3\n") == ["MW901"]
    assert codes("segment a = count(open in last 7 days) > 2 and no open in last 14 days\n") == ["MW901"]
    assert codes("segment a = orders > 3\n") == []


def test_what_they_cannot_tell_is_undecided_and_never_fine() -> None:
    assert "MW930" in codes('segment a = name matches "a*" and name matches "b*"\n')
    assert "MW930" in codes("segment a = orders * orders == 2\n")
