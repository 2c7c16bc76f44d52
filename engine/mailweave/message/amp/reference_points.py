"""Reference points: children that a component recognises by their attributes."""

from __future__ import annotations

from collections import Counter

from mailweave.message.amp.report import finding
from mailweave.message.amp.specs import TagSpec
from mailweave.message.amp.state import Attempt, Open, State, Tag
from mailweave.message.amp.tags import better, check_against


def check_point(tag: Tag, owner: TagSpec, state: State) -> Attempt:
    """A child held against the reference points of its parent."""
    best = Attempt()
    for name, _, _ in owner.reference_points:
        spec = state.rules.by_name[name]
        if not spec.switch.on(state.identifiers):
            continue
        attempt = check_against(tag, spec, None, state)
        if better(attempt, best, state):
            best = attempt
            if best.passed:
                return best
    names = ", ".join(name for name, _, _ in owner.reference_points)
    facts = (tag.lower, owner.name, names)
    if len(owner.reference_points) == 1:
        best.errors.append(finding("CHILD_TAG_DOES_NOT_SATISFY_REFERENCE_POINT_SINGULAR", tag.place, *facts))
        best.spec = None
        return best
    return Attempt(errors=[finding("CHILD_TAG_DOES_NOT_SATISFY_REFERENCE_POINT", tag.place, *facts)])


def collision(tag: Tag, point: Attempt, attempt: Attempt) -> None:
    """A tag may have reference points of its own or stand in for one, not both."""
    if point.spec is None or attempt.spec is None:
        return
    if point.spec.reference_points and attempt.spec.reference_points:
        facts = (attempt.spec.described, point.spec.name)
        attempt.errors.append(finding("TAG_REFERENCE_POINT_CONFLICT", tag.place, *facts))


def check_met(entry: Open, state: State) -> None:
    """At the end of the parent: points that had to be met, and met once."""
    owner = entry.points_of
    if owner is None:
        return
    met = Counter(entry.points_met)
    for name, mandatory, unique in owner.reference_points:
        if mandatory and not met[name]:
            error = finding("MANDATORY_REFERENCE_POINT_MISSING", entry.place, name, owner.name)
            state.errors.append(error)
        if unique and met[name] > 1:
            state.errors.append(finding("DUPLICATE_REFERENCE_POINT", entry.place, name, owner.name))
