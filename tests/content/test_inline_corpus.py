"""Every template of ../shared/data/emails with Liquid woven into it: what is not reported is equal."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from tests.content.dom import difference, inlined_after
from tests.content.weaver import data, weave

from liquid import Environment
from mailweave.content import inline_once
from mailweave.source import Source

ENVIRONMENT = Environment(autoescape=True)
FEWEST_EXACT = 0.9


def _run(
    folder: Path, seeds: range, recipients: int, part: int = 0, parts: int = 1
) -> tuple[Counter[str], list[str]]:
    count: Counter[str] = Counter()
    different: list[str] = []
    for path in sorted(folder.rglob("*.html"))[part::parts]:
        html = path.read_text(encoding="utf-8", errors="replace")
        for seed in seeds:
            source = weave(html, seed)
            done = inline_once(Source(path.name, source))
            count["exact" if done.exact else "per recipient"] += 1
            if done.exact and not _equal(source, done.source, seed, recipients):
                different.append(f"{path.relative_to(folder)} seed {seed}")
    return count, different


def _equal(source: str, inlined: str, seed: int, recipients: int) -> bool:
    first, after = ENVIRONMENT.from_string(source), ENVIRONMENT.from_string(inlined)
    people = [data(seed * 100 + at) for at in range(recipients)]
    return all(difference(inlined_after(first.render(**p)), after.render(**p)) is None for p in people)


def _check(count: Counter[str], different: list[str]) -> None:
    total = sum(count.values())
    print(f"\n{total} templates: {dict(count)}, {len(different)} unreported differences")
    assert total > 0
    assert different == []
    assert count["exact"] >= FEWEST_EXACT * total


@pytest.mark.parametrize("part", range(4))
def test_all_templates(shared_data: Path, part: int) -> None:
    _check(*_run(shared_data / "emails", range(1), 1, part, 4))


@pytest.mark.deep
def test_all_templates_with_many_seeds(shared_data: Path) -> None:
    _check(*_run(shared_data / "emails", range(1, 6), 3))
