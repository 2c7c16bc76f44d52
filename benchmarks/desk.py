"""What an author waits for: a campaign of forty blocks, compiled again after a save, and checked in a new process.

CPU seconds, medians. A *save* changes a few words of one block; *a style sheet* is the campaign's own. Both are compiled
with the draft that `mailweave preview` keeps. `check` runs in a new process, with what it keeps between runs.
`MAILWEAVE_BENCH_AGAINST=REV` measures `check` of that commit as well, in turns, and holds the bound against it.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import Report
from benchmarks._against import checkout

ROOT = Path(__file__).resolve().parents[1]
BLOCKS, SLOTS = 40, 8
SAVES, STYLES, FRESH, CHECKS = 20, 5, 5, 7
SAVED, STYLED, CHECKED = 0.15, 1.5, 0.5


def run() -> Report:
    report = Report(f"desk: a campaign of {BLOCKS} blocks, CPU seconds, medians")
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held) / "forty"
        write(folder)
        _compiled(folder, report)
        _checked(folder, report)
    return report


def _compiled(folder: Path, report: Report) -> None:
    from mailweave.campaign.compiler import compile_folder
    from mailweave.campaign.drafts import Draft

    draft = Draft()

    def afresh() -> None:
        assert compile_folder(folder)[0] is not None

    def again() -> None:
        assert compile_folder(folder, draft=draft)[0] is not None

    afresh()
    fresh = [_spent(afresh) for _ in range(FRESH)]
    again()
    saves, styles = [], []
    for number in range(SAVES):
        save(folder, number * 7 % BLOCKS, f"Saved {number} times.")
        saves.append(_spent(again))
    for number in range(STYLES):
        (folder / "forty.css").write_text(_css(20 + number), encoding="utf-8")
        styles.append(_spent(again))
    report.say(f"   afresh                        {statistics.median(fresh) * 1e3:7.0f} ms")
    report.claim("after a saved block, seconds", statistics.median(saves), SAVED)
    report.claim("after a changed style sheet, seconds", statistics.median(styles), STYLED)


def _spent(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _checked(folder: Path, report: Report) -> None:
    homes = {"here": ROOT}
    if os.environ.get("MAILWEAVE_BENCH_AGAINST"):
        homes["against"] = checkout(os.environ["MAILWEAVE_BENCH_AGAINST"])
    times: dict[str, list[float]] = {name: [] for name in homes}
    for number in range(-1, CHECKS):  # the first fills what is kept, and does not count
        for name, home in homes.items():
            took = _check(home, folder)
            times[name] += [took] if number >= 0 else []
    for name, spent in times.items():
        report.say(f"   check, in a new process, {name:8s} {statistics.median(spent) * 1e3:7.0f} ms")
    if "against" in times:
        pairs = zip(times["here"], times["against"], strict=True)
        ratio = statistics.median(here / other for here, other in pairs)
        report.claim("check in a new process, against that commit", ratio, CHECKED)


def _check(home: Path, folder: Path) -> float:
    """CPU seconds of one `mailweave check` in a process of its own."""
    python = home / ".venv" / "bin" / "python"
    command = [python if python.exists() else sys.executable, "-m", "mailweave", "check", folder]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MAILWEAVE_")}
    settings = {
        **plain,
        "PYTHONPATH": str(home / "engine"),
        "XDG_CACHE_HOME": str(folder.parent / home.name),
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=home, env=settings, check=False, stdout=subprocess.DEVNULL)
    assert done.returncode in (0, 1), "lint has warnings of forty plain blocks"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def write(folder: Path) -> None:
    """A campaign with forty blocks of its own, no two alike, a layout and a style sheet."""
    for number in range(BLOCKS):
        place = folder / "blocks" / f"block{number:02d}"
        place.mkdir(parents=True)
        (place / "block.toml").write_text(_INPUTS, encoding="utf-8")
        save(folder, number, "As it was first.")
    settings = "\n".join(
        f'[blocks.block{n:02d}]\ninputs = {{ title = "Title {n}" }}' for n in range(0, BLOCKS, 2)
    )
    texts = {
        "campaign.toml": _SETTINGS + settings,
        "forty.css": _css(20),
        "layout.html": _layout(),
        "forty.rules": _rules(),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def save(folder: Path, number: int, words: str) -> None:
    """One block, with these words in it."""
    rows = "\n".join(
        f'<tr><td class="cell c{(number + row) % 12}"><p class="text">Row {row} of block {number}. '
        f"{{{{ profile.first_name | default: 'Hello' }}}}, {{{{ profile.orders }}}} orders so far.</p></td></tr>"
        for row in range(3)
    )
    text = _HTML.replace("ROWS", rows).replace("WORDS", words).replace("NUMBER", str(number))
    (folder / "blocks" / f"block{number:02d}" / "block.html").write_text(text, encoding="utf-8")


_INPUTS = """title = "A block"
doc = "A headline, rows and a link."

[inputs.title]
type = "text"
default = "Hello"
doc = "The headline."
"""
_HTML = """<table role="presentation" class="block" width="100%">
<tr><td class="head"><h2 class="h2">{{ block.title }}</h2><p class="text">WORDS</p></td></tr>
ROWS
{% if profile.orders > 3 %}<tr><td class="cell thanks"><p>Thank you, block NUMBER.</p></td></tr>{% endif %}
<tr><td class="actions"><a class="button" href="https://shop.example.com/{{ profile.country }}/NUMBER">See more</a></td></tr>
</table>
"""
_SETTINGS = """name = "forty"
from = { address = "shop@example.com", name = "Shop" }
unsubscribe_url = "https://shop.example.com/u/{{ profile.id }}"
postal_address = "1 Main Street, Springfield"
to = "{{ profile.email }}"
layout = "layout.html"
css = ["forty.css"]

"""


def _css(size: int) -> str:
    cells = "\n".join(f".c{n} {{ padding-left: {n}px; border-top: {n}px solid #eeeeee }}" for n in range(12))
    return f"""body {{ margin: 0; background-color: #ffffff }}
.block {{ width: 100%; border-collapse: collapse }}
.head {{ padding: 16px 8px }}
.cell {{ padding: 8px; color: #333333; background-color: #ffffff }}
{cells}
.h2 {{ font-size: {size}px; line-height: 1.2; color: #111111 }}
.text {{ font-size: 16px; margin: 0 0 8px }}
td > p {{ line-height: 1.5 }}
.actions {{ padding: 8px; text-align: center }}
.button {{ color: #ffffff; background-color: #004488; padding: 8px 16px; text-decoration: none }}
.button:hover {{ background-color: #002244 }}
@media (max-width: 480px) {{ .block {{ width: 100% }} .h2 {{ font-size: 18px }} .cell {{ padding: 4px }} }}
"""


def _layout() -> str:
    places = "\n".join(
        f'<tr><td class="place">{{% slot "slot{index}" %}}</td></tr>' for index in range(SLOTS)
    )
    style = "<style>.place { padding: 8px } .foot { font-size: 12px; color: #555555 }</style>"
    footer = '<p class="foot"><a href="{{ campaign.unsubscribe_url }}">Unsubscribe</a> {{ campaign.postal_address }}</p>'
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>x</title>{style}</head><body>'
        f'<table role="presentation">{places}</table>{footer}</body></html>'
    )


def _rules() -> str:
    levels, slots = range(BLOCKS // SLOTS), range(SLOTS)
    rows = [
        f"  s{level} | " + " | ".join(f"block{level * SLOTS + n:02d} {10 - level}" for n in slots) + " |"
        for level in levels
    ]
    return "\n".join(
        [
            'ruleset "forty" version 1',
            "profile {",
            "  id: key\n  email: text pii\n  first_name: text? pii\n  country: text\n  orders: int min 0",
            "}",
            *(f"segment s{level} = orders == {level}" for level in levels),
            "slot subject text max 1 fallback hello",
            'block hello for subject says "Hello"',
            *(f"slot slot{n} max 1 fallback block{n:02d}" for n in slots),
            *(f"block block{n:02d} for slot{n % SLOTS}" for n in range(BLOCKS)),
            "matrix main policy priority {",
            "  tie order",
            "  | " + " | ".join(f"slot{n}" for n in slots) + " |",
            *rows,
            "  otherwise | " + " | ".join(f"block{n:02d}" for n in slots) + " |",
            "}",
            "",
        ]
    )
