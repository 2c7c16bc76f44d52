"""Templates that belong together: the HTML of a part of an e-mail, its plain text, and its AMP."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.liquid.compile import CompiledParts, compile_parts, why_not
from mailweave.liquid.failures import FilterRaised
from mailweave.liquid.ir.nodes import Part
from mailweave.liquid.spans import Hole, Spans, Unit
from mailweave.liquid.template import Template
from mailweave.source import Span

Texts = tuple[str, str]
Slots = Mapping[str, str | list[str]]
Templates = Mapping[Part, Template]
_NONE: Slots = {}


class TemplatePair:
    """HTML and plain text of one part, rendered in one walk where their tags agree; safe to share.

    What the walk cannot do exactly is done by the two templates, one after the other: `apart` counts how often.

    >>> html = Template.from_string("<p>{{ name }}</p>")
    >>> TemplatePair(html, Template.from_string("{{ name }}", escape="text")).render({"name": "Jo & Ann"})
    ('<p>Jo &amp; Ann</p>', 'Jo & Ann')
    """

    __slots__ = ("_fill", "_made", "_most", "_shared", "_units", "apart", "html", "text")

    def __init__(
        self,
        html: Template,
        text: Template,
        *,
        shared: Collection[str] = (),
        fill: Callable[[str], str] = str,
    ) -> None:
        """`shared`: names of data under which lists lie whose items many renders share and nobody changes; what an
        item writes by itself is remembered. `fill` is done to pieces of text that are remembered."""
        self.html, self.text, self.apart = html, text, 0
        self._most = html.budget.output
        self._shared, self._fill = frozenset(shared), fill
        self._made: CompiledParts | str | None = None  # or why there is none
        self._units: dict[Template | None, tuple[Unit, ...] | None] = {}

    def knowing(self, name: str, members: Mapping[str, Any]) -> TemplatePair:
        """The same, as `Template.knowing` has it."""
        html, text = self.html.knowing(name, members), self.text.knowing(name, members)
        return TemplatePair(html, text, shared=self._shared, fill=self._fill)

    def render(
        self,
        data: dict[str, Any],
        *,
        now: datetime | None = None,
        slots: tuple[Slots, Slots] = (_NONE, _NONE),
    ) -> Texts:
        """HTML and text for one recipient; `slots` holds what stands in their places, for each, as texts or as
        lists of their pieces.

        Raises `TemplateError`; `BudgetExceeded` when this render would cost too much.
        """
        html: list[str] = []
        text: list[str] = []
        self.write(data, html, text, now=now, slots=slots)
        made = "".join(html), "".join(text)  # of pieces that are there already, and measured in loops
        if max(map(len, made)) <= self._most:
            return made
        return self._apart(data, now, slots)

    def write(
        self,
        data: dict[str, Any],
        html: list[str],
        text: list[str],
        *,
        now: datetime | None = None,
        slots: tuple[Slots, Slots] = (_NONE, _NONE),
    ) -> None:
        """Like `render`, its pieces added to two lists: for the slots of another pair, which joins and measures
        them all. Loops are measured where they run."""
        made = self._make()
        values = self._values(made, data, now, slots) if isinstance(made, CompiledParts) else None
        if values is None or isinstance(made, str):
            for part, whole in zip((html, text), self._apart(data, now, slots), strict=True):
                part.append(whole)
            return
        if made.fillings is not None:
            for part, filling, given in zip((html, text), made.fillings, values, strict=True):
                part.append(filling.filled(given))
            return
        html += made.spans["html"].filled(values[0], slots[0])
        text += made.spans["text"].filled(values[1], slots[1])

    def _values(
        self, made: CompiledParts, data: dict[str, Any], now: datetime | None, slots: tuple[Slots, Slots]
    ) -> tuple[list[str], list[str]] | None:
        """What stands in the holes of both; None where each template has to give its answer or its error."""
        values: tuple[list[str], list[str]] = [], []
        try:
            made.function(data, now, *values, *slots)
            return values if tuple(map(len, values)) == made.holes else None
        except FilterRaised as problem:
            raise self._owner(problem).raised(problem) from problem
        except Exception:  # noqa: BLE001  # whatever it was
            return None

    def _owner(self, problem: FilterRaised) -> Template:
        """The template in which a filter stands."""
        return self.text if self.text.holds(problem.token) else self.html

    def _apart(self, data: dict[str, Any], now: datetime | None, slots: tuple[Slots, Slots]) -> Texts:
        """What the two templates give, one after the other."""
        self.apart += 1
        html = self.html.render({**data, "slots": slots[0]}, now=now)
        return html, self.text.render({**data, "slots": slots[1]}, now=now)

    def _make(self) -> CompiledParts | str:
        """The function, made when it is first wanted; threads may make it twice, and get the same."""
        if self._made is None:
            self._made = self._together({"html": self.html, "text": self.text})
        return self._made

    def _together(self, templates: Templates) -> CompiledParts | str:
        shared = self._shared if len(templates) > 1 else frozenset[str]()
        try:
            trees = {part: template.tree for part, template in templates.items()}
            return compile_parts(trees, self.html.file, shared, self._fill)
        except Exception as problem:  # noqa: BLE001  # on any doubt each is rendered alone
            return why_not(problem)

    def units(self, amp: Template | None = None) -> tuple[Unit, ...] | None:
        """The walks that give the values of HTML and text, and of `amp` besides, as few as there can be.

        None where a slot stands in a branch, or in a template that is interpreted.

        >>> html = Template.from_string("<p>{{ name }}</p>")
        >>> (unit,) = TemplatePair(html, Template.from_string("{{ name }}", escape="text")).units()
        >>> lists = [], []
        >>> unit.run({"name": "Jo & Ann"}, None, *lists); lists
        (['Jo &amp; Ann'], ['Jo & Ann'])
        """
        if amp not in self._units:
            self._units[amp] = self._made_units(amp)
        return self._units[amp]

    def _made_units(self, amp: Template | None) -> tuple[Unit, ...] | None:
        pair: Templates = {"html": self.html, "text": self.text}
        more: list[Templates] = [] if amp is None else [{"amp": amp}]
        each: list[Templates] = [{part: one} for part, one in pair.items()]
        tries = [[pair, *more], [*each, *more]]
        if amp is not None:
            tries.insert(0, [{**pair, "amp": amp}])
        for groups in tries:
            made = [unit for group in groups if (unit := self._unit(group)) is not None]
            if len(made) == len(groups):
                if "text" not in groups[0]:
                    made[0] = replace(made[0], run=self._counted(made[0].run))
                held = any(spans.slots for unit in made for spans in unit.spans.values())
                return None if held else tuple(made)
        return None

    def _unit(self, templates: Templates) -> Unit | None:
        """The walk over some of the templates, if there is one."""
        made = self._make() if templates.keys() == {"html", "text"} else self._together(templates)
        if isinstance(made, CompiledParts):
            return Unit(made.function, made.spans, made.is_empty)
        (part, template), *others = templates.items()
        return None if others or template.slots else Unit(_interpreted(template), {part: _one_hole(template)})

    def _counted(self, run: Callable[..., None]) -> Callable[..., None]:
        """A walk over the HTML alone, which says so."""

        def counted(*given: Any) -> None:
            self.apart += 1
            run(*given)

        return counted

    @property
    def source(self) -> str:
        """The generated Python; empty when the two are rendered one after the other."""
        made = self._make()
        return made.source if isinstance(made, CompiledParts) else ""

    @property
    def note(self) -> Diagnostic | None:
        """A note when the two are not written in one walk by a function, which is slow; it is made to find out.

        >>> html = Template.from_string("{% capture a %}{{ name }}{% endcapture %}{{ a }}")
        >>> TemplatePair(html, Template.from_string("{{ name }}", escape="text")).note.code
        'MW422'
        """
        made = self._make()
        if isinstance(made, CompiledParts):
            return None
        slow = self.html.interpreted or self.text.interpreted
        return slow or diagnose("MW422", self.html.file, Span(0, 1), reason=made)

    @property
    def fallbacks(self) -> tuple[int, int]:
        """How many templates were interpreted so far, and how many pairs rendered one after the other."""
        return self.html.deopts + self.text.deopts, self.apart


def _one_hole(template: Template) -> Spans:
    return Spans((Hole(around=template.file.text),))


def _interpreted(template: Template) -> Callable[[dict[str, Any], datetime | None, list[str]], None]:
    def run(data: dict[str, Any], now: datetime | None, values: list[str]) -> None:
        values.append(template.render(data, now=now))

    return run
