"""What a parser works with: the text, what is known of the data, and what has been told so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose
from mailweave.migrate.sample import Kind, Sample
from mailweave.migrate.tree import Broken, Expr, Mark, Ref
from mailweave.source import Source, Span

_LONGEST = 100  # characters of a piece of a template that are shown in a finding


@dataclass(frozen=True, slots=True)
class Bench:
    """One conversion. dialect: its name, as people say it."""

    source: Source
    dialect: str
    sample: Sample = field(default_factory=Sample)
    told: list[Diagnostic] = field(default_factory=list)

    def said(self, start: int, stop: int) -> str:
        """A piece of the template as it is shown in a finding: on one line."""
        words = self._on_one_line(start, stop)
        return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 3]}..."

    def _on_one_line(self, start: int, stop: int) -> str:
        return " ".join(self.source.text[start:stop].split())

    def tell(self, code: str, start: int, stop: int, **facts: Any) -> None:
        """A finding at a place."""
        facts.setdefault("what", self.said(start, stop))
        self.told.append(diagnose(code, self.source, Span(start, max(stop, start)), **facts))

    def mark(self, code: str, start: int, stop: int, **facts: Any) -> Mark:
        """A finding at a place, and the comment that keeps it."""
        self.tell(code, start, stop, **facts)
        return self.kept(start, stop, code)

    def kept(self, start: int, stop: int, code: str = "MW660") -> Mark:
        """The comment that keeps what was told."""
        line = self.source.locate(start).line
        return Mark(f"{code}, line {line}: {self._on_one_line(start, stop)}")

    def no_equal(self, start: int, stop: int, why: str, todo: str) -> Mark:
        """What cannot be said here (MW660), and its comment."""
        return self.mark("MW660", start, stop, why=why, todo=todo)

    def broken(self, start: int, stop: int, why: str, todo: str) -> Broken:
        """A value, or condition, that cannot be said here (MW660)."""
        self.tell("MW660", start, stop, why=why, todo=todo)
        return Broken(start, self.kept(start, stop).said)

    def known(self, value: Expr) -> Kind:
        """What the data say a value is; `unknown` where they say nothing."""
        if not isinstance(value, Ref) or value.of is None:
            return "unknown"
        return (
            "int"
            if value.tail[-1:] == ("size",) and value.of[-1:] != ("size",)
            else self.sample.kind(value.of)
        )

    def refusal(self, at: int, why: str) -> MailweaveError:
        """What ends the conversion: the template cannot be read (MW665)."""
        span = Span(at, min(at + 1, len(self.source.text)))
        return MailweaveError([diagnose("MW665", self.source, span, dialect=self.dialect, why=why)])
