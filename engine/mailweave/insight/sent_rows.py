"""What a batch has sent, row by row: who was shown which blocks. Nothing of the mails themselves is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from mailweave.batch.ledger import MANIFEST, REPORT, SHARDS, digest, is_begun, read_manifest
from mailweave.batch.rows import DRAWS
from mailweave.diagnostics import MailweaveError, diagnose

_ROWS: Final = {"parquet": ".parquet", "values": ".values.parquet", "jsonl": ".jsonl"}
_LETTERS: Final = (".dead.jsonl", ".skipped.jsonl")
_COLUMNS: Final = (
    "{key: 'VARCHAR', idempotency_key: 'VARCHAR', selection: 'JSON', segments: 'VARCHAR[]', html: 'VARCHAR', "
    "draws: 'JSON'}"
)
_LONGEST: Final = 64 * 2**20  # bytes of a line; a mail is far shorter


@dataclass(frozen=True, slots=True)
class Output:
    """A finished output: its files of rows, the instant that it was decided at, and what its report counts."""

    folder: Path
    form: str
    files: tuple[Path, ...]
    now: datetime
    report: Mapping[str, Any]

    @property
    def sql(self) -> str:
        """SQL of its rows: key, idempotency_key, selection and draws (JSON), segments, locale (NULL where no row says
        it), began (the instant of the batch)."""
        listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in self.files)
        if self.form == "jsonl":
            how = f"format = 'newline_delimited', columns = {_COLUMNS}, maximum_object_size = {_LONGEST}"
            source = f"read_json([{listed}], {how})"
        else:
            source = f"read_parquet([{listed}])"
        chosen = "CAST(selection AS VARCHAR) AS selection"
        told = f"{chosen}, segments, {self._locale} AS locale, {self._draws} AS draws"
        began = f"'{self.now.astimezone(UTC).isoformat()}'::TIMESTAMPTZ AS began"
        return f"SELECT key, idempotency_key, {told}, {began} FROM {source}"

    @property
    def mailed(self) -> str:
        """SQL of the mails: idempotency_key and the place of their row in `sent`."""
        return "SELECT idempotency_key, place FROM sent"

    @property
    def _draws(self) -> str:
        """Rows of versions before 0.3 have no such column."""
        if self.form != "jsonl":
            from pyarrow.parquet import read_schema

            if DRAWS not in read_schema(self.files[0]).names:
                return "NULL"
        return f"CAST({DRAWS} AS VARCHAR)"

    @property
    def _locale(self) -> str:
        """A row of values says it. Of whole mails it is the language of the page, where there are several."""
        locales = self.report.get("locales", {})
        if self.form == "values":
            return "locale"
        if len(locales) < 2:
            only = next(iter(locales), None)
            return "NULL" if only is None else "'" + str(only).replace("'", "''") + "'"
        return "replace(nullif(regexp_extract(html, '<html[^>]*\\slang=\"([^\"]+)\"', 1), ''), '-', '_')"


def output(folder: Path, campaign: str | None) -> Output:
    """The finished output in a folder. `campaign`: the digest of the one that made it; None for any.

    Raises MailweaveError (MW792) for a folder that holds none, one that is not finished, damaged, of another campaign, or
    without rows.
    """
    try:
        entries = read_manifest(folder / MANIFEST) if is_begun(folder) else []
        if not entries:
            raise _refused(
                folder, "there is no output of a batch in it", "name the DIR of `mailweave batch --out DIR`"
            )
        if not (folder / REPORT).is_file():
            raise _refused(folder, "the batch has not finished", "go on with it: `--resume`")
        report = json.loads((folder / REPORT).read_bytes())
        return _opened(folder, campaign, entries, report)
    except (OSError, ValueError, KeyError, TypeError) as error:
        what = f"it cannot be read ({type(error).__name__})"
        raise _refused(folder, what, "render the list again into another folder") from None


def _opened(folder: Path, campaign: str | None, entries: list[dict[str, Any]], report: Any) -> Output:
    head = entries[0]
    if campaign is not None and head["campaign"] != campaign:
        todo = "check out the version that was sent: other rules may put recipients into other arms"
        raise _refused(folder, "another version of the campaign made it", todo)
    form = head["options"].get("format", "parquet")  # Spark writes nothing else
    if form not in _ROWS:
        todo = "render with --format parquet, jsonl or values: these rows say who was shown what"
        raise _refused(folder, f"its files ({form}) hold no decisions", todo)
    named = [file for entry in entries[1:] for file in entry["files"]]
    rows = [one for one in named if one["name"].endswith(_ROWS[form]) and not one["name"].endswith(_LETTERS)]
    for file in rows:
        if not _is_whole(folder / SHARDS / file["name"], file):
            todo = "render the list again into another folder"
            raise _refused(folder, f"{file['name']} is missing, or not what was written", todo)
    files = tuple(folder / SHARDS / file["name"] for file in rows)
    if not files:
        raise _refused(
            folder,
            "it holds no rows: it was a dry run, or nobody got a mail",
            "name the DIR of what was sent",
        )
    return Output(folder, form, files, datetime.fromisoformat(head["options"]["now"]), report)


def _is_whole(path: Path, file: Mapping[str, Any]) -> bool:
    """Whether a file is what was written. Of Spark's, which driver and workers may not share, sizes alone are kept."""
    if not path.is_file() or path.stat().st_size != file["bytes"]:
        return False
    return "sha256" not in file or digest(path) == file["sha256"]


def _refused(folder: Path, what: str, todo: str) -> MailweaveError:
    return MailweaveError([diagnose("MW792", place=str(folder), what=what, todo=todo)])
