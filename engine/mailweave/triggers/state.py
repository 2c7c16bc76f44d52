"""The state of triggers in one SQLite file: events, timers, mails, and an outbox in the same transactions.

A transaction is whole or not there: whatever ends the process between two of them loses nothing and repeats nothing.
The file holds personal data: what the events and profiles hold. Only its owner may read it.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.triggers.person import CAUSE, Event, Mailed, Person, Place, Timer

_FORMAT: Final = "mailweave triggers 2"
_FIRST: Final = "mailweave triggers 1"
OUTBOX: Final = "outbox"
EXPOSED: Final = "exposed"
"""The outboxes: of mails, and of exposures to experiments on waits. The files of each have numbers of their own."""
Box: TypeAlias = Literal["outbox", "exposed"]
_TABLES: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE people (person TEXT PRIMARY KEY, profile TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE events (person TEXT, id TEXT, at INTEGER, type TEXT, fields TEXT, PRIMARY KEY (person, id)) WITHOUT ROWID;
CREATE TABLE timers (
  person TEXT, campaign TEXT, name TEXT, number INTEGER, cause TEXT, due INTEGER, since INTEGER,
  PRIMARY KEY (person, campaign, name, number, cause, due)
) WITHOUT ROWID;
CREATE INDEX timers_due ON timers (due, person);
CREATE TABLE mails (person TEXT, key TEXT, at INTEGER, PRIMARY KEY (person, key)) WITHOUT ROWID;
CREATE TABLE outbox (file INTEGER, place INTEGER, line BLOB, PRIMARY KEY (file, place)) WITHOUT ROWID;
"""
_SINCE_THE_FIRST: Final = """
ALTER TABLE timers ADD COLUMN arms TEXT NOT NULL DEFAULT '[]';
CREATE TABLE exposed (file INTEGER, place INTEGER, line BLOB, PRIMARY KEY (file, place)) WITHOUT ROWID;
"""


class State:
    """An open state. Raises MailweaveError (MW860) for a file that is none, or that another run has open.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     state = State(Path(folder) / "triggers.db")
    ...     print(state.get("reached"))  # no time has passed in it
    ...     state.close()
    None
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._db = sqlite3.connect(path, isolation_level=None, timeout=0)
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._prepare()  # before anything is written: a file that is not ours stays as it is
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(str(error)) from None

    def _prepare(self) -> None:
        with self.transaction():
            if not self._all("SELECT 1 FROM sqlite_master"):
                self._make(_TABLES)
                self._make(_SINCE_THE_FIRST)
            elif not self._all("SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
                raise self._unusable("it is no state of these triggers")
            elif self.get("format") == _FIRST:
                self._make(_SINCE_THE_FIRST)
            elif self.get("format") != _FORMAT:
                raise self._unusable("it is no state of these triggers")

    def _make(self, tables: str) -> None:
        for statement in tables.split(";"):
            self._db.execute(statement)
        self.put("format", _FORMAT)

    def _unusable(self, what: str) -> MailweaveError:
        return MailweaveError([diagnose("MW860", place=str(self._path), what=what)])

    def close(self) -> None:
        """Lets go of the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside, or nothing of it."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _all(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        return self._db.execute(query, values).fetchall()

    # ---- what is known of all

    def get(self, name: str) -> Any:
        """A value by its name; None where there is none."""
        found = self._all("SELECT value FROM meta WHERE name = ?", [name])
        return found[0][0] if found else None

    def put(self, name: str, value: object) -> None:
        """Keeps a value under a name."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [name, value])

    # ---- events and timers

    def add(self, person: str, event: Event) -> bool | None:
        """Whether an event is new; None where another one has its id."""
        values = [person, event.id, event.at, event.type, _text(event.fields)]
        if self._db.execute("INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?)", values).rowcount:
            return True
        mine = "SELECT at, type, fields FROM events WHERE person = ? AND id = ?"
        return False if self._all(mine, values[:2]) == [tuple(values[2:])] else None

    def wait(self, person: str, timers: Iterable[Timer]) -> None:
        """Keeps timers; one that is there already stays the only one."""
        rows = (
            (person, *one.place, one.number, one.cause, one.due, one.since, json.dumps(one.arms))
            for one in timers
        )
        self._db.executemany("INSERT OR IGNORE INTO timers VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def forget_causes(self, place: Place, person: str | None = None) -> None:
        """Drops what waits for a cause of a trigger and not for its mail, of one person or of all."""
        values: list[object] = [*place, CAUSE]
        where = "campaign = ? AND name = ? AND number = ?" + ("" if person is None else " AND person = ?")
        self._db.execute(f"DELETE FROM timers WHERE {where}", values if person is None else [*values, person])

    def drop_events(self, type: str, before: int) -> None:
        """Drops events that nothing asks for any more."""
        self._db.execute("DELETE FROM events WHERE type = ? AND at <= ?", [type, before])

    def drop_mails(self, before: int) -> None:
        """Forgets mails that no cap counts any more."""
        self._db.execute("DELETE FROM mails WHERE at <= ?", [before])

    # ---- people

    def due(self, until: int) -> list[str]:
        """Who has something due."""
        return [
            one
            for (one,) in self._all("SELECT DISTINCT person FROM timers WHERE due <= ? ORDER BY 1", [until])
        ]

    def everybody(self) -> list[str]:
        """Who has a profile."""
        return [one for (one,) in self._all("SELECT person FROM people ORDER BY 1")]

    def person(self, key: str, until: int | None = None) -> Person:
        """One person, with the timers up to a moment; with none where no moment is given."""
        profile = self._all("SELECT profile FROM people WHERE person = ?", [key])
        events = self._all("SELECT at, id, type, fields FROM events WHERE person = ? ORDER BY at, id", [key])
        mails = self._all("SELECT at, key FROM mails WHERE person = ?", [key])
        columns = "due, campaign, name, number, cause, since, arms"
        timers = f"SELECT {columns} FROM timers WHERE person = ? AND due <= ?"
        waiting = [] if until is None else self._all(timers, [key, until])
        return Person(
            key,
            json.loads(profile[0][0]) if profile else None,
            tuple(Event(at, id, type, json.loads(fields)) for at, id, type, fields in events),
            tuple(_timer(*row) for row in waiting),
            tuple(Mailed(*mail) for mail in mails),
        )

    def profile(self, person: str, profile: Mapping[str, Any]) -> Mapping[str, Any] | bool:
        """Keeps a profile. Gives the one that it replaces, else whether it is new."""
        text = _text(profile)
        found = self._all("SELECT profile FROM people WHERE person = ?", [person])
        if found and found[0][0] == text:
            return False
        self._db.execute("INSERT OR REPLACE INTO people VALUES (?, ?)", [person, text])
        old: Mapping[str, Any] | bool = json.loads(found[0][0]) if found else True
        return old

    def settle(self, person: Person, until: int, mails: Iterable[Mailed]) -> None:
        """Puts what waits for a person behind a moment in the place of what waited up to it, and keeps new mails."""
        self._db.execute("DELETE FROM timers WHERE person = ? AND due <= ?", [person.key, until])
        self.wait(person.key, person.timers)
        rows = [(person.key, mail.key, mail.at) for mail in mails]
        self._db.executemany("INSERT INTO mails VALUES (?, ?, ?)", rows)

    def forget(self, person: str) -> dict[str, int]:
        """Destroys all that is held of one person, and what waits in the outboxes for them; how much it was, by kind.

        What they have been mailed is forgotten, too: caps count it no more. Their events, where they are read again, start
        no mail that was due before the moment that time has reached.
        """
        self._db.execute("PRAGMA secure_delete = ON")
        with self.transaction():
            found = {
                table: self._db.execute(f"DELETE FROM {table} WHERE person = ?", [person]).rowcount
                for table in ("people", "events", "timers", "mails")
            }
            found |= {box: self._forget_lines(box, person) for box in (OUTBOX, EXPOSED)}
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # else their rows lie in the log of the file
        return found

    def _forget_lines(self, box: Box, person: str) -> int:
        rows = self._all(f"SELECT file, place, line FROM {box}")
        gone = [(file, place) for file, place, line in rows if json.loads(line)["key"] == person]
        self._db.executemany(f"DELETE FROM {box} WHERE file = ? AND place = ?", gone)
        return len(gone)

    # ---- outbox

    def post(self, lines: Sequence[bytes], box: Box = OUTBOX) -> None:
        """Puts lines into an outbox, as one file."""
        if lines:
            file = int(self.get(_NUMBERED[box]) or 0) + 1
            self.put(_NUMBERED[box], file)
            rows = [(file, place, line) for place, line in enumerate(lines)]
            self._db.executemany(f"INSERT INTO {box} VALUES (?, ?, ?)", rows)

    def posted(self, box: Box = OUTBOX) -> Iterator[tuple[int, bytes]]:
        """Every file of an outbox: its number and its content."""
        for (file,) in self._all(f"SELECT DISTINCT file FROM {box} ORDER BY 1"):
            lines = self._all(f"SELECT line FROM {box} WHERE file = ? ORDER BY place", [file])
            yield file, b"".join(line for (line,) in lines)

    def delivered(self, file: int, box: Box = OUTBOX) -> None:
        """Takes a file out of an outbox."""
        self._db.execute(f"DELETE FROM {box} WHERE file = ?", [file])


_NUMBERED: Final[Mapping[Box, str]] = {OUTBOX: "file", EXPOSED: "exposed file"}
"""Under what name the number of the last file is kept."""


def _timer(due: int, campaign: str, name: str, number: int, cause: str, since: int, arms: str) -> Timer:
    drawn = tuple((experiment, arm) for experiment, arm in json.loads(arms))
    return Timer(due, Place(campaign, name), number, cause, since, drawn)


def _text(plain: Mapping[str, Any]) -> str:
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
