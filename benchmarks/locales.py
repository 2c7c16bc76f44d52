"""Twenty locales of forty blocks: what compiling takes, what a locale takes in memory, and what mixing them costs.

*Cold* is a new process without anything kept, its imports included. Mails are of recipients who were never seen.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import Report
from benchmarks.desk import BLOCKS, ROOT, write
from mailweave import Campaign, Email, Environment

LOCALES = (
    "en", "de", "ar", "ja", "pl", "he", "fr", "es", "it", "pt", "nl", "sv", "da", "fi", "cs", "tr", "uk", "ko",
    "zh_Hant", "hi",
)  # fmt: skip
ROUNDS, PER_ROUND = 21, 200
COLD, MIXED = 6.0, 1.15
NOW = datetime(2026, 3, 5, 14, 7, tzinfo=UTC)


def run() -> Report:
    report = Report(f"locales: {len(LOCALES)} locales of {BLOCKS} blocks, CPU seconds")
    with tempfile.TemporaryDirectory() as held:
        folder, fixed = Path(held) / "many", Path(held) / "one"
        written(folder, by_recipient=True)
        written(fixed, by_recipient=False)
        report.claim("compiled cold, with a mail in each locale", _cold(folder), COLD)
        _memory(Environment().compile(folder), report)
        _mixed(Environment().compile(folder), Environment().compile(fixed), report)
    return report


def written(folder: Path, *, by_recipient: bool) -> None:
    """The desk's campaign with words, an amount, a date and a plural in each block."""
    write(folder)
    for block in sorted((folder / "blocks").iterdir()):
        page = block / "block.html"
        page.write_text(page.read_text("utf-8").replace("</table>", _LINE + "</table>"), "utf-8")
    settings, rules = folder / "campaign.toml", folder / "forty.rules"
    spoken = ", ".join(f'"{name}"' for name in LOCALES)
    asked = f'locale = "{{{{ profile.language }}}}"\nlocales = [{spoken}]\n' if by_recipient else ""
    settings.write_text(asked + settings.read_text("utf-8"), "utf-8")
    rules.write_text(
        rules.read_text("utf-8").replace("profile {", "profile {\n  language : text?", 1), "utf-8"
    )


_LINE = """<tr><td class="cell"><p class="text">{{ profile.orders | times: 12.5 | money }},
{{ now | date: "long" }}, {{ campaign.t.unsubscribe }}, {{ campaign.t.shop }},
{{ profile.orders | plural: one: "# order", other: "# orders" }}</p></td></tr>
"""


def people(count: int, start: int, languages: Sequence[str]) -> list[dict[str, Any]]:
    """Recipients who see all levels of the rules, in these languages in turn."""
    return [
        {
            "id": f"r{n}",
            "email": f"r{n}@example.com",
            "first_name": f"Name{n}",
            "orders": n % 9,
            "country": "GB",
            "language": languages[n % len(languages)],
            "consent": {"marketing": True},
        }
        for n in range(start, start + count)
    ]


def _cold(folder: Path) -> float:
    code = (
        "import sys; from mailweave import Environment; from benchmarks.locales import LOCALES, NOW, people\n"
        "made = Environment().compile(sys.argv[1])\n"
        "for one in people(9 * len(LOCALES), 0, LOCALES): made.render(one, now=NOW)\n"
    )
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        settings = {**os.environ, "PYTHONPATH": f"{ROOT / 'engine'}:{ROOT}", "MAILWEAVE_CACHE": "off"}
        subprocess.run([sys.executable, "-c", code, folder], cwd=ROOT, env=settings, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(spent)


def _memory(campaign: Campaign, report: Report) -> None:
    def shown(language: str) -> None:
        for one in people(9, 0, (language,)):
            assert isinstance(campaign.render(one, now=NOW), Email)

    shown("en")
    tracemalloc.start()
    sizes = []
    for language in LOCALES[1:]:
        before = tracemalloc.get_traced_memory()[0]
        shown(language)
        sizes.append(tracemalloc.get_traced_memory()[0] - before)
    tracemalloc.stop()
    report.say(f"   memory of a locale, Babel's data in it  {statistics.median(sizes) / 1024:7.0f} KB")


def _mixed(campaign: Campaign, fixed: Campaign, report: Report) -> None:
    cases: dict[str, tuple[Campaign, tuple[str, ...]]] = {
        "mixed": (campaign, LOCALES),
        "one": (campaign, LOCALES[:1]),
        "fixed": (fixed, LOCALES[:1]),
    }
    times: dict[str, list[float]] = {name: [] for name in cases}
    for number in range(ROUNDS):
        for name, (made, languages) in cases.items():
            given = people(PER_ROUND, number * PER_ROUND, languages)
            spent = _spent(lambda made=made, given=given: [made.render(one, now=NOW) for one in given])  # type: ignore[misc]  # bound at once
            times[name] += [spent] if number else []
    for name, found in times.items():
        report.say(f"   {name:6s} {statistics.median(found) / PER_ROUND * 1e6:8.1f} us a mail")

    def ratio(one: str, other: str) -> float:
        return statistics.median(a / b for a, b in zip(times[one], times[other], strict=True))

    report.claim("mixed locales, in units of one locale", ratio("mixed", "one"), MIXED)
    report.say(f"   by recipient, in units of a fixed locale {ratio('one', 'fixed'):.2f}")


def _spent(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
