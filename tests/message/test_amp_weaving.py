"""The AMP parts of a campaign: woven once, assembled and admitted for each recipient."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

from mailweave.liquid import Template
from mailweave.message.amp import (
    EXTENSIONS_SLOT,
    AmpWoven,
    admit,
    beyond_limit,
    document,
    validate_by_rules,
    weave,
)
from mailweave.source import Source

LAYOUT = """<!doctype html><html lang="{{ campaign.locale }}"><head><title>x</title></head>
<body style="margin:0"><table role="presentation"><tr><td>{% slot "main" %}</td></tr></table></body></html>"""
CAROUSEL = """<amp-carousel type="slides" width="4" height="3" layout="responsive">
{% for url in block.urls %}<amp-img src="{{ url }}" width="4" height="3" layout="fill"></amp-img>{% endfor %}
</amp-carousel>"""
BLOCKS = {
    "plain": "<p style='color:red'>Hi {{ profile.name }}</p>",
    "carousel": CAROUSEL,
    "form": "<form action='x'><input name='q'></form>",
    "doubtful": "<p id='{{ block.id }}'>x</p>",
    "wrong": "<p><amp-list src='https://e.com/x' layout='fixed'></amp-list></p>",
}


def woven(*names: str) -> AmpWoven:
    blocks = {name: Source(f"{name}.html", BLOCKS[name]) for name in names}
    return weave(Source("layout.html", LAYOUT), {"main": blocks})


def rendered(made: AmpWoven, name: str, block: dict[str, object]) -> str:
    assert made.layout is not None
    data = {"campaign": {"locale": "en"}, "profile": {"name": "Ada"}, "block": block}
    part = Template.from_string(made.blocks[name].source).render(data)
    slots = {"main": part, EXTENSIONS_SLOT: made.extensions([name], [part])}
    frame = Template.from_string(made.layout.source, slots=("main", EXTENSIONS_SLOT))
    return frame.render({**data, "slots": slots})


def test_a_recipients_document_loads_what_its_blocks_use() -> None:
    made = woven("plain", "carousel")
    plain, slides = rendered(made, "plain", {}), rendered(made, "carousel", {"urls": ["https://e.com/a.png"]})
    assert "amp-carousel" not in plain
    assert slides.count('custom-element="amp-carousel"') == 1
    assert validate_by_rules(plain).passed
    assert validate_by_rules(slides).passed
    assert "<style amp-custom>.m1{margin:0}.m2{color:red}</style>" in plain


def test_what_amp_cannot_show_has_no_part() -> None:
    made = woven("plain", "form", "wrong")
    assert sorted(made.blocks) == ["plain"]
    assert {"MW711", "MW719"} <= {finding.code for finding in made.diagnostics}


def test_what_is_not_proved_is_validated_for_each_recipient() -> None:
    made = woven("doubtful")
    part = made.blocks["doubtful"]
    assert not part.exact
    assert "MW720" in {finding.code for finding in made.diagnostics}
    good = admit(rendered(made, "doubtful", {"id": "offer"}), exact=part.exact)
    bad = admit(rendered(made, "doubtful", {"id": "innerHTML"}), exact=part.exact)
    assert (good.sent, good.validated) == (True, True)
    assert (bad.sent, bad.reason) == (False, "invalid: INVALID_ATTR_VALUE")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://e.com/a.png", ""),
        ("http://e.com/a.png", "invalid: INVALID_URL_PROTOCOL"),
        ("/a.png", "invalid: DISALLOWED_RELATIVE_URL"),
        ("javascript:alert(1)", "invalid: DISALLOWED_RELATIVE_URL"),
    ],
)
def test_addresses_are_looked_through(url: str, reason: str) -> None:
    made = woven("carousel")
    assert made.blocks["carousel"].exact
    admission = admit(rendered(made, "carousel", {"urls": [url]}), exact=True)
    assert (admission.sent, admission.reason) == (not reason, reason)


def test_too_large_is_not_sent() -> None:
    assert admit(document("x" * 199_000), exact=True).sent
    assert admit(document("x" * 200_000), exact=True).reason == "too_large"
    assert admit(document("é" * 100_000), exact=True).reason == "too_large"


def test_css_beyond_the_limit_leaves_no_amp() -> None:
    font = "font-family:" + "x" * 900
    rules = "".join(f"<p style='{font}{n}'>x</p>" for n in range(90))
    made = weave(Source("layout.html", LAYOUT), {"main": {"big": Source("big.html", rules)}})
    assert made.layout is None
    assert "MW718" in {finding.code for finding in made.diagnostics}


HOSTILE = """
from mailweave.message.amp import StyleBook, document, from_html, validate_by_rules

for body in (
    "<div>" * 20_000,
    "<b>" * 5_000 + "</b>" * 5_000,
    '<a href="' + "x" * 100_000 + '">',
    "<p " + "a=1 " * 10_000 + ">",
    "p{" * 10_000,
    "(" * 50_000,
    "/*" * 50_000,
    "<!--" * 20_000,
    "@media screen{" * 2_000,
    '<p style="' + "color:red;" * 10_000 + '">',
    "&" * 100_000,
    "{{" * 20_000,
    "{%" * 20_000,
    "<table><tr>" * 2_000,
    "<svg>" * 5_000,
    "\\0\\ud800",
):
    validate_by_rules(document(body))
    validate_by_rules(document("x", css=body))
    from_html(body, book=StyleBook())
"""


def test_hostile_documents_end_soon() -> None:
    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))

    command = [sys.executable, "-c", HOSTILE]
    ran = subprocess.run(command, preexec_fn=limits, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2_000:]


def test_the_worst_case_is_compared_with_the_limit() -> None:
    layout = Source("layout.html", LAYOUT)
    assert beyond_limit(200_000, layout) == ()
    assert [finding.code for finding in beyond_limit(200_001, layout)] == ["MW721"]
