"""# MW961 link-says-nothing

Who listens to a mail jumps from link to link, and hears only their words: "click here, read more, here". A link says
where it leads. WCAG 2.2, 2.4.4 and 2.4.9.

    blocks/news/block.html:4:8: warning MW961: `click here` does not say where this link leads

## What helps

The thing itself as the link: `<a href="..">The autumn catalogue</a>`; for a button, what it does: `See all records`.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.elements import content
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at

_EMPTY_WORDS = frozenset(
    "click|click here|click me|click this|click now|here|this|this link|link|tap|tap here|more|read more|see more|"
    "learn more|find out more|details|more info|info|go|"
    "hier|klick hier|hier klicken|klicken|mehr|mehr lesen|weiterlesen|mehr erfahren|"
    "ici|cliquez ici|lire la suite|en savoir plus|plus|"
    "aquí|haz clic aquí|leer más|más|saber más|"
    "qui|clicca qui|leggi di più|scopri di più|"
    "klik hier|lees meer|meer|lees verder|"
    "aqui|clique aqui|leia mais|saiba mais|"
    "tutaj|kliknij tutaj|więcej|czytaj więcej|"
    "här|klicka här|läs mer|"
    "こちら|ここをクリック|続きを読む|اضغط هنا|هنا|المزيد|לחצו כאן|כאן|קרא עוד".split("|")
)
_ENDS = " .…!?:»›→>"


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for number, tag in reading.tags.items():
        if tag.name != "a" or any(value.strip() for value in tag.values("aria-label")):
            continue
        inside = content(reading.prepared.page, number, reading.tags)
        if not inside.open and inside.words.strip(_ENDS).casefold() in _EMPTY_WORDS:
            yield found_at(reading, tag.span, "MW961", words=inside.words)


RULE = PageRule("MW961", "accessibility", _judge)
