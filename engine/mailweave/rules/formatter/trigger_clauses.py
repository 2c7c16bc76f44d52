"""What starts a trigger, and what keeps its mails back, as it is written."""

from __future__ import annotations

from mailweave.rules import nodes as n
from mailweave.rules.formatter.expressions import expression, length


def cause(node: n.OnEvent | n.OnDay | n.OnEntering) -> str:
    match node:
        case n.OnEvent(name=name):
            return name.id
        case n.OnDay(name=name, clock=at, zone=where):
            return f"{name.id} at {clock(at)}{zone(where)}"
        case n.OnEntering(segment=segment):
            return f"entering {segment.id}"


def clock(node: n.Clock) -> str:
    """`9:00`: hours without a zero in front."""
    hour, minute = node.text.split(":")
    return f"{int(hour)}:{minute}"


def zone(name: n.Name | None) -> str:
    return "" if name is None else f" in {name.id}"


def clauses(found: tuple[n.Wait | n.MailClause, ...]) -> str:
    """`wait`, `unless`, `when`: in this order."""
    order = (n.Wait, n.Unless, n.When)
    return "".join(f" {_mail_clause(one)}" for one in sorted(found, key=lambda one: order.index(type(one))))


def _mail_clause(node: n.Wait | n.MailClause) -> str:
    match node:
        case n.Wait(length=waits):
            return f"wait {length(waits)}"
        case n.Unless(events=events):
            return "unless " + " or ".join(event.id for event in events)
        case n.When(condition=condition):
            return f"when {expression(condition)}"
