"""How other products write rules, and how it is written here.

Each habit is told by the text around the place where the parser stopped. What is put in its place mends the
rule: a test applies it. The more particular habit stands first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mailweave.rules.syntax_stuck import Mistake

Found = re.Match[str]

PROFILES = ("profile", "customer", "user", "contact", "recipient", "subscriber", "person", "lead", "member")
"""What other products call the profile."""
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

STATEMENT_HABITS: Mapping[str, str] = {
    **dict.fromkeys(
        ("define", "audience", "group", "cohort", "rule", "filter", "condition", "segments"),
        "a list of people is declared with `segment name = condition`",
    ),
    **dict.fromkeys(
        ("exclude", "suppress", "suppression", "abort", "abort_message", "stop", "unless"),
        'who gets no mail is said with `skip name "why" when condition`',
    ),
    "if": "choices are rows of a matrix; `requires` keeps a block back, `skip name when ..` the whole mail",
    "when": "choices are rows of a matrix; `requires` keeps a block back, `skip name when ..` the whole mail",
    **dict.fromkeys(
        ("set", "var", "variable", "const", "def", "assign"), "an expression is named with `let name = ..`"
    ),
    **dict.fromkeys(
        ("subject", "preheader", "preview"),
        "it is a slot of text: `slot {word} text max 1 fallback hello`, "
        'and `block hello for {word} says "Hello"`',
    ),
    **dict.fromkeys(
        ("region", "area", "placeholder", "position", "zone"),
        "a place in the mail is declared with `slot name max 1 fallback block`",
    ),
    **dict.fromkeys(
        ("content", "banner", "module", "snippet", "offer"), "content is declared with `block name for slot`"
    ),
    **dict.fromkeys(
        ("attributes", "attribute", "schema", *PROFILES[1:]),
        "attributes of a recipient are declared in `profile {{ .. }}`",
    ),
    **dict.fromkeys(
        ("abtest", "ab_test", "split", "variant", "variants"),
        "a test of content is declared with `experiment name on block {{ .. }}`",
    ),
    **dict.fromkeys(
        ("import", "include", "use"), "nothing is included: all `.rules` files of a campaign are read together"
    ),
    **dict.fromkeys(("decision", "decide", "choose", "priority", "table"), "who gets what is said in a `matrix`"),
    "events": "each kind of event is declared by itself: `event click {{ url: text }} keep 90 days`",
    "consents": "did you mean `consent`?",
    "frequency": "how often a block may be sent is said at the block: `cap 1 per 7 days`",
}  # fmt: skip


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


def _snake(text: str) -> str:
    return re.sub(r"\W+", "_", text.strip().lower()).strip("_")


def _knows(before: Found, here: Found) -> str:
    positive = here["no"] is None
    asks_value = here["word"].lower() in ("known", "set", "present", "defined", "filled", "there")
    return "is known" if positive == asks_value else "is unknown"


HABITS: tuple[Mistake, ...] = (
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
        "MW142", rf"(?:does\s+not|doesn't)\s+exist\b", needs=("COMPARISON",), put=lambda b, h: "is unknown",
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
        "MW142", rf"(?P<span>{_SPAN})\s+after\s+(?P<term>{_TERM})", r"\bexpires\s+", covers_before=True,
        put=lambda b, h: f"requires time since {h['term']} < {h['span']}",
    ),
    Mistake(
        "MW142", r"(?:in|after|now|today)\b[^\n]*|[0-9]+\s+[a-z]+[^\n]*", r"\bexpires\s+",
        advice="an end is one day for everybody: `expires 2026-12-31`, the last day on which it may be sent",
    ),
    Mistake(
        "MW142", r'"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}[^"\n]*)"', r"\bexpires\s+", put=lambda b, h: h["day"],
    ),
    Mistake(
        "MW142", r"(?P<d>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\.(?P<y>[0-9]{4})", r"\bexpires\s+",
        put=lambda b, h: f"{h['y']}-{int(h['m']):02}-{int(h['d']):02}",
    ),
    Mistake(
        "MW142", r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", r"\bexpires\s+",
        advice="a date is written year first: `2026-12-31`",
    ),
    Mistake("MW142", r"(?P<unit>day|week)\b", r"\bper\s+", put=lambda b, h: f"1 {h['unit']}"),
    Mistake("MW142", r"month\b", r"\bper\s+", put=lambda b, h: "30 days"),
    # ---- texts and lists
    Mistake(
        "MW142", rf'(?i:starts|begins|ends)[_ ]?with\s*\(?\s*"(?P<part>[^"\n]*)"\)?', needs=("MATCHES",), put=_glob,
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
        "MW142", rf"from\s+(?P<low>[\w.]+(?:\s+[A-Z]{{3}})?)\s+to\b", needs=("BETWEEN",),
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
    Mistake("MW142", r"\?", needs=("AND",), advice="a condition is true or false by itself; who gets what is said by rows of a matrix"),
    # ---- declarations
    Mistake("MW142", r"(?::|=)(?!=)\s*|(?:if|where)\b\s*", rf"\bskip\s+{_NAME}\s*(?:{_TEXT}\s*)?", needs=("WHEN",),
            put=lambda b, h: " when " if b[0][-1] not in " \t" else "when "),
    Mistake("MW142", r"", r"\bskip\s+when\s+", covers_before=True, advice='a skip has a name: `skip no_consent "why" when ..`'),
    Mistake("MW142", r":(?!=)\s*|(?:when|is|if|where|as)\b\s*", rf"\b(?:segment|let)\s+{_NAME}\s*", needs=("EQUAL",),
            put=lambda b, h: "= " if b[0][-1] in " \t" else " = "),
    Mistake(
        "MW142", rf"(?!(?:says|requires|in|on|to|is)\b)(?P<rest>(?:[- ]+{_NAME}|{_NAME})+)(?=\s*[=\"{{]|\s+(?:within|max|for|when|complete)\b)",
        rf"\b(?:segment|tier|slot|block|let|skip)\s+(?P<name>{_NAME}) ?",
        advice=lambda b, h: f"a name is one word: `{_snake(b['name'] + ' ' + h['rest'])}`",
    ),
    Mistake("MW142", rf"{_TEXT}", r"\b(?:segment|tier|slot|block|let|skip|event)\s+", needs=("NAME",),
            put=lambda b, h: _snake(h[0])),
    Mistake("MW142", r"(?P<text>\"[^\"\n]*\")", r"\bfor\s+\w+\s+(?:text\s+)?", needs=("SAYS",),
            put=lambda b, h: f"says {h['text']}"),
    Mistake("MW142", r"text\s+(?=\")", needs=("SAYS",), put=lambda b, h: "says "),
    Mistake("MW142", r"(?P<text>[^\"'“”‘’„«»\n]+)", r"\bsays\s+", put=lambda b, h: f'"{h["text"].strip()}"'),
    Mistake("MW142", r"\(", rf"\bevent\s+{_NAME}\s*", needs=("LBRACE",),
            advice="the properties of an event stand in braces: `{ url: text }`"),
    Mistake("MW142", r"of\b", r":\s*(?P<word>array|collection|vector|bag|multi)\s+", covers_before=True,
            put=lambda b, h: ": set of"),
    Mistake("MW142", rf"(?P<type>{_NAME})", r"\blist\s+of\s+", needs=("LBRACE",), covers_before=True,
            put=lambda b, h: f"set of {h['type']}"),
    Mistake("MW142", r"\"(?P<name>\w+)\"", r"\benum\s*\([^)\n]*", put=lambda b, h: h["name"]),
    Mistake("MW142", r"[ \t]*(?:required|mandatory)\b", r":[^\n]*", needs=("PII",),
            advice="leave it out: an attribute is required unless `?` follows its type"),
    Mistake("MW142", r"(?:optional|nullable)\b|\|\s*(?:null|none)\b", r":[^\n]*", needs=("OPTIONAL",),
            put=lambda b, h: "?"),
    Mistake("MW142", r"(?=[^\n(]|\n)", r":\s*money\s*", needs=("LPAR",), covers_before=True,
            advice="money has a currency: `money(USD)`"),
    # ---- matrices
    Mistake("MW143", r"-{2,}[-|+: \t]*", r"\|[ \t]*\n[ \t]*",
            advice="leave it out: nothing stands between the head of a matrix and its rows"),
    Mistake("MW143", r"\|", r"\|[ \t]*\n\s*",
            advice="a row begins with the name of its segment, without a `|` before it"),
    Mistake(
        "MW143", rf"(?P<all>(?:==|!=|<|>|,|and\b|or\b|in\b|is\b)[^|\n]*)", rf"\n[ \t]*(?P<name>{_NAME})\s*",
        needs=("VBAR",), covers_before=True,
        advice=lambda b, h: _declared(f"{b['name']} {h['all']}"),
    ),
    Mistake(
        "MW143", rf"(?P<name>{_NAME}[^|\n]*)", r"\n[ \t]*not\s+", needs=("VBAR",), covers_before=True,
        advice=lambda b, h: _declared(f"not {h['name']}"),
    ),
    Mistake("MW142", r"%", r"\|\s*\w+\s+(?P<rank>[0-9]+)", covers_before=False, needs=("VBAR",),
            advice="a rank is a plain number: leave the `%` out"),
    Mistake("MW143", r",[^|\n]*", r"\|\s*\w+(?:\s+[0-9]+)?\s*", needs=("VBAR",),
            advice="a cell holds one block: give the other one a row of its own, and the column `(collect)`"),
    # ---- experiments
    Mistake("MW142", r"[0-9]+(?:\.[0-9]+)?", needs=("PERCENT",), put=lambda b, h: f"{h[0]}%"),
)  # fmt: skip


def _declared(condition: str) -> str:
    """What to write for a condition that stands where a row has the name of a segment."""
    condition = " ".join(condition.replace(",", " and").split())
    name = _snake(re.sub(r"==|\band\b", "", condition))
    return f"declare `segment {name} = {condition}`, and write `{name}` here"
