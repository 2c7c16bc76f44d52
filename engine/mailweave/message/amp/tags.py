"""One tag held against all specs of its name; the best attempt counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mailweave.message.amp.attributes import check_attributes
from mailweave.message.amp.report import finding
from mailweave.message.amp.specs import TagSpec
from mailweave.message.amp.state import Attempt, State, Tag


def check_tag(tag: Tag, point: TagSpec | None, state: State) -> Attempt:
    """The best attempt at a tag. A spec that one of its attributes names is tried alone."""
    rules = state.rules
    keyed = rules.dispatch.get(tag.name, {})
    plain = [spec for spec in rules.by_tag.get(tag.name, ()) if spec.switch.on(state.identifiers)]
    if not keyed and not plain:
        return Attempt(errors=[finding("DISALLOWED_TAG", tag.place, tag.lower)])
    for name, value in tag.attributes if keyed else ():
        specs = _dispatched(name, value.lower(), state.parent.name, keyed)
        best = _best(tag, (s for s in specs if s.switch.on(state.identifiers)), point, state)
        if best.rank:
            return best
    if not plain:
        if tag.name == "SCRIPT":
            return Attempt(errors=[finding("DISALLOWED_SCRIPT_TAG", tag.place)])
        return Attempt(errors=[finding("GENERAL_DISALLOWED_TAG", tag.place, tag.lower)])
    return _best(tag, plain, point, state)


def _dispatched(
    name: str, value: str, parent: str, keyed: Mapping[tuple[str, ...], tuple[TagSpec, ...]]
) -> list[TagSpec]:
    keys: list[tuple[str, ...]] = [(name, value, parent), (name, value), (name,)]
    if name == value:
        keys += [(name, "", parent), (name, ""), (name,)]
    return [spec for key in keys for spec in keyed.get(key, ())]


def _best(tag: Tag, specs: Iterable[TagSpec], point: TagSpec | None, state: State) -> Attempt:
    best = Attempt()
    for spec in specs:
        attempt = check_against(tag, spec, point, state)
        if better(attempt, best, state):
            best = attempt
            if best.passed:
                break
    return best


def better(one: Attempt, other: Attempt, state: State) -> bool:
    """Whether the errors of one attempt say more plainly what to mend than those of the other."""
    if one.rank != other.rank:
        return one.rank > other.rank
    codes, others = {e.code for e in one.errors}, {e.code for e in other.errors}
    if codes < others:
        return True
    if others < codes:
        return False
    specificity = state.rules.specificity
    most = max((specificity[code] for code in codes), default=0)
    most_other = max((specificity[code] for code in others), default=0)
    if most != most_other:
        return most > most_other
    return len(one.errors) < len(other.errors)


def check_against(tag: Tag, spec: TagSpec, point: TagSpec | None, state: State) -> Attempt:
    """One tag against one spec."""
    attempt = Attempt(spec, tried=True)
    _parent(tag, spec, state, attempt)
    _ancestors(tag, spec, state, attempt)
    _as_child(tag, state, attempt)
    if not attempt.failed:
        check_attributes(tag, spec, point, state, attempt)
    _siblings(tag, spec, state, attempt)
    if state.has_ancestor("BODY"):
        for extension in spec.extensions:
            if extension not in state.loaded:
                attempt.errors.append(
                    finding("MISSING_REQUIRED_EXTENSION", tag.place, spec.described, extension)
                )
    if not attempt.failed and spec.unique and spec.id in state.validated:
        attempt.errors.append(finding("DUPLICATE_UNIQUE_TAG", tag.place, spec.described))
    if not attempt.failed:
        _warn(tag, spec, state, attempt)
    return attempt


def _parent(tag: Tag, spec: TagSpec, state: State, attempt: Attempt) -> None:
    parent = state.parent
    named = parent.spec.spec_name if parent.spec is not None else ""
    if spec.parent and spec.parent not in (parent.name, named):
        names = (spec.described, parent.name.lower(), spec.parent.lower())
        attempt.errors.append(finding("WRONG_PARENT_TAG", tag.place, *names))


def _ancestors(tag: Tag, spec: TagSpec, state: State, attempt: Attempt) -> None:
    if spec.ancestor and not state.has_ancestor(spec.ancestor):
        names = (spec.described, spec.ancestor.lower())
        attempt.errors.append(finding("MANDATORY_TAG_ANCESTOR", tag.place, *names))
        return
    for name in spec.no_ancestors:
        if state.has_ancestor(name):
            names = (spec.described, name.lower())
            attempt.errors.append(finding("DISALLOWED_TAG_ANCESTOR", tag.place, *names))
            return


def _as_child(tag: Tag, state: State, attempt: Attempt) -> None:
    """What the parent allows as its children."""
    owner = state.parent.children_of
    if owner is None or owner.children is None:
        return
    allowed = [(owner.children.names, "DISALLOWED_CHILD_TAG_NAME")]
    if state.parent.children == 0:
        allowed.append((owner.children.first, "DISALLOWED_FIRST_CHILD_TAG_NAME"))
    for names, code in allowed:
        if names and tag.name not in names:
            shown = "['" + "', '".join(names).lower() + "']"
            attempt.errors.append(finding(code, tag.place, tag.lower, owner.described, shown))


def _siblings(tag: Tag, spec: TagSpec, state: State, attempt: Attempt) -> None:
    parent = state.parent
    if spec.alone and parent.children:
        names = (tag.lower, parent.name.lower())
        attempt.errors.append(finding("TAG_NOT_ALLOWED_TO_HAVE_SIBLINGS", tag.place, *names))
    if parent.only_child and parent.children:
        names = (parent.only_child.lower(), parent.name.lower())
        place = parent.only_child_place
        attempt.errors.append(finding("TAG_NOT_ALLOWED_TO_HAVE_SIBLINGS", place, *names))
    if parent.last_child:
        names = (parent.last_child.lower(), parent.name.lower())
        attempt.errors.append(finding("MANDATORY_LAST_CHILD_TAG", parent.last_child_place, *names))


def _warn(tag: Tag, spec: TagSpec, state: State, attempt: Attempt) -> None:
    if spec.deprecation:
        facts = (spec.described, spec.deprecation)
        attempt.errors.append(finding("DEPRECATED_TAG", tag.place, *facts, warning=True))
    if spec.unique_is_warning and spec.id in state.validated:
        warning = finding("DUPLICATE_UNIQUE_TAG_WARNING", tag.place, spec.described, warning=True)
        attempt.errors.append(warning)
