"""Where each path of the old data is here: `profile.first_name` for `first_name`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Final

from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.liquid.habits import PROFILES
from mailweave.migrate.names import plain_name
from mailweave.migrate.tree import Path

_TARGET: Final = re.compile(r"(profile|events|lists|context|campaign)(\.[A-Za-z_][A-Za-z0-9_]*)*")
_ABOUT_PEOPLE: Final = frozenset(PROFILES) - {"attributes", "data", "account", "lead", "member"}
EVENTS: Final = frozenset(
    {"event", "event_properties", "trigger", "canvas_entry_properties", "api_trigger_properties"}
)
"""What other systems call that which set off a mail."""
TRIGGER: Final = ("events", "cause", "last")
UNSUBSCRIBES: Final[Mapping[Path, Path]] = {
    (name,): ("campaign", "unsubscribe_url")
    for name in ("unsubscribe_url", "unsubscribe_link", "unsubscribe")
}
"""What the data of template languages usually call the link by which a reader leaves."""


@dataclass(frozen=True, slots=True)
class Places:
    """The targets of paths. given: those of the author's own map, which stand for all that begins with them; usual:
    those of single values that their language often has, where the map says nothing."""

    given: Mapping[Path, Path] = field(default_factory=dict)
    usual: Mapping[Path, Path] = field(default_factory=dict)
    taken: dict[Path, Path] = field(default_factory=dict)

    def settle(self, paths: Iterable[tuple[Path, bool]]) -> list[tuple[Path, Path]]:
        """Gives each path its target; a path comes with whether a list stands there. Returns those that would meet."""
        meeting = []
        for path, is_list in sorted(paths, key=lambda each: (len(each[0]), each[0])):
            target = self._target(path, is_list=is_list)
            other = next((p for p, t in self.taken.items() if t == target and p != path), None)
            if other is not None and path[0] in _ABOUT_PEOPLE and len(path) > 1:
                target = ("profile", plain_name("_".join(path)))
                other = next((p for p, t in self.taken.items() if t == target and p != path), None)
            if other is not None and target[0] != "campaign":  # no values of the data: two names may mean one
                meeting.append((other, path))
            self.taken[path] = target
        return meeting

    def target(self, path: Path) -> Path:
        """Where a settled path is."""
        return self.taken[path]

    def _target(self, path: Path, *, is_list: bool) -> Path:
        for length in range(len(path), 0, -1):
            if path[:length] in self.given:
                start = self.given[path[:length]]
                rest = path[length:]
                return (*start, *([] if not rest else [plain_name("_".join(rest))]))
        if path in self.usual:
            return self.usual[path]
        root, *rest_ = path
        if root in EVENTS and rest_ and not is_list:
            return (*TRIGGER, plain_name("_".join(rest_)))
        if root in EVENTS and rest_:
            return ("profile", plain_name("_".join(("event", *rest_))))
        if root in _ABOUT_PEOPLE and rest_:
            return ("profile", plain_name("_".join(rest_)))
        return ("profile", plain_name("_".join(path)))


def read_map(file: File | None) -> dict[Path, Path]:
    """The author's own targets, from `[paths]` of a file of TOML. Raises MailweaveError (MW668)."""
    if file is None:
        return {}
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as problem:
        raise _unusable(file, "paths", problem.strerror or "the file cannot be read") from None
    except ValueError as problem:
        raise _unusable(file, "paths", f"this is not TOML: {problem}") from None
    if set(table) - {"paths"} or not isinstance(table.get("paths"), dict):
        odd = next(iter(set(table) - {"paths"}), "paths")
        raise _unusable(file, odd, "a map has one table, [paths]")
    for key, target in table["paths"].items():
        if not isinstance(target, str) or not _TARGET.fullmatch(target):
            raise _unusable(file, key, "this leads to nothing that a template reads")
    return {tuple(key.split(".")): tuple(target.split(".")) for key, target in table["paths"].items()}


def _unusable(file: File, key: str, why: str) -> MailweaveError:
    return MailweaveError([diagnose("MW668", place=file.name, key=key, why=why)])
