"""Braze and Customer.io: Liquid with tags, names and filters of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from mailweave.migrate.bench import Bench
from mailweave.migrate.braces import Piece, pieces
from mailweave.migrate.filters import BRAZE, CUSTOMERIO, Filters
from mailweave.migrate.scope import ours
from mailweave.migrate.tag_parser import TagParser
from mailweave.migrate.tree import (
    Arm,
    Assign,
    Broken,
    Capture,
    Compare,
    Expr,
    For,
    If,
    Key,
    Lit,
    Logic,
    Node,
    Output,
    Ref,
    Skip,
    Tag,
    Text,
)

_UNSUBSCRIBE: Final = ours("campaign", "unsubscribe_url")
_LITERALS: Final = re.compile(r"""\s*(?:"[^"]*"|'[^']*')(?:\s*,\s*(?:"[^"]*"|'[^']*'))*\s*""")
_SAME: Final = frozenset({"increment", "decrement", "break", "continue"})
_SERVED: Final[Mapping[str, str]] = {
    "connected_content": "give what the server answers in the context (docs/data.md); or declare a score, a list or a "
    "lookup in the rules, and let [sources] in campaign.toml ask for it: docs/campaign.md",
    "catalog_items": "declare a `catalog` in the rules and give its items as `context`",
    "catalog_selection_items": "declare a `list` of a catalogue in the rules",
    "promotion": "give each recipient their code in the data, as an attribute",
    "feature_flag": "declare an attribute for it",
    "multi_language": "docs/translations.md",
}
_OTHERS: Final[Mapping[str, tuple[str, str]]] = {
    "view_in_browser_url": ("there is no copy on the web", "write the address where you keep one"),
    "manage_subscription_preferences_url": (
        "there is no such page",
        "write its address, with a value of the profile that names the reader",
    ),
    "message_extras": ("it is for reports of that system", "leave it out"),
    "include": ("the snippet stands in another file", "docs/libraries.md says how snippets are shared"),
    "render": ("the snippet stands in another file", "docs/libraries.md says how snippets are shared"),
    "snippet": ("the snippet stands in another file", "docs/libraries.md says how snippets are shared"),
    "tablerow": ("rows of a table are written out", "write a `for` around `<tr>`"),
    "liquid": ("several tags in one are not taken apart", "write each in its own `{% %}`"),
    "cycle": ("its values may be names of that system", "write it with our names"),
}
_SPECIAL_NAMES: Final[Mapping[str, Expr]] = {
    "set_user_to_unsubscribed_url": _UNSUBSCRIBE,
    "unsubscribe_url": _UNSUBSCRIBE,
}
_ELSEWHERE: Final[Mapping[str, tuple[str, str]]] = {
    "content_blocks": ("the block stands in another file", "make it a block of the campaign: docs/blocks.md"),
    "snippets": ("the snippet stands in another file", "docs/libraries.md says how snippets are shared"),
    "campaign": ("that system names its own sending", "`campaign.name` is the name of this campaign"),
    "canvas": ("that system names its own sending", "`campaign.name` is the name of this campaign"),
    "layout": ("that system names its own layouts", "leave it out"),
    "message": ("that system names its own messages", "leave it out"),
    "most_recently_used_device": ("no device is known here", "declare an attribute for it and map it: --map"),
    "targeted_device": ("no device is known here", "declare an attribute for it and map it: --map"),
}


VARIETIES: Final[Mapping[str, Filters]] = {"braze": BRAZE, "customerio": CUSTOMERIO}
"""The filters of each dialect."""


class LiquidParser(TagParser):
    """Reads one template."""

    def __init__(self, bench: Bench, filters: Filters) -> None:
        found = pieces(bench, notes=False, as_text=("raw",), unseen=("comment", "doc"))
        super().__init__(bench, filters, found, django=False)
        self._tags: Mapping[str, Callable[[Piece], tuple[Node, ...]]] = {
            "if": self._if,
            "unless": self._if,
            "case": self._case,
            "for": self._for,
            "assign": self._assign,
            "capture": self._capture,
            "echo": self._echo,
            "abort_message": self._abort,
            "unsubscribe_url": lambda piece: (Output(_UNSUBSCRIBE, at=piece.at),),
            "unsubscribe": self._unsubscribe,
        }

    def _tag(self, piece: Piece) -> tuple[Node, ...]:
        if piece.name in self._tags:
            return self._tags[piece.name](piece)
        if piece.name in _SAME or (piece.name == "cycle" and _LITERALS.fullmatch(piece.text)):
            return (Tag(f"{piece.name} {piece.text.strip()}".strip()),)
        if piece.name in _SERVED:
            return self._served(piece)
        why, todo = _OTHERS.get(piece.name, ("there is no such tag", "write what it did, or leave it out"))
        return self._without_equal(piece, why, todo)

    def _ref(self, keys: Sequence[Key], at: int, fixed: int) -> Expr:
        first = str(keys[0])
        if first in self._scope.known:
            return self._scope.ref(keys, at)
        if first == "forloop":
            return ours(*map(str, keys), at=at)
        if first in _SPECIAL_NAMES and len(keys) == 1:
            return _SPECIAL_NAMES[first]
        if first == "content" and len(keys) == 1:
            why, todo = (
                "it is the place of the message in a layout",
                'write `{% slot "main" %}` in the layout',
            )
            return self._bench.broken(at, at + len(first), why, todo)
        if first == "subscribed_state":
            return Ref(("subscribed_state",), "", (), ("subscribed_state",), at)
        if first in _ELSEWHERE and len(keys) > 1:
            stop = self._bench.source.text.find("}}", at)
            why, todo = _ELSEWHERE[first]
            return self._bench.broken(at, stop if stop > 0 else at, why, todo)
        return self._scope.ref(keys, at, fixed=max(fixed, 2 if first in _NAMESPACES else 1))

    # ---- tags

    def _case(self, piece: Piece) -> tuple[Node, ...]:
        words = self._words(piece)
        subject = words.value()
        words.close()
        _, ending = self._body(piece, ("endcase", "when", "else"))
        arms: list[Arm] = []
        while not ending.name.startswith("end"):
            test = None if ending.name == "else" else self._when(subject, ending)
            body, ending = self._body(piece, ("endcase", "when", "else"))
            arms.append(Arm(test, body))
        return (If(tuple(arms), piece.at),) if arms else ()

    def _when(self, subject: Expr, piece: Piece) -> Expr:
        words = self._words(piece)
        tests: list[Expr] = [Compare("==", subject, words.bare())]
        while words.take(",", "or"):
            tests.append(Compare("==", subject, words.bare()))
        words.close()
        return tests[0] if len(tests) == 1 else Logic("or", tuple(tests))

    def _for(self, piece: Piece) -> tuple[Node, ...]:
        words = self._words(piece)
        name = words.name()
        words.expect("in")
        items = words.bare()
        limits: dict[str, Expr] = {}
        backwards = False
        while not words.is_done:
            if words.take("reversed"):
                backwards = True
            elif not words.take(","):
                key = words.name()
                words.expect(":")
                limits[key] = words.bare()
        with self._scope.item(name, items) as called:
            body, ending = self._body(piece, ("endfor", "else"))
        otherwise: tuple[Node, ...] = ()
        if ending.name == "else":
            otherwise, _ = self._body(piece, ("endfor",))
        loop = For(
            called, items, body, otherwise, limits.get("limit"), limits.get("offset"), backwards, piece.at
        )
        return (loop,)

    def _assign(self, piece: Piece) -> tuple[Node, ...]:
        words = self._words(piece)
        name = words.name()
        words.expect("=")
        value = words.value()
        words.close()
        called = self._scope.give(name, value)
        if isinstance(value, Broken):
            return (self._bench.kept(piece.at, piece.stop), Assign(called, Lit(None), piece.at))
        return (Assign(called, value, piece.at),)

    def _capture(self, piece: Piece) -> tuple[Node, ...]:
        name = piece.text.strip().strip("\"'")
        body, _ = self._body(piece, ("endcapture",))
        return (Capture(self._scope.give(name), body, piece.at),)

    def _abort(self, piece: Piece) -> tuple[Node, ...]:
        reason = re.fullmatch(r"""\s*\(?\s*(?:"([^"]*)"|'([^']*)')?\s*\)?\s*""", piece.text)
        said = (reason[1] or reason[2] or "") if reason else ""
        return (Skip(said, piece.at),)

    def _served(self, piece: Piece) -> tuple[Node, ...]:
        kept = re.search(r":save\s+(\w+)", piece.text)
        saved = kept[1] if kept else "items" if piece.name.startswith("catalog") else ""
        mark = self._bench.mark("MW663", piece.at, piece.stop, todo=_SERVED[piece.name])
        if not saved:
            return (mark,)
        called = self._scope.give(saved)
        return (mark, Assign(called, ours("context", called)))

    def _unsubscribe(self, piece: Piece) -> tuple[Node, ...]:
        label = piece.text.strip().strip("\"'") or "Unsubscribe"
        return (Text('<a href="'), Output(_UNSUBSCRIBE, at=piece.at), Text(f'">{label}</a>'))


_NAMESPACES: Final = frozenset(
    "customer event trigger custom_attribute event_properties canvas_entry_properties api_trigger_properties "
    "journey content_item".split()
)


def parse_liquid(bench: Bench, dialect: str) -> tuple[Node, ...]:
    """The tree of a template of Braze or Customer.io. Raises MailweaveError (MW665) for what neither could read."""
    return LiquidParser(bench, VARIETIES[dialect]).read()
