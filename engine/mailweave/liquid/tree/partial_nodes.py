"""`render` and `include` of partials that are known when the template is compiled."""

from __future__ import annotations

from typing import TextIO

from liquid.builtin.expressions import StringLiteral
from liquid.builtin.tags.for_tag import ForLoop
from liquid.builtin.tags.include_tag import TAG_INCLUDE, IncludeNode
from liquid.builtin.tags.render_tag import RenderNode
from liquid.context import RenderContext
from liquid.undefined import UNDEFINED
from liquid.utils import ReadOnlyChainMap

from mailweave.liquid.interpreter import Context, PartialText


class BoundRender(RenderNode):
    """A `render` that carries its partial, transformed for the place where it stands."""

    __slots__ = ("partial",)

    def __init__(self, node: RenderNode, partial: PartialText) -> None:
        super().__init__(
            node.token, node.name, var=node.var, loop=node.loop, alias=node.alias, args=node.args
        )
        self.partial = partial

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        names: dict[str, object] = {arg.name: arg.value.evaluate(context) for arg in self.args}
        inner = context.copy(
            ReadOnlyChainMap(names),
            disabled_tags=[TAG_INCLUDE],
            carry_loop_iterations=True,
            template=self.partial,
        )
        if self.var is None:
            self.partial.render_with_context(inner, buffer, partial=True, block_scope=True)
            return True
        value, key = self.var.evaluate(context), bound_name(self)
        if not (self.loop and isinstance(value, (tuple, list))):
            names[key] = value
            self.partial.render_with_context(inner, buffer, partial=True, block_scope=True)
            return True
        nothing = context.env.undefined("parentloop", token=self.token)
        parent = None if isinstance(context, Context) and context.dialect.nil_for_missing else nothing
        loop = ForLoop(name=key, it=iter(value), length=len(value), parentloop=parent)
        names |= {"forloop": loop, key: None}
        for item in loop:
            names[key] = item
            self.partial.render_with_context(inner, buffer, partial=True, block_scope=True)
        return True


class BoundInclude(IncludeNode):
    """An `include` of a partial that is known by name, transformed for the place where it stands."""

    __slots__ = ("partial",)

    def __init__(self, node: IncludeNode, partial: PartialText) -> None:
        super().__init__(node.token, node.name, node.var, node.alias, node.args)
        self.partial = partial

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        assert isinstance(context, Context)
        if context.dialect.nil_for_missing:
            return self._as_ruby(context, buffer)
        names: dict[str, object] = {arg.name: arg.value.evaluate(context) for arg in self.args}
        with context.extend(names, template=self.partial):
            if self.var is None:
                self.partial.render_with_context(context, buffer, partial=True)
            else:
                self._for_each(self.var.evaluate(context), names, context, buffer)
        return True

    def _as_ruby(self, context: Context, buffer: TextIO) -> int:
        """A later parameter sees the earlier ones; a variable called like the partial is bound to it."""
        value = self.var.evaluate(context) if self.var else context.find([included_name(self)])
        names: dict[str, object] = {}
        with context.extend(names, template=self.partial):
            for arg in self.args:
                names[arg.name] = arg.value.evaluate(context)
            if value is UNDEFINED:
                self.partial.render_with_context(context, buffer, partial=True)
            else:
                self._for_each(value, names, context, buffer)
        return True

    def _for_each(
        self, value: object, names: dict[str, object], context: RenderContext, buffer: TextIO
    ) -> None:
        for item in value if isinstance(value, (tuple, list)) else (value,):
            names[bound_name(self)] = item
            self.partial.render_with_context(context, buffer, partial=True)


def included_name(node: IncludeNode | RenderNode) -> str:
    """The name of the partial that a node asks for, when it is written out; else an empty text."""
    name = node.name
    if isinstance(name, StringLiteral):
        return str(name.value)
    return ""


def bound_name(node: IncludeNode | RenderNode) -> str:
    """The variable that `with` and `for` set in the partial."""
    return str(node.alias) if node.alias else included_name(node).split(".")[0]
