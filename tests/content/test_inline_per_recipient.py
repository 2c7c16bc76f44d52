"""The way of templates that cannot be inlined once."""

from __future__ import annotations

import pytest

from mailweave.content import inline_once, per_recipient

PAGE = "<html><head><style>p:first-child{color:red}@media (x){p{a:b}}</style></head><body><p>x</p><p>y</p></body></html>"


@pytest.mark.parametrize("name", ["css-inline", "premailer"])
def test_both_engines_inline_a_rendered_mail(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if name == "css-inline":
        pytest.importorskip("css_inline")
    monkeypatch.setattr(per_recipient, "engine", lambda: name)
    out = per_recipient.inline_rendered(
        PAGE, "p{margin:0}", lambda page, sheet: inline_once(page, sheet).source
    )
    plain = out.replace(" ", "").replace(";", "")
    assert plain.count("margin:0") == 2
    assert plain.count("color:red") == 1
    assert "@media" in out


def test_the_finding_names_the_engine_and_the_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    page = "<style>p:first-child{color:red}</style>{% if v %}<p>a</p>{% endif %}<p>b</p>"
    for name, cost in (("css-inline", "0.4 to 10 ms"), ("premailer", "50 to 1,300 ms")):
        monkeypatch.setattr(per_recipient, "engine", lambda name=name: name)
        (found,) = [d for d in inline_once(page).diagnostics if d.code == "MW520"]
        assert cost in found.message
        assert name in found.message
