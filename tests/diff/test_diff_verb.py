"""`mailweave diff`: what it prints, its exit codes, lists and pictures; its examples as `explain` takes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mailweave.cli.diff import command as diff
from mailweave.cli.diff_pictures import chromium
from mailweave.cli.explain import command as explain
from mailweave.diff.changes import RuleChange
from mailweave.diff.comparison import Comparison
from mailweave.diff.judge import Verdict, Witness
from mailweave.diff.markdown import as_markdown
from mailweave.rules.prover.default_values import NOW
from mailweave.rules.prover.recipients import Recipient
from mailweave.schema.model import Schema

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "fixtures" / "diff"
SPRING = FOLDER / "spring"
NAMES = ("fixtures/diff/spring/old", "fixtures/diff/spring/new")


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def ran(*arguments: str) -> Result:
    return CliRunner().invoke(diff, [*arguments])


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_what_is_printed(form: str, golden: Callable[[Path, str], None]) -> None:
    result = ran(*NAMES, "--profiles", str(SPRING / "people.jsonl"), "--format", form)
    assert result.exit_code == 1, result.output
    golden(SPRING / f"printed.{form}", result.stdout)


def test_the_same_twice_ends_with_0() -> None:
    result = ran(NAMES[0], NAMES[0])
    assert (result.exit_code, result.stdout) == (0, f"{NAMES[0]} -> {NAMES[0]}: nothing changed\n")


def found() -> dict[str, Any]:
    result = ran(*NAMES, "--profiles", str(SPRING / "people.jsonl"), "--format", "json")
    return dict(json.loads(result.stdout))


def test_a_list_is_counted_as_it_is_decided() -> None:
    """24 who read: with 3 or 4 orders and a consent a buyer is one of many now, unless `quiet` skips them."""
    people = [json.loads(line) for line in (SPRING / "people.jsonl").read_text(encoding="utf-8").splitlines()]
    read = [who for who in people if isinstance(who["orders"], int)]
    mailed = [who for who in read if who["consent"]["marketing"]]
    quiet = [who for who in mailed if who["plan"] == "free" and who["orders"] >= 4]
    moved = [who for who in mailed if who not in quiet and who["orders"] in (3, 4)]
    told = found()["moves"]
    assert told["recipients"] == len(people)
    assert told["newly_skipped"] == len(quiet)
    assert told["newly_mailed"] == 0
    assert told["moved"] == len(quiet) + len(moved)
    hero = {(row["old"], row["new"]): row["recipients"] for row in told["slots"]["hero"]}
    assert hero["thanks", "sale"] == len(moved)
    assert sum(hero.values()) == len(mailed) - len(quiet)
    assert {"old": "bad_data", "new": "bad_data", "recipients": 1} in told["mail"]


def test_nothing_of_a_recipient_is_printed() -> None:
    for form in ("text", "json", "markdown"):
        result = ran(*NAMES, "--profiles", str(SPRING / "people.jsonl"), "--format", form)
        assert "p3" not in result.stdout
        assert "@example.org" not in result.stdout.replace("ann@example.org", "")


def test_explain_takes_an_example_of_both_sides(tmp_path: Path) -> None:
    (hero,) = [change for change in found()["rules"] if change["kind"] == "choice"]
    who = tmp_path / "who.json"
    who.write_text(json.dumps(hero["only_new"]["witness"]), encoding="utf-8")
    for name, block in zip(NAMES, (hero["old"], hero["new"]), strict=True):
        told = CliRunner().invoke(explain, [name, "--profile", str(who), "--part", "hero"])
        assert told.exit_code == 0, told.output
        assert block in told.output.splitlines()[0] or f"{block}" in told.output


def test_markdown_is_short_enough_for_a_comment() -> None:
    who = Witness(Recipient({"id": "ann", "note": "x" * 400}, (), NOW))
    changes = [
        RuleChange("segment", f"s{at}", "changed", "orders >= 5", "orders >= 6", Verdict(who, who))
        for at in range(150)
    ]
    told = as_markdown(Comparison("old", "new", tuple(changes), (), (), (), Schema()), None)
    assert len(told) < 65_536
    assert "150 rules mean something else" in told
    assert "| 100 more |" in told
    assert "more in `--format json`" in told


def test_texts_do_not_break_out_of_the_table(tmp_path: Path) -> None:
    head = "profile {\n  name: text\n}\n"
    (tmp_path / "old.rules").write_text(head + 'segment a = name == "x"\n', encoding="utf-8")
    odd = 'segment a = name == "|`</details>@ann ```"\n'
    (tmp_path / "new.rules").write_text(head + odd, encoding="utf-8")
    result = ran(str(tmp_path / "old.rules"), str(tmp_path / "new.rules"), "--format", "markdown")
    (row,) = [line for line in result.stdout.splitlines() if line.startswith("| segment")]
    assert row.count("|") == 4
    outside = result.stdout.split("````")[::2]
    assert sum(part.count("</details>") for part in outside) == result.stdout.count("<details>")


def test_a_list_needs_campaigns() -> None:
    rules = str(FOLDER / "shop.rules")
    result = ran(rules, rules, "--profiles", str(SPRING / "people.jsonl"))
    assert result.exit_code == 1
    assert "needs two campaigns" in result.stderr or "need two campaigns" in result.stderr


def test_what_is_not_there_is_said() -> None:
    result = ran("nowhere", NAMES[0])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "MW001" in result.stderr


def test_without_chromium_pictures_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAILWEAVE_CHROMIUM", raising=False)
    monkeypatch.setattr("shutil.which", lambda name: None)
    result = ran(*NAMES, "--pictures", str(tmp_path / "out"))
    assert result.exit_code == 1
    assert "Chromium" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.browser
def test_mails_that_look_different_are_pairs_of_pictures(tmp_path: Path) -> None:
    if chromium() is None:
        pytest.skip("needs Chromium: apt-get install chromium, or MAILWEAVE_CHROMIUM=path")
    out = tmp_path / "out"
    result = ran(
        *NAMES, "--profiles", str(SPRING / "people.jsonl"), "--pictures", str(out), "--format", "json"
    )
    names = json.loads(result.stdout)["pictures"]
    assert len(names) >= 4
    for old, new in zip(names[::2], names[1::2], strict=True):
        assert (out / old).read_bytes().startswith(b"\x89PNG")
        assert (out / old).read_bytes() != (out / new).read_bytes()
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "hero: thanks -&gt; sale" in page
    assert all(f'src="{name}"' in page for name in names)
