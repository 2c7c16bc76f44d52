"""Style sheets as rules and declarations, by the parsing rules of CSS Syntax."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mailweave.message.amp.css_tokens import Css, CssProblem, CssToken, tokenize

_MAX_DEPTH = 100
_BLOCK_OF_RULES = frozenset({"keyframes", "media", "supports"})
_BLOCK_OF_DECLARATIONS = frozenset({"font-face", "page"})
_MIRROR = {
    Css.OPEN_CURLY: Css.CLOSE_CURLY,
    Css.OPEN_PAREN: Css.CLOSE_PAREN,
    Css.OPEN_SQUARE: Css.CLOSE_SQUARE,
}


@dataclass(frozen=True, slots=True)
class CssDeclaration:
    """A property and the tokens of its value, EOF at their end; `important` is the place of the `!`."""

    name: str
    value: tuple[CssToken, ...]
    place: tuple[int, int]
    important: tuple[int, int] | None = None

    def first_word(self) -> str:
        """The first identifier or number of the value, which decides whether it is allowed."""
        for token in self.value[:2]:
            if token.kind in (Css.IDENT, Css.NUMBER):
                return token.value
            if token.kind is not Css.SPACE:
                break
        return ""


@dataclass(frozen=True, slots=True)
class CssRule:
    """An at-rule (`at` is its name) or a rule with a selector."""

    prelude: tuple[CssToken, ...]
    place: tuple[int, int]
    at: str = ""
    declarations: tuple[CssDeclaration, ...] = ()
    rules: tuple[CssRule, ...] = ()

    def walk(self) -> Iterator[CssRule]:
        yield self
        for rule in self.rules:
            yield from rule.walk()


@dataclass(slots=True)
class Sheet:
    """A parsed style sheet and what was wrong with it."""

    rules: tuple[CssRule, ...] = ()
    problems: list[CssProblem] = field(default_factory=list)

    def walk(self) -> Iterator[CssRule]:
        """Every rule, outer before inner."""
        for rule in self.rules:
            yield from rule.walk()


def without_vendor(name: str) -> str:
    """`-moz-keyframes` as `keyframes`."""
    for prefix in ("-o-", "-moz-", "-ms-", "-webkit-"):
        if name.startswith(prefix):
            return name[len(prefix) :]
    return name


def parse_sheet(text: str, place: tuple[int, int] = (1, 0)) -> Sheet:
    """The rules of a style sheet."""
    tokens, problems = tokenize(text, place)
    sheet = Sheet(problems=problems)
    sheet.rules = _Parser(tokens, sheet.problems).rules(top=True)
    return sheet


def parse_style(text: str, place: tuple[int, int] = (1, 0)) -> tuple[list[CssDeclaration], list[CssProblem]]:
    """The declarations of a `style` attribute."""
    tokens, problems = tokenize(text, place)
    return _Parser(tokens, problems).declarations(), problems


class _Parser:
    """Reads one list of tokens that ends with EOF."""

    def __init__(self, tokens: list[CssToken], problems: list[CssProblem]) -> None:
        self.tokens = tokens
        self.at = 0
        self.problems = problems

    @property
    def current(self) -> CssToken:
        return self.tokens[min(self.at, len(self.tokens) - 1)]

    def _problem(self, code: str, token: CssToken, *params: str) -> None:
        self.problems.append(CssProblem(code, token.place, params))

    def rules(self, *, top: bool) -> tuple[CssRule, ...]:
        found = []
        while self.current.kind is not Css.EOF:
            kind = self.current.kind
            if kind is Css.SPACE or (top and kind in (Css.CDO, Css.CDC)):
                self.at += 1
            elif kind is Css.AT_KEYWORD:
                found.append(self._at_rule())
            else:
                rule = self._qualified_rule()
                if rule is not None:
                    found.append(rule)
        return tuple(found)

    def _at_rule(self) -> CssRule:
        start = self.current
        self.at += 1
        prelude: list[CssToken] = []
        while True:
            token = self.current
            if token.kind in (Css.SEMICOLON, Css.EOF):
                self.at += 1
                return CssRule((*prelude, CssToken(Css.EOF, "", token.place)), start.place, start.value)
            if token.kind is Css.OPEN_CURLY:
                end = CssToken(Css.EOF, "", token.place)
                return self._at_block(start, (*prelude, end))
            self._component(prelude)

    def _at_block(self, start: CssToken, prelude: tuple[CssToken, ...]) -> CssRule:
        inside = _Parser(self._block(), self.problems)
        name = without_vendor(start.value)
        if name in _BLOCK_OF_RULES:
            return CssRule(prelude, start.place, start.value, rules=inside.rules(top=False))
        if name in _BLOCK_OF_DECLARATIONS:
            declarations = tuple(inside.declarations())
            return CssRule(prelude, start.place, start.value, declarations)
        return CssRule(prelude, start.place, start.value)

    def _qualified_rule(self) -> CssRule | None:
        start = self.current
        prelude: list[CssToken] = []
        while self.current.kind is not Css.EOF:
            if self.current.kind is Css.OPEN_CURLY:
                end = CssToken(Css.EOF, "", self.current.place)
                declarations = _Parser(self._block(), self.problems).declarations()
                return CssRule((*prelude, end), start.place, declarations=tuple(declarations))
            self._component(prelude)
        self._problem("CSS_SYNTAX_EOF_IN_PRELUDE_OF_QUALIFIED_RULE", start)
        return None

    def _block(self) -> list[CssToken]:
        """The tokens inside the block that starts here; its end becomes EOF."""
        tokens: list[CssToken] = []
        self._component(tokens)
        inside = tokens[1:]
        if len(tokens) < 2:
            return [CssToken(Css.EOF, "", self.current.place)]
        inside[-1] = CssToken(Css.EOF, "", inside[-1].place)
        return inside

    def declarations(self) -> list[CssDeclaration]:
        found: list[CssDeclaration] = []
        while self.current.kind is not Css.EOF:
            kind = self.current.kind
            if kind in (Css.SPACE, Css.SEMICOLON):
                self.at += 1
            elif kind is Css.AT_KEYWORD:
                start = self.current
                self._at_rule()
                self._problem("CSS_SYNTAX_INVALID_AT_RULE", start, start.value)
            elif kind is Css.IDENT:
                self._declaration(found)
            else:
                self._problem("CSS_SYNTAX_INVALID_DECLARATION", self.current)
                self._rest([])
        return found

    def _rest(self, tokens: list[CssToken]) -> list[CssToken]:
        """Everything up to the next semicolon."""
        while self.current.kind not in (Css.SEMICOLON, Css.EOF):
            self._component(tokens)
        return tokens

    def _declaration(self, found: list[CssDeclaration]) -> None:
        start = self.current
        self.at += 1
        while self.current.kind is Css.SPACE:
            self.at += 1
        if self.current.kind is not Css.COLON:
            self._problem("CSS_SYNTAX_INCOMPLETE_DECLARATION", start)
            while self.current.kind not in (Css.SEMICOLON, Css.EOF):
                self.at += 1
            return
        self.at += 1
        value, important = _without_important(self._rest([]))
        end = CssToken(Css.EOF, "", self.current.place)
        found.append(CssDeclaration(start.value, (*value, end), start.place, important))

    def _component(self, tokens: list[CssToken]) -> None:
        """Takes one component value, with all that its brackets hold, however deep."""
        open_brackets: list[Css] = []
        while True:
            token = self.current
            self.at += 1
            tokens.append(token)
            if token.kind is Css.EOF:
                self.at -= 1
                return
            if token.kind in _MIRROR:
                open_brackets.append(_MIRROR[token.kind])
            elif token.kind is Css.FUNCTION:
                open_brackets.append(Css.CLOSE_PAREN)
            elif open_brackets and token.kind is open_brackets[-1]:
                open_brackets.pop()
            if len(open_brackets) > _MAX_DEPTH // 2:
                self._problem("CSS_EXCESSIVELY_NESTED", token)
                self.at = len(self.tokens) - 1
                return
            if not open_brackets:
                return


def _without_important(value: list[CssToken]) -> tuple[list[CssToken], tuple[int, int] | None]:
    """A value without its `!important`, and where that stood."""
    solid = [at for at, token in enumerate(value) if token.kind is not Css.SPACE][-2:]
    if len(solid) == 2 and value[solid[1]].is_word("important") and value[solid[0]].is_delim("!"):
        return value[: solid[0]], value[solid[0]].place
    return value, None
