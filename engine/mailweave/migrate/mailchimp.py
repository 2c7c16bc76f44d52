"""Mailchimp: merge tags between `*|` and `|*`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from mailweave.migrate.bench import Bench
from mailweave.migrate.filters import TITLE, strftime_of
from mailweave.migrate.scope import ours
from mailweave.migrate.tree import (
    Arm,
    Broken,
    Compare,
    Expr,
    Filtered,
    If,
    Lit,
    Logic,
    Node,
    Not,
    Output,
    Ref,
    Text,
    Truth,
)

_TAG: Final = re.compile(r"\*\|(?P<words>[^|*\n]{1,300}?)\|\*")
_CONDITION: Final = re.compile(r"(?P<name>[\w.-]+)\s*(?:(?P<sign>!=|>=|<=|=|>|<)\s*(?P<value>.*))?")
_OURS: Final[Mapping[str, Ref]] = {
    "UNSUB": ours("campaign", "unsubscribe_url"),
    "LIST:ADDRESS": ours("campaign", "postal_address"),
    "LIST:ADDRESSLINE": ours("campaign", "postal_address"),
    "LIST:ADDRESS_HTML": ours("campaign", "postal_address"),
    "HTML:LIST_ADDRESS_HTML": ours("campaign", "postal_address"),
    "LIST:COMPANY": ours("campaign", "sender"),
    "MC:SUBJECT": ours("mail", "subject"),
    "LIST:NAME": ours("campaign", "name"),
    "CAMPAIGN_NAME": ours("campaign", "name"),
}
_CASES: Final = {"UPPER": "upcase", "LOWER": "downcase", "TITLE": "capitalize", "URL": "url_encode"}
_ELSEWHERE: Final[Mapping[str, tuple[str, str]]] = {
    "ARCHIVE": ("there is no copy on the web", "write the address where you keep one"),
    "UPDATE_PROFILE": ("there is no such page", "write its address, with a value that names the reader"),
    "FORWARD": ("there is no such page", "leave it out"),
    "ABUSE_EMAIL": ("there is no such page", "write the address of your own"),
    "REWARDS": ("it advertises that system", "leave it out"),
    "FEEDBLOCK": ("feeds are read there while the mail is made", "declare a `catalog` in the rules"),
    "RSSITEMS": ("feeds are read there while the mail is made", "declare a `catalog` in the rules"),
    "RSSITEM": ("feeds are read there while the mail is made", "declare a `catalog` in the rules"),
    "RSSFEED": ("feeds are read there while the mail is made", "declare a `catalog` in the rules"),
    "RSS": ("feeds are read there while the mail is made", "declare a `catalog` in the rules"),
    "END": ("it closes what has no equal", "look at where it begins"),
    "PRODUCT": ("products are picked there", "declare a `list` of a catalogue in the rules"),
    "RECOMMENDATIONS": ("products are picked there", "declare a `list` of a catalogue in the rules"),
    "CART": ("the cart is known there", "declare `cart : list of { .. }` in `profile`"),
    "PROMO_CODE": ("codes are given out there", "give each recipient theirs in the data"),
    "COUPON": ("codes are given out there", "give each recipient theirs in the data"),
    "SURVEY": ("the survey stands there", "link to one of yours: the block `rating`"),
    "POLL": ("the survey stands there", "link to one of yours: the block `rating`"),
    "INTERESTS": ("all groups of a reader as one text", "declare an attribute for each group"),
    "TWITTER": ("it shows what stands on another site", "write it"),
    "FACEBOOK": ("it shows what stands on another site", "write it"),
    "TRANSLATE": ("links to translations", "docs/translations.md says how a mail speaks several languages"),
    "REWARDS_TEXT": ("it advertises that system", "leave it out"),
    "MC_PREVIEW_TEXT": ("the preview stands in the rules", "write `slot preheader text ..`: docs/layouts.md"),
    "CAMPAIGN_UID": ("that system names its own sending", "`campaign.name` is the name of this campaign"),
    "LIST": ("settings of that audience", "write it"),
    "USER": ("settings of that account", "write it"),
    "MC": ("it is made there", "write it"),
}


class MailchimpParser:
    """Reads one template."""

    def __init__(self, bench: Bench) -> None:
        self._bench, self._at = bench, 0
        self._held: list[re.Pattern[str]] = []  # ends of tags around that have no equal
        self._kinds: Mapping[str, Callable[[str, re.Match[str]], Node | None]] = {
            "DATE": self._date,
            **dict.fromkeys(_CASES, self._cased),
        }

    def read(self) -> tuple[Node, ...]:
        """The whole template."""
        nodes, ending = self._nodes()
        if ending is not None:
            raise self._bench.refusal(ending.start(), f"`{ending['words']}` closes nothing")
        return nodes

    def _nodes(self) -> tuple[tuple[Node, ...], re.Match[str] | None]:
        made: list[Node] = []
        text = self._bench.source.text
        while found := _TAG.search(text, self._at):
            made.append(Text(text[self._at : found.start()]))
            self._at = found.end()
            word = found["words"].strip()
            if _closes(word) or (self._held and self._held[-1].fullmatch(found[0])):
                return tuple(made), found
            made += (self._branch(word, found),) if _opens(word) else self._value(word, found)
        made.append(Text(text[self._at :]))
        self._at = len(text)
        return tuple(made), None

    # ---- conditions

    def _branch(self, word: str, found: re.Match[str]) -> Node:
        opened: Expr | None = self._test(word, found)
        arms = []
        while True:
            body, ending = self._nodes()
            if ending is None:
                raise self._bench.refusal(found.start(), f"`{word}` is never closed")
            arms.append(Arm(opened, body))
            last = ending["words"].strip().upper()
            if last.startswith("END:"):
                return If(tuple(arms), found.start())
            opened = (
                None
                if last.startswith("ELSE:") and not last.startswith("ELSEIF:")
                else self._test(ending["words"].strip(), ending)
            )

    def _test(self, word: str, found: re.Match[str]) -> Expr:
        kind, _, rest = word.partition(":")
        if kind.upper() in ("INTERESTED", "NOTINTERESTED", "NOT_INTERESTED"):
            return self._interested(rest, kind.upper(), found)
        parts = _CONDITION.fullmatch(rest.strip())
        if parts is None:
            return self._bench.broken(
                found.start(), found.end(), "this is no condition", "write it with `if`"
            )
        if (name := parts["name"].upper()) in _ELSEWHERE:
            return self._bench.broken(found.start(), found.end(), *_ELSEWHERE[name])
        value = _OURS.get(name) or self._named(name, found)
        test: Expr = Truth(value)
        if parts["sign"]:
            test = Compare({"=": "=="}.get(parts["sign"], parts["sign"]), value, _literal(parts["value"]))
        return Not(test) if kind.upper() in ("IFNOT", "ELSEIFNOT") else test

    def _interested(self, rest: str, kind: str, found: re.Match[str]) -> Expr:
        """Who is in one of the groups: the groups of one kind are a set of texts."""
        group, _, names = rest.partition(":")
        held = self._named(f"GROUP_{group}", found)
        tests = tuple(Compare("contains", held, Lit(name.strip())) for name in names.split(","))
        test: Expr = tests[0] if len(tests) == 1 else Logic("or", tests)
        return test if kind == "INTERESTED" else Not(test)

    # ---- values

    def _value(self, word: str, found: re.Match[str]) -> tuple[Node, ...]:
        upper = word.upper()
        if upper in _OURS:
            return (Output(_OURS[upper], at=found.start()),)
        if upper == "CURRENT_YEAR":
            return (Output(Filtered(Lit("now"), "date", (Lit("%Y"),)), at=found.start()),)
        kind, _, rest = word.partition(":")
        if kind.upper() in self._kinds and rest:
            made = self._kinds[kind.upper()](word, found)
            if made is None:
                return self._none(found, "the form has no equal", "write it with `date`")
            return (made,)
        if "|" in word or kind.upper() in _ELSEWHERE:
            return self._none(
                found, *_ELSEWHERE.get(kind.upper(), ("there is no such tag", "write what it did"))
            )
        if rest or not re.fullmatch(r"[A-Za-z][\w.-]*", word):
            return self._none(found, "there is no such tag", "write what it did, or leave it out")
        return (Output(self._named(word, found), at=found.start()),)

    def _none(self, found: re.Match[str], why: str, todo: str) -> tuple[Node, ...]:
        """What has no equal; what stands up to its end, if it has one, is kept and not shown."""
        mark = self._bench.no_equal(found.start(), found.end(), why, todo)
        kind = re.escape(found["words"].strip().partition(":")[0])
        end = re.compile(rf"\*\|\s*END:{kind}\s*\|\*", re.IGNORECASE)
        if end.search(self._bench.source.text, self._at) is None:
            return (mark,)
        self._held.append(end)
        body, ending = self._nodes()
        self._held.pop()
        if ending is None or not end.fullmatch(ending[0]):
            raise self._bench.refusal(found.start(), f"`{found['words'].strip()}` is never closed")
        return (mark, If((Arm(Broken(found.start()), body),), found.start()))

    def _named(self, name: str, found: re.Match[str]) -> Ref:
        path = (name.upper(),)
        return Ref(path, "", (), path, found.start())

    def _cased(self, word: str, found: re.Match[str]) -> Node:
        kind, _, rest = word.partition(":")
        name = _CASES[kind.upper()]
        if kind.upper() == "TITLE":
            self._bench.tell("MW669", found.start(), found.end(), instead=name, difference=TITLE)
        return Output(Filtered(self._named(rest, found), name), at=found.start())

    def _date(self, word: str, found: re.Match[str]) -> Node | None:
        form = strftime_of(word.partition(":")[2])
        value = None if form is None else Filtered(Lit("now"), "date", (Lit(form),))
        return None if value is None else Output(value, at=found.start())


def _opens(word: str) -> bool:
    return word.upper().startswith(("IF:", "IFNOT:", "INTERESTED:", "NOTINTERESTED:", "NOT_INTERESTED:"))


def _closes(word: str) -> bool:
    upper = word.upper()
    return upper.startswith(("ELSE:", "ELSEIF:", "ELSEIFNOT:")) or upper in (
        "END:IF",
        "END:IFNOT",
        "END:INTERESTED",
        "END:NOTINTERESTED",
        "END:NOT_INTERESTED",
    )


def _literal(text: str) -> Lit:
    words = text.strip().strip("\"'")
    return Lit(int(words)) if re.fullmatch(r"-?\d+", words) and text.strip() == words else Lit(words)


def parse_mailchimp(bench: Bench) -> tuple[Node, ...]:
    """The tree of a template of Mailchimp. Raises MailweaveError (MW665) for what it cannot read."""
    return MailchimpParser(bench).read()
