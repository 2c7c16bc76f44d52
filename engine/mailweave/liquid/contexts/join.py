"""Where branches meet: the one context that holds behind all of them, or none."""

from __future__ import annotations

from mailweave.liquid.contexts import css, url
from mailweave.liquid.contexts.model import Context, Kind, State, Url
from mailweave.liquid.escapers.urls import SCHEMES

_TAG = (State.TAG_NAME, State.TAG, State.ATTRIBUTE_NAME, State.AFTER_NAME)
_OPEN_NAME = (State.TAG_NAME, State.ATTRIBUTE_NAME)


def join(a: Context | None, b: Context | None) -> Context | None:
    """The context behind two branches; None stands for a place that is never reached.

    Raises `ValueError` where the branches end in contexts that cannot be told apart later.
    """
    if a is None or b is None or a == b:
        return b if a is None else a
    alike = {"mustache": a.mustache or b.mustache, "opening": a.opening or b.opening}
    a, b = a.but(**alike), b.but(**alike)
    if a.state in _TAG and b.state in _TAG:
        return _join_tags(a, b)
    if a.kind is b.kind is Kind.CSS and (tail := css.join_tails(a.tail, b.tail)) is not None:
        a, b = a.but(tail=tail), b.but(tail=tail)
    if b.but(url=a.url, literal=a.literal, begun=a.begun, facts=a.facts) != a:
        raise ValueError("the branches end in different contexts")
    facts = _join_facts(a, b)
    part, literal = url.join(a.url, b.url), a.literal
    if part is Url.OPEN and a.literal != b.literal:
        is_known = a.literal.lower() in SCHEMES and b.literal.lower() in SCHEMES
        part, literal = (part, literal) if is_known else (Url.MIXED, "")
    if part is Url.HOST:
        literal = url.join_hosts(a, b)
    return a.but(
        url=part,
        literal=literal if part in (Url.OPEN, Url.HOST) else "",
        begun=a.begun and b.begun,
        facts=facts,
    )


def _join_tags(a: Context, b: Context) -> Context:
    if (a.element, a.closing) != (b.element, b.closing):
        raise ValueError("the branches end in different tags")
    if a.state is b.state is State.TAG_NAME:
        return a
    joint = any(c.joint or c.state in _OPEN_NAME for c in (a, b))
    return a.tag().but(facts=_join_facts(a, b), joint=joint)


def _join_facts(a: Context, b: Context) -> str:
    if a.facts == b.facts:
        return a.facts
    if a.element == "script":
        return "opaque"
    known = {a.facts, b.facts} - {""}
    return known.pop() if len(known) == 1 else "refresh"
