"""Declarations and simple selectors as e-mails have them, drawn from a seeded source."""

from __future__ import annotations

import random

COLORS = "#123 #c00 #0a0a0a #fefefe red navy teal #7a3b00 rgb(10,20,30) rgba(0,0,0,.5) #336699cc".split()
SIZES = "0 4px 7px 12px 16px 1.5em 20px 32px".split()
WIDTHS = "100px 50% 100% 240px auto 12em".split()
SHORTHANDS = {
    "margin": ("0", "4px", "8px 16px", "0 auto", "1px 2px 3px 4px", "1em 0"),
    "padding": ("0", "5px", "6px 12px", "1px 2px 3px 4px"),
    "border": ("0", "none", "1px solid red", "2px dashed #336699", "3px double"),
    "border-top": ("none", "1px solid #ccc"),
    "border-color": ("red", "#123 #456"),
    "border-width": ("1px", "0 2px"),
    "border-radius": ("4px", "0", "3px 6px"),
    "background": ("#eee", "none", "red", "#fff url(https://cdn.example/b.png) no-repeat", "transparent"),
    "font": ("bold 14px/1.5 Arial, sans-serif", "italic 12px Georgia, serif"),
    "list-style": ("none", "square inside"),
    "text-decoration": ("none", "underline", "line-through red"),
    "overflow": ("hidden", "auto"),
}
LONGHANDS = {
    "color": COLORS,
    "background-color": [*COLORS, "transparent"],
    "font-size": ["10px", "14px", "18px", "1.2em", "120%", "large"],
    "font-weight": ["bold", "400", "700", "normal"],
    "font-style": ["italic", "normal"],
    "font-family": ["Arial, sans-serif", "'Open Sans', Verdana", "Georgia"],
    "line-height": ["1", "1.4", "24px", "150%"],
    "text-align": ["left", "center", "right"],
    "text-transform": ["uppercase", "none"],
    "text-decoration-line": ["none", "underline"],
    "letter-spacing": ["1px", "normal"],
    "vertical-align": ["top", "middle", "baseline"],
    "width": WIDTHS,
    "max-width": ["600px", "100%", "none"],
    "min-width": ["0", "120px"],
    "height": ["40px", "auto", "1px"],
    "display": ["block", "inline-block", "none", "inline"],
    "margin-top": SIZES,
    "margin-left": [*SIZES, "auto"],
    "margin-bottom": SIZES,
    "padding-left": SIZES,
    "padding-top": SIZES,
    "border-top-width": ["0", "3px"],
    "border-left-color": COLORS,
    "border-bottom-style": ["solid", "none", "dotted"],
    "border-collapse": ["collapse", "separate"],
    "border-spacing": ["0", "2px"],
    "white-space": ["nowrap", "normal"],
    "word-break": ["break-word", "normal"],
    "background-image": ["none", "url(https://cdn.example/p.png)"],
    "background-repeat": ["no-repeat", "repeat-x"],
    "list-style-type": ["disc", "none"],
    "opacity": ["1", ".5"],
    "mso-line-height-rule": ["exactly"],
    "-webkit-text-size-adjust": ["100%", "none"],
}
# half of what is written, so that rules meet each other
OFTEN = "color color font-size width background-color margin margin-top padding text-align border".split()
# pairs that overlap: where both are written, their order decides
OVERLAPS = (
    ("margin", "margin-top"),
    ("margin", "margin-left"),
    ("padding", "padding-left"),
    ("border", "border-top-width"),
    ("border", "border-top"),
    ("border-top", "border-color"),
    ("border-width", "border"),
    ("background", "background-color"),
    ("background", "background-image"),
    ("font", "font-size"),
    ("font", "line-height"),
    ("list-style", "list-style-type"),
    ("text-decoration", "text-decoration-line"),
)
CLASSES = "btn lead card note menu hero foot body".split()
TYPES = "p a td div span table tr h1 h2 li ul img b th".split()
IDS = "footer head main cta".split()


def value(rng: random.Random, name: str) -> str:
    """A value that a browser knows."""
    return rng.choice(SHORTHANDS.get(name) or LONGHANDS[name])


def declaration(rng: random.Random, *, important: bool = False) -> str:
    """A declaration, half the time of a property that most sheets set."""
    name = rng.choice(OFTEN if rng.random() < 0.5 else [*LONGHANDS, *SHORTHANDS])
    return written(name, value(rng, name), important=important)


def written(name: str, text: str, *, important: bool = False) -> str:
    return f"{name}:{text}{' !important' if important else ''}"


def declarations(rng: random.Random, most: int = 4, *, important: bool = False) -> str:
    return ";".join(declaration(rng, important=important) for _ in range(rng.randint(1, most)))


def overlap(rng: random.Random) -> tuple[str, str]:
    """A shorthand and one of its longhands, in either order."""
    names = list(rng.choice(OVERLAPS))
    rng.shuffle(names)
    return written(names[0], value(rng, names[0])), written(names[1], value(rng, names[1]))


def simple(rng: random.Random) -> str:
    """A selector of one element."""
    way = rng.randrange(12)
    if way < 4:
        return f".{rng.choice(CLASSES)}"
    if way < 8:
        return rng.choice(TYPES)
    if way < 10:
        return f"{rng.choice(TYPES)}.{rng.choice(CLASSES)}"
    return f"#{rng.choice(IDS)}" if way == 10 else f".{rng.choice(CLASSES)}.{rng.choice(CLASSES)}"


def selector(rng: random.Random) -> str:
    """A selector as most e-mails have them: one element, or one within another."""
    way = rng.randrange(10)
    if way < 6:
        return simple(rng)
    if way < 9:
        return f"{simple(rng)} {simple(rng)}"
    return f"{simple(rng)},{simple(rng)}"
