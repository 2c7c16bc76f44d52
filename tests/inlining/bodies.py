"""Bodies as e-mails have them: tables in tables, paragraphs, links, pictures, buttons."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.inlining.declarations import CLASSES, IDS, declaration, declarations

WORDS = "Hello order shop autumn offer now view sale thanks parcel today your basket".split()
ODD_CLASSES = ("sm:full", "2xl", "w-1/2", "MsoNormal", "gmail_quote", "NOTE")
LEGACY = {
    "table": ('align="center"', 'bgcolor="#f4f4f4"', 'width="600"', 'width="100%"', 'border="1"', 'cellpadding="4"'),
    "td": ('align="right"', 'ALIGN="center"', 'valign="top"', 'bgcolor="#FFEEDD"', 'width="50%"', 'nowrap', 'height="20"'),
    "th": ('align="left"', 'bgcolor="navy"'),
    "tr": ('align="center"', 'bgcolor="#eeeeee"', 'valign="middle"'),
    "p": ('align="center"', 'align="right"'),
    "div": ('align="center"',),
    "h1": ('align="center"',),
    "img": ('width="120"', 'height="40"', 'border="0"', 'align="left"', 'hspace="4"'),
    "hr": ('width="50%"', 'color="red"', 'noshade'),
    "ul": ('type="square"',),
}  # fmt: skip


@dataclass
class Body:
    """Writes one body; `wants` are the constructs that the document has."""

    rng: random.Random
    wants: frozenset[str]
    left: int = 40
    ids: list[str] = field(default_factory=lambda: list(IDS))
    styles: list[str] = field(default_factory=list)

    def written(self) -> str:
        """The markup within `<body>`; the style elements in `styles` stand somewhere in it."""
        parts = [self.table(0) if self.rng.random() < 0.7 else self.box(0)]
        while self.left > 12:
            parts.append(self.rng.choice((self.table, self.box))(0))
        if "deep-nesting" in self.wants:
            parts.append(self.deep())
        for style in self.styles:
            parts.insert(self.rng.randint(0, len(parts)), style)
        return "\n".join(parts)

    def attributes(self, tag: str, *more: str) -> str:
        """The attributes of a start tag, each with its blank."""
        rng, out = self.rng, list(more)
        names = rng.sample(CLASSES, rng.choice((0, 0, 1, 1, 1, 2, 3)))
        if rng.random() < 0.25:
            names.append(rng.choice(ODD_CLASSES))
        if names:
            out.append(f'class="{" ".join(names)}"')
        if self.ids and rng.random() < 0.08:
            out.append(f'id="{self.ids.pop(rng.randrange(len(self.ids)))}"')
        if "style-attribute" in self.wants and rng.random() < 0.3:
            out.append(self.style())
        if "legacy-attributes" in self.wants and tag in LEGACY and rng.random() < 0.6:
            out += rng.sample(LEGACY[tag], min(len(LEGACY[tag]), rng.choice((1, 1, 2))))
        if rng.random() < 0.06:
            out.append(rng.choice(('data-part="Promo"', 'lang="en-GB"', 'title="Big sale"', 'dir="rtl"')))
        rng.shuffle(out)
        return "".join(f" {one}" for one in out)

    def style(self) -> str:
        """A style attribute; one in six is important or has a hack in it."""
        way = self.rng.randrange(12)
        if way == 0:
            return f'style="{declaration(self.rng, important=True)}"'
        if way == 1:
            return f'style="{declaration(self.rng)};width:;color:#c00"'
        return f'style="{declarations(self.rng)}{self.rng.choice(("", ";"))}"'.replace(
            "'Open Sans'", "Tahoma"
        )

    def table(self, depth: int) -> str:
        self.left -= 1
        rows = [self.row(depth) for _ in range(self.rng.randint(1, 2))]
        inner = "".join(rows)
        if "tbody" in self.wants and self.rng.random() < 0.6:
            inner = f"<tbody>{inner}</tbody>"
            if self.rng.random() < 0.3:
                inner = f"<thead><tr><th{self.attributes('th')}>{self.words()}</th></tr></thead>{inner}"
        table = f"<table{self.attributes('table', 'role=presentation')}>{inner}</table>"
        if "conditional-comments" in self.wants and self.rng.random() < 0.5:
            return f"<!--[if mso]><table><tr><td width=600><![endif]-->{table}<!--[if mso]></td></tr></table><![endif]-->"
        return table

    def row(self, depth: int) -> str:
        self.left -= 1
        cells = "".join(self.cell(depth) for _ in range(self.rng.randint(1, 2)))
        return f"<tr{self.attributes('tr')}>{cells}</tr>"

    def cell(self, depth: int) -> str:
        self.left -= 1
        return f"<td{self.attributes('td')}>{self.flow(depth + 1)}</td>"

    def box(self, depth: int) -> str:
        self.left -= 1
        return f"<div{self.attributes('div')}>{self.flow(depth + 1)}</div>"

    def flow(self, depth: int) -> str:
        """What stands in a cell or a box."""
        ways = (
            self.paragraph,
            self.paragraph,
            self.heading,
            self.items,
            self.button,
            self.picture,
            self.rule,
        )
        parts = []
        for _ in range(self.rng.randint(1, 3)):
            if self.left <= 0:
                break
            nested = depth < 4 and self.rng.random() < 0.22
            parts.append(
                self.rng.choice((self.table, self.box))(depth) if nested else self.rng.choice(ways)()
            )
        return "".join(parts) or self.words()

    def words(self) -> str:
        return " ".join(self.rng.choice(WORDS) for _ in range(self.rng.randint(1, 4)))

    def paragraph(self) -> str:
        self.left -= 1
        inline = self.inline() if self.rng.random() < 0.6 else ""
        return f"<p{self.attributes('p')}>{self.words()} {inline}</p>"

    def inline(self) -> str:
        self.left -= 1
        tag = self.rng.choice("a a b span em font strong".split())
        link = [self.address()] if tag == "a" else []
        inner = f"<b{self.attributes('b')}>{self.words()}</b>" if self.rng.random() < 0.15 else self.words()
        return f"<{tag}{self.attributes(tag, *link)}>{inner}</{tag}>"

    def address(self) -> str:
        path = self.rng.choice(("a.pdf", "shop", "A?x=1&amp;y=2", ""))
        return f'href="{self.rng.choice(("https", "http"))}://shop.example/{path}"'

    def heading(self) -> str:
        self.left -= 1
        tag = self.rng.choice(("h1", "h2"))
        return f"<{tag}{self.attributes(tag)}>{self.words()}</{tag}>"

    def items(self) -> str:
        self.left -= 3
        inner = "".join(
            f"<li{self.attributes('li')}>{self.words()}</li>" for _ in range(self.rng.randint(2, 3))
        )
        return f"<ul{self.attributes('ul')}>{inner}</ul>"

    def button(self) -> str:
        self.left -= 1
        return f"<a{self.attributes('a', self.address())}>{self.words()}</a>"

    def picture(self) -> str:
        self.left -= 1
        return f"<img{self.attributes('img', 'alt=view', self.source())}>"

    def source(self) -> str:
        return f'src="https://cdn.example/{self.rng.choice(("a.png", "b.jpg"))}"'

    def rule(self) -> str:
        self.left -= 1
        return self.rng.choice(
            (f"<hr{self.attributes('hr')}>", f"<center>{self.words()}</center>", self.words() + "<br>")
        )

    def deep(self) -> str:
        """Ten boxes in each other, some of them tables."""
        out = self.paragraph()
        for _ in range(10):
            if self.rng.random() < 0.3:
                out = (
                    f"<table{self.attributes('table')}><tr><td{self.attributes('td')}>{out}</td></tr></table>"
                )
            else:
                out = f"<div{self.attributes('div')}>{out}</div>"
        return out
