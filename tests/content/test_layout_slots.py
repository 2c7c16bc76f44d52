"""Every slot of every stock layout can be declared by rules, and filled."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailweave import Email, Environment
from mailweave.content.catalog import Catalog

LAYOUTS = Catalog().all_layouts()
HEAD = """ruleset "all" version 1
profile {
  id    : key
  email : text pii
}
slot subject text max 1 fallback hello
block hello for subject says "Hello"
"""


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: str(layout.name))
def test_every_slot_can_be_filled(layout: object, tmp_path: Path) -> None:
    name, slots = layout.name, layout.slots  # type: ignore[attr-defined]
    rules, uses = HEAD, ""
    for slot in slots:
        if slot == "preheader":
            rules += 'slot preheader text max 1 fallback before\nblock before for preheader says "Before"\n'
            continue
        rules += f"slot {slot} max 1 fallback in_{slot}\nblock in_{slot} for {slot}\n"
        use = "footer" if slot == "footer" else "text"
        uses += f'\n[blocks.in_{slot}]\nuse = "{use}"\ninputs = {{ text = "This fills {slot}." }}\n'
    settings = (
        f'name = "all"\nfrom = "a@example.com"\nunsubscribe_url = "https://example.com/u"\n'
        f'postal_address = "Example Ltd, Oldtown"\nlayout = "{name}"\n{uses}'
    )
    (tmp_path / "campaign.toml").write_text(settings)
    (tmp_path / "all.rules").write_text(rules)
    campaign = Environment().compile(tmp_path)
    email = campaign.render({"id": "1", "email": "ann@example.com"})
    assert isinstance(email, Email)
    for slot in slots:
        assert (f"This fills {slot}." if slot != "preheader" else "Before") in email.html
