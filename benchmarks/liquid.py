"""The 30 KB newsletter: ours against python-liquid, Jinja2 and minijinja, recipients seen once."""

from __future__ import annotations

import copy
import datetime as dt
import gc
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import minijinja

import liquid
from benchmarks import Report, Round, Work
from benchmarks.newsletter.recipients import Values, make, money
from mailweave.liquid import Template

FOLDER = Path(__file__).parent / "newsletter"
ROUNDS, PER_ROUND, WARM = 17, 100, 2
FLOOR = "floor: joining ready pieces"
Render = Callable[[Values], str]


def run() -> Report:
    """Every engine renders the same recipients, each once, its output dropped."""
    report = Report("liquid: one newsletter of 30 KB, CPU time per recipient")
    engines, shared, recipients = variants()
    agree(engines, shared, recipients[:20], report)
    times = measured(engines, shared, recipients)
    slowest = times["python-liquid"]
    for name, seconds in sorted(times.items(), key=lambda pair: -pair[1]):
        report.say(f"   {name:34s} {seconds * 1e6:8.1f} us   {slowest / seconds:5.1f} x python-liquid")
    claims(report, times)
    return report


def work() -> Work:
    """The newsletter's template alone, with and without the campaign's constants bound."""
    return {"ours": lambda: _rounds(bound=False), "ours, constants bound": lambda: _rounds(bound=True)}


def _rounds(*, bound: bool) -> Round:
    """Each recipient is seen once, as long as there are any."""
    shared, recipients = make(2 * 26 * PER_ROUND)  # as many rounds as a comparison has
    text = (FOLDER / "newsletter.liquid").read_text(encoding="utf-8")
    render = Template.from_string(text, filters={"money": money}, constants=shared if bound else {}).render
    unseen = iter(recipients)

    def prepared() -> Callable[[], object]:
        people = [copy.deepcopy(next(unseen)) for _ in range(2 * PER_ROUND)]
        data = people if bound else [{**shared, **one} for one in people]
        return lambda: [render(one) for one in data]

    return prepared


def claims(report: Report, times: dict[str, float]) -> None:
    """What the issue asks for."""
    for name, theirs, ours, least in (
        ("ours, against python-liquid", "python-liquid", "ours", 12),
        ("ours, against Jinja2", "jinja2", "ours", 3),
        ("ours with bound constants, against python-liquid", "python-liquid", "ours, constants bound", 15),
        ("ours with bound constants, against Jinja2", "jinja2", "ours, constants bound", 3.8),
    ):
        report.claim(name, times[theirs] / times[ours], least, at_least=True)


def measured(engines: dict[str, Render], shared: Values, recipients: list[Values]) -> dict[str, float]:
    """Median CPU seconds per recipient. Each variant gets its own copy of recipients that it has not
    seen, made just before, as a batch does; garbage is collected between, never within."""
    pieces = engines["ours"]({**shared, **recipients[0]})
    ready = [pieces[at : at + 700] for at in range(0, len(pieces), 700)]

    def floor(_: Values) -> str:
        return "".join(ready)

    everyone, order = {**engines, FLOOR: floor}, random.Random(7)
    times: dict[str, list[float]] = {name: [] for name in everyone}
    for start in range(0, ROUNDS * PER_ROUND, PER_ROUND):
        names = list(everyone)
        order.shuffle(names)
        for name in names:
            fresh = copy.deepcopy(recipients[start : start + PER_ROUND])
            data = fresh if "bound" in name else [{**shared, **one} for one in fresh]
            times[name].append(_timed(everyone[name], data))
    return {name: statistics.median(values[WARM:]) for name, values in times.items()}


def _timed(render: Render, data: list[Values]) -> float:
    gc.collect()
    gc.disable()
    start = time.process_time()
    for one in data:
        render(one)
    spent = time.process_time() - start
    gc.enable()
    return spent / len(data)


def variants() -> tuple[dict[str, Render], Values, list[Values]]:
    """Each engine with caches of its own."""
    shared, recipients = make(ROUNDS * PER_ROUND)
    text = (FOLDER / "newsletter.liquid").read_text(encoding="utf-8")
    engines: dict[str, Render] = {
        "ours": Template.from_string(text, filters={"money": money}).render,
        "ours, constants bound": Template.from_string(
            text, filters={"money": money}, constants=shared
        ).render,
        "python-liquid": _python_liquid(text),
        "jinja2": _jinja(),
        "minijinja": _minijinja(),
    }
    return engines, shared, recipients


def agree(engines: dict[str, Render], shared: Values, recipients: list[Values], report: Report) -> None:
    """All engines must give the same bytes, or the comparison says nothing."""
    for one in recipients:
        texts = {
            _normal(render(one if "bound" in name else {**shared, **one})) for name, render in engines.items()
        }
        if len(texts) != 1:
            report.claim("all engines give the same text", 0, 1, at_least=True)
            return


def _normal(text: str) -> str:
    """The quotes that the engines write in two ways."""
    return text.replace("&#x27;", "&#39;").replace("&#x2f;", "/").replace("&quot;", "&#34;")


def _python_liquid(text: str) -> Render:
    environment = liquid.Environment(autoescape=True)
    environment.add_filter("money", money)
    template = environment.from_string(text)
    return lambda data: template.render(data)


def _filters() -> dict[str, Callable[..., Any]]:
    """Liquid's filters as a user of Jinja2 would write them."""
    return {
        "money": money,
        "trunc": lambda text, size: text if len(text) <= size else text[: size - 3] + "...",
        "dflt": lambda value, other: other if value is None or value is False or value == "" else value,
        "fdate": lambda text, form: dt.date.fromisoformat(text).strftime(form),
        "times": lambda left, right: left * right,
        "plus": lambda left, right: left + right,
    }


def _jinja() -> Render:
    environment = jinja2.Environment(autoescape=True, keep_trailing_newline=True)
    environment.filters.update(_filters())
    template = environment.from_string((FOLDER / "newsletter.jinja").read_text(encoding="utf-8"))
    return lambda data: template.render(data)


def _minijinja() -> Render:
    environment = minijinja.Environment(keep_trailing_newline=True)
    environment.auto_escape_callback = lambda name: True
    for name, function in _filters().items():
        environment.add_filter(name, function)
    environment.add_template("newsletter", (FOLDER / "newsletter.jinja").read_text(encoding="utf-8"))
    return lambda data: environment.render_template("newsletter", **data)
