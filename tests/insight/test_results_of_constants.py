"""Results of experiments on constants: arms by the hash, no group that the arm itself decides about."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

import pytest

from mailweave import Campaign, Environment
from mailweave.decisions import Selection
from mailweave.insight import Results, results
from mailweave.insight.results_json import as_json
from mailweave.insight.results_page import page
from tests.insight.conftest import ROOT, SENT, Row, event, write

TRIAL = ROOT / "fixtures" / "insight" / "threshold"
PEOPLE = 900


def person(number: int) -> Row:
    plan = "gold" if number % 4 else "free"
    who = {"id": f"{number:05d}", "email": f"p{number}@example.com", "household": f"h{number // 2}"}
    return {**who, "plan": plan, "orders": number % 9}


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return Environment().compile(TRIAL)


@pytest.fixture(scope="module")
def found(campaign: Campaign, tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("threshold")
    people = folder / "people.jsonl"
    people.write_text("".join(json.dumps(person(n)) + "\n" for n in range(PEOPLE)), encoding="utf-8")
    command = [sys.executable, "-m", "mailweave", "batch", str(TRIAL), "--profiles", str(people)]
    command += ["--out", str(folder / "sent"), "--shard-size", "500", "--workers", "1"]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    events = [event(n, "purchase", 30, total="10") for n in range(0, PEOPLE, 3)]
    return results(campaign, folder / "sent", [write(folder / "events.jsonl", events)])


def selections(campaign: Campaign) -> list[Selection]:
    made = [campaign.select(person(n), now=SENT) for n in range(PEOPLE)]
    return [one for one in made if isinstance(one, Selection)]


def test_arms_are_those_that_the_campaign_draws(found: Results, campaign: Campaign) -> None:
    (trial,) = [one for one in found.trials if one.name == "threshold"]
    decided = selections(campaign)
    drawn = Counter(one.arms["threshold"] for one in decided if "threshold" in one.arms)
    missed = Counter(one.unexposed["threshold"] for one in decided if "threshold" in one.unexposed)
    assert {arm.name: arm.recipients for arm in trial.arms} == drawn
    assert (trial.held_out, trial.outside) == (missed["held_out"], missed["outside"])
    assert str(trial.on) == "let many"
    assert trial.is_trusted


def test_a_unit_that_rows_do_not_name_is_said(found: Results) -> None:
    (finding,) = [one for one in found.diagnostics if one.code == "MW794"]
    assert "by_house" in finding.message
    assert "rows do not name the values of a constant" in finding.message


def test_no_group_is_judged_that_the_arm_decides_about(found: Results) -> None:
    groups = {
        trial.name: {one.group for one in trial.comparisons if one.group[0] == "segment"}
        for trial in found.trials
    }
    assert groups["threshold"] == set()  # `gold` is who takes part; `often` and `both` hang on the constant
    assert {name for _, name in groups["warmth"]} == {"gold", "often"}
    assert {one.name for one in found.segments} == {"gold", "often", "both"}  # counted, all the same


def test_two_kinds_of_experiments_cross(found: Results, campaign: Campaign) -> None:
    (crossing,) = found.crossings
    assert set(crossing.experiments) == {"threshold", "warmth"}
    together = sum({"threshold", "warmth"} <= set(one.arms) for one in selections(campaign))
    assert sum(map(sum, crossing.sizes)) == together


def test_what_is_written_names_the_constant(found: Results) -> None:
    whole = json.loads(as_json(found))["experiments"]
    assert whole["threshold"]["constant"] == "many"
    assert whole["by_house"]["constant"] == "large"
    assert whole["warmth"]["block"] == "welcome"
    assert "Experiment threshold on let many" in page(found, "x")
