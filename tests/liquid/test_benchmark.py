"""The benchmark measures what it says: our text is python-liquid's, and nothing is handed back."""

from __future__ import annotations

from benchmarks.liquid import FOLDER
from benchmarks.newsletter.recipients import make, money

import liquid
from mailweave.liquid import Template


def test_newsletter() -> None:
    shared, recipients = make(80)
    text = (FOLDER / "newsletter.liquid").read_text(encoding="utf-8")
    environment = liquid.Environment(autoescape=True)
    environment.add_filter("money", money)
    theirs = environment.from_string(text)
    plain = Template.from_string(text, filters={"money": money})
    bound = Template.from_string(text, filters={"money": money}, constants=shared)
    for one in recipients:
        expected = theirs.render({**shared, **one})
        assert plain.render({**shared, **one}) == expected
        assert bound.render(one) == expected
    assert (plain.deopts, bound.deopts) == (0, 0)
