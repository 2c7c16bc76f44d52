"""What the rules of lint find in outside templates, in the fixtures and in the examples: a table by rule, or a sample.

    python tools/lint_findings.py                        a table
    python tools/lint_findings.py --sample 200 --seed 1  findings drawn, with their place, to be judged by hand

The templates are those of ../shared/data/emails, each judged as a page; fixtures and examples are campaigns.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mailweave import lint
from mailweave.campaign.assembly import Templates
from mailweave.diagnostics import TABLE, Diagnostic
from mailweave.lint.pages import Pages
from mailweave.lint.rule import CampaignRule
from mailweave.source import Source

ROOT = Path(__file__).resolve().parents[1]
EMAILS = ROOT.parent / "shared" / "data" / "emails"
CAMPAIGNS = (ROOT / "fixtures", ROOT / "examples")
_SHOWN = 260  # letters of a place


def of_page(file: Path) -> Iterator[Diagnostic]:
    """What the rules of pages find in a template."""
    text = file.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")
    name = file.relative_to(EMAILS).as_posix()
    pages = Pages(Templates(Source(name, text), Source("none.css", ""), {}, lambda _href: None))
    for rule in lint.RULES:
        if not isinstance(rule, CampaignRule):
            yield from rule.check(pages)


def found() -> list[tuple[str, Diagnostic]]:
    """Everything, with where it comes from: `emails` or `campaigns`."""
    codes = {rule.code for rule in lint.RULES}
    listed = [("emails", one) for file in sorted(EMAILS.rglob("*.html")) for one in of_page(file)]
    for folder in CAMPAIGNS:
        for settings in sorted(folder.rglob("campaign.toml")):
            listed += [("campaigns", one) for one in lint.check(settings.parent) if one.code in codes]
    return listed


def table(listed: list[tuple[str, Diagnostic]]) -> str:
    """Counts by rule, as Markdown."""
    counts = Counter((one.code, where) for where, one in listed)
    files = Counter(
        code for code, _ in {(d.code, d.location.name) for w, d in listed if d.location and w == "emails"}
    )
    rows = ["| rule | templates | findings in them | findings in campaigns |", "| --- | --- | --- | --- |"]
    for rule in lint.RULES:
        name = f"{rule.code} {TABLE[rule.code].name}"
        rows.append(
            f"| {name} | {files[rule.code]} | {counts[rule.code, 'emails']} | {counts[rule.code, 'campaigns']} |"
        )
    return "\n".join(rows)


def sample(listed: list[tuple[str, Diagnostic]], count: int, seed: int) -> Iterator[str]:
    """Findings drawn with a seed, one text each: what is said, and what stands there."""
    mails = [one for where, one in listed if where == "emails"]
    for number, one in enumerate(random.Random(seed).sample(mails, count), 1):
        source, span = one.source, one.span
        shown = "" if source is None or span is None else source.text[span.start : span.start + _SHOWN]
        yield f"{number} {one.code} {one.location}\n   {one.message}\n   {' '.join(shown.split())}"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--sample", type=int, default=0)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    listed = found()
    print("\n".join(sample(listed, given.sample, given.seed)) if given.sample else table(listed))


if __name__ == "__main__":
    main()
