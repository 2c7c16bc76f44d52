"""What is rendered in a slower way says so, and is counted; a caller's filter that raises has a place."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mailweave.diagnostics import TemplateError
from mailweave.environment import Environment
from mailweave.liquid import Template, TemplatePair

DEEP = "".join(f"{{% for a{at} in l %}}" for at in range(17)) + "x" + "{% endfor %}" * 17


def test_a_template_that_is_interpreted_is_noted_and_counted() -> None:
    template = Template.from_string(DEEP, name="deep.html")
    note = template.interpreted
    assert note is not None
    assert note.code == "MW421"
    assert "too deep" in note.message
    assert (template.render({"l": [1]}), template.deopts) == ("x", 1)


@pytest.mark.parametrize(
    "text", ["{% for i in l %}{% render 'p' %}{{ i }}{% endfor %}", "{% render 'p' for l %}{{ l.size }}"]
)
def test_a_break_in_a_rendered_partial_ends_it_and_is_compiled(text: str) -> None:
    template = Template.from_string(text, partials={"p": "a{% break %}b"}, escape="none")
    made = template.render({"l": [1, 2]})
    assert (template.interpreted, template.deopts) == (None, 0)
    assert made == template._interpret({"l": [1, 2]}, None)


def test_a_break_in_a_capture_is_noted_and_counted() -> None:
    inner = "{% capture c %}{{ i }}{% break %}{% endcapture %}"
    template = Template.from_string(f"{{% for i in l %}}{inner}{{% endfor %}}{{{{ c }}}}", escape="none")
    assert template.interpreted is not None
    assert (template.render({"l": [1, 2]}), template.deopts) == ("1", 1)


def test_parts_with_a_rendered_partial_that_is_left_say_what_they_say_apart() -> None:
    partials = {"p": "<i>{{ v }}</i>{% if v > 1 %}{% break %}{% endif %}<b>{{ w }}</b>"}
    texts = {"p": "{{ v }}{% if v > 1 %}{% break %}{% endif %} {{ w }}"}
    call = "{% for x in l %}{% render 'p', v: x, w: w %}{{ w }}{% endfor %}"
    html = Template.from_string(call, partials=partials)
    text = Template.from_string(call, partials=texts, escape="text")
    data = {"l": [1, 2, 3], "w": "<w>"}
    assert TemplatePair(html, text).render(data) == (html.render(data), text.render(data))


def test_a_pair_that_is_walked_apart_is_noted_and_counted() -> None:
    html = Template.from_string("{% if a %}{% assign b = 1 %}{% endif %}{{ b }}")
    pair = TemplatePair(html, Template.from_string("{{ b }}", escape="text"))
    assert pair.note is not None
    assert pair.note.code == "MW422"
    whole = TemplatePair(html, Template.from_string("{{ self.a }}", escape="text"))
    assert whole.note is not None
    assert whole.note.code == "MW421"
    whole.render({"a": 1})
    assert whole.fallbacks[0] == 1


def test_campaigns_count_their_fallbacks() -> None:
    campaign = Environment().compile("fixtures/campaigns/cdnow-winback")
    assert campaign.slow_templates() == ()
    assert (campaign.fallbacks.interpreted, campaign.fallbacks.apart) == (0, 0)


@pytest.mark.parametrize("use", ["{{ b | boom }}", "{{ b | boom: c }}", "{% assign x = b | boom %}"])
def test_an_own_filter_that_raises_has_a_place_and_is_called_once(use: str) -> None:
    calls: list[object] = []

    def boom(value: object, *_: object) -> str:
        calls.append(value)
        raise RuntimeError("secret@example.com")

    template = Template.from_string(
        "one\n{{ a }}\n" + use, filters={"boom": boom}, name="mail.html", escape="none"
    )
    with pytest.raises(TemplateError) as caught:
        template.render({"a": 1, "b": [2], "c": 3}, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert str(caught.value).startswith("mail.html:3:")
    assert "MW423" in str(caught.value)
    assert "`boom`" in str(caught.value)
    assert "RuntimeError" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert calls == [[2]]


def test_strict2_names_the_place_of_each_mistake() -> None:
    text = "{{ a | plus: 1 2 }}\n{% for x in l reversed junk %}{% endfor %}\n{% liquid\n  assign a.b = 2\n%}"
    with pytest.raises(TemplateError) as caught:
        Template.from_string(text, mode="strict2", name="a.html")
    places = [(one.code, one.location and one.location.line) for one in caught.value.diagnostics]
    assert places == [("MW420", 1), ("MW420", 2), ("MW420", 4)]
