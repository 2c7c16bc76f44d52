"""The files of a campaign that its MJML includes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from mailweave.content.files import TEXT
from mailweave.root import Root
from mailweave.source import Source


@dataclass(frozen=True, slots=True)
class Included:
    """Reads files of a folder by their paths in it. `read`: those that were."""

    root: Root
    given: Path
    read: dict[str, None] = field(default_factory=dict, compare=False)

    def source(self, name: str) -> Source:
        """A file. Raises `Refused` and UnicodeDecodeError."""
        text = self.root.text(name, TEXT)
        self.read[name] = None
        return Source((self.given / name).as_posix(), text)
