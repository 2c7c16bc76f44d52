"""Who was exposed to experiments on waits, as `mailweave trigger run` writes it: mailed or not.

Somebody is counted once: by the arm of the first wait that began in any, from its cause on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from mailweave.batch.ledger import is_begun
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.insight.experiment_arms import HELD_OUT, OUTSIDE

_EXPOSURES: Final = "exposures"
_MAILS: Final = "mails"
_NAME: Final = re.compile(r"([0-9]{8})-([0-9a-f]{16})\.jsonl")
_TEXTS: Final = ("campaign", "experiment", "version", "key", "exposure", "arm", "cause", "at")
_MAIL: Final = ("campaign", "key", "mail", "idempotency_key")
_LONGEST: Final = 64 * 2**20  # bytes of a line; a mail is far shorter


@dataclass(frozen=True, slots=True)
class Exposures:
    """Files of exposures and of mails of a campaign, by its name."""

    campaign: str
    files: tuple[Path, ...]
    mails: tuple[Path, ...]

    def versions(self) -> dict[str, set[str]]:
        """The versions of each experiment that somebody was exposed to."""
        found: dict[str, set[str]] = {}
        for experiment, version in self._all(f"SELECT DISTINCT experiment, version FROM ({self._rows})"):
            found.setdefault(experiment, set()).add(version)
        return found

    def arms(self, experiment: str) -> Mapping[str, str]:
        """Everybody's arm, or HELD_OUT or OUTSIDE."""
        return dict(self._all(f'SELECT key, "of" FROM ({_first(self._rows, experiment)})'))

    def of(self, experiment: str | None) -> Exposed:
        """Who was exposed to an experiment, or to any."""
        return Exposed(_first(self._rows, experiment), self._mailed)

    @property
    def _rows(self) -> str:
        return f"SELECT * FROM {_lines(self.files, _TEXTS)} WHERE campaign = {_quoted(self.campaign)}"

    @property
    def _mailed(self) -> str:
        if not self.mails:
            return "SELECT NULL::VARCHAR AS idempotency_key, NULL::BIGINT AS place WHERE FALSE"
        lines, mine = _lines(self.mails, _MAIL), f"campaign = {_quoted(self.campaign)}"
        named = f"SELECT unnest([mail, idempotency_key]) AS named, key FROM {lines} WHERE {mine}"
        return f"SELECT m.named AS idempotency_key, s.place FROM ({named}) m JOIN sent s ON m.key = s.key"

    def _all(self, query: str) -> list[tuple[str, str]]:
        import duckdb

        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            return connection.execute(query).fetchall()


@dataclass(frozen=True, slots=True)
class Exposed:
    """As `mailweave.insight.responses.Sent`: a row for each of the exposed. What they were shown is not told."""

    first: str
    mailed: str

    @property
    def sql(self) -> str:
        nothing = (
            "'{}' AS selection, []::VARCHAR[] AS segments, NULL::VARCHAR AS locale, NULL::VARCHAR AS draws"
        )
        return f"SELECT key, NULL::VARCHAR AS idempotency_key, {nothing}, began FROM ({self.first})"


def is_of_triggers(folder: Path) -> bool:
    """Whether a folder is one that triggers write into."""
    return not is_begun(folder) and (folder / _MAILS).is_dir()


def exposures(folder: Path, campaign: str) -> Exposures:
    """What was written so far. Raises MailweaveError (MW792) where nobody was exposed, or a file is damaged or missing."""
    files = _files(folder, _EXPOSURES)
    if not files:
        todo = "of mails of triggers, experiments on waits are judged (docs/insight.md); others, of batches"
        raise _refused(folder, "triggers made it, and no wait under an experiment has begun in it", todo)
    numbers = [int(path.name[:8]) for path in files]
    if numbers != list(range(1, len(files) + 1)):
        raise _refused(
            folder, "a file of its exposures is missing", "bring all of them back into `exposures/`"
        )
    return Exposures(campaign, files, _files(folder, _MAILS))


def _files(folder: Path, name: str) -> tuple[Path, ...]:
    """The files of a folder in order; one that is being written is not there yet."""
    try:
        found = sorted((folder / name).iterdir()) if (folder / name).is_dir() else []
        named = [(path, one) for path in found if (one := _NAME.fullmatch(path.name))]
        damaged = [path for path, one in named if not _digest(path).startswith(one[2])]
    except OSError as error:
        raise _refused(folder, f"it cannot be read ({type(error).__name__})", "mend the disk") from None
    if damaged:
        what = f"{name}/{damaged[0].name} is not what was written"
        raise _refused(folder, what, "bring back the file that the triggers wrote")
    return tuple(path for path, _ in named)


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _first(rows: str, experiment: str | None) -> str:
    """SQL of key, began and `of`: of everybody the first wait in an arm, else the first at all."""
    asked = "" if experiment is None else f"WHERE experiment = {_quoted(experiment)}"
    others = f"CASE exposure WHEN 'held_out' THEN {_quoted(HELD_OUT)} ELSE {_quoted(OUTSIDE)} END"
    told = f'key, CAST("at" AS TIMESTAMPTZ) AS began, coalesce(arm, {others}) AS "of"'
    return f"SELECT DISTINCT ON (key) {told} FROM ({rows}) {asked} ORDER BY key, arm IS NULL, began, cause"


def _lines(files: Sequence[Path], names: Sequence[str]) -> str:
    listed = ", ".join(_quoted(str(file)) for file in files)
    columns = ", ".join(f"\"{name}\": 'VARCHAR'" for name in names)
    how = f"format = 'newline_delimited', columns = {{{columns}}}, maximum_object_size = {_LONGEST}"
    return f"read_json([{listed}], {how})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _refused(folder: Path, what: str, todo: str) -> MailweaveError:
    return MailweaveError([diagnose("MW792", place=str(folder), what=what, todo=todo)])
