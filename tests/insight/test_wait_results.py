"""Experiments on waits: judged over everybody whose wait began, against a count by hand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from mailweave import Environment
from mailweave.diagnostics import MailweaveError
from mailweave.insight import Question, Results, results
from mailweave.insight.results_json import as_json
from mailweave.insight.results_page import page
from tests.insight.conftest import write
from tests.insight.test_results_verb import run as results_verb
from tests.triggers import naive
from tests.triggers.shop import campaign, event, run, written

RULES = """
trigger cart_left on cart_change wait 30 minutes unless purchase
  then reminded after 1 day
experiment patience on wait of cart_left {
  unit id salt "2026-12"
  holdout 5%
  split control 50%, soon 50% -> 10 minutes
}
experiment nudge on wait of reminded {
  unit id salt "2026-12b"
  split control 40%, later 60% -> 2 days
}
"""
BEGAN = datetime(2026, 11, 2, 9, tzinfo=UTC)
PEOPLE = 400
MINUTE, HALF = timedelta(minutes=1), timedelta(minutes=30)
PATIENCE = naive.Varied(
    "patience", "", 0, "id", "2026-12", (("control", 50, None), ("soon", 50, 10 * MINUTE)), 5
)
NUDGE = naive.Varied(
    "nudge", "", 1, "id", "2026-12b", (("control", 40, None), ("later", 60, timedelta(days=2)))
)


def arm(of: naive.Varied, number: int) -> str:
    return naive.drawn(of, {"id": f"p{number}"}, HALF)[0]


def left(number: int) -> datetime:
    """When somebody left a cart."""
    return BEGAN + number * MINUTE


def buys_early(number: int) -> bool:
    """After fifteen minutes: between the mails of both arms, whichever their own is."""
    return number % 5 == 3


def happened() -> list[str]:
    """Carts and early purchases, as triggers read them; one leaves two carts."""
    lines = [f"p{n} c{n} cart_change {left(n).isoformat()}" for n in range(PEOPLE)]
    lines += [f"p7 again cart_change {(left(7) + timedelta(days=5)).isoformat()}"]
    return lines + [
        f"p{n} b{n} purchase {(left(n) + 15 * MINUTE).isoformat()}" for n in range(PEOPLE) if buys_early(n)
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of triggers: the campaign `shop`, the list of events, and `out`."""
    made = tmp_path_factory.mktemp("waits")
    people = [
        json.dumps({"id": f"p{n}", "email": f"p{n}@example.com", "consent": {"marketing": True}})
        for n in range(PEOPLE)
    ]
    profiles = ("--profiles", str(written(made / "people.jsonl", people)))
    stream = written(made / "events.jsonl", map(event, happened()))
    for until in ("2026-11-02T12:00Z", "2026-11-20T00:00Z"):
        assert run(made, campaign_of(made), events=stream, until=until, more=profiles).exit_code == 0
    return made


def campaign_of(made: Path, rules: str = RULES) -> Path:
    return made / "shop" if (made / "shop").exists() else campaign(made, rules)


def rows(made: Path, of: str) -> list[dict[str, Any]]:
    files = sorted((made / "out" / of).glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def bought(number: int, after: timedelta, **others: Any) -> dict[str, Any]:
    return {
        "profile": f"p{number}", "type": "purchase", "at": (left(number) + after).isoformat(), "total": 10, **others
    }  # fmt: skip


@pytest.fixture
def responses(folder: Path, tmp_path: Path) -> str:
    """Early purchases, late ones, one before its cart and one behind the days; a click on every third mail."""
    told = [bought(n, 15 * MINUTE) for n in range(PEOPLE) if buys_early(n)]
    told += [bought(n, timedelta(days=3)) for n in range(1, PEOPLE, 5)]
    told += [bought(2, -MINUTE), bought(4, timedelta(days=7)), {**bought(4, MINUTE), "profile": "stranger"}]
    told += [
        {"mail": row["mail" if number % 2 else "idempotency_key"], "type": "click", "at": row["due"]}
        for number, row in enumerate(rows(folder, "mails")[::3])
    ]
    return write(tmp_path / "responses.jsonl", told)


def judged(folder: Path, responses: str, **asked: Any) -> Results:
    return results(Environment().compile(folder / "shop"), folder / "out", [responses], Question(**asked))


def test_everybody_counts_whose_wait_began(folder: Path, responses: str) -> None:
    found = judged(folder, responses)
    patience, nudge = (
        next(one for one in found.trials if one.name == name) for name in ("patience", "nudge")
    )
    assert found.all.recipients == PEOPLE
    drawn = Counter(arm(PATIENCE, n) for n in range(PEOPLE))
    assert {one.name: one.recipients for one in patience.arms} == {n: drawn[n] for n in ("control", "soon")}
    assert (patience.held_out, patience.outside) == (drawn["held_out"], 0)
    for one in patience.arms:
        mine = [n for n in range(PEOPLE) if arm(PATIENCE, n) == one.name]
        assert one.did["conversion"] == sum(n % 5 in (1, 3) for n in mine)
        assert one.revenue == 10 * one.did["conversion"]
    mailed = {n for n in range(PEOPLE) if arm(PATIENCE, n) == "soon" or not buys_early(n)}
    counted = Counter(arm(NUDGE, n) for n in mailed)
    assert {one.name: one.recipients for one in nudge.arms} == dict(counted)
    assert nudge.is_trusted
    assert patience.is_trusted
    assert found.diagnostics == ()


def test_clicks_are_those_of_whoever_got_the_mail(folder: Path, responses: str) -> None:
    (patience,) = (one for one in judged(folder, responses).trials if one.name == "patience")
    clicked = {row["key"] for row in rows(folder, "mails")[::3]}
    for one in patience.arms:
        mine = {f"p{n}" for n in range(PEOPLE) if arm(PATIENCE, n) == one.name}
        within = {
            row["key"]
            for row in rows(folder, "mails")[::3]
            if datetime.fromisoformat(row["due"]) < left(int(row["key"][1:])) + timedelta(days=7)
        }
        assert one.did["click"] == len(mine & clicked & within)


def test_among_the_mailed_there_would_be_an_effect_where_is_none(folder: Path, responses: str) -> None:
    """Who is in `control` and bought early got no mail: purchases of the mailed differ, those of the exposed do not."""
    first = [row for row in rows(folder, "mails") if row["number"] == 1 and row["cause"] != "again"]
    mailed = Counter(row["arms"].get("patience") for row in first)
    early = Counter(row["arms"].get("patience") for row in first if buys_early(int(row["key"][1:])))
    assert (early["control"], early["soon"] > mailed["soon"] / 8) == (0, True)
    found = judged(folder, responses, days=1)
    (overall,) = (one for one in found.trials[1].comparisons if one.metric == "conversion")
    assert overall.effect.p_value > 0.05
    assert overall.verdict == "open"


def test_results_are_told_and_written(folder: Path, responses: str, tmp_path: Path) -> None:
    arguments = [str(folder / "shop"), "--sent", str(folder / "out"), "--events", responses]
    code, told, wrong = results_verb(*arguments, "--out", str(tmp_path / "told"))
    assert (code, wrong) == (0, "")
    assert told.startswith("400 whose wait began; ")
    assert "of nobody whose wait began" in told
    assert "experiment patience on wait of cart_left: control " in told
    found = judged(folder, responses)
    assert "wait of reminded" in page(found, "x")
    assert json.loads(as_json(found))["experiments"]["nudge"]["wait"] == "reminded"


def _damaged(made: Path) -> None:
    (file,) = (made / "out" / "exposures").glob("00000001-*")
    file.write_bytes(file.read_bytes()[:-20])


def _lost(made: Path) -> None:
    (file,) = (made / "out" / "exposures").glob("00000001-*")
    file.unlink()


def _no_experiments(made: Path) -> None:
    for file in (made / "out" / "exposures").iterdir():
        file.unlink()


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (_damaged, "is not what was written"),
        (_lost, "a file of its exposures is missing"),
        (_no_experiments, "no wait under an experiment has begun"),
    ],
)
def test_outputs_that_do_not_say_enough(
    harm: Callable[[Path], None], says: str, folder: Path, responses: str, tmp_path: Path
) -> None:
    copied = copy(folder, tmp_path)
    harm(copied)
    with pytest.raises(MailweaveError, match="MW792") as refused:
        judged(copied, responses)
    assert says in str(refused.value)


def copy(folder: Path, tmp_path: Path) -> Path:
    import shutil

    return shutil.copytree(folder, tmp_path / "copied")


def test_an_experiment_that_was_changed_or_has_not_begun_is_not_judged(
    folder: Path, responses: str, tmp_path: Path
) -> None:
    """And one on a block, which mails of triggers have, too."""
    copied = copy(folder, tmp_path)
    rules = RULES.replace("soon 50% -> 10", "soon 50% -> 11").replace("experiment nudge", "experiment nudged")
    block = 'block other for hero\nexperiment look on cart {\n  unit id salt "l"\n'
    block += "  split control 50%, other 50% -> other\n}\n"
    (copied / "shop" / "triggers.rules").write_text(rules + block, encoding="utf-8")
    settings = copied / "shop" / "campaign.toml"
    settings.write_text(
        settings.read_text("utf-8") + '[blocks.other]\nuse = "hero"\ninputs = { heading = "x" }\n', "utf-8"
    )
    found = judged(copied, responses)
    assert {one.name: one.untold.split(":")[0].split(",")[0] for one in found.trials} == {
        "patience": "it was changed",
        "nudged": "nobody has been exposed to it",
        "look": "triggers made this output",
    }
    assert [one.code for one in found.diagnostics] == ["MW369"] * 3
    assert all("p1" not in one.message for one in found.diagnostics)


def test_arms_of_other_sizes_than_declared_decide_nothing(
    folder: Path, responses: str, tmp_path: Path
) -> None:
    copied = copy(folder, tmp_path)
    kept = [row for row in rows(folder, "exposures") if row["arm"] != "soon" or int(row["key"][1:]) % 2]
    for file in (copied / "out" / "exposures").iterdir():
        file.unlink()
    content = "".join(json.dumps(row) + "\n" for row in kept).encode()
    name = f"00000001-{sha256(content).hexdigest()[:16]}.jsonl"
    (copied / "out" / "exposures" / name).write_bytes(content)
    found = judged(copied, responses)
    assert [one.code for one in found.diagnostics] == ["MW795"]
