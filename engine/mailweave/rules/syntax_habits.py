"""How other products write rules, and how it is written here.

Each habit is told by the text around the place where the parser stopped. What is put in its place mends the
rule: a test applies it. The more particular habit stands first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mailweave.rules.syntax_declarations import DECLARATION_HABITS
from mailweave.rules.syntax_stuck import Mistake
from mailweave.rules.syntax_triggers import TRIGGER_HABITS

Found = re.Match[str]

_NAME = r"[A-Za-z_]\w*"
_TERM = rf"{_NAME}(?:\([^()\n]*\))?"
_TEXT = r'"[^"\n]*"'
_SPAN = r"[0-9]+\s+(?:second|minute|hour|day|week)s?\b"
_COMPARISON = r"(?:[=!<>]=|<|>)"
_COUNTS = r"(?:count|sum|min|max|avg|distinct)"

_MORE, _LESS = r"(?:greater|more|bigger|higher|larger|later)", r"(?:less|fewer|smaller|lower|earlier)"
_IN_WORDS: Mapping[str, str] = {
    rf"{_MORE} than or equal(?: to)?|at least|no less than|on or after": ">=",
    rf"{_LESS} than or equal(?: to)?|at most|no more than|on or before": "<=",
    rf"{_MORE} than|above|over|after": ">",
    rf"{_LESS} than|below|under|before": "<",
    r"not equal(?: to)?|not the same as|different from|does not equal|doesn't equal": "!=",
    r"equal to|the same as|exactly": "==",
}
_WORDED = "(?:" + "|".join(_IN_WORDS).replace(" ", r"\s+") + r")\b"
_AGO = r"(?:older\s+than|more\s+than|over|earlier\s+than|longer\s+than)"
_YOUNG = r"(?:newer\s+than|less\s+than|younger\s+than|under|within\s+the\s+last|no\s+more\s+than)"


def _worded(_: Found, here: Found) -> str:
    words = " ".join(here[0].split())
    return next(sign for pattern, sign in _IN_WORDS.items() if re.fullmatch(pattern, words))


def _glob(_: Found, here: Found) -> str:
    at_start = here[0].lower().startswith(("s", "b"))
    return f'matches "{here["part"]}*"' if at_start else f'matches "*{here["part"]}"'


def _ago(before: Found, _: Found) -> str:
    sign = "<" if before["sign"] in (">", ">=") else ">"
    return f"time since {before['term']} {sign} {before['span']}"


def _negated(before: Found, here: Found) -> str:
    verb = {"contain": "contains", "include": "contains", "match": "matches"}.get(
        here["verb"].rstrip("s"), "contains"
    )
    return f"not {before['term']} {verb} {here['value']}"


def _knows(before: Found, here: Found) -> str:
    positive = here["no"] is None
    asks_value = here["word"].lower() in ("known", "set", "present", "defined", "filled", "there")
    return "is known" if positive == asks_value else "is unknown"


HABITS: tuple[Mistake, ...] = (
    *TRIGGER_HABITS,
    # ---- a date that begins with its day, which may be read as the length of an end
    Mistake(
        "MW142", r"\.(?P<m>[0-9]{1,2})\.(?P<y>[0-9]{4})", r"\bexpires\s+(?P<d>[0-9]{1,2})", covers_before=True,
        put=lambda b, h: f"expires {h['y']}-{int(h['m']):02}-{int(b['d']):02}",
    ),
    Mistake(
        "MW142", r"/[0-9]{1,2}/[0-9]{4}", r"\bexpires\s+[0-9]{1,2}", covers_before=True,
        advice="a date is written year first: `2026-12-31`",
    ),
    # ---- syntax of templates, and other products' names for an attribute
    Mistake(
        "MW142", r"\$?\{\{?\s*(?:\w+\.)?\$?\{?(?P<name>\w+)[^}\n]*\}+", r"(?:\b\w+\.)?",
        put=lambda b, h: h["name"], covers_before=True,
    ),
    Mistake("MW142", r"\.\$\{(?P<name>\w+)\}", r"\b\w+", put=lambda b, h: h["name"], covers_before=True),
    Mistake(
        "MW142", r"\|\s*lookup:\s*['\"](?P<name>\w+)['\"]", r"\b(?:person|event|profile)\s*",
        put=lambda b, h: h["name"], covers_before=True,
    ),
    # ---- is there a value?
    Mistake(
        "MW129", r"(?P<no>not\s+)?(?P<word>known|set|present|defined|filled|null|none|nil|missing|undefined|unset)\b",
        r"\bis\s+", put=_knows, covers_before=True,
        advice=lambda b, h: f"write `{_knows(b, h)}`",
    ),
    Mistake("MW129", r"(?i:null|none|nil)\b", r"\bis\s+", put=lambda b, h: "is unknown", covers_before=True,
            advice="write `is unknown`"),
    Mistake(
        "MW129", r"(?:not\s+)?(?:empty|blank)\b", r"\bis\s+",
        advice='write `is unknown` for a value that is missing, `== ""` for an empty text',
    ),
    Mistake(
        "MW129", r"(?P<no>not\s+)?(?P<word>true|false)\b", rf"\b(?P<term>{_TERM})\s+is\s+", covers_before=True,
        put=lambda b, h: b["term"] if (h["no"] is None) == (h["word"] == "true") else f"not {b['term']}",
        advice="a bool is its own condition: `x`, `not x`",
    ),
    Mistake("MW142", r"(?:exists?|is_set|isset|exist)\b", needs=("COMPARISON",), put=lambda b, h: "is known"),
    Mistake(
        "MW142", r"(?:does\s+not|doesn't)\s+exist\b", needs=("COMPARISON",), put=lambda b, h: "is unknown",
    ),
    Mistake(
        "MW142", rf"(?P<name>{_NAME})(?=\s*(?:$|\n|and\b|or\b))", r"\b(?:exists?|has)\s+",
        put=lambda b, h: f"{h['name']} is known", covers_before=True,
    ),
    # ---- events in words
    Mistake(
        "MW142", rf"(?P<name>{_NAME})\s+(?=in\s+(?:last|next)\b)", r"\b(?:did|has|have|had)(?P<no>\s+not)?\s+",
        put=lambda b, h: f"no {h[0]}" if b["no"] else h[0], covers_before=True,
    ),
    Mistake(
        "MW142", rf"at\s+least\s+(?P<most>[0-9]+)\s+times?(?P<window>\s+in\s+(?:the\s+)?last\s+{_SPAN})?",
        rf"\b(?P<name>{_NAME})\s+", covers_before=True,
        put=lambda b, h: f"count({b['name']}{(h['window'] or '').replace(' the', '')}) >= {h['most']}",
    ),
    Mistake(
        "MW124", rf"(?:the\s+)?(?:last\s+|past\s+)?(?P<span>{_SPAN})",
        rf"\b(?P<head>{_COUNTS}\s*\([^()\n]*)\)\s*in\s+", covers_before=True,
        put=lambda b, h: f"{b['head']} in last {h['span']})",
        advice=lambda b, h: f"write it inside: `{b['head']} in last {h['span']})`",
    ),
    Mistake(
        "MW124", rf"within\s+(?:the\s+)?(?:last\s+|past\s+)?(?P<span>{_SPAN})",
        rf"\b(?P<head>{_COUNTS}\s*\([^()\n]*)\)\s*", covers_before=True,
        put=lambda b, h: f"{b['head']} in last {h['span']})",
        advice=lambda b, h: f"write it inside: `{b['head']} in last {h['span']})`",
    ),
    Mistake(
        "MW142", rf"within\s+(?:the\s+)?(?:last\s+|past\s+)?(?P<span>{_SPAN})", needs=("IN",),
        put=lambda b, h: f"in last {h['span']}",
    ),
    Mistake("MW142", rf"(?P<span>{_SPAN})", r"\bin\s+", needs=("LAST",), put=lambda b, h: f"last {h['span']}"),
    Mistake(
        "MW142", r"the\s+(?:last|past|previous)\b", r"\bin\s+", needs=("LAST",), put=lambda b, h: "last",
    ),
    Mistake(
        "MW142", r"this\s+(?P<unit>week|month|year)\b", r"\bin\s+", needs=("LAST",),
        put=lambda b, h: f"last 1 calendar {h['unit']}",
    ),
    # ---- time
    Mistake(
        "MW142", r"ago\b", rf"\b(?P<term>{_TERM})\s*(?P<sign><=?|>=?)\s*(?P<span>{_SPAN})\s+",
        put=_ago, covers_before=True,
    ),
    Mistake(
        "MW142", rf"{_AGO}\s+(?P<span>{_SPAN})(?:\s+ago)\b|older\s+than\s+(?P<old>{_SPAN})",
        rf"\b(?P<term>{_TERM})\s+(?:is\s+)?", covers_before=True, needs=("COMPARISON", "KNOWN"),
        put=lambda b, h: f"time since {b['term']} > {h['span'] or h['old']}",
    ),
    Mistake(
        "MW142", rf"{_YOUNG}\s+(?P<span>{_SPAN})(?:\s+ago)\b|newer\s+than\s+(?P<new>{_SPAN})",
        rf"\b(?P<term>{_TERM})\s+(?:is\s+)?", covers_before=True, needs=("COMPARISON", "KNOWN"),
        put=lambda b, h: f"time since {b['term']} < {h['span'] or h['new']}",
    ),
    Mistake(
        "MW142", rf"(?P<sign>after|before)\s+(?P<span>{_SPAN})\s+ago\b", rf"\b(?P<term>{_TERM})\s+(?:is\s+)?",
        needs=("COMPARISON", "KNOWN"), covers_before=True,
        put=lambda b, h: f"time since {b['term']} {'<' if h['sign'] == 'after' else '>'} {h['span']}",
    ),
    Mistake(
        "MW142", rf"(?P<name>{_NAME})(?=\s*{_COMPARISON})", r"\b(?P<which>last|first)\s+", needs=("LPAR",),
        put=lambda b, h: f"time since {b['which']}({h['name']})", covers_before=True,
    ),
    Mistake(
        "MW142", r"(?:is\s+)?on\s+(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})", needs=("COMPARISON",),
        put=lambda b, h: f"== {h['day']}",
    ),
    Mistake("MW142", r"today\b", needs=("COMPARISON",), put=lambda b, h: "in last 1 calendar day"),
    Mistake("MW142", r"yesterday\b", needs=("COMPARISON",),
            advice="a window ends with today: `in last 2 calendar days` is yesterday and today"),
    Mistake("MW142", r"count\b", rf"\b(?P<name>{_NAME})\s+", needs=("COMPARISON",), covers_before=True,
            put=lambda b, h: f"count({b['name']})"),
    Mistake("MW142", r"today\b", r"\bis\s+", put=lambda b, h: "in next 1 calendar day", covers_before=True),
    # ---- the end of a block
    Mistake(
        "MW142", r"(?:in|after|now|today)\b[^\n]*|[0-9]+\s+[a-z]+[^\n]*", r"\bexpires\s+",
        advice="an end is one day for everybody, the last on which it may be sent: `expires 2026-12-31`; or it is counted "
               "from what each one did: `expires 48 hours after last(click)`",
    ),
    Mistake(
        "MW142", r'"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}[^"\n]*)"', r"\bexpires\s+", put=lambda b, h: h["day"],
    ),
    Mistake("MW142", r"(?P<unit>day|week)\b", r"\bper\s+", put=lambda b, h: f"1 {h['unit']}"),
    Mistake("MW142", r"month\b", r"\bper\s+", put=lambda b, h: "30 days"),
    # ---- texts and lists
    Mistake(
        "MW142", r'(?i:starts|begins|ends)[_ ]?with\s*\(?\s*"(?P<part>[^"\n]*)"\)?', needs=("MATCHES",), put=_glob,
    ),
    Mistake(
        "MW142", rf"(?P<verb>contains?|matches|includes?)\s+(?P<value>{_TEXT}|{_NAME})",
        rf"\b(?P<term>{_TERM})\s+(?:is\s+)?not\s+", put=_negated, covers_before=True,
    ),
    Mistake(
        "MW142", rf"(?:does\s+not|doesn't|doesnt)\s+(?P<verb>contain|match|include)\s+(?P<value>{_TEXT}|{_NAME})",
        rf"\b(?P<term>{_TERM})\s+", put=_negated, covers_before=True,
    ),
    Mistake("MW122", r"cludes?\b", r"\bin", put=lambda b, h: "contains", covers_before=True),
    Mistake(
        "MW142", r"(?:has|include|contain)\s+(?P<which>any|all)\s+of\b|has\s+(?P<one>any|all)\b",
        needs=("CONTAINS",), put=lambda b, h: f"contains {h['which'] or h['one']}",
    ),
    Mistake(
        "MW142", r"of\b\s*(?=\()", r"\bcontains\s+(?P<which>any|all)\s+",
        put=lambda b, h: f"contains {b['which']} ", covers_before=True,
    ),
    Mistake("MW142", r"(?P<no>not\s+)?(?:one|any)\s+of\b|(?P<out>not\s+)?in\b(?=\s*\()", r"\bis\s+",
            put=lambda b, h: "not in" if h["no"] or h["out"] else "in", covers_before=True),
    Mistake("MW142", r"(?:one|any)\s+of\b", r"\bnot\s+", put=lambda b, h: "in"),
    Mistake(
        "MW142", rf"(?P<set>{_NAME})", rf"(?P<value>{_TEXT})\s+in\s+", covers_before=True,
        put=lambda b, h: f"{h['set']} contains {b['value']}",
    ),
    # ---- comparisons in words
    Mistake("MW142", rf"(?:not\s+)?(?:{_WORDED})", r"\bis\s+|", needs=("COMPARISON", "KNOWN", "BETWEEN"),
            put=_worded, covers_before=True),
    Mistake("MW122", r"n'?t\b", r"\bis", put=lambda b, h: "!=", covers_before=True),
    Mistake(
        "MW129", rf"(?P<no>not\s+)?(?P<value>{_TEXT}|-?[0-9][\w.]*)", r"\bis\s+", covers_before=True,
        put=lambda b, h: f"{'!=' if h['no'] else '=='} {h['value']}",
        advice=lambda b, h: f"write `{'!=' if h['no'] else '=='} {h['value']}`",
    ),
    Mistake(
        "MW142", rf"{_COMPARISON}", rf"\b(?P<term>{_TERM})\s*{_COMPARISON}[^\n]*?\b(?P<joint>and|or)\s+",
        advice=lambda b, h: f"each side is a condition of its own: `.. {b['joint']} {b['term']} {h[0]} ..`",
    ),
    Mistake("MW142", r",|(?:to|&)(?=\s)", r"\bbetween\s+[\w.]+(?:\s+[A-Z]{3})?\s*", put=lambda b, h: " and"
            if h[0] == "," else "and"),
    Mistake(
        "MW142", r"from\s+(?P<low>[\w.]+(?:\s+[A-Z]{3})?)\s+to\b", needs=("BETWEEN",),
        put=lambda b, h: f"between {h['low']} and",
    ),
    Mistake("MW122", r"(?=\w)", r"\b(?P<word>NOT|NEVER|NO)\s+", covers_before=True,
            put=lambda b, h: b["word"].lower() + " "),
    Mistake(
        "MW142", r"\.\w+", rf"\b(?:average|mean)\s*\(\s*(?P<of>{_NAME})", covers_before=True,
        put=lambda b, h: f"avg({b['of']}{h[0]}",
    ),
    Mistake(
        "MW142", r"\.\w+", rf"\b(?:total|add|summe)\s*\(\s*(?P<of>{_NAME})", covers_before=True,
        put=lambda b, h: f"sum({b['of']}{h[0]}",
    ),
    Mistake(
        "MW142", rf"\s*\(?\s*(?P<name>{_NAME})\)?", r"\bconsent", needs=("DOT",), covers_before=True,
        put=lambda b, h: f"consent.{h['name']}",
    ),
    Mistake(
        "MW142", rf"(?:segment|list)\s+(?P<name>{_NAME})", r"\b(?:is\s+)?(?:not\s+)?in\s+", covers_before=True,
        put=lambda b, h: ("not " if "not" in b[0] else "") + h["name"],
    ),
    Mistake(
        "MW142", r"\?", needs=("AND",),
        advice="a condition is true or false by itself; who gets what is said by rows of a matrix",
    ),
    *DECLARATION_HABITS,
)  # fmt: skip
