"""`render` and `include`: the partial's code stands where the tag stands."""

from __future__ import annotations

from collections.abc import Iterable

from liquid.builtin.expressions.arguments import KeywordArgument

from mailweave.liquid.compiler.branches import Branches
from mailweave.liquid.compiler.scope import Binding, Frame, Round, Unit
from mailweave.liquid.compiler.usage import assigned, counters
from mailweave.liquid.compiler.writer import NotCompilable
from mailweave.liquid.interpreter import PartialText
from mailweave.liquid.tree.partial_nodes import BoundInclude, BoundRender, bound_name, included_name

DEEPEST = 8  # partials within partials; deeper ones, and those that call themselves, are interpreted


class Partials(Branches):
    """Emits partials in place."""

    insertions: list[tuple[int, list[str]]]
    unit_starts: dict[int, int]
    included = 0  # how many partials deep
    barriers = 0  # how many loops of ours around, which a `break` of the template must not stop at

    def render(self, node: BoundRender) -> None:
        self.flush()
        arguments = self._arguments(node.args)
        value = None
        if node.var is not None:
            value = self.names.fresh("x", bound_name(node))
            self.writer.write(f"{value} = {self.value(node.var)}")
        if node.var is not None and node.loop:
            self._render_each(node, arguments, value or "")
            return
        if value is not None:
            arguments[bound_name(node)] = Binding(value)
        self._enter(node.partial, arguments, None)

    def _arguments(self, given: Iterable[KeywordArgument]) -> dict[str, Binding]:
        found: dict[str, Binding] = {}
        for arg in given:
            variable = self.names.fresh("p", arg.name)
            self.writer.write(f"{variable} = {self.value(arg.value)}")
            found[arg.name] = Binding(variable)
        return found

    def _render_each(self, node: BoundRender, arguments: dict[str, Binding], value: str) -> None:
        """Once for each item of a list; what is no list is a single value without a `forloop`."""
        key = bound_name(node)
        with self.writer.block(f"if type({value}) is list or type({value}) is tuple:"):
            count, index, item = self.names.fresh("n"), self.names.fresh("i"), self.names.fresh("x", key)
            self.writer.write(f"{count} = len({value})")
            each = {**arguments, key: Binding(item)}
            unit = self._unit(node.partial, each, Round(index, count, key))
            with self.writer.block(f"for {index}, {item} in enumerate({value}):"):
                self._inside(node.partial, unit)
        with self.writer.block("else:"):
            self._enter(node.partial, {**arguments, key: Binding(value)}, None)

    def _unit(self, partial: PartialText, arguments: dict[str, Binding], around: Round | None) -> Unit:
        """A new scope, its variables empty."""
        unit = Unit(
            "", assigned(partial.nodes), counters(partial.nodes), True, arguments, argument_round=around
        )
        self.units.append(unit)
        for name in sorted(unit.assigned):
            self.writer.write(f"{self.local_name(name)} = MISSING")
        at = len(self.writer.lines)
        self.units.pop()
        self.unit_starts[id(unit)] = at
        return unit

    def _enter(self, partial: PartialText, arguments: dict[str, Binding], around: Round | None) -> None:
        self._inside(partial, self._unit(partial, arguments, around))

    def _inside(self, partial: PartialText, unit: Unit) -> None:
        if len(self.units) + self.included > DEEPEST:
            raise NotCompilable("partials within partials")
        self.units.append(unit)
        if not self.ours:
            unit.frames.append(Frame({"partial": Binding("True")}))
        self._charge(partial)
        self.nodes(partial.nodes)
        self.units.pop()
        self.fresh_states(unit)

    def fresh_states(self, unit: Unit) -> None:
        """Counters and cycles of a rendered partial start anew each time it is entered."""
        lines = [f"{variable} = {EMPTY_STATE[kind]}" for kind, variable in sorted(unit.states.items())]
        if lines:
            self.insertions.append((self.unit_starts[id(unit)], lines))

    def _charge(self, partial: PartialText) -> None:
        self.needs.add("meter")
        self.writer.write(f"meter.loop(1, {partial.weight})")

    def include(self, node: BoundInclude) -> None:
        if any(unit.rendered for unit in self.units):
            self.flush()
            self.writer.write("lost()")  # python-liquid forbids it there
            return
        self.flush()
        names: dict[str, Binding] = {}
        key = bound_name(node)
        value = self._bound_value(node)
        self.push(Frame(names)) if self.ours else None
        for arg in node.args:
            variable = self.names.fresh("p", arg.name)
            self.writer.write(f"{variable} = {self.value(arg.value)}")
            names[arg.name] = Binding(variable)
        if not self.ours:
            self.push(Frame(names))
        self.included += 1
        if value is None:
            self._included(node.partial)
        elif node.var is None:
            self.writer.write(f"if type({value}) is list or type({value}) is tuple: lost()")
            names[key] = Binding(value, maybe=True)
            self._included(node.partial)
        else:
            self._include_each(node, names, key, value)
        self.included -= 1
        self.pop()

    def _bound_value(self, node: BoundInclude) -> str | None:
        """The variable that holds what `with` names or, as in Ruby, what is called like the partial."""
        if node.var is None and not self.ours:
            return None
        variable = self.names.fresh("x", bound_name(node))
        if node.var is not None:
            self.writer.write(f"{variable} = {self.value(node.var)}")
            return variable
        name = included_name(node)
        if self.unit.bound(name) is None and name not in self.unit.assigned and name not in self.constants:
            code = self.raw_name(name)
        else:
            code, _ = self.root(name, "MISSING")
        self.writer.write(f"{variable} = {code}")
        return variable

    def _include_each(self, node: BoundInclude, names: dict[str, Binding], key: str, value: str) -> None:
        item = self.names.fresh("x", key)
        names[key] = Binding(item)
        each = f"{value} if type({value}) is list or type({value}) is tuple else ({value},)"
        with self.writer.block(f"for {item} in {each}:"):
            sure = set(self.unit.sure)
            self.barriers += 1
            self._included(node.partial)
            self.barriers -= 1
            self.unit.sure = sure

    def _included(self, partial: PartialText) -> None:
        if len(self.units) + self.included > DEEPEST:
            raise NotCompilable("partials within partials")
        self._charge(partial)
        if not self.ours:
            self.push(Frame({"partial": Binding("True")}))
        self.nodes(partial.nodes)
        if not self.ours:
            self.pop()


EMPTY_STATE = {"counters": "{}", "turns": "{}", "stops": "{}", "changed": "''"}
