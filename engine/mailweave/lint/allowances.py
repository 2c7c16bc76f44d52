"""Allowances: what an author knows and means, said beside its place.

    {% # allow MW972 the logo is as wide as its file %}
    # allow MW985 a press release, machines count        (in rules and in campaign.toml)
    /* allow MW987 a class of the shop's own page */     (in style sheets)

It holds for its own line and the next, for findings MW9xx that are no errors. It says why; one that nothing needs is told,
but in libraries, where another campaign may need it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final, TypeAlias

from mailweave.campaign import Campaign
from mailweave.campaign.lint_settings import OF_ALLOWANCES, RULE_CODES
from mailweave.campaign.texts import Files
from mailweave.diagnostics import TABLE, Diagnostic, Severity, diagnose, did_you_mean
from mailweave.root import written
from mailweave.source import Source, Span

_WHAT = r"\s*allow\b[ \t]*([^\n]*?)\s*"
_LIQUID = re.compile(r"\{%-?\s*#" + _WHAT + r"-?%\}")
_CSS = re.compile(r"/\*" + _WHAT + r"\*/")
_HASH = re.compile(r"#" + _WHAT + r"$", re.MULTILINE)
_FORMS: Final[Mapping[str, tuple[re.Pattern[str], ...]]] = {
    ".rules": (_HASH,),
    ".toml": (_HASH,),
    ".css": (_CSS,),
    **dict.fromkeys((".html", ".mjml", ".txt", ".liquid"), (_LIQUID, _CSS)),
}
_CODE = re.compile(r"MW\d+")


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is allowed on `line` and the next one."""

    source: Source
    span: Span
    line: int
    codes: tuple[str, ...]
    reason: str


_Uses: TypeAlias = set[tuple[Allowance, str]]


def silenced(campaign: Campaign, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings of a campaign that nobody allowed, and what is wrong with the allowances."""
    listed = [one for source in _texts(campaign) for one in _allowances(source)]
    left, used, refused = _left(listed, found)
    return (*left, *(said for one in listed for said in _judged(one, used, refused)))


def silenced_in(texts: Iterable[Source], found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings that nobody allowed in some texts, where not all rules were asked: what is not needed is not told."""
    listed = [one for source in texts for one in _allowances(source)]
    return tuple(_left(listed, found)[0])


def _left(listed: Iterable[Allowance], found: Iterable[Diagnostic]) -> tuple[list[Diagnostic], _Uses, _Uses]:
    """The findings that are not allowed, what was used of the allowances, and what was refused, as it is an error."""
    at = {
        (one.source.name, one.line + below, code): one
        for one in listed
        for below in (0, 1)
        for code in one.codes
    }
    used: _Uses = set()
    refused: _Uses = set()
    left = []
    for each in found:
        place = each.location
        one = at.get((place.name, place.line, each.code)) if place is not None else None
        if one is None or not one.reason or not _may_be_allowed(each):
            left.append(each)
            refused |= set() if one is None else {(one, each.code)}
        else:
            used.add((one, each.code))
    return left, used, refused


def _may_be_allowed(found: Diagnostic) -> bool:
    return (
        found.code.startswith("MW9")
        and found.severity is not Severity.ERROR
        and found.code not in OF_ALLOWANCES
    )


def _judged(one: Allowance, used: _Uses, refused: _Uses) -> Iterator[Diagnostic]:
    if not one.codes or not one.reason:
        yield diagnose("MW940", one.source, one.span)
        return
    for code in one.codes:
        is_error = (one, code) in refused  # by itself, or raised to one in `[lint]`
        if is_error or not code.startswith("MW9") or code not in TABLE or code in OF_ALLOWANCES:
            hint = "" if code in TABLE else did_you_mean(code, RULE_CODES)
            yield diagnose("MW942", one.source, one.span, help=hint, allowed=code)
        elif code in RULE_CODES and (one, code) not in used and not one.source.shared:
            yield diagnose("MW941", one.source, one.span, allowed=code)


def _texts(campaign: Campaign) -> Iterator[Source]:
    """The files of a campaign and of its libraries in which something can be allowed."""
    texts = campaign.texts
    yield from _sources(texts.given, texts.files, shared=False)
    for one in texts.libraries:
        yield from _sources(one.shown, one.files, shared=True)


def _sources(folder: str, files: Files, *, shared: bool) -> Iterator[Source]:
    for name, content in files:
        if PurePosixPath(name).suffix in _FORMS:
            text = written(content, "replace")
            yield Source((PurePosixPath(folder) / name).as_posix(), text, shared=shared)


def _allowances(source: Source) -> Iterator[Allowance]:
    for form in _FORMS[PurePosixPath(source.name).suffix]:
        for match in form.finditer(source.text):
            words = match[1].split()
            codes = tuple(word.rstrip(",") for word in words if _CODE.fullmatch(word.rstrip(",")))
            reason = " ".join(words[len(codes) :])
            span = Span(match.start(), match.end())
            yield Allowance(source, span, source.locate(match.end() - 1).line, codes, reason)
