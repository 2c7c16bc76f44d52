"""Pages that are kept change what an inlining costs, and nothing of what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from mailweave.content.inlined import InlinedCampaign
from mailweave.content.inliner import inline_campaign
from mailweave.content.page_store import PageStore
from mailweave.source import Source

LAYOUTS = [
    '<!doctype html><html><head>{HEAD}</head><body><div class="a">{% slot "s" %}</div><p>x</p>{% slot "t" %}</body></html>',
    '<html><head>{HEAD}</head><body><table class="b"><tr><td>{% slot "t" %}{% slot "s" %}</td></tr></table></body></html>',
]
HEADS = [
    "",
    '<link rel="stylesheet" href="one.css">',
    "<style>.a p { color: #111111 } @media print { .b { color: #222222 } }</style>",
    "<style>@layer x, y; @layer y { p { margin: 1px } } p + p { margin: 2px }</style>",
    "<style>@import 'two.css'; p { color: #333333 !important } p:hover { color: #444444 }</style>",
    "<style>{% if v %}p { color: #555555 }{% endif %}</style>",
    "<style>@layer y { @media print { p.c { color: #cccccc } } } @media print { p { color: #dddddd } }</style>",
]
SHEETS = ["", "p { color: #666666 }", "@import 'two.css'; .b { padding: 1px }", "[style] { color: #777777 }"]
CSS = [
    "",
    "@import 'one.css';",
    # whether the second is important depends on who has the first alone; then the third is, too
    "p { color: #000001 } @media print { p { color: #000002 } } .c { color: #000003 } .a p { margin: 3px }",
    # whether the sheet asks about `align` depends on whether there is a `b`
    "@media print { b[align] { color: #000004 } .c { padding: 1px } } p { text-align: center }",
    # the weight of the second is raised where something has both
    "@layer y { @media print { p.c { color: #000005 } } } @media print { p { color: #000006 } }",
]
BLOCKS = [
    "<p>x</p>",
    "<p class='c'>{{ a }}</p><p>y</p>",
    "<p class='c'>z</p>",
    "<b class='b'>t</b>",
    "<p style='color: red; padding: {{ n }}px'>z</p>",
    "<style>.c { color: #999999 } @media print { .c { color: #aaaaaa } }</style><p class='c'>w</p>",
    "<i> </i><style>.c { top: 1px }</style><p class='{% if v %}a{% else %}c{% endif %}'>x</p>",
    "<i>\n</i><style>.c { top: 1px }</style><p class='{% if v %}a{% else %}c{% endif %}'>x</p>",
    "<p>lqz0z {{ b }}</p>",
]
RARE = [
    "<style>@layer y, x; @layer x { p { margin: 4px } }</style><p>v</p>",
    "<style>.a { color: #bbbbbb }</style><p>reaches out</p>",
    "<div><p>not balanced</p>",
    "<p>{% for i in l %}<b class='b'>{{ i }}</b>{% endfor %}</p>",
    "<p>\ud800</p>",
    "<tr><td>moved</td></tr>",
]


@dataclass(frozen=True)
class Saved:
    """A campaign as it was saved once: `linked` are the style sheets of its folder."""

    layout: str
    css: str
    blocks: Mapping[str, Mapping[str, str]]
    linked: Mapping[str, str]

    def inlined(self, store: PageStore | None) -> InlinedCampaign:
        named = {
            slot: {name: Source(f"blocks/{name}.html", text) for name, text in candidates.items()}
            for slot, candidates in self.blocks.items()
        }
        layout = Source("layout.html", self.layout)
        return inline_campaign(layout, self.css, named, resolve=self.linked.get, store=store)


def _candidates(slot: str) -> st.SearchStrategy[dict[str, str]]:
    names = st.sampled_from([f"{slot}{number}" for number in range(4)])
    return st.dictionaries(names, st.sampled_from([*BLOCKS * 4, *RARE]), max_size=4)


LINKED = st.fixed_dictionaries(
    {"two.css": st.sampled_from(SHEETS[:2])}, optional={"one.css": st.sampled_from(SHEETS)}
)
CAMPAIGNS = st.builds(
    Saved,
    st.builds(
        lambda layout, head: layout.replace("{HEAD}", head), st.sampled_from(LAYOUTS), st.sampled_from(HEADS)
    ),
    st.sampled_from(CSS),
    st.fixed_dictionaries({"s": _candidates("s"), "t": _candidates("t")}),
    LINKED,
)


@st.composite
def histories(draw: st.DrawFn) -> list[Saved]:
    """Saves of which each leaves most as it was."""
    made = [draw(CAMPAIGNS)]
    for _ in range(draw(st.integers(1, 6))):
        last, other = made[-1], draw(st.sampled_from(made) | CAMPAIGNS)
        part = draw(st.sampled_from(["s", "t", "s", "t", "linked", "layout", "css", "all"]))
        blocks = {**last.blocks, part: other.blocks[part]} if part in last.blocks else last.blocks
        fields = {"layout": last.layout, "css": last.css, "blocks": blocks, "linked": last.linked}
        if part in fields:
            fields[part] = getattr(other, part)
        made.append(other if part == "all" else Saved(**fields))  # type: ignore[arg-type]
    return made


@settings(max_examples=60)
@given(histories())
def test_kept_pages_give_what_new_ones_give(saves: list[Saved]) -> None:
    store = PageStore()
    for one in saves:
        assert one.inlined(store) == one.inlined(None)
