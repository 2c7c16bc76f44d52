"""Every finding of a proof has a golden example; whoever shows it stands before the whole program."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest

from mailweave.decisions import Skip, compile_decisions_checked
from mailweave.diagnostics import Diagnostic
from mailweave.diagnostics.codes import proofs
from mailweave.diagnostics.printers import as_dict, print_text
from mailweave.prove import prove_rules
from mailweave.rules import check, parse
from mailweave.rules.prover.smt import has_smt
from mailweave.source import Source

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "proved"
CASES = sorted(FOLDER.glob("*.rules"))
pytestmark = pytest.mark.skipif(not has_smt(), reason="z3 is not installed: the extra `prove` brings it")


@lru_cache
def findings(path: Path) -> tuple[Diagnostic, ...]:
    return prove_rules(Source(path.name, path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_the_author_reads(path: Path, golden: Callable[[Path, str], None]) -> None:
    golden(path.with_suffix(".txt"), print_text(findings(path)))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_an_example_shows_its_code(path: Path) -> None:
    assert path.stem.partition("-")[0] in {d.code for d in findings(path)}


def test_every_code_has_an_example() -> None:
    shown = {path.stem.partition("-")[0] for path in (*CASES, *FOLDER.glob("MW*/"))}
    assert shown == {code.id for code in proofs.CODES}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_whoever_shows_it_is_a_recipient(path: Path) -> None:
    text = Source(path.name, path.read_text(encoding="utf-8"))
    document = check(parse(text).document, proofs=False).document
    assert document is not None
    program = compile_decisions_checked(document)
    for finding in findings(path):
        if finding.witness is not None:
            shown = json.loads(json.dumps(as_dict(finding)["witness"]))
            for whole in shown if isinstance(shown, list) else [shown]:
                now, events, context = whole.pop("now"), whole.pop("events"), whole.pop("context", None)
                found = program.select(whole, events=events, now=now, context=context)
                assert not isinstance(found, Skip)
