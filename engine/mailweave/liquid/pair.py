"""Two templates that belong together: the HTML of a part of an e-mail, and its plain text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.liquid.compile import Compiled
from mailweave.liquid.failures import FilterRaised
from mailweave.liquid.template import Template
from mailweave.source import Span

Texts = tuple[str, str]
Slots = Mapping[str, str | list[str]]
_NONE: Slots = {}


class TemplatePair:
    """HTML and plain text of one part, rendered in one walk where their tags agree; safe to share.

    What the walk cannot do exactly is done by the two templates, one after the other: `apart` counts how often.

    >>> html = Template.from_string("<p>{{ name }}</p>")
    >>> TemplatePair(html, Template.from_string("{{ name }}", escape="text")).render({"name": "Jo & Ann"})
    ('<p>Jo &amp; Ann</p>', 'Jo & Ann')
    """

    __slots__ = ("_fill", "_function", "_made", "_most", "_shared", "apart", "html", "text")

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
        self._made: Compiled | str | None = None  # or why there is none
        self._function: Callable[..., None] | None = None

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
        function = self._function or self._make()
        if function is not None:
            before = len(html), len(text)
            try:
                function(data, now, html, text, *slots)
                return
            except FilterRaised as problem:
                raise self._owner(problem).raised(problem) from problem
            except Exception:  # noqa: BLE001  # whatever it was, each template gives its answer or its error
                del html[before[0] :], text[before[1] :]
        one, other = self._apart(data, now, slots)
        html.append(one)
        text.append(other)

    def _owner(self, problem: FilterRaised) -> Template:
        """The template in which a filter stands."""
        return self.text if self.text.holds(problem.token) else self.html

    def _apart(self, data: dict[str, Any], now: datetime | None, slots: tuple[Slots, Slots]) -> Texts:
        """What the two templates give, one after the other."""
        self.apart += 1
        html = self.html.render({**data, "slots": slots[0]}, now=now)
        return html, self.text.render({**data, "slots": slots[1]}, now=now)

    def _make(self) -> Callable[..., None] | None:
        """The function, made when it is first wanted; threads may make it twice, and get the same."""
        if self._made is None:
            self._made = self.html.paired(self.text, self._shared, self._fill)
            self._function = self._made.function if isinstance(self._made, Compiled) else None
        return self._function

    @property
    def source(self) -> str:
        """The generated Python; empty when the two are rendered one after the other."""
        self._make()
        return self._made.source if isinstance(self._made, Compiled) else ""

    @property
    def note(self) -> Diagnostic | None:
        """A note when the two are not written in one walk by a function, which is slow; it is made to find out.

        >>> html = Template.from_string("{{ name }}", constants={"a": 1})
        >>> TemplatePair(html, Template.from_string("{{ name }}", escape="text")).note.code
        'MW422'
        """
        if self._make() is not None:
            return None
        slow = self.html.interpreted or self.text.interpreted
        return slow or diagnose("MW422", self.html.file, Span(0, 1), reason=str(self._made))

    @property
    def fallbacks(self) -> tuple[int, int]:
        """How many templates were interpreted so far, and how many pairs rendered one after the other."""
        return self.html.deopts + self.text.deopts, self.apart
