"""The façade of the layer: a compiled Liquid template."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal
from warnings import warn

from liquid.token import Token

from mailweave.diagnostics import Diagnostic, TemplateError, diagnose
from mailweave.liquid.budget import Budget, BudgetExceeded, Overrun
from mailweave.liquid.contexts import STARTS
from mailweave.liquid.contract import Contract, contract_of
from mailweave.liquid.dialect import MODES, ON_MISSING, DateNames, Mode, OnMissing
from mailweave.liquid.failures import FilterRaised, NotCompilable
from mailweave.liquid.interpret import interpret
from mailweave.liquid.ir.nodes import Call, Cycle, Output, Text, Tree
from mailweave.liquid.ir.walk import reached
from mailweave.liquid.minimal_output import MinimalOutput
from mailweave.liquid.partials import as_source
from mailweave.liquid.passes import optimized
from mailweave.liquid.passes.facts import Facts
from mailweave.liquid.program import Program, build
from mailweave.source import Source, Span

Escaping = Literal["html", "text", "none"]
ESCAPING: tuple[Escaping, ...] = ("html", "text", "none")


class Template:
    """A template, compiled once, rendered for many recipients; safe to share between threads.

    >>> Template.from_string("Hi {{ name }}!").render({"name": "Jo & Ann"})
    'Hi Jo &amp; Ann!'
    """

    __slots__ = ("_findings", "_program", "_run", "deopts")

    def __init__(self, program: Program) -> None:
        self._program, self._findings = program, program.findings
        self._run: Callable[[dict[str, Any], datetime | None], str] | None = None
        self.deopts = 0

    @classmethod
    def from_string(
        cls,
        source: str | Source,
        *,
        escape: Escaping = "html",
        constants: Mapping[str, Any] | None = None,
        members: Mapping[str, Mapping[str, Any]] | None = None,
        undefined: OnMissing = "lenient",
        mode: Mode = "lenient",
        budget: Budget | None = None,
        partials: Mapping[str, str | Source] | None = None,
        filters: Mapping[str, Callable[..., Any]] | None = None,
        trusted: bool = False,
        name: str = "<template>",
        slots: Collection[str] = (),
        start: str = "text",
        date_names: DateNames = "english",
    ) -> Template:
        """Compile a Liquid template.

        `escape`: "html" escapes each output for the place where it stands; "text" makes values safe
        for plain text; "none" writes them as they are.
        `constants`: names whose values are the same for all recipients; they are worked into the code.
        `members`: for names of the data, those of their members that are; the data holds them as well.
        `undefined`: what a missing name is: "lenient" empty, "strict" an error, "default" an error
        unless it is tested or has a `default`.
        `mode`: "strict2" also refuses what Ruby's strict2 mode refuses.
        `budget`: what parsing and one render may spend. `partials`: texts for `include` and `render`.
        `filters`: more filters, pure functions by name. `trusted`: whether `safe` has effect.
        `slots`: the names that `{% slot "name" %}` may use. `start`: the HTML context it begins in;
        "url" is a URL as an attribute has it, in whose path a value is one segment.
        `date_names`: whether `%A` and `%B` of `date` are English, or follow the locale.

        Raises `TemplateError` with every finding; `BudgetExceeded` when the text is too large.

        >>> Template.from_string("{{ 1250 | money: 'EUR' }}", escape="text").render({})
        '€1,250.00'
        """
        _check(escape=(escape, ESCAPING), undefined=(undefined, ON_MISSING))
        _check(mode=(mode, MODES), start=(start, tuple(STARTS)))
        program = build(
            as_source(source, name),
            escape=escape,
            constants=dict(constants or {}),
            members=dict(members or {}),
            undefined=undefined,
            mode=mode,
            budget=budget or Budget(),
            partials=dict(partials or {}),
            filters=dict(filters or {}),
            trusted=trusted,
            slots=tuple(slots),
            start=start,
            date_names=date_names,
        )
        return cls(program)

    def render(self, data: Mapping[str, Any], *, now: datetime | None = None) -> str:
        """The text for one recipient.

        `data`: plain data by name (texts, numbers, true, false, None, lists, mappings, dates).
        `now`: what `now` and `today` are; without it they are missing.
        Raises `TemplateError`; `BudgetExceeded` when this render would cost too much.

        >>> Template.from_string("{{ n | plus: 1 }}").render({"n": 2})
        '3'
        """
        values = data if type(data) is dict else dict(data)
        run = self._run if self._run is not None else self._make()
        if run is None:
            return self._interpret(values, now)
        try:
            return run(values, now)
        except Overrun as problem:
            raise self._over(problem) from None
        except FilterRaised as problem:
            raise self.raised(problem) from problem
        except Exception:  # noqa: BLE001  # whatever it was, the interpreter gives the answer or the error
            return self._interpret(values, now)

    def _make(self) -> Callable[[dict[str, Any], datetime | None], str] | None:
        """What renders this template, made when it is first wanted; None where it is interpreted."""
        compiled = self._program.compiled
        if compiled is not None:
            self._run = compiled.render
        return self._run

    def render_bytes(self, data: Mapping[str, Any], *, now: datetime | None = None) -> bytes:
        """The text for one recipient, as UTF-8. Like `render` otherwise.

        >>> Template.from_string("{{ name }}").render_bytes({"name": "Zoë"})
        b'Zo\\xc3\\xab'
        """
        return self.render(data, now=now).encode("utf-8", "replace")

    @property
    def fixed(self) -> str | None:
        """What is rendered for everybody alike, when the template holds no Liquid.

        >>> Template.from_string("Hello").fixed, Template.from_string("{{ name }}").fixed
        ('Hello', None)
        """
        nodes = self._program.template.nodes
        texts = [node.text for node in nodes if isinstance(node, Text)]
        return "".join(texts) if len(texts) == len(nodes) else None

    @property
    def source(self) -> str:
        """The generated Python; empty when the template can only be interpreted.

        >>> "def render(" in Template.from_string("Hi {{ name }}").source
        True
        """
        return self._program.compiled.source if self._program.compiled else ""

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What there is to say about the template though it compiles: notes on `safe`, for example.

        >>> Template.from_string("Hi {{ name }}").diagnostics
        ()
        """
        return self._program.notes

    @property
    def interpreted(self) -> Diagnostic | None:
        """A note when the template can only be interpreted, which is slow; it is compiled to find out.

        `deopts` counts the renders that were interpreted, for whatever reason.

        >>> Template.from_string("Hi {{ name }}").interpreted
        >>> Template.from_string("{{ self.name }}").interpreted.code
        'MW421'
        """
        if self._program.compiled is not None:
            return None
        return diagnose("MW421", self._program.source, Span(0, 1), reason=self._program.reason)

    @property
    def file(self) -> Source:
        """The text that the template was made from."""
        return self._program.source

    @property
    def budget(self) -> Budget:
        """What one render may spend."""
        return self._program.facts.dialect.budget

    @property
    def tree(self) -> tuple[Tree, Facts]:
        """The tree that it was made to, and what is known besides."""
        return self._program.template, self._program.facts

    def knowing(self, name: str, members: Mapping[str, Any]) -> Template:
        """The same, for data of which members of one name are known.

        >>> page = Template.from_string("{% if mail.first %}Hi{% endif %}").knowing("mail", {"first": True})
        >>> page.render({"mail": {"first": True}}), "if" in page.source
        ('Hi', False)
        """
        facts = self._program.facts
        known = replace(facts, members={**facts.members, name: {**facts.members.get(name, {}), **members}})
        return Template(self._program.knowing(known))

    @property
    def slots(self) -> tuple[str, ...]:
        """The names that `{% slot %}` may use in it."""
        return self._program.slots

    def least(
        self, says: Callable[[str], str], slot: Callable[[str], str], rank: Callable[[str], int]
    ) -> str:
        """What the template writes for whom it writes least, with each output as `says` has it.

        `says` is given the dotted path of an output, or `?` for one that is no plain path; `slot` the name of a slot;
        `rank` says how much there is in what one branch writes: the branch with the least of it counts.

        >>> template = Template.from_string("a{% if x %}b{{ x }}{% endif %}{{ y | upcase }}")
        >>> template.least(lambda path: f"<{path}>", str, len)
        'a<?>'
        """
        return MinimalOutput(self._program.template, self._program.facts, says, slot, rank).text()

    def places(self) -> frozenset[str]:
        """The places in which it writes values that are not known, by the labels of their escapers; `?` for others.

        >>> template = Template.from_string("<a href='{{ x }}'>{{ y }}{{ z }}</a>", constants={"z": 1})
        >>> sorted(template.places())
        ['text', 'url_attr']
        """
        try:
            nodes = optimized(self._program.template.nodes, self._program.facts)
        except NotCompilable:
            return frozenset("?")
        return frozenset(
            one.escape.label if isinstance(one, Output) else "?"
            for one in reached(nodes)
            if isinstance(one, (Output, Call, Cycle))
        )

    def contract(self) -> Contract:
        """The data that the template reads, by full path, through loops, variables and partials.

        >>> Template.from_string("{% for c in cart %}{{ c.price }}{% endfor %}").contract().paths()
        ('cart', 'cart[].price')
        """
        return contract_of(
            self._program.source,
            partials=self._program.partials,
            constants=self._program.facts.constants,
            slots=self._program.slots,
        )

    def parts(self, data: dict[str, Any], out: list[str], *, now: datetime | None = None) -> None:
        """Deprecated: `out.append(template.render(data))` does the same."""
        warn("Template.parts goes; append what `render` gives", DeprecationWarning, stacklevel=2)
        out.append(self.render(data, now=now))

    def _interpret(self, data: dict[str, Any], now: datetime | None) -> str:
        self.deopts += 1
        program = self._program
        try:
            return interpret(
                program.template, program.facts.dialect, {**data, **program.facts.constants}, now
            )
        except Overrun as problem:
            raise self._over(problem) from None
        except TemplateError:
            raise
        except Exception as problem:
            raise TemplateError([self._findings.of(problem)]) from problem

    def holds(self, token: Token | None) -> bool:
        """Whether a token is one of this template or of its partials."""
        return token is not None and self._findings.knows(token)

    def raised(self, problem: FilterRaised) -> TemplateError:
        """The error for a caller's own filter that raised; it is not called a second time."""
        return TemplateError([self._findings.of(problem)])

    def _over(self, problem: Overrun) -> BudgetExceeded:
        return BudgetExceeded([self._findings.overrun(problem)])


def _check(**options: tuple[object, tuple[object, ...]]) -> None:
    for name, (value, allowed) in options.items():
        if value not in allowed:
            raise ValueError(f"{name}={value!r} is none of {', '.join(map(repr, allowed))}")
