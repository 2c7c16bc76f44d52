"""Blocks as authors write them, drawn from a seed: right and wrong pieces, under conditions, with values in them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

FIELDS: Final = ("vip", "loyal", "member")
WORDS: Final = (
    "Fresh bread",
    "Our autumn list",
    "Nine new records",
    "Until Sunday",
    "What you may like",
    "Your order",
)
_TEXT: Final = (
    "<p{s}>{w} and more for you</p>",
    "<h2{s}>{w}</h2>",
    "<h3{s}>{w}</h3><p>{w}</p>",
    "<div{s}>{w}, {{{{ profile.name }}}}</div>",
    "<ul><li{s}>{w}</li><li>{w}</li></ul>",
    "<ul>{{% for each in profile.things %}}<li>{{{{ each }}}}</li>{{% endfor %}}</ul>",
    "<ul><p>{w}</p></ul>",
    "<li>{w}</li>",
    "<dl><dt>{w}</dt><dd>{w}</dd></dl>",
    "<dl><p>{w}</p></dl>",
    '<p lang="{lang}">{w}</p>',
    "<blockquote{s}>{w}</blockquote>",
    "<p><b>{w}</b> <em>{w}</em></p>",
    "<marquee>{w}</marquee>",
    '<p role="{role}">{w}</p>',
    '<div aria-label="{w}"{s}>{w}</div>',
    '<p aria-lable="{w}">{w}</p>',
)
_LINKS: Final = (
    '<a href="{u}"{s}>{w}</a>',
    '<p>{w} <a href="{u}"{s}>{w}</a> {w}.</p>',
    '<a href="{u}"><img src="{i}" width="40" {alt}></a>',
    '<a href="{u}"></a>',
    '<a href="{u}"><span>{{{{ profile.name }}}}</span></a>',
    '<a href="{u}" aria-label="{w}"></a>',
    '<div aria-hidden="{truth}"><a href="{u}">{w}</a></div>',
    '<a href="{u}" tabindex="{tab}">{w}</a>',
)
_IMAGES: Final = (
    '<img src="{i}" width="40" {alt}>',
    '<img src="{i}" width="40" {{% if profile.{f} %}}alt="{w}"{{% endif %}}>',
    '<img src="{i}" width="40" {{% if profile.{f} %}}alt="{w}"{{% else %}}alt=""{{% endif %}}>',
    '<map name="m{n}"><area href="{u}" shape="rect" coords="0,0,9,9" {alt}></map>'
    '<img src="{i}" usemap="#m{n}" width="40" alt="{w}">',
    '<span role="img" {label}>*</span>',
    '<svg role="img" width="9" height="9"></svg>',
)
_TABLES: Final = (
    "<table {role_of}><tr><td{s}>{w}</td><td>{w}</td></tr></table>",
    '<table><caption>{w}</caption><tr><th scope="col">{w}</th></tr><tr><td>{w}</td></tr></table>',
    "<table><tr><th>{w}</th><th>{w}</th></tr><tr><td>{w}</td><td>{w}</td></tr></table>",
)
_TAKEN: Final = (
    '<form action="{u}"><input name="q"><button>{w}</button></form>',
    '<input type="image" src="{i}">',
    '<iframe src="{u}"></iframe>',
    '<video src="{u}"></video>',
    "<select><option>{w}</option></select>",
    '<object data="{u}"></object>',
)
_STYLES: Final = (
    "",
    ' style="color:#{c}"',
    ' style="color:#{c};background-color:#{d}"',
    ' style="color:#{c};text-decoration:none"',
    ' style="font-size:{size}px"',
    ' class="{cls}"',
    ' class="{{% if profile.{f} %}}{cls}{{% endif %}}"',
)
_CLASSES: Final = ("quiet", "loud", "card", "plain")
_COLORS: Final = ("111111", "333333", "767676", "888888", "aaaaaa", "ffffff", "0000ee", "aa0000", "005500")
_GROUNDS: Final = ("ffffff", "ffffff", "eeeeee", "fffbe6", "111111")
_LANGUAGES: Final = ("en", "de-AT", "{{ profile.language }}", "en_US", "english", "ar")
_ROLES: Final = ("note", "presentation", "presentaion", "article", "{{ profile.role }}")
_FAULTY: Final = 0.06  # of the pieces: most documents are to pass


@dataclass(frozen=True, slots=True)
class Authored:
    """A block and the style sheet of its campaign."""

    html: str
    css: str


def authored(seed: int) -> Authored:
    """The block of a seed."""
    rng = random.Random(f"authored {seed}")
    pieces = [_piece(rng, number) for number in range(rng.randint(1, 5))]
    rules = [f".{one} {{ {_declarations(rng)} }}" for one in _CLASSES]
    if rng.random() < 0.3:
        rules.append(f"@media (prefers-color-scheme: dark) {{ .card {{ {_declarations(rng)} }} }}")
    return Authored("\n".join(pieces), "\n".join(rules))


def _piece(rng: random.Random, number: int) -> str:
    kinds = [_TEXT, _TEXT, _LINKS, _IMAGES, _TABLES] + [_TAKEN] * (rng.random() < _FAULTY)
    kind = rng.choice(kinds)
    # the first pieces of each kind are right, and drawn more often
    made = _filled(rng, rng.choice(kind[: max(2, len(kind) // 2)] if rng.random() > 0.15 else kind), number)
    if rng.random() < 0.3:
        test = f"profile.{rng.choice(FIELDS)}"
        other = f"{{% else %}}{_filled(rng, rng.choice(_TEXT[:3]), number)}" if rng.random() < 0.5 else ""
        made = f"{{% if {test} %}}{made}{other}{{% endif %}}"
    return f'<div class="{rng.choice(("", "", *_CLASSES))}">{made}</div>'.replace(' class=""', "")


def _filled(rng: random.Random, text: str, number: int) -> str:
    style = rng.choice(_STYLES) if rng.random() < 0.5 else ""
    return text.format(
        s=style.format(
            c=_color(rng), d=rng.choice(_GROUNDS), size=rng.choice((14, 14, 16, 20, 11)), cls=rng.choice(_CLASSES),
            f=rng.choice(FIELDS),
        ),
        w=rng.choice(WORDS), u=f"https://shop.example/{number}", i=f"https://shop.example/{number}.png",
        alt=rng.choice(('alt="A loaf"', 'alt="A loaf"', 'alt=""', "")), f=rng.choice(FIELDS), n=number,
        lang=rng.choice(_LANGUAGES), role=rng.choice(_ROLES), truth=rng.choice(("true", "false")),
        tab=rng.choice(("0", "-1", "3")), label=rng.choice(('aria-label="Star"', "")),
        role_of=rng.choice(('role="presentation"', 'role="presentation"', "", 'role="none"')),
    )  # fmt: skip


def _declarations(rng: random.Random) -> str:
    found = [f"color: #{_color(rng)}"]
    found += [f"background-color: #{rng.choice(_GROUNDS)}"] if rng.random() < 0.4 else []
    return "; ".join(found)


def _color(rng: random.Random) -> str:
    """Mostly one that can be read on white."""
    return rng.choice(_COLORS if rng.random() < 0.15 else ("111111", "333333", "005500"))
