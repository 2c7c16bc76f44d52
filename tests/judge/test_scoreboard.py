"""The page is what the program writes from the results, and says what was not judged."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from benchmarks.judge import Judgement, NotJudged, Table, peers
from benchmarks.judge import __main__ as program
from benchmarks.judge.page import page

TABLE = Table("2 things", ("wrong", "bytes"), {"mailweave": (3, 10), "other": (0, 20)}, "least")
FOUND = Judgement((TABLE,), ("something is missing",), "", "2026-11-30", "two cores", {"npm x": "1.2.3"})
JUDGES = {"things": SimpleNamespace(TITLE="Things", TEXT="What is\ncounted.")}


def test_the_committed_page_is_that_of_the_committed_results() -> None:
    assert program.main(["--check"]) == 0


def test_a_figure_written_by_hand_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = tmp_path / "scoreboard.md"
    changed.write_text(program.PAGE.read_text(encoding="utf-8").replace("Scoreboard", "Best of all"), "utf-8")
    monkeypatch.setattr(program, "PAGE", changed)
    assert program.main(["--check"]) == 1
    assert "is not what `make judge` wrote" in capsys.readouterr().out


def test_the_best_is_bold_and_a_loss_is_named() -> None:
    written = page({"things": FOUND}, JUDGES)
    assert "| mailweave | 3 | **10** |\n| other | **0** | 20 |" in written
    assert "## Where mailweave is not the best\n\n- Things, 2 things, wrong: 3, other 0.\n" in written
    assert "2026-11-30, two cores.\n" in written
    assert "- something is missing.\n" in written
    assert "| x | 1.2.3 | npm |" in written


def test_where_all_are_alike_nobody_wins() -> None:
    same = Table("2 things", ("wrong",), {"mailweave": (0,), "other": (0,)}, "least")
    written = page({"things": Judgement((same,))}, JUDGES)
    assert "**0**" not in written
    assert "In no column below." in written


def test_what_was_not_judged_is_said() -> None:
    assert "**Not judged**: Node is missing." in page(
        {"things": Judgement(skipped="Node is missing")}, JUDGES
    )
    assert "**Not judged**: not judged yet." in page({}, JUDGES)


def test_a_judge_without_its_tool_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(peers, "MODULES", tmp_path)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.delenv("MAILWEAVE_CHROMIUM", raising=False)
    for name, tool in (
        ("headers", "Node"),
        ("access", "Node"),
        ("styles", "Chromium"),
        ("texts", "Chromium"),
    ):
        with pytest.raises(NotJudged, match=f"({tool}|Playwright) is missing"):
            import_module(f"benchmarks.judge.{name}").judge(0.01)
    assert (
        "LiquidJS was not asked: Node is missing"
        in import_module("benchmarks.judge.liquids").judge(0.01).notes
    )
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/node")
    with pytest.raises(NotJudged, match="npm mailparser"):
        peers.needed("npm mailparser")


def test_skipping_is_a_result(capsys: pytest.CaptureFixture[str]) -> None:
    def judge(scale: float) -> Judgement:
        raise NotJudged("Ruby is missing")

    module = ModuleType("benchmarks.judge.things")
    module.__dict__.update(judge=judge, PEERS=())
    asked = program._asked(["--date", "2026-11-30", "--machine", "two cores"])
    made = program._judged(module, asked)
    assert (made.skipped, made.date, made.machine) == ("Ruby is missing", "2026-11-30", "two cores")
    assert "things: Ruby is missing" in capsys.readouterr().out


def test_results_come_back_from_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "RESULTS", tmp_path / "results.json")
    program.write({"things": FOUND})
    assert program.read() == {"things": FOUND}


def test_every_peer_of_a_judge_is_pinned() -> None:
    pins = (Path(__file__).resolve().parents[2] / "constraints.txt").read_text(encoding="utf-8").lower()
    for name in program.NAMES:
        for peer in import_module(f"benchmarks.judge.{name}").PEERS:
            kind, _, package = peer.partition(" ")
            assert package in peers.PINS[kind] or f"\n{package.lower()}==" in pins, peer
