"""Trees as text: what a pass made of a template can be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from mailweave.liquid.ir import expressions as x
from mailweave.liquid.ir import nodes as n
from mailweave.liquid.passes import PASSES
from mailweave.liquid.passes.facts import Facts
from mailweave.liquid.template import Template

_LEFT_OUT = frozenset({"part", "at", "name_at", "escape", "weight", "title", "partial", "choices"})


def tree(text: str, **options: Any) -> tuple[tuple[n.Node, ...], Facts]:
    """The tree of a template, and what passes know besides; options are those of `Template.from_string`.

    Raises what that raises.

    >>> shown(tree("Hi {{ name | upcase }}")[0])
    "'Hi ' {{name | upcase}}"
    """
    program = Template.from_string(text, **options)._program
    return program.template.nodes, program.facts


def stages(template: Template) -> Iterator[tuple[str, str]]:
    """The tree of a template, and what each pass makes of it, as names and texts.

    Raises `NotCompilable` where a pass refuses the template.

    >>> dict(stages(Template.from_string("a{% case b %}{% when 'c' %}{{ b }}{% endcase %}")))["cases_to_branches"]
    "'a' Branch(b == 'c' [{{b}}])"
    """
    program = template._program
    nodes, facts = program.template.nodes, program.facts
    yield "tree", shown(nodes)
    for run in PASSES:
        nodes = run(nodes, facts)
        yield run.__name__, shown(nodes)


def shown(one: Any) -> str:
    """Nodes and expressions as text; those of the plain text say so."""
    match one:
        case tuple():
            return " ".join(map(shown, one))
        case n.Text():
            return _of_part(one, repr(one.text))
        case n.Output():
            return _of_part(one, f"{{{{{shown(one.value)}}}}}")
        case n.Block():
            return f"[{shown(one.nodes)}]"
        case n.Arm() | n.When():
            tests = one.test if isinstance(one, n.Arm) else one.values
            return f"{'else' if tests is None else shown(tests)} {shown(one.body)}"
        case x.Const():
            return repr(one.value)
        case x.Path():
            return ".".join(key if isinstance(key, str) else f"[{shown(key)}]" for key in one.keys)
        case x.Filtered():
            return " | ".join(map(shown, (one.left, *one.steps)))
        case x.Step() | x.Argument():
            return ": ".join(
                filter(None, (one.name, shown(one.arguments if isinstance(one, x.Step) else one.value)))
            )
        case x.Compare():
            return f"{shown(one.left)} {one.sign} {shown(one.right)}"
        case x.Logic():
            return f" {one.word} ".join(map(shown, one.parts))
        case str() | int() | None:
            return str(one)
        case _:  # every other node by its name
            held = [getattr(one, field.name) for field in fields(one) if field.name not in _LEFT_OUT]
            return f"{type(one).__name__}({', '.join(shown(value) for value in held if value)})"


def _of_part(node: n.Text | n.Output, text: str) -> str:
    return text if node.part == "html" else f"{node.part}:{text}"
