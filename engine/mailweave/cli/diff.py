"""mailweave diff: what a change of a campaign means, and for whom."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailweave.cli.findings import budget_option, fail
from mailweave.cli.recipient import moment
from mailweave.diagnostics import MailweaveError, diagnose

if TYPE_CHECKING:
    from mailweave.campaign import Campaign
    from mailweave.diff import Comparison
    from mailweave.diff.moves import Moves

FORMATS = ("text", "json", "markdown")


@click.command(name="diff")
@click.argument("old")
@click.argument("new")
@click.option("--profiles", multiple=True, metavar="LIST", help="As in `mailweave batch`: how many move.")
@click.option("--events", multiple=True, metavar="LIST", help="Their column `profile` holds the key.")
@click.option("--now", metavar="ISO", help="The instant of all decisions; else NEW's own, else now.")
@budget_option
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True,
    help="Markdown is made for a pull request.",
)  # fmt: skip
@click.option(
    "--pictures",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where to put mails before and after, side by side; needs Chromium.",
)
def command(
    old: str,
    new: str,
    profiles: tuple[str, ...],
    events: tuple[str, ...],
    now: str | None,
    budget: float,
    form: str,
    pictures: Path | None,
) -> None:
    """Compare what two versions of a campaign, or of a rule file, mean for recipients.

    OLD and NEW are folders, files, or REVISION:path of a git repository, such as main:campaigns/spring.

    Rules that are written otherwise and proved to mean the same are no change. Each change comes with a made-up
    recipient who shows it: `explain` and `render` take it as their `--profile`. What is neither proved nor refuted is
    told as undecided. Exit 0 where nothing changed for anybody, 1 where something did or is undecided.
    """
    from mailweave.diff import opened

    try:
        with ExitStack() as stack:
            paths = stack.enter_context(opened(old)), stack.enter_context(opened(new))
            compared = _Compared((old, new), paths, moment(now), round(budget * 1000))
            found = compared.comparison()
            moved = compared.moves(profiles, events) if profiles else None
            shown = () if pictures is None else compared.pictures(found, moved, pictures)
    except MailweaveError as error:
        fail(error.diagnostics)
    click.echo(_printed(form, found, moved, shown), nl=False)
    raise SystemExit(int(found.is_meant))


def _printed(form: str, found: Comparison, moved: Moves | None, pictures: tuple[str, ...]) -> str:
    from mailweave.diff.markdown import as_markdown
    from mailweave.diff.reports import as_json, as_text

    return {"text": as_text, "json": as_json, "markdown": as_markdown}[form](found, moved, pictures)


class _Compared:
    """Two versions on disk, under the names that they were given."""

    def __init__(
        self, named: tuple[str, str], paths: tuple[Path, Path], now: datetime | None, budget: int
    ) -> None:
        self.named, self.paths, self.now, self.budget = named, paths, now, budget

    def comparison(self) -> Comparison:
        """What changed in the rules and texts."""
        from mailweave.diff import compare, read_side
        from mailweave.rules.prover.default_values import NOW
        from mailweave.values.instants import to_instant

        sides = [read_side(name, path) for name, path in zip(self.named, self.paths, strict=True)]
        return compare(
            sides[0], sides[1], now=NOW if self.now is None else to_instant(self.now), budget=self.budget
        )

    def campaigns(self) -> tuple[Campaign, Campaign]:
        """Both compiled. Raises MailweaveError."""
        from mailweave.environment import Environment

        for name, path in zip(self.named, self.paths, strict=True):
            if not path.is_dir():
                what = "a list and pictures need two campaigns, and this is no campaign folder"
                raise MailweaveError([diagnose("MW024", place=name, what=what)])
        environment = Environment()
        return environment.compile(self.paths[0]), environment.compile(self.paths[1])

    def moves(self, profiles: tuple[str, ...], events: tuple[str, ...]) -> Moves:
        """Who of a list gets something else."""
        from mailweave.diff.moves import moves

        old, new = self.campaigns()
        return moves(old, new, profiles, events, new.pinned(self.now) or datetime.now(UTC))

    def pictures(self, found: Comparison, moved: Moves | None, folder: Path) -> tuple[str, ...]:
        """Mails before and after, of the list where there is one, else of the examples."""
        from mailweave.cli.diff_pictures import pictured

        old, new = self.campaigns()
        return pictured(old, new, found, moved, new.pinned(self.now) or datetime.now(UTC), folder)
