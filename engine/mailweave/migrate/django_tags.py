"""Klaviyo: templates of Django, with tags and filters of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from mailweave.migrate.bench import Bench
from mailweave.migrate.braces import Piece, pieces
from mailweave.migrate.filters import KLAVIYO, SHOWN_LIST, strftime_of
from mailweave.migrate.operands import Operands
from mailweave.migrate.scope import ours
from mailweave.migrate.tag_parser import TagParser
from mailweave.migrate.tree import (
    Assign,
    Broken,
    Compare,
    Expr,
    Filtered,
    For,
    Key,
    Lit,
    Node,
    Not,
    Output,
    Ref,
    Text,
)

_WHOLE: Final = re.compile(r"\s*[-+]?\d+\s*")
_CUT_OFF: Final = "there both are cut to whole numbers first"
_UNSUBSCRIBE: Final = ours("campaign", "unsubscribe_url")
_COUNTERS: Final = {
    "counter": "index", "counter0": "index0", "revcounter": "rindex", "revcounter0": "rindex0", "first": "first",
    "last": "last",
}  # fmt: skip
_COMPANY: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("campaign", "sender"),
    "full_address": ("campaign", "postal_address"),
}
_NOW: Final = {"current_year": "%Y", "current_month": "%-m", "current_month_name": "%B", "current_day": "%-d"}
_OTHERS: Final[Mapping[str, tuple[str, str]]] = {
    "web_view": ("there is no copy on the web", "write the address where you keep one"),
    "web_view_link": ("there is no copy on the web", "write the address where you keep one"),
    "manage_preferences": ("there is no such page", "write its address, with a value that names the reader"),
    "manage_preferences_link": (
        "there is no such page",
        "write its address, with a value that names the reader",
    ),
    "coupon_code": ("codes are given out there", "give each recipient theirs in the data, as an attribute"),
    "cycle": ("its values may be names of that system", "write it with our names"),
    "catalog": ("items of that catalogue are known there", "declare a `catalog` and a `list` in the rules"),
    "ifchanged": ("it asks for the round before", "compare with the item before, in the data"),
    "filter": ("a filter over a part of a template", "write the filter behind each value"),
    "include": ("the snippet stands in another file", "docs/libraries.md says how snippets are shared"),
}


class DjangoParser(TagParser):
    """Reads one template."""

    def __init__(self, bench: Bench) -> None:
        found = pieces(bench, notes=True, as_text=("verbatim",), unseen=("comment",))
        super().__init__(bench, KLAVIYO, found, django=True)
        self._is_safe = False
        self._tags: Mapping[str, Callable[[Piece], tuple[Node, ...]]] = {
            "if": self._if,
            "ifequal": self._if,
            "ifnotequal": self._if,
            "for": self._for,
            "with": self._with,
            "autoescape": self._autoescape,
            "spaceless": self._spaceless,
            "now": self._today,
            "today": self._today,
            "unsubscribe": self._unsubscribe,
            "unsubscribe_link": lambda piece: (Output(_UNSUBSCRIBE, at=piece.at),),
            "load": lambda piece: (),
            **dict.fromkeys(_NOW, self._today),
        }

    def _tag(self, piece: Piece) -> tuple[Node, ...]:
        if piece.name in self._tags:
            return self._tags[piece.name](piece)
        why, todo = _OTHERS.get(piece.name, ("there is no such tag", "write what it did, or leave it out"))
        return self._without_equal(piece, why, todo)

    # ---- values

    def _ref(self, keys: Sequence[Key], at: int, fixed: int) -> Expr:
        first, second = str(keys[0]), str(keys[1]) if len(keys) > 1 else ""
        if first in self._scope.known:
            return self._scope.ref(keys, at, ends=False)
        if first == "forloop":
            return self._of_loop([str(key) for key in keys[1:]], at)
        if first in ("organization", "company") and second:
            if second in _COMPANY:
                return ours(*_COMPANY[second], at=at)
            return self._bench.broken(
                at, at + len(f"{first}.{second}"), "settings name the sender", "write it out"
            )
        return self._scope.ref(keys, at, fixed=2 if first in ("person", "event") else 1, ends=False)

    def _of_loop(self, keys: list[str], at: int) -> Expr:
        outer = [key for key in keys[:-1] if key == "parentloop"]
        counter = _COUNTERS.get(keys[-1]) if keys else None
        if counter is None or len(outer) != len(keys) - 1:
            return self._bench.broken(
                at, at + len("forloop"), "a loop does not say that", "count in the data"
            )
        return ours("forloop", *outer, counter, at=at)

    def _apply(
        self, value: Expr, name: str, given: list[Expr], named: dict[str, Expr], place: tuple[int, int]
    ) -> Expr:
        if name == "safe":
            return value
        if name == "add" and len(given) == 1 and not isinstance(value, Broken):
            return self._added(value, given[0], place)
        return super()._apply(value, name, given, named, place)

    def _added(self, value: Expr, other: Expr, place: tuple[int, int]) -> Expr:
        """`add`: whole numbers are added, all else is put together; digits behind the point are cut off."""
        word = other.value if isinstance(other, Lit) else None
        is_number = isinstance(word, int) or (isinstance(word, str) and _WHOLE.fullmatch(word) is not None)
        if isinstance(word, str) and not is_number:
            return Filtered(value, "append", (other,))
        if not is_number and "text" in (self._bench.known(value), self._bench.known(other)):
            return Filtered(value, "append", (other,))
        if self._bench.known(value) == "number":
            self._bench.tell("MW669", *place, instead="plus", difference=_CUT_OFF)
        return Filtered(value, "plus", (Lit(int(word)) if isinstance(word, str) else other,))

    def _echo(self, piece: Piece) -> tuple[Node, ...]:
        made = super()._echo(piece)
        if isinstance(made[0], Output) and self._bench.known(made[0].value) == "list":
            self._bench.tell("MW669", piece.at, piece.stop, instead="its items", difference=SHOWN_LIST)
        is_safe = self._is_safe or re.search(r"\|\s*safe\b", piece.text) is not None
        if not is_safe or not isinstance(made[0], Output):
            return made
        self._bench.tell("MW661", piece.at, piece.stop)
        return (Output(made[0].value, True, piece.at),)

    # ---- tags

    def _opened(self, piece: Piece) -> Expr:
        if piece.name == "if":
            return self._test(piece)
        words = self._words(piece)
        same = Compare("==", words.value(), words.value())
        return same if piece.name == "ifequal" else Not(same)

    def _for(self, piece: Piece) -> tuple[Node, ...]:
        words = self._words(piece)
        name = words.name()
        if words.take(","):
            return self._without_equal(
                piece, "pairs of a record have no order here", "make it a list of records"
            )
        words.expect("in")
        items, limit = _limited(words.value())
        backwards = words.take("reversed")
        words.close()
        if (kind := self._bench.known(items)) not in ("list", "unknown"):
            return self._without_equal(piece, f"a {kind} is no list", "make it a list")
        with self._scope.item(name, items) as called:
            body, ending = self._body(piece, ("endfor", "empty"))
        otherwise, _ = self._body(piece, ("endfor",)) if ending.name == "empty" else ((), ending)
        return (For(called, items, body, otherwise, limit, None, backwards, piece.at),)

    def _with(self, piece: Piece) -> tuple[Node, ...]:
        words = self._words(piece)
        made: list[Node] = []
        outer = dict(self._scope.known)
        while not words.is_done:
            name, value = _named(words)
            made.append(
                Assign(
                    self._scope.give(name, value), Lit(None) if isinstance(value, Broken) else value, piece.at
                )
            )
        body, _ = self._body(piece, ("endwith",))
        self._scope.known = outer
        return (*made, *body)

    def _autoescape(self, piece: Piece) -> tuple[Node, ...]:
        outer, self._is_safe = self._is_safe, piece.text.strip() == "off"
        made = self._through(piece)
        self._is_safe = outer
        return made

    def _through(self, piece: Piece) -> tuple[Node, ...]:
        """What a tag holds, as it is."""
        body, _ = self._body(piece, (f"end{piece.name}",))
        return body

    def _spaceless(self, piece: Piece) -> tuple[Node, ...]:
        said = "blanks between elements stay"
        self._bench.tell("MW669", piece.at, piece.stop, instead="what it holds", difference=said)
        return self._through(piece)

    def _today(self, piece: Piece) -> tuple[Node, ...]:
        words = re.fullmatch(r"""\s*(?:"([^"]*)"|'([^']*)')?\s*(?:as\s+(\w+))?\s*""", piece.text)
        form = _NOW.get(piece.name) or ((words[1] or words[2]) if words else None)
        if form is not None and piece.name == "now":
            form = strftime_of(form)
        if form is None:
            return (
                self._bench.no_equal(piece.at, piece.stop, "the form has no equal", "write it with `date`"),
            )
        value = Filtered(Lit("now"), "date", (Lit(form),))
        if words and words[3]:
            return (Assign(self._scope.give(words[3]), value, piece.at),)
        return (Output(value, at=piece.at),)

    def _unsubscribe(self, piece: Piece) -> tuple[Node, ...]:
        label = piece.text.strip().strip("\"'") or "Unsubscribe"
        return (Text('<a href="'), Output(_UNSUBSCRIBE, at=piece.at), Text(f'">{label}</a>'))


def _named(words: Operands) -> tuple[str, Expr]:
    """One name of `with` and its value: `n=person.name`, or as it was written before, `person.name as n`."""
    if words.is_assigned:
        name = words.name()
        words.expect("=")
        return name, words.value()
    value = words.value()
    words.expect("as")
    return words.name(), value


def _limited(items: Expr) -> tuple[Expr, Expr | None]:
    """A list and how much of it, for `list|slice:":3"`, which reads as a loop with a limit."""
    match items:
        case Filtered(value=Ref() as ref, name="slice", arguments=[Lit(value=0), limit]):
            return ref, limit
        case _:  # no list with a limit
            return items, None


def parse_django(bench: Bench) -> tuple[Node, ...]:
    """The tree of a template of Klaviyo. Raises MailweaveError (MW665) for what it could not read."""
    return DjangoParser(bench).read()
