"""What came back, against a count by hand, and arms against the decisions of the campaign itself."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mailweave import Campaign
from mailweave.decisions import Selection
from mailweave.delivery.webhooks import DeliveryEvent, Kind
from mailweave.diagnostics import ArgumentError, MailweaveError
from mailweave.insight import Question, Results, results
from mailweave.insight.results_json import as_json
from mailweave.insight.results_page import page
from tests.insight.conftest import PEOPLE, SENT, TRIAL, event, happened, person, write

Sent = Callable[[str], Path]
FORMATS = ("parquet", "jsonl", "values")


def selections(campaign: Campaign) -> list[Selection]:
    """What the campaign decides of each, asked directly."""
    found = [campaign.select(person(number), now=SENT) for number in range(PEOPLE)]
    assert all(isinstance(one, Selection) for one in found)
    return [one for one in found if isinstance(one, Selection)]


def counted(numbers: Iterable[int], chosen: Callable[[int], bool]) -> int:
    return sum(map(chosen, numbers))


@pytest.mark.parametrize("form", FORMATS)
def test_everything_is_what_a_count_by_hand_gives(
    form: str, sent: Sent, campaign: Campaign, events: str
) -> None:
    found = results(campaign, sent(form), [events])
    decided = selections(campaign)
    assert found.all.recipients == PEOPLE
    assert found.all.did == {
        "open": 300, "click": 86, "conversion": 67, "machine_open": 200, "machine_click": 7,
        "complaint": 4, "unsubscribe": 0,
    }  # fmt: skip
    assert found.all.revenue == pytest.approx(67 * 12.5 + 34 * 7.5)
    for slot, blocks in found.slots.items():
        shown = Counter(block for one in decided for block in one[slot])
        assert {one.name: one.recipients for one in blocks} == shown
    hero = {one.name: one for one in found.slots["hero"]}
    mine = [n for n in range(PEOPLE) if decided[n]["hero"] == ("welcome",)]
    assert hero["welcome"].did["open"] == counted(mine, lambda n: n % 2 == 0)
    assert hero["welcome"].did["conversion"] == counted(mine, lambda n: n % 9 == 0)
    assert hero["welcome"].block_clicks == counted(mine, lambda n: n % 7 == 0 and n % 4 != 0)
    assert {one.name: (one.recipients, one.did["click"]) for one in found.segments} == {
        "gold": (400, counted(range(0, PEOPLE, 7), lambda n: n % 3 != 0)),
        "german": (120, counted(range(0, PEOPLE, 7), lambda n: n % 5 == 0)),
    }
    assert {one.name: one.recipients for one in found.locales} == {"de": 120, "en": 480}


def test_no_event_is_lost(sent: Sent, campaign: Campaign, events: str) -> None:
    found = results(campaign, sent("parquet"), [events]).events
    assert found["events"] == len(happened())
    assert found == {
        "events": len(happened()), "doubled": 2, "unread": 0, "of_other_types": 1, "of_nobody": 1, "outside_of_the_days": 2,
        "counted": len(happened()) - 6, "no_amount": 0,
    }  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
def test_arms_are_those_that_the_campaign_draws(
    form: str, sent: Sent, campaign: Campaign, events: str
) -> None:
    found = {trial.name: trial for trial in results(campaign, sent(form), [events]).trials}
    decided = selections(campaign)
    for name in ("warmth", "length", "wrapping"):
        drawn = Counter(one.arms[name] for one in decided if name in one.arms)
        missed = Counter(one.unexposed[name] for one in decided if name in one.unexposed)
        assert {arm.name: arm.recipients for arm in found[name].arms} == drawn
        assert (found[name].held_out, found[name].outside) == (missed["held_out"], missed["outside"])
    warm = [n for n in range(PEOPLE) if decided[n].arms.get("warmth") == "warm"]
    assert found["warmth"].arms[1].did["open"] == counted(warm, lambda n: n % 2 == 0)
    assert found["length"].shares == (0.4, 0.3, 0.3)
    assert "asks for more than segments" in found["thanks_again"].untold


def test_an_arm_that_rows_do_not_tell_is_left_out_and_said(
    sent: Sent, campaign: Campaign, events: str
) -> None:
    found = results(campaign, sent("parquet"), [events])
    assert [one.code for one in found.diagnostics] == ["MW794"]
    assert "thanks_again" in found.diagnostics[0].message


def test_events_are_the_same_by_profile_by_key_and_from_other_kinds_of_lists(
    sent: Sent, campaign: Campaign, events: str, tmp_path: Path
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    expected = as_json(results(campaign, sent("parquet"), [events]))
    rows = pq.read_table(
        sorted((sent("parquet") / "shards").glob("*.parquet")), columns=["key", "idempotency_key"]
    )
    keys = dict(zip(*rows.to_pydict().values(), strict=True))
    by_key = [
        {**one, "idempotency_key": keys[one["profile"]], "profile": "x"} if one["profile"] in keys else one
        for one in happened()
    ]
    assert as_json(results(campaign, sent("parquet"), [write(tmp_path / "by_key.jsonl", by_key)])) == expected
    names = ("profile", "idempotency_key", "type", "at", "machine", "block", "total", "id")
    with (tmp_path / "events.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(reversed(happened()))
    assert as_json(results(campaign, sent("parquet"), [str(tmp_path / "events.csv")])) == expected
    columns = {
        name: [None if one.get(name) is None else str(one[name]) for one in happened()] for name in names
    }
    pq.write_table(pa.table(columns), tmp_path / "events.parquet")
    assert as_json(results(campaign, sent("parquet"), [str(tmp_path / "events.parquet")])) == expected


def test_what_is_asked_is_what_is_counted(sent: Sent, campaign: Campaign, events: str) -> None:
    asked = Question(
        "complaint", revenue="nothing", guards=("purchase",), days=1, until=SENT + timedelta(hours=3)
    )
    found = results(campaign, sent("parquet"), [events], asked)
    assert found.all.did["conversion"] == 4
    assert (found.all.did["open"], found.all.did["purchase"], found.all.revenue) == (0, 0, 0)


@pytest.mark.parametrize(
    "asked",
    [{"days": 0}, {"days": 1e9}, {"guards": ("open",)}, {"guards": ("purchase",)}, {"conversion": "click"},
     {"conversion": "opened"}, {"guards": ("complaint", "complained")},
     {"guards": ("complaint", "complaint")}, {"guards": ("revenue",)}],
)  # fmt: skip
def test_questions_that_mean_two_things_are_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError, match="MW797"):
        Question(**asked)


def test_events_that_do_not_read_are_counted_and_said(sent: Sent, campaign: Campaign, tmp_path: Path) -> None:
    made = [
        event(1, "purchase", total="12 pounds"), event(2, "purchase", total="inf"), event(3, "purchase"),
        {**event(4, "open"), "at": "2026-11-22"}, {**event(5, "open"), "at": "2026-11-22T10:00:00"},
        {"profile": "00006", "at": "2026-11-22T10:00:00Z"}, event(7, "open"),
    ]  # fmt: skip
    path = write(tmp_path / "events.jsonl", made)
    Path(path).write_text(Path(path).read_text("utf-8") + "{broken\n", encoding="utf-8")
    found = results(campaign, sent("parquet"), [path])
    assert (found.events["unread"], found.events["no_amount"], found.events["counted"]) == (4, 2, 4)
    assert (found.all.did["conversion"], found.all.revenue, found.all.did["open"]) == (3, 0, 1)
    told = next(one.message for one in found.diagnostics if one.code == "MW798")
    assert told == (
        "of 8 events 4 do not read and are not counted; 2 count as conversions with an amount that does not read, as 0"
    )


def test_a_conversion_that_nobody_has_is_said(sent: Sent, campaign: Campaign, events: str) -> None:
    found = results(campaign, sent("parquet"), [events], Question("order"))
    assert "MW799" in {one.code for one in found.diagnostics}


def told_by_providers(keys: dict[str, str], *, profile: bool) -> list[dict[str, Any]]:
    """What `happened` has of readers and machines, as events of providers; the first one is told twice."""
    made: list[dict[str, Any]] = []
    kinds: dict[str, Kind] = {"open": "opened", "click": "clicked", "complaint": "complained"}
    for place, one in enumerate(row for row in happened() if row["type"] in kinds and row["profile"] in keys):
        machine = None if "machine" not in one else str(one["machine"]).lower() == "true"
        back = DeliveryEvent(
            kinds[one["type"]], f"ses:{one.get('id', place)}", datetime.fromisoformat(one["at"]), "ses", "Event",
            key=keys[one["profile"]], machine=machine, url="https://shop.example/a",
        )  # fmt: skip
        made.append(back.as_event("somebody else" if profile else None))
    other = DeliveryEvent("delivered", "ses:x", SENT, "ses", "Delivery", key=next(iter(keys.values())))
    return [*made, made[0], other.as_event()]


def keys_of(output: Path) -> dict[str, str]:
    """Of each recipient the idempotency key of the mail."""
    import pyarrow.parquet as pq

    rows = pq.read_table(sorted((output / "shards").glob("*.parquet")), columns=["key", "idempotency_key"])
    return dict(zip(*rows.to_pydict().values(), strict=True))


@pytest.mark.parametrize("profile", [True, False])
def test_what_providers_tell_is_counted_as_one_s_own_list_is(
    profile: bool, sent: Sent, campaign: Campaign, events: str, tmp_path: Path
) -> None:
    """The mail that is named decides, whatever the profile is."""
    own = results(campaign, sent("parquet"), [events], Question(guards=("complaint",)))
    path = write(tmp_path / "back.jsonl", told_by_providers(keys_of(sent("parquet")), profile=profile))
    found = results(campaign, sent("parquet"), [path], Question(guards=("complained",)))
    for outcome in ("open", "machine_open", "click", "machine_click"):
        assert found.all.did[outcome] == own.all.did[outcome] > 0, outcome
    assert found.all.did["complained"] == own.all.did["complaint"] > 0
    assert (found.events["doubled"], found.events["of_other_types"], found.events["unread"]) == (2, 1, 0)


def test_complaints_that_providers_tell_hurt_the_guard(
    sent: Sent, campaign: Campaign, tmp_path: Path
) -> None:
    keys = keys_of(sent("parquet"))
    told = [
        DeliveryEvent("complained", f"ses:{n}", SENT, "ses", "Complaint", key=keys[f"{n:05d}"]).as_event()
        for n in in_arm(campaign, "warm")[:100]
    ]
    assert {one.metric for one in judged(campaign, sent, tmp_path, told).hurt} == {"complaint"}


def test_a_column_mail_that_holds_an_address_names_no_mail(
    sent: Sent, campaign: Campaign, tmp_path: Path
) -> None:
    found = judged(campaign, sent, tmp_path, [event(1, "open", mail="p1@example.com")])
    assert found.all.did["open"] == 1


def test_types_that_nothing_asks_for_are_named_where_nothing_is_counted(
    sent: Sent, campaign: Campaign, tmp_path: Path
) -> None:
    made = [event(1, "Delivery"), event(2, "Open"), event(3, "Open"), event(4, "p4@example.com")]
    (told,) = [one for one in judged(campaign, sent, tmp_path, made).diagnostics if one.code == "MW789"]
    assert "4 of 4 are of types that nothing asks for: Open, Delivery, .." in told.message
    assert "known are open, opened, click, clicked, purchase, complaint, complained" in told.help
    some = judged(campaign, sent, tmp_path, [*made, event(5, "opened")])
    assert "MW789" not in {one.code for one in some.diagnostics}


# ---- outputs that are not what they should be


def broken(output: Path, to: Path, change: Callable[[Path], object]) -> Path:
    shutil.copytree(output, to)
    change(to)
    return to


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda to: (to / "manifest.jsonl").unlink(), "no output of a batch"),
        (lambda to: (to / "report.json").unlink(), "has not finished"),
        (lambda to: (to / "report.json").write_text("{"), "cannot be read"),
        (
            lambda to: (to / "shards" / "000001.parquet").write_bytes(b"PAR1"),
            "000001.parquet is missing, or not what",
        ),
    ],
)
def test_damaged_outputs_are_refused(
    change: Callable[[Path], object], says: str, sent: Sent, campaign: Campaign, events: str, tmp_path: Path
) -> None:
    with pytest.raises(MailweaveError, match=f"MW792.*{says}"):
        results(campaign, broken(sent("parquet"), tmp_path / "out", change), [events])


def test_another_version_of_the_campaign_is_refused(sent: Sent, events: str, tmp_path: Path) -> None:
    from mailweave import Environment

    shutil.copytree(TRIAL, tmp_path / "trial")
    rules = tmp_path / "trial" / "trial.rules"
    rules.write_text(rules.read_text("utf-8").replace('salt "a"', 'salt "z"'), encoding="utf-8")
    with pytest.raises(MailweaveError, match=r"MW792.*another version of the campaign"):
        results(Environment().compile(tmp_path / "trial"), sent("parquet"), [events])


def test_messages_without_decisions_are_refused(sent: Sent, campaign: Campaign, events: str) -> None:
    with pytest.raises(MailweaveError, match=r"MW792.*\(eml\) hold no decisions"):
        results(campaign, sent("eml"), [events])


def test_an_output_of_spark_is_read_like_one_of_the_pool(
    sent: Sent, campaign: Campaign, events: str, tmp_path: Path
) -> None:
    from mailweave.batch.ledger import manifest_line, read_manifest

    def change(to: Path) -> None:
        head, *entries = read_manifest(to / "manifest.jsonl")
        options = {name: value for name, value in head["options"].items() if name != "format"}
        for entry in entries:
            for file in entry["files"]:
                del file["sha256"]  # sizes are all that Spark's manifest has
        lines = [{**head, "options": {**options, "engine": "spark"}}, *entries]
        (to / "manifest.jsonl").write_bytes(b"".join(map(manifest_line, lines)))

    found = results(campaign, broken(sent("parquet"), tmp_path / "out", change), [events])
    assert as_json(found) == as_json(results(campaign, sent("parquet"), [events]))


def test_lists_without_types_are_refused(sent: Sent, campaign: Campaign, tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(
        "profile,kind,at\n00001,open,2026-11-22T10:00:00Z\n", encoding="utf-8"
    )
    with pytest.raises(MailweaveError, match="MW809"):
        results(campaign, sent("parquet"), [str(tmp_path / "events.csv")])


def test_lists_that_are_broken_as_files_are_refused(sent: Sent, campaign: Campaign, tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text('profile,type,at\n"unclosed,open,2026\n', encoding="utf-8")
    with pytest.raises(MailweaveError, match="MW793"):
        results(campaign, sent("parquet"), [str(tmp_path / "events.csv")])


def test_a_report_that_counts_other_arms_stops_the_experiment(
    sent: Sent, campaign: Campaign, events: str, tmp_path: Path
) -> None:
    def change(to: Path) -> None:
        told = json.loads((to / "report.json").read_text("utf-8"))
        told["arms"]["warmth"]["warm"] += 1
        (to / "report.json").write_text(json.dumps(told), encoding="utf-8")

    found = results(campaign, broken(sent("parquet"), tmp_path / "out", change), [events])
    assert {trial.name: bool(trial.untold) for trial in found.trials} == {
        "length": False, "thanks_again": True, "warmth": True, "wrapping": False,
    }  # fmt: skip


# ---- what is said


def judged(campaign: Campaign, sent: Sent, tmp_path: Path, made: list[dict[str, Any]], **how: Any) -> Results:
    return results(campaign, sent("parquet"), [write(tmp_path / "events.jsonl", made)], **how)


def in_arm(campaign: Campaign, arm: str) -> list[int]:
    return [n for n, one in enumerate(selections(campaign)) if one.arms.get("warmth") == arm]


def test_a_guard_that_is_hurt_is_hurt_and_a_click_that_wins_wins(
    sent: Sent, campaign: Campaign, tmp_path: Path
) -> None:
    warm, control = in_arm(campaign, "warm"), in_arm(campaign, "control")
    made = [event(n, "complaint") for n in [*warm[:100], *control[:4]]]
    made += [event(n, "click") for n in [*warm[:150], *control[:40]]]
    found = judged(campaign, sent, tmp_path, made)
    told = {
        (one.metric, one.group): one.verdict
        for trial in found.trials
        for one in trial.comparisons
        if trial.name == "warmth"
    }
    assert told["complaint", ("everybody", "")] == "worse"
    assert told["click", ("everybody", "")] == "better"
    assert ("MW796", "warmth.warm") in {
        (one.code, one.message.split(" in ")[1].split(":")[0])
        for one in found.diagnostics
        if one.code == "MW796"
    }
    assert {one.metric for one in found.hurt} == {"complaint"}


def test_one_look_decides_more_than_daily_looks_may(sent: Sent, campaign: Campaign, tmp_path: Path) -> None:
    warm, control = in_arm(campaign, "warm"), in_arm(campaign, "control")
    made = [event(n, "click") for n in [*warm[:60], *control[:35]]]
    verdicts = {}
    for final in (False, True):
        found = judged(campaign, sent, tmp_path, made, final=final)
        (click,) = [one for trial in found.trials for one in trial.comparisons
                    if (one.experiment, one.metric, one.group[0]) == ("warmth", "click", "everybody")]  # fmt: skip
        verdicts[final] = click.verdict
        assert click.effect.p_value < 0.01
        assert click.adjusted == pytest.approx(click.effect.p_value * 4)  # four arms are compared in clicks
        assert (
            click.sequential.high - click.sequential.low
            > click.effect.interval.high - click.effect.interval.low
        )
    assert verdicts == {False: "open", True: "better"}


def test_arms_that_lost_recipients_are_not_trusted(
    sent: Sent, campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mailweave.insight import experiment_arms

    real = experiment_arms.arms

    def fewer(*given: Any) -> Any:
        """Half of one arm went missing behind the batch: rows and report agree, the declared shares do not."""
        return [_without(one, "warm") if one.name == "warmth" else one for one in real(*given)]

    monkeypatch.setattr("mailweave.insight.campaign_results.arms", fewer)
    hurt = [event(n, "complaint") for n in in_arm(campaign, "warm")]
    bought = [event(n, "purchase", total=5) for n in in_arm(campaign, "control")]
    found = judged(campaign, sent, tmp_path, [*hurt, *bought])
    trial = next(one for one in found.trials if one.name == "warmth")
    assert not trial.is_trusted
    verdicts = {one.metric: one.verdict for one in trial.comparisons if one.group[0] == "everybody"}
    assert (verdicts["conversion"], verdicts["complaint"]) == (
        "open",
        "worse",
    )  # guards are heard all the same
    assert "not trusted" in page(found, "x")
    told = next(one for one in found.diagnostics if one.code == "MW795")
    assert "declared: control 2" in told.message
    assert "shares of 0.5, 0.5" in told.message


def _without(one: Any, arm: str) -> Any:
    from dataclasses import replace

    return replace(one, of=[None if name == arm and place % 2 else name for place, name in enumerate(one.of)])


def test_page_and_json_hold_nothing_of_persons_and_load_nothing(
    sent: Sent, campaign: Campaign, events: str
) -> None:
    found = results(campaign, sent("parquet"), [events])
    for told in (as_json(found), page(found, "trial <results>")):
        assert "@example.com" not in told
        assert not any(f'"{n:05d}"' in told or f">{n:05d}<" in told for n in range(PEOPLE))
    written = page(found, "trial <results>")
    assert "trial &lt;results&gt;" in written
    assert not any(word in written for word in ("<script", "src=", "href=", "http", "@import", " onclick"))
    assert written.count("<svg") > 10
    assert "<i>few</i>" in page(results(campaign, sent("parquet"), [events]), "x")
    assert json.loads(as_json(found))["experiments"]["warmth"]["arms"]["control"]["declared"] == 0.5


@pytest.mark.parametrize(
    ("machine", "is_one"),
    [(None, False), ("", False), (0, False), ("0.0", False), ("No", False), (False, False), (" f ", False),
     (1, True), (1.0, True), ("1.0", True), ("y", True), ("YES", True), ("maybe", True), (True, True)],
)  # fmt: skip
def test_who_is_not_said_to_be_no_machine_is_one(
    machine: object, is_one: bool, campaign: Campaign, sent: Sent, tmp_path: Path
) -> None:
    path = write(tmp_path / "events.jsonl", [event(1, "open", machine=machine)])
    did = results(campaign, sent("parquet"), [path]).all.did
    assert (did["machine_open"], did["open"]) == ((1, 0) if is_one else (0, 1))
