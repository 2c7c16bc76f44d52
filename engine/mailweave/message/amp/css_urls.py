"""The url(...) of declarations."""

from __future__ import annotations

from mailweave.message.amp.css_rules import CssDeclaration
from mailweave.message.amp.css_tokens import Css, CssProblem, CssToken


def urls_of(declaration: CssDeclaration) -> tuple[list[CssToken], CssProblem | None]:
    """The URLs of one declaration, each as a token at its place; none when one is malformed."""
    found: list[CssToken] = []
    tokens = declaration.value
    at = 0
    while at < len(tokens) - 1:
        token = tokens[at]
        at += 1
        if token.kind is Css.URL:
            found.append(token)
        elif token.kind is Css.FUNCTION and token.value == "url":
            inside = [t for t in _arguments(tokens, at) if t.kind is not Css.SPACE]
            closed = len(inside) >= 2 and inside[1].kind is Css.CLOSE_PAREN
            if not closed or inside[0].kind is not Css.STRING:
                return [], CssProblem("CSS_SYNTAX_BAD_URL", token.place)
            found.append(CssToken(Css.URL, inside[0].value, token.place))
    return found, None


def _arguments(tokens: tuple[CssToken, ...], at: int) -> list[CssToken]:
    """The next tokens up to a closing parenthesis, that one included."""
    found = []
    for token in tokens[at:]:
        found.append(token)
        if token.kind in (Css.CLOSE_PAREN, Css.EOF):
            break
    return found
