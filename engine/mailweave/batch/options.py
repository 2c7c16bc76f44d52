"""What a batch is told beside its list: who is left out, who gets proofs, when it has failed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from mailweave.batch.addresses import address_field
from mailweave.batch.arguments import check_count, check_file, check_number, check_one_of
from mailweave.batch.attached import check_files
from mailweave.batch.audience import Choice, Duplicates, read_lines
from mailweave.batch.ledger import BatchError
from mailweave.batch.seed_copies import read_seeds
from mailweave.campaign import Campaign
from mailweave.campaign.arguments import check_flag, checked_send_id
from mailweave.diagnostics import ArgumentError, Diagnostic, diagnose, did_you_mean
from mailweave.values.invalid_value import type_name


class TooManyDead(BatchError):
    """A batch with more dead letters than it may have. Its output is whole, and `report` is its report."""

    def __init__(self, diagnostics: Iterable[Diagnostic], report: Mapping[str, Any]) -> None:
        super().__init__(diagnostics)
        self.report = dict(report)

    def __reduce__(self) -> tuple[type[TooManyDead], tuple[tuple[Diagnostic, ...], dict[str, Any]]]:  # type: ignore[override]  # more
        return type(self), (self.diagnostics, self.report)


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a batch, read. `seeds`: the addresses that get proofs."""

    choice: Choice
    seeds: tuple[str, ...] = field(default=(), repr=False)
    send_id: str | None = None
    strict: bool = False
    dry_run: bool = False
    max_dead: float | None = None

    @classmethod
    def of(
        cls,
        campaign: Campaign,
        duplicates: Duplicates,
        limit: int | None,
        unique: str | None,
        suppress: str | Path | None,
        seeds: str | Path | None,
        send_id: str | None,
        strict: bool,
        dry_run: bool,
        max_dead: float | None,
    ) -> Options:
        """Reads the files that are named. Raises BatchError and ArgumentError for what cannot be meant."""
        check_files(campaign)
        check_one_of("duplicates", duplicates, get_args(Duplicates))
        check_count("limit", limit, optional=True)
        for name, path in (("suppress", suppress), ("seeds", seeds)):
            check_file(name, path)
        for name, flag in (("strict", strict), ("dry_run", dry_run)):
            check_flag(name, flag)
        if max_dead is not None:
            check_number("max_dead", max_dead, 0, 1, "0.05")
        if send_id is not None:
            checked_send_id(send_id)
        never = () if suppress is None else read_lines(Path(suppress))
        proofs = () if seeds is None or dry_run else read_seeds(Path(seeds))
        column = None if unique is None else _column(campaign, unique)
        address = _address(campaign) if never else None
        choice = Choice(duplicates, limit, column, never, address)
        return cls(choice, proofs, send_id, strict, dry_run, max_dead)

    def named(self, context: Mapping[str, Any] | None) -> Mapping[str, object]:
        """What a resumed batch must have in common, by option: in the head of an output, a change is told by name.

        Who is in a file, and the context, stand there as digests.
        """
        return {
            "context": None if context is None else _digest(json.dumps(context, sort_keys=True, default=str)),
            **self.choice.named(),
            "seeds": _digest("\n".join(self.seeds)) if self.seeds else "",
            "send_id": self.send_id,
            "dry_run": self.dry_run,
        }

    def judge(self, report: Mapping[str, Any], folder: Path) -> None:
        """Raises TooManyDead when there are too many dead letters."""
        dead, everybody = report["dead"], report["recipients"]
        if self.max_dead is not None and dead / (everybody or 1) > self.max_dead:
            limit = f"{self.max_dead * 100:g}%"
            count, of = f"{dead:,}", f"{everybody:,}"
            found = diagnose("MW815", place=str(folder), count=count, all=of, limit=limit)
            raise TooManyDead([found], report)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _column(campaign: Campaign, name: str) -> str:
    """The column of an attribute."""
    profile = campaign.decisions.program.schema.profile
    if not isinstance(name, str):
        raise ArgumentError("MW040", "unique", "the name of an attribute", type_name(name))
    if name not in profile:
        what, todo = f"the rules declare no attribute `{name}`", "name one that they declare"
        todo = did_you_mean(name, profile) or todo
        raise BatchError([diagnose("MW818", place="--unique", what=what, todo=todo)])
    return profile[name].column or name


def _address(campaign: Campaign) -> str:
    found = address_field(campaign)
    if found is None:
        what = (
            "`to` in campaign.toml is made of several data, so addresses cannot be compared before rendering"
        )
        todo = "write one attribute in `to`, such as {{ profile.email }}"
        raise BatchError([diagnose("MW818", place=campaign.config.name, what=what, todo=todo)])
    return found.column or found.name
