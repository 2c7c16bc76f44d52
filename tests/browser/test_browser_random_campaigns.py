"""Random campaigns that `check` passes, and two judges: axe-core in Chromium, and what the consortium counts.

Each mail of the covering set is looked at, in light and in dark, and those of recipients with blank and awkward data as
well. Nothing serious may be found. `python -m tests.browser.test_browser_random_campaigns 0 2000` runs a range.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.lint.random_campaigns import AWKWARD_PEOPLE, drawn

from mailweave import Email, Environment, lint
from mailweave.campaign.saved_recipients import saved_recipient
from mailweave.diagnostics import Severity
from mailweave.preview.placeholder_images import stand_in_pictures
from mailweave.prove.cover import campaign_cover
from mailweave.rules.prover.prover import Prover

ROOT = Path(__file__).resolve().parents[2]
CONSORTIUM = (Path(__file__).parent / "consortium.js").read_text(encoding="utf-8")
FEW, MANY = range(20), range(1000, 4700)  # of these 2,021 pass
PART = 20  # campaigns a test
AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.filter(v => ["serious", "critical"].includes(v.impact)).flatMap(
    v => v.nodes.map(n => v.id + ": " + n.html.slice(0, 160)));
}"""


def passes(folder: Path) -> bool:
    return all(d.severity is Severity.NOTE for d in lint.check(folder))


def mails(folder: Path) -> list[str]:
    """The HTML of each mail of the covering set, and of people with awkward data."""
    campaign = Environment().compile(folder)
    program = campaign.decisions
    found = campaign_cover(program, Prover(program.document, with_smt=False), folder)
    made: dict[str, None] = {}
    for shown in found.recipients:
        who = saved_recipient(campaign, shown.recipient.as_json(), "cover")
        mail = campaign.render(who.profile, events=who.events, now=who.moment(), context=who.context)
        if isinstance(mail, Email):
            made[mail.html] = None
    for number, data in enumerate(AWKWARD_PEOPLE):
        mail = campaign.render({"id": str(number), "email": "ann@shop.example", **data})
        assert isinstance(mail, Email), mail
        made[mail.html] = None
    return list(made)


def judged(page: Any, axe: str, html: str) -> Iterator[str]:
    """What both judges find in a mail, in light and in dark."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.set_content(stand_in_pictures(html))
        if page.evaluate("typeof axe === 'undefined'"):
            page.evaluate(axe)
        yield from (f"{scheme} {one}" for one in page.evaluate(AXE))
    yield from page.evaluate(f"window.wholeMail = false; {CONSORTIUM}")


def faults(browser: Any, axe: str, seeds: Sequence[int]) -> tuple[list[str], int, int]:
    """What is wrong with the mails of campaigns that pass; how many passed, and how many mails they have."""
    wrong: list[str] = []
    passed = looked = 0
    page = browser.new_page(viewport={"width": 375, "height": 900})
    page.route("**/*", lambda route: route.abort())
    for seed in seeds:
        folder = Path(tempfile.mkdtemp())
        try:
            if passes(drawn(folder / "drawn", seed)):
                passed += 1
                for html in mails(folder / "drawn"):
                    looked += 1
                    wrong += [f"{seed} {one}" for one in judged(page, axe, html)]
        finally:
            shutil.rmtree(folder)
    page.close()
    return wrong, passed, looked


def test_what_passes_has_no_serious_fault(viewer: Any, axe: str) -> None:
    wrong, passed, _ = faults(viewer.browser, axe, FEW)
    assert wrong == []
    assert passed


@pytest.mark.deep
@pytest.mark.parametrize("part", range(0, len(MANY), PART))
def test_what_passes_has_no_serious_fault_of_many(viewer: Any, axe: str, part: int) -> None:
    wrong, _, _ = faults(viewer.browser, axe, MANY[part : part + PART])
    assert wrong == []


def _run(first: int, stop: int) -> None:
    from playwright.sync_api import sync_playwright

    axe = (ROOT / ".cache" / "axe.min.js").read_text(encoding="utf-8")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        total = [0, 0, 0]
        for seed in range(first, stop):
            wrong, passed, looked = faults(browser, axe, [seed])
            total = [total[0] + len(wrong), total[1] + passed, total[2] + looked]
            for one in wrong:
                print(one, flush=True)
            if seed % 50 == 49:
                print(f"seeds to {seed}: {total[1]} pass, {total[2]} mails, {total[0]} wrong", flush=True)
        print(f"done: {total[1]} pass, {total[2]} mails, {total[0]} wrong", flush=True)


if __name__ == "__main__":
    _run(int(sys.argv[1]), int(sys.argv[2]))
