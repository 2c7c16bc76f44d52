"""A stream of any size from a seed, its triggers, and the mails that the naive reference makes of it.

python -m tests.triggers.stream FOLDER EVENTS     writes a campaign, people and events
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.triggers import naive
from tests.triggers.naive import GRID, Happened, Made, Programme, Step, Varied
from tests.triggers.shop import campaign, written

START, DAYS = datetime(2026, 3, 20, tzinfo=UTC), 30
UNTIL = START + timedelta(days=DAYS + 10)
DENSE = ("cart_change", "purchase", "open", "open", "open")
SPARSE = ("cart_change", "purchase", *("open",) * 18)
ZONES = ("Europe/Paris", "America/New_York", "Australia/Sydney", None)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

PLAIN = """
trigger cart_left on cart_change wait 1 hour unless purchase or cart_change
  then reminded after 2 days unless open or purchase
  then after 3 days unless purchase
trigger thanks on purchase wait 15 minutes
trigger bday on birthday at 9:00 in tz
quiet hours 21:00 to 8:00 in tz
at most 2 mails in 7 days
"""
RULES = f"""{PLAIN}experiment patience on wait of cart_left {{
  unit id salt "2026-12"
  holdout 10%
  split control 50%, soon 30% -> 15 minutes, later 20% -> 3 hours
}}
experiment nudge on wait of reminded {{
  unit id salt "2026-12b"
  only tz is known
  split control 50%, later 50% -> 3 days
}}
"""
PROGRAMME = Programme(
    (
        Made(
            "cart_left",
            ("event", "cart_change"),
            (
                Step("cart_left", HOUR, ("purchase", "cart_change")),
                Step("reminded", 2 * DAY, ("open", "purchase")),
                Step("cart_left", 3 * DAY, ("purchase",)),
            ),
        ),
        Made("thanks", ("event", "purchase"), (Step("thanks", GRID),)),
        Made("bday", ("day", 9 * 60), (Step("bday", timedelta(0)),)),
    ),
    quiet=(21 * 60, 8 * 60),
    caps=((2, 7 * DAY),),
    zone="Europe/Paris",
    varied=(
        Varied(
            "patience",
            "cart_left",
            0,
            "id",
            "2026-12",
            (("control", 50, None), ("soon", 30, GRID), ("later", 20, 3 * HOUR)),
            10,
        ),
        Varied(
            "nudge",
            "cart_left",
            1,
            "id",
            "2026-12b",
            (("control", 50, None), ("later", 50, 3 * DAY)),
            only="tz",
        ),
    ),
)


@dataclass(frozen=True)
class Someone:
    key: str
    profile: dict[str, object]
    events: list[Happened]


def people(number: int, types: Sequence[str] = DENSE, seed: int = 26) -> Iterator[Someone]:
    """Some people with twenty events each."""
    order = random.Random(seed)
    for at in range(number):
        profile: dict[str, object] = {
            "id": f"p{at}",
            "email": f"p{at}@example.com",
            "consent": {"marketing": True},
        }
        zone = order.choice(ZONES)
        profile |= {} if zone is None else {"tz": zone}
        if order.random() < 0.5:
            profile["birthday"] = (date(1980, 1, 1) + timedelta(days=order.randrange(12_000))).isoformat()
        moments = sorted(order.randrange(DAYS * 96) for _ in range(20))
        events = [
            Happened(START + one * GRID, f"e{at}-{n}", order.choice(types)) for n, one in enumerate(moments)
        ]
        yield Someone(f"p{at}", profile, events)


def wanted(everybody: list[Someone]) -> tuple[list[str], list[str]]:
    """The mails of the reference, as `shop.mails` says them, and the exposures, as `shop.exposed` does; both in order."""
    began = min(event.at for one in everybody for event in one.events)
    found, exposed = [], []
    for one in everybody:
        mails, shown = naive.told(PROGRAMME, None, one.profile, one.events, began=began, until=UNTIL)
        for mail in mails:
            found.append(f"{one.key} {mail.trigger} {mail.number + 1} {mail.cause} {naive.iso(mail.at)}")
        for each in shown:
            said = f"{each.experiment} {each.arm} {each.number + 1} {each.cause} {naive.iso(each.at)}"
            exposed.append(f"{one.key} {said}")
    return sorted(found), sorted(exposed)


def write(folder: Path, everybody: list[Someone], seed: int = 26, rules: str = RULES) -> Path:
    """The campaign; beside it people.jsonl and events.jsonl, in random order, one in twenty doubled."""
    written(folder / "people.jsonl", (json.dumps(one.profile) for one in everybody))
    lines = [
        json.dumps({"profile": one.key, "id": event.id, "type": event.type, "at": event.at.isoformat()})
        for one in everybody
        for event in one.events
    ]
    order = random.Random(seed)
    lines += order.sample(lines, len(lines) // 20)
    order.shuffle(lines)
    written(folder / "events.jsonl", lines)
    return campaign(folder, rules)


def command(folder: Path, events: str | None = None) -> list[str]:
    """The run over what `write` wrote; `events`: where they are taken from, if not from the file."""
    asked = ["trigger", "run", str(folder / "shop"), "--events", events or str(folder / "events.jsonl")]
    asked += ["--profiles", str(folder / "people.jsonl"), "--state", str(folder / "state.db")]
    return [*asked, "--out", str(folder / "out"), "--until", UNTIL.isoformat()]


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True)
    write(Path(sys.argv[1]), list(people(int(sys.argv[2]) // 20, SPARSE)))
