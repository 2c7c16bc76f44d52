"""What style sheets of e-mails are made of, one function for each construct; each writes rules into a sheet."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.inlining.declarations import (
    CLASSES,
    TYPES,
    declaration,
    declarations,
    overlap,
    selector,
    simple,
    value,
    written,
)


@dataclass
class Sheet:
    """The rules of a document, in the making."""

    rng: random.Random
    first: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    separate: list[tuple[str, str]] = field(default_factory=list)
    """Style elements of their own: attributes and text."""

    def rule(self, selectors: str, text: str | None = None, *, important: bool = False) -> None:
        self.rules.append(f"{selectors}{{{text or declarations(self.rng, 3, important=important)}}}")


Construct = Callable[[Sheet], None]
IN_SHEETS: dict[str, Construct] = {}
IN_BODIES = (
    "style-attribute",
    "legacy-attributes",
    "tbody",
    "conditional-comments",
    "deep-nesting",
    "several-sheets",
    "sheet-in-body",
)


def construct(name: str) -> Callable[[Construct], Construct]:
    def register(function: Construct) -> Construct:
        IN_SHEETS[name] = function
        return function

    return register


@construct("important")
def _important(sheet: Sheet) -> None:
    for _ in range(sheet.rng.randint(1, 2)):
        sheet.rule(selector(sheet.rng), important=True)


@construct("shorthands")
def _shorthands(sheet: Sheet) -> None:
    one, other = overlap(sheet.rng)
    where = selector(sheet.rng)
    if sheet.rng.random() < 0.5:
        sheet.rule(where, f"{one};{other}")
    else:
        sheet.rule(where, one)
        sheet.rule(simple(sheet.rng), other)


WIDTH_QUERIES = (
    "(max-width:480px)",
    "only screen and (max-width:600px)",
    "screen and (min-width:601px)",
    "(width <= 620px)",
    "screen and (max-device-width:480px), (max-width:400px)",
)


@construct("media-width")
def _media_width(sheet: Sheet) -> None:
    _block(sheet, f"@media {sheet.rng.choice(WIDTH_QUERIES)}")


@construct("media-dark")
def _media_dark(sheet: Sheet) -> None:
    _block(
        sheet, f"@media {sheet.rng.choice(('', '(max-width:600px) and '))}(prefers-color-scheme:dark)".strip()
    )
    if sheet.rng.random() < 0.3:
        sheet.rule(":root", "color-scheme:light dark")


def _block(sheet: Sheet, head: str) -> None:
    rng = sheet.rng
    inner = "".join(
        f"{selector(rng)}{{{declarations(rng, 2, important=rng.random() < 0.4)}}}"
        for _ in range(rng.randint(1, 3))
    )
    sheet.rules.append(f"{head}{{{inner}}}")


@construct("hover")
def _hover(sheet: Sheet) -> None:
    rng = sheet.rng
    sheet.rule(
        rng.choice(("a:hover", f"{simple(rng)}:hover", f"tr:hover {simple(rng)}")),
        important=rng.random() < 0.2,
    )


@construct("link-states")
def _link(sheet: Sheet) -> None:
    for state in sheet.rng.sample(("link", "visited", "active", "focus"), 2):
        sheet.rule(f"{sheet.rng.choice(('a', '.btn', '.menu a'))}:{state}")


@construct("pseudo-elements")
def _pseudo_elements(sheet: Sheet) -> None:
    where = f"{simple(sheet.rng)}{sheet.rng.choice(('::before', ':after', '::first-letter', '::first-line'))}"
    text = f"content:'{sheet.rng.choice(('', '+ ', '»'))}';{declarations(sheet.rng, 2)}"
    sheet.rule(where, text)


@construct("escaped-names")
def _escaped(sheet: Sheet) -> None:
    where = sheet.rng.choice((r".sm\:full", r".\32xl", r".\32 xl", r".w-1\/2", r".f\6fot", r"p.sm\:full"))
    if sheet.rng.random() < 0.4:
        sheet.rules.append(f"@media (max-width:600px){{{where}{{{declarations(sheet.rng, 2)}}}}}")
    else:
        sheet.rule(where)


@construct("layers")
def _layers(sheet: Sheet) -> None:
    rng = sheet.rng
    names = ["base", "theme", "base.reset"]
    rng.shuffle(names)
    if rng.random() < 0.5:
        sheet.first.append(f"@layer {','.join(names[:2])};")
    for name in (names[0], rng.choice(("", names[1]))):
        text = declarations(rng, 2, important=rng.random() < 0.25)
        sheet.rules.append(f"@layer {name}{{{selector(rng)}{{{text}}}}}")


@construct("is-and-where")
def _is(sheet: Sheet) -> None:
    rng = sheet.rng
    one, other = rng.sample(("is", "where"), 2)
    sheet.rule(f":{one}({simple(rng)},{simple(rng)}) {rng.choice(TYPES)}")
    sheet.rule(f"{rng.choice(TYPES)}:{other}(.{rng.choice(CLASSES)},{simple(rng)})")


@construct("not")
def _not(sheet: Sheet) -> None:
    rng = sheet.rng
    sheet.rule(f"{rng.choice(TYPES)}:not(.{rng.choice(CLASSES)})")
    if rng.random() < 0.4:
        sheet.rule(f":not({rng.choice(TYPES)},{simple(rng)}) > {rng.choice(TYPES)}")


OF_CHILDREN = (
    "first-child",
    "last-child",
    "only-child",
    "nth-child(2n+1)",
    "nth-child(even)",
    "nth-last-child(2)",
    "nth-child(2 of .lead)",
    "empty",
)
OF_TYPES = ("first-of-type", "last-of-type", "only-of-type", "nth-of-type(2)", "nth-last-of-type(1)")


@construct("structural")
def _structural(sheet: Sheet) -> None:
    for kinds in (OF_CHILDREN, OF_TYPES):
        kind = sheet.rng.choice(kinds)
        sheet.rule(f"{sheet.rng.choice(('tr', 'td', 'p', 'li', 'a', 'div'))}:{kind}")


@construct("has")
def _has(sheet: Sheet) -> None:
    rng = sheet.rng
    sheet.rule(f"{rng.choice(('td', 'tr', 'div', 'p'))}:has({rng.choice(('', '> '))}{simple(rng)})")


ATTRIBUTES = (
    "[href]",
    "a[href^='https://']",
    'a[href$=".pdf"]',
    "a[href*=shop]",
    "[class~=btn]",
    "[class*='lea']",
    "p[class='NOTE' i]",
    'p[class="note" s]',
    "[lang|=en]",
    "td[align=right]",
    'TD[ALIGN="CENTER"]',
    "[data-part=promo i]",
    "[title]",
    "table[width='600']",
    "[bgcolor]",
    "img[src$='.png' I]",
    "[role=presentation] td",
)


@construct("attribute-selectors")
def _attributes(sheet: Sheet) -> None:
    for where in sheet.rng.sample(ATTRIBUTES, sheet.rng.randint(1, 3)):
        sheet.rule(where)


@construct("all")
def _all(sheet: Sheet) -> None:
    sheet.rule(
        simple(sheet.rng), f"all:{sheet.rng.choice(('unset', 'initial', 'inherit'))};{declaration(sheet.rng)}"
    )


@construct("cascade-keywords")
def _keywords(sheet: Sheet) -> None:
    rng = sheet.rng
    names = ("color", "font-size", "background", "margin", "display", "text-decoration", "width", "font")
    for _ in range(rng.randint(1, 2)):
        word = rng.choice(("unset", "inherit", "initial", "revert"))
        sheet.rule(selector(rng), written(rng.choice(names), word))


@construct("custom-properties")
def _custom(sheet: Sheet) -> None:
    rng = sheet.rng
    sheet.rule(rng.choice((":root", "body", "html")), f"--brand:{value(rng, 'color')};--gap:8px")
    if rng.random() < 0.4:
        sheet.rule(simple(rng), f"--brand:{value(rng, 'color')}")
    sheet.rule(
        selector(rng), rng.choice(("color:var(--brand)", "padding:var(--gap)", "color:var(--none, teal)"))
    )


@construct("client-hooks")
def _hooks(sheet: Sheet) -> None:
    hooks = (
        ".MsoNormal",
        "p.MsoNormal",
        ".gmail_quote a",
        f"u + .body {simple(sheet.rng)}",
        "#outlook a",
        ".ExternalClass",
        ".ExternalClass p",
        f"[data-ogsc] .{sheet.rng.choice(CLASSES)}",
        "#MessageViewBody a",
        "a[x-apple-data-detectors]",
    )
    for where in sheet.rng.sample(hooks, 2):
        sheet.rule(where, important=sheet.rng.random() < 0.3)


@construct("hacks")
def _hacks(sheet: Sheet) -> None:
    rng = sheet.rng
    hacks = (
        r"width:5px\9",
        r"color:red\9;width:50px",
        "*zoom:1",
        "_height:1px",
        "filter:alpha(opacity=50)",
        r"margin:0 \0/",
        "*display:inline",
    )
    sheet.rule(selector(rng), f"{rng.choice(hacks)};{declaration(rng)}")


@construct("nesting")
def _nesting(sheet: Sheet) -> None:
    rng = sheet.rng
    inner = rng.choice(
        (
            f"& {simple(rng)}",
            f"&.{rng.choice(CLASSES)}",
            f".{rng.choice(CLASSES)} &",
            f"> .{rng.choice(CLASSES)}",
            "&:hover",
            "@media (max-width:600px)",
        )
    )
    sheet.rule(simple(rng), f"{declaration(rng)};{inner}{{{declaration(rng)}}}")


@construct("supports")
def _supports(sheet: Sheet) -> None:
    question = sheet.rng.choice(
        ("(display:grid)", "(display:nonsense)", "not (display:grid)", "(-webkit-box-reflect:below)")
    )
    _block(sheet, f"@supports {question}")


@construct("child-selectors")
def _children(sheet: Sheet) -> None:
    rng = sheet.rng
    paths = (
        "table > tbody > tr > td",
        "table > tr > td",
        "tbody > tr",
        "tr > td > p",
        "div > p",
        "td > table",
    )
    where = rng.choice(paths)
    sheet.rule(f".{rng.choice(CLASSES)} {where}" if rng.random() < 0.4 else where)


@construct("siblings")
def _siblings(sheet: Sheet) -> None:
    rng = sheet.rng
    sheet.rule(f"{rng.choice(TYPES)} {rng.choice('+~')} {simple(rng)}")


@construct("universal")
def _universal(sheet: Sheet) -> None:
    sheet.rule(sheet.rng.choice(("*", f".{sheet.rng.choice(CLASSES)} *", "* + p", "td > *")))


@construct("media-attribute")
def _media_attribute(sheet: Sheet) -> None:
    query = sheet.rng.choice(("screen", "(max-width:600px)", "print", "all", "(prefers-color-scheme:dark)"))
    sheet.separate.append((f' media="{query}"', f"{selector(sheet.rng)}{{{declarations(sheet.rng)}}}"))


@construct("type-attribute")
def _type_attribute(sheet: Sheet) -> None:
    kind = sheet.rng.choice(("text/css", "text/css", "text/less", "TEXT/CSS", ""))
    sheet.separate.append((f' type="{kind}"', f"{selector(sheet.rng)}{{{declarations(sheet.rng)}}}"))


@construct("comments")
def _comments(sheet: Sheet) -> None:
    rng = sheet.rng
    text = f"/* base; */ {declaration(rng)} /* {{ */;{declaration(rng)}"
    sheet.rule(f"/* top */ {selector(rng)}", text)
    if rng.random() < 0.5:
        sheet.separate.append(("", f"<!-- {simple(rng)}{{{declaration(rng)}}} -->"))


@construct("fetched")
def _fetched(sheet: Sheet) -> None:
    rng = sheet.rng
    sheet.first.append("@import url(https://fonts.example/css?family=Open+Sans);")
    sheet.rules.append("@font-face{font-family:'Open Sans';src:url(https://fonts.example/o.woff2)}")
    sheet.rules.append("@keyframes fade{from{color:red}to{color:#123}}")
    if rng.random() < 0.3:
        sheet.rules.append("@page{margin:1cm}")


@construct("invalid-values")
def _invalid(sheet: Sheet) -> None:
    rng = sheet.rng
    invalid = (
        "color:notacolour",
        "width:100",
        "margin:5",
        "font-size:big",
        "color:#12",
        "padding:-4px",
        "width:calc(100%-20px)",
        "colour:red",
        "background:#ggg",
    )
    sheet.rule(selector(rng), f"{declaration(rng)};{rng.choice(invalid)}")
    if rng.random() < 0.3:
        sheet.rule(f"{simple(rng)},p::nothing")


@construct("fallbacks")
def _fallbacks(sheet: Sheet) -> None:
    fallbacks = (
        "background:#fff;background:linear-gradient(red,blue)",
        "width:90%;width:calc(100% - 20px)",
        "color:#333;color:rgba(0,0,0,.8)",
        "height:100px;height:10vh",
        "display:block;display:flex",
        "font-size:14px;font-size:clamp(12px,2vw,16px)",
        "color:red;color:color(nonsense 1 2 3)",
    )
    sheet.rule(selector(sheet.rng), sheet.rng.choice(fallbacks))


ALL = (*IN_SHEETS, *IN_BODIES)
