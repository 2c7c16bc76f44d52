"""300 templates of Jinja, Handlebars and Mustache: what the real engine shows is what is shown after conversion."""

from __future__ import annotations

import pytest

from tests.migrate.engines import EACH, ENGINES, cases, ours, rendered
from tests.migrate.grammar import PEOPLE, read_alike


@pytest.mark.parametrize("engine", ENGINES)
def test_mails_are_the_same_after_conversion_or_differ_as_is_said(engine: str) -> None:
    found = cases(engine)
    assert len(found) == EACH
    equal = [
        read_alike(ours(engine, case["template"], PEOPLE[case["data"]])) == read_alike(case["expected"])
        for case in found
    ]
    assert equal == ["differs" not in case for case in found]
    assert sum(equal) >= 0.95 * EACH
    assert all(case["differs"] not in ("", "say why") for case in found if "differs" in case)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_engine_still_shows_what_the_fixture_says(engine: str) -> None:
    found = cases(engine)
    made = rendered(engine, [(case["template"], PEOPLE[case["data"]]) for case in found])
    assert made == [case["expected"] for case in found]


def test_what_is_escaped_is_not_read_like_what_is_not() -> None:
    assert read_alike("&#39;&#x27;'") == "'''"
    assert read_alike("&lt;b&#62; &#38;") == "&lt;b&gt; &amp;"
    assert read_alike("<b>") != read_alike("&lt;b&gt;")
