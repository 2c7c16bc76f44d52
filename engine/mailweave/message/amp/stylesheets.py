"""Style sheets and style attributes held against the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from mailweave.message.amp.css_media import check_media
from mailweave.message.amp.css_rules import (
    CssDeclaration,
    CssRule,
    Sheet,
    parse_sheet,
    parse_style,
    without_vendor,
)
from mailweave.message.amp.css_selectors import check_selector
from mailweave.message.amp.css_tokens import CssProblem
from mailweave.message.amp.css_urls import urls_of
from mailweave.message.amp.patterns import matches
from mailweave.message.amp.report import AmpError, finding
from mailweave.message.amp.specs import CssSpec, Declaration, DocumentCss, UrlSpec
from mailweave.message.amp.urls import check_url

Place = tuple[int, int]


def check_sheet(text: str, spec: CssSpec, css: DocumentCss, tag: str, place: Place) -> list[AmpError]:
    """What is wrong with the text of a `<style>` tag that begins at `place`."""
    sheet, rules = _read(text, place)
    errors = _told(sheet.problems, tag)
    urls, broken = _sheet_urls(rules)
    errors += _told(broken, tag)
    if spec.media_types is not None:
        for rule in rules:
            if rule.at.lower() == "media":
                errors += _told(check_media(rule, spec), tag, warning=not spec.media_is_error)
    if spec.attribute_selectors is not None:
        for rule in rules:
            if not rule.at:
                errors += _told(check_selector(rule.prelude, spec), tag)
    declared = [declaration for rule in rules for declaration in rule.declarations]
    errors += [finding("CSS_SYNTAX_DISALLOWED_IMPORTANT", d.important) for d in declared if d.important]
    if not broken:
        for url, url_place, scope in urls:
            errors += _url_errors(
                url, css.font_url if scope == "font-face" else css.image_url, tag, url_place
            )
    errors += [
        finding("CSS_SYNTAX_INVALID_AT_RULE", rule.place, tag, rule.at)
        for rule in rules
        if rule.at and without_vendor(rule.at) not in spec.at_rules
    ]
    if not css.anything_declared:
        errors += [error for d in declared for error in _declared(d, css, tag, d.place)]
    return errors


@lru_cache(maxsize=8)  # all blocks of a campaign are judged beside the same sheets
def _read(text: str, place: Place) -> tuple[Sheet, tuple[CssRule, ...]]:
    sheet = parse_sheet(text, place)
    return sheet, tuple(sheet.walk())


def _told(problems: Iterable[CssProblem], tag: str, *, warning: bool = False) -> list[AmpError]:
    return [finding(p.code, p.place, tag, *p.params, warning=warning) for p in problems]


def _sheet_urls(rules: Iterable[CssRule]) -> tuple[list[tuple[str, Place, str]], list[CssProblem]]:
    """Each URL with its place and the at-rule it stands in, and what is no URL."""
    found: list[tuple[str, Place, str]] = []
    broken: list[CssProblem] = []
    for rule in rules:
        for declaration in rule.declarations:
            urls, problem = urls_of(declaration)
            found += [(url.value, url.place, rule.at) for url in urls]
            broken += [problem] if problem else []
    return found, broken


def _url_errors(url: str, spec: UrlSpec, tag: str, place: Place) -> list[AmpError]:
    fault = check_url(url, spec)
    if fault is None:
        return []
    kind, what = fault
    code = {"MISSING_URL": "CSS_SYNTAX_MISSING_URL"}.get(kind, f"CSS_SYNTAX_{kind}")
    return [finding(code, place, tag, *((what,) if what else ()))]


def _declared(
    declaration: CssDeclaration,
    css: DocumentCss,
    tag: str,
    place: Place,
    unknown: Callable[[str], AmpError] | None = None,
) -> list[AmpError]:
    """What is wrong with a declaration's property and value."""
    name = declaration.name.lower()
    known = css.declarations.get(without_vendor(name) if css.strip_vendor else name)
    if known is None:
        if unknown is not None:
            return [unknown(declaration.name)]
        return [finding("CSS_SYNTAX_INVALID_PROPERTY_NOLIST", place, tag, declaration.name)]
    word = declaration.first_word()
    if _allowed(word, known):
        return []
    return [finding("CSS_SYNTAX_DISALLOWED_PROPERTY_VALUE", place, tag, declaration.name, word)]


def _allowed(word: str, known: Declaration) -> bool:
    if known.values:
        return word.lower() in known.values
    return known.pattern is None or matches(known.pattern, word, any_case=True)


def check_style(text: str, css: DocumentCss, attribute: str, tag: str, place: Place) -> list[AmpError]:
    """What is wrong with a `style` attribute; all of it is told at the tag's own place."""
    declarations, problems = parse_style(text, place)
    if problems:
        return [finding(p.code, p.place, tag, *p.params) for p in problems]
    errors: list[AmpError] = []
    size = len(text.encode())
    if size > css.max_inline_bytes:
        limit = css.max_inline_bytes
        warning = css.limit_is_warning
        errors.append(finding("INLINE_STYLE_TOO_LONG", place, tag, size, limit, warning=warning))

    def unknown(name: str) -> AmpError:
        return finding("DISALLOWED_PROPERTY_IN_ATTR_VALUE", place, name, attribute, tag)

    for declaration in declarations:
        errors += _inline(declaration, css, tag, place, unknown)
    return errors


def _inline(
    declaration: CssDeclaration, css: DocumentCss, tag: str, place: Place, unknown: Callable[[str], AmpError]
) -> list[AmpError]:
    errors: list[AmpError] = []
    if not css.anything_declared:
        errors = _declared(declaration, css, tag, place, unknown)
        if errors and errors[0].code == "DISALLOWED_PROPERTY_IN_ATTR_VALUE":
            return errors
    if "i-amphtml-" in declaration.name:
        return [*errors, unknown(declaration.name)]
    if declaration.important:
        errors.append(finding("CSS_SYNTAX_DISALLOWED_IMPORTANT", place))
    urls, broken = urls_of(declaration)
    if broken is not None:
        return [*errors, finding(broken.code, place, tag)]
    for url in urls:
        errors += _url_errors(url.value, css.image_url, tag, place)
    return errors
