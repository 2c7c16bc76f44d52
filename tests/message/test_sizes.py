"""The worst case is one: nothing that the bounds allow comes out larger."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from liquid import Environment
from mailweave.message.sizes import Bounds, clipped, part_size, worst_case
from mailweave.source import Source

BOUNDS = Bounds(texts={"name": 5}, loops={"items": 3}, text=8, bytes_per_character=6)
ENVIRONMENT = Environment(autoescape=True)

_piece = st.sampled_from(
    ("x", "<p>é</p>", "{{ name }}", "{{ other }}", "{% increment k %}", "{% raw %}{{ r }}{% endraw %}")
)
_template = st.recursive(
    _piece,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map("".join),
        st.builds(lambda a, b: f"{{% if v %}}{a}{{% else %}}{b}{{% endif %}}", inner, inner),
        st.builds(
            lambda a, b: f"{{% case n %}}{{% when 1 %}}{a}{{% when 2 %}}{b}{{% endcase %}}", inner, inner
        ),
        st.builds(lambda a, b: f"{{% for i in items %}}{a}{{% else %}}{b}{{% endfor %}}", inner, inner),
        st.builds(lambda a: f"{{% for i in items limit: 2 %}}{a}{{% endfor %}}", inner),
        st.builds(lambda a: f"{{% for i in (1..2) %}}{a}{{% endfor %}}", inner),
        st.builds(lambda a: f"{{% tablerow i in items cols: 1 %}}{a}{{% endtablerow %}}", inner),
        st.builds(lambda a: f"{{% capture c %}}{a}{{% endcapture %}}{{{{ c }}}}", inner),
    ),
    max_leaves=8,
)
_data = st.fixed_dictionaries(
    {
        "v": st.booleans(),
        "n": st.integers(0, 3),
        "name": st.text(max_size=5, alphabet="aé&<\"'☃"),
        "other": st.text(max_size=8, alphabet="aé&<\"'☃"),
        "items": st.lists(st.just(1), max_size=3),
    }
)


@settings(max_examples=200, deadline=None)
@given(_template, _data)
def test_nothing_is_larger(template: str, data: dict[str, Any]) -> None:
    rendered = ENVIRONMENT.from_string(template).render(**data)
    assert len(rendered.encode()) <= worst_case(template, BOUNDS).bytes


def test_branches_loops_and_slots() -> None:
    template = (
        "{% for i in (1..3) %}a{% else %}bbbbb{% endfor %}{% if x %}aa{% else %}b{% endif %}{% slot 's' %}"
    )
    assert worst_case(template, slots={"s": 100}).bytes == 5 + 2 + 100


def test_a_slot_of_which_nothing_is_said_shows_nothing() -> None:
    assert worst_case("a{% slot s %}").bytes == 1


def test_a_part_is_its_largest_selection() -> None:
    blocks = {"s": {"small": "x" * 10, "large": "x" * 90, "middle": "x" * 50}}
    one = part_size('<p>{% slot "s" %}</p>', blocks)
    two = part_size('<p>{% slot "s" %}</p>', blocks, most={"s": 2})
    assert (one.bytes, two.bytes) == (7 + 90, 7 + 90 + 50)
    assert [name for name, _ in two.chosen["s"]] == ["large", "middle"]


def test_gmails_limit_and_what_to_cut() -> None:
    layout = Source("layout.html", '<p>{% slot "s" %}</p>')
    assert clipped(part_size(layout.text, {"s": {"a": "x"}}), layout) == ()
    (found,) = clipped(part_size(layout.text, {"s": {"hero": "x" * 120_000, "b": "x"}}), layout)
    assert found.code == "MW540"
    assert "117 KB; Gmail clips a mail at 102 KB" in found.message
    assert "block `hero` (117 KB)" in found.help
