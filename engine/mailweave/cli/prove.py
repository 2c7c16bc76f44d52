"""mailweave prove: what is so of every recipient, and who shows what is not."""

from __future__ import annotations

from pathlib import Path

import click

from mailweave.cli.findings import budget_option, format_option, report
from mailweave.cli.recipient import moment
from mailweave.cli.targets import RuleText, rule_texts, written_in
from mailweave.diagnostics import Diagnostic, diagnose


@click.command(name="prove")
@click.argument("paths", nargs=-1, required=True, metavar="CAMPAIGN|FILE...", type=click.Path(path_type=Path))
@format_option
@click.option("--now", metavar="ISO", help="The moment of the decisions of the recipients that are shown.")
@budget_option
@click.option(
    "--picture",
    type=click.Path(path_type=Path),
    metavar="FILE.svg",
    help="Draw segments by segments: which overlap, lie inside others, are equal.",
)
def command(paths: tuple[Path, ...], form: str, now: str | None, budget: float, picture: Path | None) -> None:
    """Prove the rules of campaigns and rule files; exit 1 for errors and warnings.

    Each finding comes with a made-up recipient who shows it: save it, and `explain` and `render` take it as their
    `--profile`. What is neither proved nor refuted is reported as undecided.
    """
    from mailweave.lint.allowances import silenced_in

    found: list[Diagnostic] = []
    texts = rule_texts(paths)
    if picture is not None and len(texts) != 1:
        raise click.UsageError("--picture draws one rule text: name one campaign or file")
    for text in texts:
        found += _prove(text, now, budget)
        found += () if picture is None else _draw(text, now, budget, picture)
    raise SystemExit(report(silenced_in(written_in(texts), found), form))


def _prove(text: RuleText, now: str | None, budget: float) -> tuple[Diagnostic, ...]:
    from mailweave.prove import prove_rules

    if text.source is None:
        return (diagnose("MW024", place=text.name, what=text.fault),)
    folder = Path(text.name) if Path(text.name).is_dir() else None
    return prove_rules(text.source, folder, now=_since(now), budget=round(budget * 1000))


def _draw(text: RuleText, now: str | None, budget: float, file: Path) -> tuple[Diagnostic, ...]:
    """Draws a text that checks; why one is not drawn."""
    from mailweave.prove.overlaps import MOST, overlaps
    from mailweave.prove.picture import picture
    from mailweave.rules.checker import check
    from mailweave.rules.parser import parse
    from mailweave.rules.prover.prover import Prover

    document = None if text.source is None else check(parse(text.source).document, proofs=False).document
    if document is None:  # the findings say why
        return ()
    if len(document.segments) > MOST:
        what = f"a picture holds {MOST} segments, and there are {len(document.segments)}"
        return (diagnose("MW024", place=text.name, what=what),)
    drawn = picture(overlaps(document, Prover(document, _since(now), round(budget * 1000))), document.name)
    try:
        file.write_text(drawn, encoding="utf-8")
    except OSError as error:
        return (diagnose("MW024", place=str(file), what=f"cannot write: {error.strerror}"),)
    return ()


def _since(now: str | None) -> int:
    from mailweave.rules.prover.default_values import NOW
    from mailweave.values.instants import to_instant

    at = moment(now)
    return NOW if at is None else to_instant(at)
