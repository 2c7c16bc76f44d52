"""Two templates that belong together: the HTML of a part of an e-mail, and its plain text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mailweave.liquid.compiler.pair import PairFunction
from mailweave.liquid.template import Template

Texts = tuple[str, str]
_NONE: Mapping[str, str] = {}


class TemplatePair:
    """HTML and plain text of one part, rendered in one walk where their tags agree; safe to share.

    What the walk cannot do exactly is done by the two templates, one after the other: `apart` counts how often.

    >>> html = Template.from_string("<p>{{ name }}</p>")
    >>> TemplatePair(html, Template.from_string("{{ name }}", escape="text")).render({"name": "Jo & Ann"})
    ('<p>Jo &amp; Ann</p>', 'Jo & Ann')
    """

    __slots__ = ("_function", "_made", "apart", "html", "source", "text")

    def __init__(self, html: Template, text: Template) -> None:
        self.html, self.text = html, text
        self.apart, self.source = 0, ""
        self._made, self._function = False, None  # type: bool, PairFunction | None

    def render(
        self,
        data: dict[str, Any],
        *,
        now: datetime | None = None,
        slots: tuple[Mapping[str, str], Mapping[str, str]] = (_NONE, _NONE),
    ) -> Texts:
        """HTML and text for one recipient; `slots` holds what stands in their places, for each.

        Raises `TemplateError`; `BudgetExceeded` when this render would cost too much.
        """
        function = self._function if self._made else self._make()
        if function is not None:
            try:
                return self._together(function, data, now, slots)
            except Exception:  # noqa: BLE001  # whatever it was, each template gives its answer or its error
                self.apart += 1
        html = self.html.render({**data, "slots": slots[0]}, now=now)
        return html, self.text.render({**data, "slots": slots[1]}, now=now)

    def _together(
        self,
        function: PairFunction,
        data: dict[str, Any],
        now: datetime | None,
        slots: tuple[Mapping[str, str], Mapping[str, str]],
    ) -> Texts:
        html: list[str] = []
        text: list[str] = []
        function(data, now, html, text, *slots)
        made = "".join(html), "".join(text)
        if max(map(len, made)) > self.html.budget.output:
            raise OverflowError
        return made

    def _make(self) -> PairFunction | None:
        """The function, made when it is first wanted; threads may make it twice, and get the same."""
        made = self.html.paired(self.text)
        if made is not None:
            self._function, self.source = made
        self._made = True
        return self._function
