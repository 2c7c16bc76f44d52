"""Media queries: which types and features they name, and whether they are well formed."""

from __future__ import annotations

from dataclasses import dataclass, field

from mailweave.message.amp.css_rules import CssRule, without_vendor
from mailweave.message.amp.css_tokens import Css, CssProblem, CssToken
from mailweave.message.amp.specs import CssSpec


@dataclass(slots=True)
class _Reader:
    """Each method tells whether the text has the form that it reads."""

    tokens: tuple[CssToken, ...]
    at: int = 0
    types: list[CssToken] = field(default_factory=list)
    features: list[CssToken] = field(default_factory=list)

    @property
    def current(self) -> CssToken:
        return self.tokens[min(self.at, len(self.tokens) - 1)]

    def sees(self, kind: Css) -> bool:
        return self.current.kind is kind

    def skip_space(self) -> None:
        if self.sees(Css.SPACE):
            self.at += 1

    def queries(self) -> bool:
        self.skip_space()
        if self.sees(Css.EOF):
            return True
        while self.query():
            if not self.sees(Css.COMMA):
                return self.sees(Css.EOF)
            self.at += 1
            self.skip_space()
        return False

    def query(self) -> bool:
        if self.sees(Css.OPEN_PAREN):
            if not self.expression():
                return False
        elif not self.media_type():
            return False
        while self.current.is_word("and"):
            self.at += 1
            self.skip_space()
            if not self.expression():
                return False
        return True

    def media_type(self) -> bool:
        if self.current.is_word("only") or self.current.is_word("not"):
            self.at += 1
        self.skip_space()
        if not self.sees(Css.IDENT):
            return False
        self.types.append(self.current)
        self.at += 1
        self.skip_space()
        return True

    def expression(self) -> bool:
        if not self.sees(Css.OPEN_PAREN):
            return False
        self.at += 1
        self.skip_space()
        if not self.sees(Css.IDENT):
            return False
        self.features.append(self.current)
        self.at += 1
        self.skip_space()
        if self.sees(Css.COLON) and not self.value():
            return False
        if not self.sees(Css.CLOSE_PAREN):
            return False
        self.at += 1
        self.skip_space()
        return True

    def value(self) -> bool:
        self.at += 1
        depth = 0
        while self.at < len(self.tokens) and not self.sees(Css.EOF):
            if self.sees(Css.CLOSE_PAREN):
                if depth == 0:
                    return True
                depth -= 1
            depth += self.sees(Css.FUNCTION)
            self.at += 1
        return False


def check_media(rule: CssRule, spec: CssSpec) -> list[CssProblem]:
    """What is wrong with the queries of one `@media` rule."""
    reader = _Reader(rule.prelude)
    problems = []
    if not reader.queries():
        problems.append(CssProblem("CSS_SYNTAX_MALFORMED_MEDIA_QUERY", rule.place))
    for token in reader.types:
        if without_vendor(token.value.lower()) not in (spec.media_types or ()):
            problems.append(CssProblem("CSS_SYNTAX_DISALLOWED_MEDIA_TYPE", token.place, (token.value,)))
    for token in reader.features:
        if _bare(token.value.lower()) not in spec.media_features:
            problems.append(CssProblem("CSS_SYNTAX_DISALLOWED_MEDIA_FEATURE", token.place, (token.value,)))
    return problems


def _bare(feature: str) -> str:
    name = without_vendor(feature)
    return name[4:] if name.startswith(("min-", "max-")) else name
