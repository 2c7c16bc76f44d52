"""CSS as a stream of tokens with their places, by the tokenization rules of CSS Syntax."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

_SPACE = " \t\n"
_HEX = frozenset("0123456789abcdefABCDEF")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NAME_PART = re.compile(r"[A-Za-z0-9_\-\u0080-\U0010ffff]+")
_LINES = re.compile(r"\r\n|\r|\f")


class Css(Enum):
    SPACE = auto()
    STRING = auto()
    HASH = auto()
    DELIM = auto()
    COMMA = auto()
    COLON = auto()
    SEMICOLON = auto()
    OPEN_PAREN = auto()
    CLOSE_PAREN = auto()
    OPEN_SQUARE = auto()
    CLOSE_SQUARE = auto()
    OPEN_CURLY = auto()
    CLOSE_CURLY = auto()
    NUMBER = auto()
    DIMENSION = auto()
    PERCENTAGE = auto()
    IDENT = auto()
    FUNCTION = auto()
    URL = auto()
    AT_KEYWORD = auto()
    CDO = auto()
    CDC = auto()
    MATCH = auto()
    COLUMN = auto()
    EOF = auto()


@dataclass(frozen=True, slots=True)
class CssToken:
    """`value` is an identifier, a string's content, a number as written, a delimiter."""

    kind: Css
    value: str
    place: tuple[int, int]

    def is_delim(self, character: str) -> bool:
        return self.kind is Css.DELIM and self.value == character

    def is_word(self, word: str) -> bool:
        return self.kind is Css.IDENT and self.value.lower() == word


@dataclass(frozen=True, slots=True)
class CssProblem:
    """A fault of a style sheet: official code, place, parameters behind the tag's name."""

    code: str
    place: tuple[int, int]
    params: tuple[str, ...] = ()


_SINGLE = {
    "(": Css.OPEN_PAREN,
    ")": Css.CLOSE_PAREN,
    "[": Css.OPEN_SQUARE,
    "]": Css.CLOSE_SQUARE,
    "{": Css.OPEN_CURLY,
    "}": Css.CLOSE_CURLY,
    ",": Css.COMMA,
    ":": Css.COLON,
    ";": Css.SEMICOLON,
}


def tokenize(text: str, place: tuple[int, int] = (1, 0)) -> tuple[list[CssToken], list[CssProblem]]:
    """All tokens, the last of them EOF; `place` is where the text begins."""
    reader = _Reader(_LINES.sub("\n", text).replace("\0", "�"), place)
    return reader.read(), reader.problems


class _Reader:
    def __init__(self, text: str, place: tuple[int, int]) -> None:
        self.text = text
        self.at = 0
        self.first_line, self.first_column = place
        self.line, self.line_start = 0, 0
        self.problems: list[CssProblem] = []

    def read(self) -> list[CssToken]:
        tokens = []
        self._comments()
        while self.at < len(self.text):
            token = self._token()
            if token is not None:
                tokens.append(token)
            self._comments()
        if any(p.code == "CSS_SYNTAX_UNTERMINATED_COMMENT" for p in self.problems):
            tokens.append(CssToken(Css.DELIM, "", self._place()))  # so that what it cut off is told, too
        tokens.append(CssToken(Css.EOF, "", self._place()))
        return tokens

    def _place(self) -> tuple[int, int]:
        """Line and column of the current character; called with growing offsets only."""
        while (end := self.text.find("\n", self.line_start, self.at)) >= 0:
            self.line, self.line_start = self.line + 1, end + 1
        column = self.at - self.line_start + (self.first_column if self.line == 0 else 0)
        return self.first_line + self.line, column

    def _peek(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.text[at] if at < len(self.text) else ""

    def _comments(self) -> None:
        while self.text.startswith("/*", self.at):
            line, column = self._place()
            end = self.text.find("*/", self.at + 2)
            if end < 0:
                before = (line, max(column - 1, 0))  # where the official validator points
                self.problems.append(CssProblem("CSS_SYNTAX_UNTERMINATED_COMMENT", before))
                self.at = len(self.text)
                return
            self.at = end + 2

    def _token(self) -> CssToken | None:
        place, char = self._place(), self._peek()
        if char in _SPACE:
            while self._peek() and self._peek() in _SPACE:
                self.at += 1
            return CssToken(Css.SPACE, " ", place)
        if char in "\"'":
            return self._string(place)
        if char in _SINGLE:
            self.at += 1
            return CssToken(_SINGLE[char], char, place)
        if _NUMBER.match(self.text, self.at):
            return self._numeric(place)
        if self._starts_name(0):
            return self._name_like(place)
        return self._symbol(char, place)

    def _symbol(self, char: str, place: tuple[int, int]) -> CssToken | None:
        text, at = self.text, self.at
        if char == "#" and (self._name_char(1) or self._escape_at(1)):
            self.at += 1
            return CssToken(Css.HASH, self._name(), place)
        if char == "@" and self._starts_name(1):
            self.at += 1
            return CssToken(Css.AT_KEYWORD, self._name(), place)
        for mark, kind in (("<!--", Css.CDO), ("-->", Css.CDC), ("||", Css.COLUMN)):
            if text.startswith(mark, at):
                self.at += len(mark)
                return CssToken(kind, mark, place)
        if char in "$*^|~" and self._peek(1) == "=":
            self.at += 2
            return CssToken(Css.MATCH, char + "=", place)
        self.at += 1
        if char == "\\":
            self.problems.append(CssProblem("CSS_SYNTAX_STRAY_TRAILING_BACKSLASH", place))
            return None
        return CssToken(Css.DELIM, char, place)

    def _numeric(self, place: tuple[int, int]) -> CssToken:
        match = _NUMBER.match(self.text, self.at)
        assert match is not None  # the caller has looked
        self.at = match.end()
        if self._starts_name(0):
            return CssToken(Css.DIMENSION, match.group() + self._name(), place)
        if self._peek() == "%":
            self.at += 1
            return CssToken(Css.PERCENTAGE, match.group() + "%", place)
        return CssToken(Css.NUMBER, match.group(), place)

    def _string(self, place: tuple[int, int]) -> CssToken | None:
        quote, value = self._peek(), ""
        self.at += 1
        while True:
            char = self._peek()
            if not char or char == quote:
                self.at += 1
                return CssToken(Css.STRING, value, place)
            if char == "\n":
                self.problems.append(CssProblem("CSS_SYNTAX_UNTERMINATED_STRING", place))
                return None
            if char != "\\":
                value += char
                self.at += 1
            elif self._peek(1) == "\n":
                self.at += 2
            elif self._peek(1):
                value += self._escape()
            else:
                self.at += 1

    def _name_like(self, place: tuple[int, int]) -> CssToken | None:
        name = self._name()
        if self._peek() != "(":
            return CssToken(Css.IDENT, name, place)
        self.at += 1
        if name.lower() != "url":
            return CssToken(Css.FUNCTION, name, place)
        ahead = self.at
        while ahead < len(self.text) and self.text[ahead] in _SPACE:
            ahead += 1
        if self.text[ahead : ahead + 1] in ("'", '"'):
            return CssToken(Css.FUNCTION, name, place)
        self.at = ahead
        return self._url(place)

    def _url(self, place: tuple[int, int]) -> CssToken | None:
        value = ""
        while True:
            char = self._peek()
            if not char or char == ")":
                self.at += 1
                return CssToken(Css.URL, value, place)
            if char in _SPACE:
                while self._peek() and self._peek() in _SPACE:
                    self.at += 1
                if self._peek() in ("", ")"):
                    continue
                self._bad_url(place)
                return None
            if char in "\"'(" or _unprintable(char):
                self._bad_url(place)
                return None
            if char == "\\":
                if not self._escape_at(0):
                    self._bad_url(place)
                    return None
                value += self._escape()
                continue
            value += char
            self.at += 1

    def _bad_url(self, place: tuple[int, int]) -> None:
        """Skips the rest of a broken url(...)."""
        self.problems.append(CssProblem("CSS_SYNTAX_BAD_URL", place))
        while self._peek():
            if self._escape_at(0):
                self._escape()
                continue
            self.at += 1
            if self.text[self.at - 1] == ")":
                return

    def _name(self) -> str:
        value = ""
        while True:
            match = _NAME_PART.match(self.text, self.at)
            if match is not None:
                value += match.group()
                self.at = match.end()
            elif self._escape_at(0):
                value += self._escape()
            else:
                return value

    def _escape(self) -> str:
        """The character that an escape stands for; the current character is the backslash."""
        self.at += 1
        char = self._peek()
        if char not in _HEX or not char:
            self.at += 1
            return char or "�"
        start = self.at
        while self.at - start < 6 and self._peek() and self._peek() in _HEX:
            self.at += 1
        code = int(self.text[start : self.at], 16)
        if self._peek() and self._peek() in _SPACE:
            self.at += 1
        surrogate = 0xD800 <= code <= 0xDFFF
        return "�" if code > 0x10FFFF or surrogate else chr(code)

    def _escape_at(self, ahead: int) -> bool:
        return self._peek(ahead) == "\\" and self._peek(ahead + 1) != "\n"

    def _name_char(self, ahead: int) -> bool:
        return _NAME_PART.match(self.text, self.at + ahead) is not None

    def _starts_name(self, ahead: int) -> bool:
        char = self._peek(ahead)
        if char == "-":
            follower = self._peek(ahead + 1)
            return (
                (follower == "-" and self._peek(ahead + 2) != ">")
                or _name_start(follower)
                or self._escape_at(ahead + 1)
            )
        return _name_start(char) or self._escape_at(ahead)


def _name_start(char: str) -> bool:
    return bool(char) and ((char.isascii() and char.isalpha()) or char == "_" or char >= "\x80")


def _unprintable(char: str) -> bool:
    return char <= "\x08" or char == "\x0b" or "\x0e" <= char <= "\x1f" or char == "\x7f"
