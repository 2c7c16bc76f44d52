"""How other products write declarations and matrices, and how it is written here; see `syntax_habits`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mailweave.rules.syntax_stuck import Mistake
from mailweave.rules.syntax_triggers import TRIGGER_STATEMENTS

PROFILES = ("profile", "customer", "user", "contact", "recipient", "subscriber", "person", "lead", "member")
"""What other products call the profile."""
_NAME = r"[A-Za-z_]\w*"
_TEXT = r'"[^"\n]*"'

STATEMENT_HABITS: Mapping[str, str] = {
    **TRIGGER_STATEMENTS,
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


def _snake(text: str) -> str:
    return re.sub(r"\W+", "_", text.strip().lower()).strip("_")


def _declared(condition: str) -> str:
    """What to write for a condition that stands where a row has the name of a segment."""
    condition = " ".join(condition.replace(",", " and").split())
    name = _snake(re.sub(r"==|\band\b", "", condition))
    return f"declare `segment {name} = {condition}`, and write `{name}` here"


DECLARATION_HABITS: tuple[Mistake, ...] = (
    # ---- declarations
    Mistake("MW142", r"(?::|=)(?!=)\s*|(?:if|where)\b\s*", rf"\bskip\s+{_NAME}\s*(?:{_TEXT}\s*)?", needs=("WHEN",),
            put=lambda b, h: " when " if b[0][-1] not in " \t" else "when "),
    Mistake("MW142", r"", r"\bskip\s+when\s+", covers_before=True,
            advice='a skip has a name: `skip no_consent "why" when ..`'),
    Mistake("MW142", r":(?!=)\s*|(?:when|is|if|where|as)\b\s*", rf"\b(?:segment|let)\s+{_NAME}\s*", needs=("EQUAL",),
            put=lambda b, h: "= " if b[0][-1] in " \t" else " = "),
    Mistake(
        "MW142", rf"(?!(?:says|requires|in|on|to|is)\b)(?P<rest>(?:[- ]+{_NAME}|{_NAME})+)"
        r"(?=\s*[=\"{]|\s+(?:within|max|for|when|complete)\b)",
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
        "MW143", r"(?P<all>(?:==|!=|<|>|,|and\b|or\b|in\b|is\b)[^|\n]*)", rf"\n[ \t]*(?P<name>{_NAME})\s*",
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
    Mistake("MW142", _NAME, r"\bon\s+let\s[^}]*->\s*",
            advice="an arm has a value of its own, as `let` has one: `lower 50% -> 50`"),
    Mistake("MW142", r"[^\s}]+", r"\bon\s+wait\s[^}]*->\s*",
            advice="an arm has a wait of its own, as `wait` has one: `soon 50% -> 10 minutes`"),
)  # fmt: skip
