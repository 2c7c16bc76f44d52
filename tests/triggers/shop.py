"""The campaign, the people and the runs that tests of triggers share."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from mailweave.cli import group

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "triggers"
UNTIL = "2026-12-01T00:00Z"


def campaign(folder: Path, rules: str, name: str = "shop") -> Path:
    """The campaign with triggers."""
    made = shutil.copytree(FIXTURES / "shop", folder / name)
    (made / "triggers.rules").write_text(rules + "\n", encoding="utf-8")
    settings = made / "campaign.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('name = "shop"', f'name = "{name}"'), encoding="utf-8"
    )
    return made


def event(line: str) -> str:
    """`person id type moment field=value ..` as JSON."""
    person, id, type, at, *fields = line.split()
    return json.dumps(
        {"profile": person, "id": id, "type": type, "at": at, **dict(each.split("=") for each in fields)}
    )


def written(path: Path, lines: Iterable[str]) -> Path:
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def run(
    folder: Path, *campaigns: Path, events: Path | str, until: str | None = UNTIL, more: Iterable[str] = ()
) -> Result:
    """mailweave trigger run, with the state and the mails in a folder."""
    asked = ["trigger", "run", *map(str, campaigns), "--events", str(events)]
    asked += ["--state", str(folder / "state.db"), "--out", str(folder / "out"), *more]
    return CliRunner().invoke(group, [*asked, *(["--until", until] if until else [])])


PEOPLE = ("--profiles", str(FIXTURES / "people.jsonl"))


def rows(folder: Path) -> list[dict[str, Any]]:
    """The mails that were written, by their moments."""
    found = _lines(folder / "out" / "mails")
    return sorted(found, key=lambda row: (row["due"], row["key"], row["number"], row["cause"]))


def _lines(folder: Path) -> list[dict[str, Any]]:
    files = sorted(folder.glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def exposed(folder: Path) -> list[str]:
    """Whose waits began under experiments, as cases say them."""
    return sorted(
        f"{row['key']} {row['experiment']} {row['arm'] or row['exposure']} {row['number']} {row['cause']} {row['at']}"
        for row in _lines(folder / "out" / "exposures")
    )


def mails(folder: Path) -> list[str]:
    """The mails that were written, as cases say them."""
    return [
        f"{row['key']} {row['trigger']} {row['number']} {row['cause']} {row['due']}" for row in rows(folder)
    ]
