"""Expressions: paths, literals, filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from liquid.builtin.expressions import BooleanExpression, FilteredExpression, Path
from liquid.builtin.expressions.filtered import Filter as FilterCall
from liquid.builtin.expressions.primitive import Blank, Empty, Nil, RangeLiteral
from liquid.expression import Expression
from liquid.undefined import Undefined

from mailweave.liquid.compiler.core import Core
from mailweave.liquid.compiler.scope import Round
from mailweave.liquid.compiler.shortcuts import SHORTCUTS, Call, Recalled
from mailweave.liquid.compiler.writer import NotCompilable
from mailweave.liquid.filters.spec import Filter
from mailweave.liquid.runtime import SPECIAL, charged
from mailweave.liquid.tree.nodes import OptionalPath
from mailweave.values.memo import Memo

NIL, OBJECT, FAILS = "nil", "object", "fails"
_FORLOOP = {
    "index": "({i} + 1)",
    "index0": "{i}",
    "rindex": "({n} - {i})",
    "rindex0": "({n} - {i} - 1)",
    "first": "({i} == 0)",
    "last": "({i} == {n} - 1)",
    "length": "{n}",
}
_TABLEROW = _FORLOOP | {
    "col": "({i} % {c} + 1)",
    "col0": "({i} % {c})",
    "col_first": "({i} % {c} == 0)",
    "col_last": "({i} % {c} == {c} - 1)",
    "row": "({i} // {c} + 1)",
}
INTEGERS = frozenset({"index", "index0", "rindex", "rindex0", "length", "col", "col0", "row"})

Getter = Callable[[], str]


def _late(run: Callable[..., Any], positional: list[Any], named: dict[str, Any], value: Any) -> Any:
    return run(value, *positional, **named)


class Expressions(Core):
    """Emits Python source for expressions."""

    memos: dict[str, Callable[[Any], Any]]
    inert: dict[str, tuple[str, str, str]]
    """Expressions with a quick way that writes nothing to be escaped: its test, its code, and the other way."""
    recalled: dict[str, Recalled]
    """Expressions whose result is remembered by what they are made of."""

    def value(self, node: Expression) -> str:
        return self._expression(node, self._policy(node))

    def tested(self, node: Expression) -> str:
        policy = self._policy(node)
        return self._expression(node, NIL if policy == OBJECT else policy)

    def _policy(self, node: Expression) -> str:
        """What a missing name turns into at this place."""
        if isinstance(node, OptionalPath) or self.dialect.undefined == "lenient":
            return NIL if self.ours else OBJECT
        return FAILS

    def condition(self, node: Expression) -> str:
        raise NotImplementedError

    def _expression(self, node: Expression, policy: str) -> str:
        known, value = self.folder.known(node, self.unit)
        if known:
            return self.names.literal(value)
        if isinstance(node, (Empty, Blank)):
            return self.names.constant(node)
        if isinstance(node, Nil):
            return "None"
        if isinstance(node, RangeLiteral):
            maker = self.names.constant(node._make_range, "R")
            return f"{maker}({self.value(node.start)}, {self.value(node.stop)})"
        if isinstance(node, Path):
            return self.path(node, policy)
        if isinstance(node, FilteredExpression):
            if not node.filters:
                return self._expression(node.left, NIL if isinstance(node.left, OptionalPath) else policy)
            code = self.value(node.left)
            for step in node.filters:
                code = self.filter(code, step)
            return code
        if isinstance(node, BooleanExpression):
            return f"bool({self.condition(node.expression)})"
        raise NotCompilable(type(node).__name__)

    # --- paths ---

    def path(self, node: Path, policy: str) -> str:
        """A name and what hangs on it."""
        root, *rest = node.path
        if not isinstance(root, str):
            raise NotCompilable("a path that starts with an index")
        if root in ("forloop", "tablerowloop"):
            code = self._loop_member(root, rest, policy)
            if code is not None:
                return code
        missing = "None" if policy == NIL else "MISSING"
        code, getter = self.root(root, missing)
        for position, key in enumerate(rest):
            if position == 0 and getter and isinstance(key, str) and key not in SPECIAL:
                code = f"{getter()}({key!r}{'' if missing == 'None' else ', MISSING'})"
            else:
                code = self._member(code, key, missing)
        if policy == NIL:
            return code
        t = self.temporary()
        return f"({t} if ({t} := {code}) is not MISSING else {self._absent(node, policy)})"

    def _member(self, code: str, key: object, missing: str) -> str:
        default = "" if missing == "None" else ", MISSING"
        if isinstance(key, Path):
            return f"item({code}, {self.value(key)}{default})"
        t = self.temporary()
        if key == "size":
            return f"(len({t}) if type({t} := {code}) is list else item({t}, 'size'{default}))"
        if key in ("first", "last"):
            at = 0 if key == "first" else -1
            return f"({t}[{at}] if type({t} := {code}) is list and {t} else item({t}, {key!r}{default}))"
        if isinstance(key, str):
            return (
                f"({t}.get({key!r}{default}) if type({t} := {code}) is dict else item({t}, {key!r}{default}))"
            )
        return f"item({code}, {key!r}{default})"

    def _absent(self, node: Path, policy: str) -> str:
        if policy == FAILS:
            return "lost()"
        name = str(node.path[0])
        return self.names.constant(Undefined(name, token=node.token), "U", name)

    def root(self, name: str, missing: str) -> tuple[str, Getter | None]:
        """The source for a name, and what makes the source for the getter of its members."""
        bound = self.unit.bound(name)
        if bound is not None and not bound.maybe:
            return bound.code, partial(str, bound.getter) if bound.getter else None
        if bound is not None:
            outer, _ = self._beneath(name, missing)
            return f"({bound.code} if {bound.code} is not MISSING else {outer})", None
        return self._beneath(name, missing)

    def _beneath(self, name: str, missing: str) -> tuple[str, Getter | None]:
        unit = self.unit
        if name not in unit.assigned:
            return self._outer(name, missing)
        local = self.local_name(name)
        if name in unit.sure:
            return local, None
        outer, _ = self._outer(name, missing)
        return f"({local} if {local} is not MISSING else {outer})", None

    def _outer(self, name: str, missing: str) -> tuple[str, Getter | None]:
        """A parameter of a rendered partial, a global name, or a counter."""
        argument = self.unit.arguments.get(name)
        if argument is not None:
            return argument.code, partial(str, argument.getter) if argument.getter else None
        if name in self.constants:
            return self.names.constant(self.constants[name], "C", name), None
        if name in self.unit.counters:
            variable, counters = self.raw_name(name), self.state("counters")
            return f"({variable} if {variable} is not MISSING else {counters}.get({name!r}, {missing}))", None
        variable = self.global_name(name)
        if missing == "None" and self.marks_missing:
            return f"(None if {variable} is MISSING else {variable})", partial(self.getter_of, name)
        return variable, partial(self.getter_of, name)

    def _loop_member(self, root: str, rest: Sequence[object], policy: str) -> str | None:
        """`forloop.index` and the like, as arithmetic; None when the name is not a loop's."""
        rounds = self.unit.rounds_called(root)
        if not rounds or self.unit.bound(root) is not None:
            if rounds:
                raise NotCompilable("a variable called like the loop")
            return None
        *parents, last = rest or (None,)
        if any(key != "parentloop" for key in parents) or not isinstance(last, str):
            raise NotCompilable("a loop as a value")
        if len(parents) >= len(rounds):
            return self._nothing(policy)
        return self._position(rounds[len(parents)], last, policy)

    def _position(self, around: Round, word: str, policy: str) -> str:
        table = _TABLEROW if around.table else _FORLOOP
        if word in table:
            return table[word].format(i=around.index, n=around.length, c=around.cols)
        if word == "name" and around.title:
            return repr(around.title)
        if word in ("name", "size", "parentloop"):
            raise NotCompilable("a loop as a value")
        return self._nothing(policy)

    def _nothing(self, policy: str) -> str:
        return "None" if policy == NIL else "lost()"

    # --- filters ---

    def setting_code(self) -> str:
        """The moment and the place of the render."""
        campaign = "C_campaign" if "campaign" in self.constants else "data.get('campaign')"
        return f"setting_of({campaign}, now)"

    def filter(self, code: str, step: FilterCall) -> str:
        """A filter applied to what `code` gives."""
        spec = self.dialect.filters.get(step.name)
        if spec is None:
            return f"lost({code})"
        call = Call(self, spec, code, step)
        shortcut = SHORTCUTS.get(step.name) if step.name not in self.dialect.own_filters else None
        if shortcut is not None:
            quick = shortcut(call)
            if quick is not None:
                return quick
        if self._remembers(spec, call):
            return self._remembered(spec, call)
        return self.called(spec, call.subject, call.arguments)

    def called(self, spec: Filter, subject: str, arguments: list[str], *, is_rare: bool = False) -> str:
        """The general call; a rare one works out its setting when it comes to it."""
        given = [subject, *arguments]
        if spec.setting and is_rare:
            given.append(f"setting={self.setting_code()}")
        elif spec.setting:
            self.needs.add("setting")
            given.append("setting=setting")
        if spec.cost is None:
            return f"{self.names.constant(spec.run, 'F', spec.name)}({', '.join(given)})"
        self.needs.add("meter")
        if spec.name not in self.metered:
            self.metered[spec.name] = charged(spec)
        run = self.names.constant(self.metered[spec.name], "F", spec.name)
        return f"{run}(meter, {', '.join(given)})"

    def _remembers(self, spec: Filter, call: Call) -> bool:
        """A caller's own filter is pure: its results for texts and whole numbers are kept."""
        return spec.name in self.dialect.own_filters and call.fixed is not None

    def _remembered(self, spec: Filter, call: Call) -> str:
        assert call.fixed is not None
        run, positional, named = spec.run, call.fixed[0], call.fixed[1]
        memo = Memo(partial(_late, run, positional, named) if positional or named else run)
        kept = self.names.constant(memo, "M", spec.name)
        t = self.temporary()
        general = self.called(spec, t, call.arguments)
        test = f"type({t} := {call.subject}) is int or type({t}) is str"
        code = f"({kept}[{t}] if {test} else {general})"
        key = f"{spec.name} {positional} {named}"
        self.recalled[code] = Recalled(key, memo.__getitem__, test, t, general)
        return code
