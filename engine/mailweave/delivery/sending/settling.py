"""Mails in doubt, settled by who has looked into the server's log: it took them, or it did not."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from mailweave.batch.folders import writing
from mailweave.delivery.sending.send_ledger import Fact, SendLedger, peek
from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose

_MOST: Final = 20  # lines that are told
_WORDS: Final = {"sent": Fact.SENT, "unsent": Fact.DEFERRED}


def settle(folder: Path, text: str, now: float, *, place: str = "<settled>") -> Counter[str]:
    """Writes what became of mails in doubt into the ledger of an output; how many were `sent` and `unsent`.

    text: a line for each, its idempotency key and `sent` or `unsent`; lines that begin with `#` say nothing. What is
    unsent goes with the next sending. now: seconds since 1970. place: what findings call the text.

    Raises MailweaveError, and settles nothing, where any line is none or names a mail that is not in doubt.
    """
    if "\0" in text or "\ufffd" in text:
        what = "the file is not UTF-8 text"
        raise MailweaveError([diagnose("MW748", place=place, what=what)])
    said, findings = _read(text.removeprefix("\ufeff"), place)
    if peek(folder)[0] is None:
        what = "nothing of this output was sent yet, so no mail is in doubt"
        raise MailweaveError([diagnose("MW748", place=str(folder), what=what)])
    with writing(folder), SendLedger(folder, now) as ledger:
        findings += _not_in_doubt(ledger, said, place)
        if findings:
            raise MailweaveError(_few(findings, place))
        asyncio.run(_written(ledger, {key: fact for key, (fact, _) in said.items()}, now))
    return Counter("sent" if fact is Fact.SENT else "unsent" for fact, _ in said.values())


def _few(findings: Sequence[Diagnostic], place: str) -> list[Diagnostic]:
    """The first findings, and how many more there are: a whole log of a server may have been given."""
    more = len(findings) - _MOST
    if more <= 0:
        return list(findings)
    return [*findings[:_MOST], diagnose("MW748", place=place, what=f"nor do {more:,} more")]


Said = Mapping[str, tuple[Fact, int]]
"""By key: what became of the mail, and the number of the line that says so."""


def _read(text: str, place: str) -> tuple[Said, list[Diagnostic]]:
    said, findings = dict[str, tuple[Fact, int]](), list[Diagnostic]()
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        words[:1] = map(str.lower, words[:1])  # keys, as some logs write them
        if not words or words[0].startswith("#"):
            continue
        wrong = _wrong(words)
        if not wrong and words[0] in said and said[words[0]][0] is not _WORDS[words[1]]:
            wrong = "another line says the opposite of this mail"
        if wrong:
            findings.append(diagnose("MW748", place=f"{place}:{number}", what=wrong))
        else:
            said[words[0]] = (_WORDS[words[1]], number)
    return said, findings


def _wrong(words: Sequence[str]) -> str:
    if len(words) != 2 or words[1] not in _WORDS:
        return "a line is a key, a blank, and `sent` or `unsent`"
    try:
        is_key = len(bytes.fromhex(words[0])) == 16
    except ValueError:
        is_key = False
    return "" if is_key else "this is no idempotency key: 32 hexadecimal digits"


def _not_in_doubt(ledger: SendLedger, said: Said, place: str) -> Iterator[Diagnostic]:
    for key, (_, number) in said.items():
        fact = ledger.fact(key)
        if fact is not Fact.BEGUN:
            known = "not begun" if fact is None else f"{fact.name.lower()} already"
            what = f"this mail is {known}, and not in doubt"
            yield diagnose("MW748", place=f"{place}:{number}", what=what)


async def _written(ledger: SendLedger, facts: Mapping[str, Fact], now: float) -> None:
    await asyncio.gather(*(ledger.write(key, fact, now) for key, fact in facts.items()))
