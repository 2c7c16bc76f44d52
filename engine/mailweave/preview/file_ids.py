"""Names that a browser may use for files: they say nothing of a path, and mean the same file in every edition."""

from __future__ import annotations

from dataclasses import dataclass, field
from secrets import token_hex


@dataclass(frozen=True, slots=True)
class FileIds:
    """Gives each file a name of its own, for as long as the desk runs."""

    _by_file: dict[str, str] = field(default_factory=dict)
    _files: dict[str, str] = field(default_factory=dict)

    def of(self, file: str) -> str:
        """The name of a file; a file that went and came back has the one that it had.

        >>> ids = FileIds()
        >>> ids.of("a.rules") == ids.of("a.rules"), ids.of("a.rules") == ids.of("b.rules")
        (True, False)
        """
        known = self._by_file.setdefault(file, token_hex(8))
        self._files[known] = file
        return known

    def file(self, name: object) -> str | None:
        """The file that was given this name; None for what is no name of ours."""
        return self._files.get(name) if isinstance(name, str) else None
