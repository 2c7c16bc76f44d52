"""The grammar of the rule language as EBNF, for people: names of nodes, priorities and what is skipped left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

HEAD = """/* The rule language of mailweave, in the notation of the W3C: `?` maybe, `*` any number, `+` at least one,
   "..." as it stands, /.../ a regular expression. Written by `make docs` from grammar/rules.lark.

   NEWLINE is one or more line ends, with blank lines and comments (# to the end of the line). It is left out
   where the text cannot stop, and where the next line starts with ) } , or with one of
   and or then else when where requires expires cap says shows fallback ttl keep unless, or with `wait` or `at`
   and a number. */
"""
_TOKEN = re.compile(r'"(?:\\.|[^"])*"|/(?:\\.|[^/])+/|->\s*\w+|//[^\n]*|\s+|\w+|.')
_RULE = re.compile(r"^[?!]?(?P<name>\w+)(?:\.\d+)?:(?P<body>.*)")
_SKIPPED = ("alone", "_CONT", "_RUN", "_NL", "COMMENT", "%ignore")


def ebnf(grammar: str) -> str:
    """The EBNF of a Lark grammar, rules in its order."""
    lines = [HEAD]
    for name, body, heading in _rules(grammar):
        if heading:
            lines.append(f"\n/* {heading} */\n")
        alternatives = [_tidy(part) for part in _alternatives(body)]
        first, *others = alternatives
        lines.append(f"{name} ::= {first}")
        lines += [" " * len(name) + f"   | {each}" for each in others]
    return "\n".join(lines) + "\n"


def _tidy(alternative: str) -> str:
    """One blank between parts, no brackets around one part."""
    return re.sub(r'\((\w+|"[^"]*")\)\?', r"\1?", " ".join(alternative.split()))


def _rules(grammar: str) -> Iterator[tuple[str, str, str]]:
    """Name and body of each rule, and the heading in front of it."""
    name, body, heading, pending = "", "", "", ""
    for line in [*grammar.splitlines(), "end:"]:
        if line.startswith("// ----"):
            pending = line[7:].strip()
            continue
        match = _RULE.match(line)
        if not match and not line.startswith((" ", "\t")):
            continue
        if match:
            if name and not name.startswith(_SKIPPED):
                yield name, body, heading
                heading = ""
            name, body = match["name"], match["body"]
            heading, pending = pending or heading, ""
        else:
            body += " " + line


def _alternatives(body: str) -> list[str]:
    """The top-level alternatives of a rule, in the other notation."""
    found, depth = [""], 0
    for token in _TOKEN.findall(body):
        if token.startswith(("->", "//")):
            continue
        depth += token in "([" if len(token) == 1 else 0
        depth -= token in ")]" if len(token) == 1 else 0
        if token == "|" and depth == 0:
            found.append("")
            continue
        found[-1] += {"[": "(", "]": ")?", "_NL": "NEWLINE"}.get(token, token)
    return found
