"""Selectors, as strict CSS reads them: which attributes and pseudo-classes they name."""

from __future__ import annotations

from dataclasses import dataclass

from mailweave.message.amp.css_tokens import Css, CssProblem, CssToken
from mailweave.message.amp.specs import CssSpec


class _Fault(Exception):
    def __init__(self, problem: CssProblem) -> None:
        self.problem = problem


@dataclass(slots=True)
class _Reader:
    tokens: tuple[CssToken, ...]
    spec: CssSpec
    problems: list[CssProblem]
    at: int = 0

    @property
    def current(self) -> CssToken:
        return self.ahead(0)

    def ahead(self, by: int) -> CssToken:
        return self.tokens[min(self.at + by, len(self.tokens) - 1)]

    def skip_space(self) -> None:
        if self.current.kind is Css.SPACE:
            self.at += 1

    def fault(self, code: str, token: CssToken | None = None) -> _Fault:
        return _Fault(CssProblem(code, (token or self.current).place))

    def group(self) -> None:
        self.selector()
        while True:
            self.skip_space()
            if self.current.kind is Css.EOF:
                return
            if self.current.kind is not Css.COMMA:
                raise self.fault("CSS_SYNTAX_UNPARSED_INPUT_REMAINS_IN_SELECTOR")
            self.at += 1
            self.skip_space()
            self.selector()

    def selector(self) -> None:
        if not _starts(self.current):
            raise self.fault("CSS_SYNTAX_NOT_A_SELECTOR_START")
        self.sequence()
        while True:
            if self.current.kind is Css.SPACE and not _starts(self.ahead(1)):
                self.at += 1
            spaced = self.current.kind is Css.SPACE
            if not spaced and not any(self.current.is_delim(c) for c in "+>~"):
                return
            self.at += 1
            self.skip_space()
            self.sequence()

    def sequence(self) -> None:
        """One element's selectors: `a.button[disabled]:hover`."""
        found = self.type_selector()
        while True:
            token = self.current
            if token.kind is Css.HASH:
                self.at += 1
            elif token.is_delim(".") and self.ahead(1).kind is Css.IDENT:
                self.at += 2
            elif token.kind is Css.OPEN_SQUARE:
                self.attribute()
            elif token.kind is Css.COLON:
                self.pseudo()
            elif found:
                return
            else:
                raise self.fault("CSS_SYNTAX_MISSING_SELECTOR")
            found = True

    def type_selector(self) -> bool:
        if not (self.current.is_delim("*") or self.current.is_delim("|") or self.current.kind is Css.IDENT):
            return False
        self.namespace()
        if self.current.is_delim("*") or self.current.kind is Css.IDENT:
            self.at += 1
        return True

    def namespace(self) -> None:
        if self.current.is_delim("|"):
            self.at += 1
        elif (self.current.is_delim("*") or self.current.kind is Css.IDENT) and self.ahead(1).is_delim("|"):
            self.at += 2

    def attribute(self) -> None:
        start = self.current
        self.at += 1
        self.skip_space()
        self.namespace()
        name = self.current
        if name.kind is not Css.IDENT:
            raise self.fault("CSS_SYNTAX_INVALID_ATTR_SELECTOR", start)
        self.at += 1
        self.skip_space()
        if self.current.kind is Css.MATCH or self.current.is_delim("="):
            self.at += 1
            self.skip_space()
            if self.current.kind not in (Css.IDENT, Css.STRING):
                raise self.fault("CSS_SYNTAX_INVALID_ATTR_SELECTOR", start)
            self.at += 1
        self.skip_space()
        if self.current.kind is not Css.CLOSE_SQUARE:
            raise self.fault("CSS_SYNTAX_INVALID_ATTR_SELECTOR", start)
        self.at += 1
        allowed = self.spec.attribute_selectors or frozenset()
        self.check("CSS_SYNTAX_DISALLOWED_ATTR_SELECTOR", start, name.value, allowed)

    def pseudo(self) -> None:
        start = self.current
        self.at += 1
        element = self.current.kind is Css.COLON
        self.at += element
        name = self.current
        if name.kind is Css.FUNCTION:
            self.function()
        elif name.kind is Css.IDENT:
            self.at += 1
        else:
            raise self.fault("CSS_SYNTAX_ERROR_IN_PSEUDO_SELECTOR", start)
        if element:
            self.check("CSS_SYNTAX_DISALLOWED_PSEUDO_ELEMENT", start, name.value, self.spec.pseudo_elements)
        else:
            self.check("CSS_SYNTAX_DISALLOWED_PSEUDO_CLASS", start, name.value, self.spec.pseudo_classes)

    def function(self) -> None:
        depth = 0
        while self.current.kind is not Css.EOF:
            depth += self.current.kind in (Css.FUNCTION, Css.OPEN_PAREN)
            depth -= self.current.kind is Css.CLOSE_PAREN
            self.at += 1
            if depth == 0:
                return

    def check(self, code: str, at: CssToken, name: str, allowed: frozenset[str]) -> None:
        if name not in allowed and "*" not in allowed:
            self.problems.append(CssProblem(code, at.place, (name,)))


def _starts(token: CssToken) -> bool:
    if token.kind is Css.DELIM:
        return token.value in "*|."
    return token.kind in (Css.IDENT, Css.HASH, Css.OPEN_SQUARE, Css.COLON)


def check_selector(prelude: tuple[CssToken, ...], spec: CssSpec) -> list[CssProblem]:
    """What strict CSS finds wrong with one rule's selector."""
    reader = _Reader(prelude, spec, [])
    try:
        reader.group()
    except _Fault as fault:
        return [fault.problem]
    return reader.problems
