"""What verbs over rules take for one campaign: its folder, whatever libraries lie in it."""

from __future__ import annotations

from pathlib import Path

from mailweave.cli.targets import rule_texts

WORLD = Path(__file__).resolve().parents[2] / "examples" / "world"


def test_a_library_in_a_campaign_is_no_second_campaign() -> None:
    (one,) = rule_texts([WORLD])
    assert one.name == WORLD.as_posix()
    assert one.source is not None
    assert 'segment agreed "Agreed to offers"' in one.source.text


def test_a_rule_file_of_a_library_stands_alone_where_it_is_named() -> None:
    (one,) = rule_texts([WORLD / "brand" / "customers.rules"])
    assert one.name.endswith("customers.rules")


def test_a_folder_of_campaigns_holds_each() -> None:
    names = [one.name for one in rule_texts([WORLD.parent])]
    assert (WORLD.parent / "receipt").as_posix() in names
    assert WORLD.as_posix() in names
