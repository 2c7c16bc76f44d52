"""One engine in a process of its own: `python -m benchmarks.judge.engines NAME ROUNDS PER_ROUND` says what it took."""

from __future__ import annotations

import copy
import gc
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import html as lxml_html

from benchmarks.liquid import FOLDER, _filters, _python_liquid
from benchmarks.newsletter.campaign import recipient, write
from benchmarks.newsletter.recipients import Values, make, money
from mailweave import Campaign, Email, Environment, Skip
from mailweave.content import inline_once

WARM, CHECKED = 3, 5
"""Rounds for memories and compilers to fill; mails whose words are held against those of the others."""
Render = Callable[[Values], str]
Engine = Callable[[Values], tuple[Callable[[Values], Any], Render]]
"""From what is shared to how a recipient is made, outside of the time, and rendered, within it."""


def templates() -> dict[str, str]:
    """The newsletter, its CSS inlined once, in both languages."""
    return {
        name: inline_once((FOLDER / f"newsletter.{name}").read_text(encoding="utf-8")).source
        for name in ("liquid", "jinja")
    }


def _campaign(shared: Values) -> Campaign:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), shared)
        return Environment().compile(folder)


def _whole(shared: Values) -> tuple[Callable[[Values], Any], Render]:
    campaign = _campaign(shared)

    def render(given: Values) -> str:
        mail = campaign.render(given)
        assert isinstance(mail, Email)
        return mail.html

    return recipient, render


def _html_alone(shared: Values) -> tuple[Callable[[Values], Any], Render]:
    from mailweave.liquid import Template

    template = Template.from_string(templates()["liquid"], filters={"money": money}, constants=shared)
    return lambda one: one, template.render


def _jinja(shared: Values) -> tuple[Callable[[Values], Any], Render]:
    import jinja2

    environment = jinja2.Environment(autoescape=True, keep_trailing_newline=True)
    environment.filters.update(_filters())
    template = environment.from_string(templates()["jinja"])
    return lambda one: {**shared, **one}, template.render


def _minijinja(shared: Values) -> tuple[Callable[[Values], Any], Render]:
    import minijinja

    environment = minijinja.Environment(keep_trailing_newline=True)
    environment.auto_escape_callback = lambda name: True
    for name, function in _filters().items():
        environment.add_filter(name, function)
    environment.add_template("newsletter", templates()["jinja"])
    return lambda one: {**shared, **one}, lambda data: environment.render_template("newsletter", **data)


def _inlined_each(shared: Values) -> tuple[Callable[[Values], Any], Render]:
    from tests.inlining.others import css_inline_kept

    render = _python_liquid((FOLDER / "newsletter.liquid").read_text(encoding="utf-8"))
    return lambda one: {**shared, **one}, lambda data: css_inline_kept(render(data))


# ---- the decision alone


def _decision(shared: Values) -> tuple[Callable[[Values], Any], Render]:
    campaign = _campaign(shared)

    def decide(given: Values) -> str:
        chosen = campaign.select(given)
        assert not isinstance(chosen, Skip)
        return " ".join(chosen[slot][0] for slot in TABLES)

    return recipient, decide


TABLES: dict[str, list[tuple[str, str, str]]] = {
    "hero": [
        ("sum(map(orders, #.total)) > 300", "", "hero_back"),
        ("", '"gold", "platinum"', "hero_vip"),
        ("", "", "hero_plain"),
    ],
    "recs": [
        ("sum(map(orders, #.total)) > 300", "", "recs_sale"),
        ("points >= 100", "", "recs_club"),
        ("", "", "recs_plain"),
    ],
    "offer": [
        ("", '"gold", "platinum"', "offer_gold"),
        ("cart_total >= 400", "", "offer_soft"),
        ("", "", "offer_plain"),
    ],
    "story": [
        ("", '"silver"', "story_club"),
        ("referrals > 2", "", "story_ref"),
        ("", "", "story_plain"),
    ],
}
"""The newsletter's rules by slot: a condition over all data, levels, and the block; the first row that holds wins."""


def _zen(shared: Values) -> tuple[Callable[[Values], Any], Render]:
    del shared
    import zen

    decision = zen.ZenEngine().create_decision(json.dumps(_graph()))
    wanted = ("level", "points", "cart_total", "referrals", "orders")

    def shaped(given: Values) -> Values:
        one = recipient(given)
        orders = [{"total": float(Decimal(order["total"]))} for order in one["orders"]]
        return {
            **{name: one.get(name, one.get("tier")) for name in wanted},
            "cart_total": float(one["cart_total"]),
            "orders": orders,
        }

    def decide(given: Values) -> str:
        found = decision.evaluate(given)["result"]
        return " ".join(found[slot] for slot in TABLES)

    return shaped, decide


def _graph() -> Values:
    """Four decision tables side by side, each giving its slot's block."""
    nodes: list[Values] = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 0, "y": 0}},
    ]
    edges: list[Values] = []
    for slot, rows in TABLES.items():
        rules = [
            {"_id": f"{slot}{at}", "any": test, "level": level, "block": f'"{block}"'}
            for at, (test, level, block) in enumerate(rows)
        ]
        inputs = [{"id": "any", "name": "any"}, {"id": "level", "name": "level", "field": "level"}]
        outputs = [{"id": "block", "name": "block", "field": slot}]
        content = {"hitPolicy": "first", "inputs": inputs, "outputs": outputs, "rules": rules}
        nodes.append(
            {
                "id": slot,
                "type": "decisionTableNode",
                "name": slot,
                "content": content,
                "position": {"x": 0, "y": 0},
            }
        )
        edges += [
            {"id": f"{slot} in", "sourceId": "in", "targetId": slot, "type": "edge"},
            {"id": f"{slot} out", "sourceId": slot, "targetId": "out", "type": "edge"},
        ]
    return {"nodes": nodes, "edges": edges}


ENGINES: dict[str, Engine] = {
    "mailweave": _whole,
    "mailweave, HTML alone": _html_alone,
    "Jinja2, HTML alone": _jinja,
    "minijinja, HTML alone": _minijinja,
    "python-liquid, then css-inline": _inlined_each,
    "mailweave, decision": _decision,
    "ZEN": _zen,
}


def letters(html: str) -> str:
    """The letters and numbers of a page, without its head and what stands between them."""
    body = lxml_html.document_fromstring(html).find("body")
    texts = [] if body is None else map(str, body.itertext())
    return "".join(sign for text in texts for sign in text if sign.isalnum())


def main(name: str, rounds: int, per_round: int) -> None:
    """Microseconds of CPU, the median of the rounds; bytes, the mean; and the words of the first mails."""
    shared, given = make(rounds * per_round)
    prepare, render = ENGINES[name](shared)
    people = [prepare(copy.deepcopy(one)) for one in given]
    first = [render(copy.deepcopy(one)) for one in people[:CHECKED]]
    times = [
        _timed(render, people[at : at + per_round])
        for at in range(CHECKED, len(people) - per_round, per_round)
    ]
    told = {
        "us": statistics.median(times[WARM:]) * 1e6,
        "bytes": statistics.mean(len(render(one).encode()) for one in people[-per_round:]),
        "words": [letters(one) if "<" in one else one for one in first],
    }
    print(json.dumps(told))


def _timed(render: Render, people: list[Any]) -> float:
    gc.collect()
    gc.disable()
    began = time.process_time()
    for one in people:
        render(one)
    spent = time.process_time() - began
    gc.enable()
    return spent / len(people)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
