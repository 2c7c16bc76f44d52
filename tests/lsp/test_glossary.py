"""No word of the language, no type, tag, root or setting is without its sentence."""

from __future__ import annotations

from pydantic import BaseModel

from mailweave.campaign.config import CampaignConfig
from mailweave.glossary import meanings
from mailweave.liquid.contract import roots_of
from mailweave.liquid.findings import TAGS
from mailweave.lsp.toml_completion import model_at
from mailweave.rules.checker.declarations import _NAMED
from mailweave.rules.reserved import keywords
from mailweave.schema.model import Schema

NESTED = ("utm", "links", "lint", "calendar", "theme")


def test_every_word_of_the_rules_means_something() -> None:
    assert set(meanings("rules")) == {word for word in keywords().values() if word.isalpha()}


def test_every_type_and_every_root_of_the_data_does() -> None:
    assert set(_NAMED) <= set(meanings("types"))
    assert set(roots_of(Schema())) <= set(meanings("data"))


def test_every_tag_that_can_be_written_does() -> None:
    inner = {"content", "output", "illegal"}
    assert {tag for tag in TAGS if not tag.startswith("end")} - inner == set(meanings("tags"))


def test_every_setting_does() -> None:
    keys = set(_keys(CampaignConfig, ""))
    for table in NESTED:
        keys |= set(_keys(model_at(CampaignConfig, (table,)), f"{table}."))
    keys |= set(_keys(model_at(CampaignConfig, ("sources", "x")), "sources."))
    keys |= set(_keys(model_at(CampaignConfig, ("blocks", "x")), "blocks."))
    assert set(meanings("settings")) == keys


def _keys(model: type[BaseModel] | None, prefix: str) -> list[str]:
    assert model is not None
    return [prefix + (field.alias or name) for name, field in model.model_fields.items()]
