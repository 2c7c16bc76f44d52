"""HTML once: rendering a template that was inlined once, against rendering and then inlining each mail.

The real mails get Liquid from the weaver of the tests, seeded; without ../shared/data only the newsletter runs.
"""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import css_inline
import premailer
from tests.content.weaver import data, weave

import liquid
from benchmarks import Report, Work
from benchmarks.demo_mails import DemoMails
from benchmarks.newsletter.recipients import make, money
from mailweave import Email
from mailweave.content import inline_once
from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template

NEWSLETTER = Path(__file__).parent / "newsletter" / "newsletter.liquid"
MAILS = Path(__file__).resolve().parents[2] / "shared" / "data" / "emails"
REAL = {
    "postmark receipt": "ActiveCampaign+postmark-templates/templates/basic/receipt/content.html",
    "sendwithus meow": "sendwithus+templates/templates/meow/receipt.html",
    "mailgun billing": "mailgun+transactional-email-templates/templates/billing.html",
    "leemunroe": "leemunroe+responsive-html-email-template/email.html",
}
ROUNDS, SLOW_ROUNDS, OURS_A_ROUND, FAST_A_ROUND = 11, 5, 200, 20
SEEDS = range(40)

Data = Mapping[str, Any]
Render = Callable[[Any], str]


def run() -> Report:
    """One line per template; the claims are about the medians over the templates."""
    report = Report("html: per recipient, inlined once against inlined per recipient, CPU time")
    ratios: dict[str, list[float]] = {"premailer": [], "css-inline": []}
    for name, renders, people in contests():
        times = measured(renders, people)
        ours = times["ours"]
        for other, found in ratios.items():
            found.append(times[other] / ours)
        report.say(
            f"   {name:18s} ours {ours * 1e6:7.1f} us   python-liquid + premailer {times['premailer'] * 1e3:7.1f} ms"
            f" ({times['premailer'] / ours:6.0f} x)   + css-inline {times['css-inline'] * 1e3:6.2f} ms"
            f" ({times['css-inline'] / ours:5.1f} x)"
        )
    report.claim("median, against premailer", statistics.median(ratios["premailer"]), 1000, at_least=True)
    report.claim("median, against css-inline", statistics.median(ratios["css-inline"]), 15, at_least=True)
    return report


def work() -> Work:
    """Inlining the newsletter's template, once."""
    text = NEWSLETTER.read_text(encoding="utf-8")
    return {"inline_once, the newsletter": lambda: lambda: lambda: inline_once(text)}


def templates() -> Iterator[tuple[str, str, list[Data]]]:
    """Name, Liquid, and the data of recipients."""
    for name, path in REAL.items():
        if (MAILS / path).is_file():
            html = (MAILS / path).read_text(encoding="utf-8", errors="replace")
            yield name, _exact(html), [data(seed) for seed in range(OURS_A_ROUND)]
    shared, recipients = make(OURS_A_ROUND)
    people: list[Data] = [{**shared, **one} for one in recipients]
    yield "newsletter", NEWSLETTER.read_text(encoding="utf-8"), people


def _exact(html: str) -> str:
    """The first weaving that is inlined once and that the context check takes."""
    for seed in SEEDS:
        source = weave(html, seed)
        done = inline_once(source)
        if done.exact:
            try:
                Template.from_string(done.source)
            except TemplateError:
                continue
            return source
    raise ValueError("no weaving of this mail is exact")


def contests() -> Iterator[tuple[str, dict[str, Render], list[Any]]]:
    """Name, the ways to render, and recipients; the demo's are whole mails, decided and with their text."""
    for name, source, people in templates():
        yield name, variants(source), people
    demo = DemoMails()

    def whole(person: Any) -> str:
        mail = demo.campaign.render(person[0], events=person[1])
        assert isinstance(mail, Email)
        return mail.html

    slow, fast = demo.by_inliner(_with_premailer), demo.by_inliner(_fast().inline)
    renders = {"ours": whole, "premailer": lambda one: slow(one[2]), "css-inline": lambda one: fast(one[2])}
    yield "the demo, whole", renders, list(demo.people(OURS_A_ROUND))


def measured(renders: dict[str, Render], people: list[Any]) -> dict[str, float]:
    """Median CPU seconds per recipient; each variant renders for itself, in a new random order each round."""
    order = random.Random(7)
    counts = {"ours": OURS_A_ROUND, "css-inline": FAST_A_ROUND, "premailer": 1}
    times: dict[str, list[float]] = {name: [] for name in renders}
    for name, render in renders.items():
        render(people[0])
        assert render(people[1]), name
    for at in range(ROUNDS):
        names = [name for name in renders if name != "premailer" or at < SLOW_ROUNDS]
        order.shuffle(names)
        for name in names:
            times[name].append(_timed(renders[name], order.sample(people, counts[name])))
    return {name: statistics.median(values) for name, values in times.items()}


def variants(source: str) -> dict[str, Render]:
    environment = liquid.Environment(autoescape=True)
    environment.add_filter("money", money)
    template = environment.from_string(source)
    once = Template.from_string(inline_once(source).source, filters={"money": money})
    fast = _fast()
    return {
        "ours": once.render,
        "premailer": lambda person: _with_premailer(template.render(person)),
        "css-inline": lambda person: fast.inline(template.render(person)),
    }


def _fast() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)


def _with_premailer(page: str) -> str:
    tool = premailer.Premailer(page, allow_network=False, disable_validation=True, strip_important=False)
    return str(tool.transform(pretty_print=False))


def _timed(render: Render, people: list[Any]) -> float:
    gc.collect()
    gc.disable()
    start = time.process_time()
    for person in people:
        render(person)
    spent = time.process_time() - start
    gc.enable()
    return spent / len(people)
