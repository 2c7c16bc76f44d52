"""The names in campaign.toml and block.toml, and in the Liquid of their texts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from mailweave.lsp.liquid_mentions import liquid_mentions
from mailweave.lsp.mentions import Kind, Mention, Symbol
from mailweave.lsp.toml_scan import Entry, entries, texts
from mailweave.source import Span

_TABLES: dict[str, tuple[Kind, str]] = {"let": ("let", "let"), "values": ("constant", "value")}


@lru_cache(maxsize=64)
def campaign_mentions(text: str) -> tuple[Mention, ...]:
    """Every name in campaign.toml."""
    return tuple(_campaign(text))


def _campaign(text: str) -> Iterator[Mention]:
    used = folders(text)
    for one in entries(text):
        match one.path:
            case ("let" | "values" as table, name):
                kind, word = _TABLES[table]
                yield Mention(Symbol(kind, name), one.key, True, one.key.to(one.value), word)
            case ("blocks", name):
                yield Mention(Symbol("block", name), one.key)
                yield from _itself(name, used, one)
            case ("blocks", _, "use"):
                yield from (
                    Mention(Symbol("folder", text[at.start : at.stop]), at) for at in texts(text, one.value)
                )
            case ("blocks", name, "inputs", key):
                yield Mention(Symbol("input", key, used.get(name, name)), one.key)
            case _:  # other settings name nothing
                pass
    yield from _liquid(text)


def _itself(name: str, used: dict[str, str], one: Entry) -> Iterator[Mention]:
    """A block that names no other is the one of its own name."""
    if used.get(name, name) == name:
        yield Mention(Symbol("folder", name), one.key)


def folders(text: str) -> dict[str, str]:
    """The block folder behind each name that campaign.toml gives one."""
    return {
        one.path[1]: text[at.start : at.stop]
        for one in entries(text)
        if len(one.path) == 3 and one.path[0] == "blocks" and one.path[2] == "use"
        for at in texts(text, one.value)
    }


@lru_cache(maxsize=256)
def block_mentions(text: str, block: str) -> tuple[Mention, ...]:
    """Every name in the block.toml of a block."""
    return tuple(_block(text, block))


def _block(text: str, block: str) -> Iterator[Mention]:
    yield Mention(Symbol("folder", block), Span(0, 0), True, Span(0, 0), "block folder")
    for one in entries(text):
        match one.path:
            case ("inputs", name):
                yield Mention(Symbol("input", name, block), one.key, True, one.key.to(one.value), "input")
            case ("sample", "inputs", name):
                yield Mention(Symbol("input", name, block), one.key)
            case ("sample", "profile", name):
                yield Mention(Symbol("value", name), one.key)
            case ("sample", "lists", name):
                yield Mention(Symbol("list", name), one.key)
            case ("sample", "scores", name):
                yield Mention(Symbol("score", name), one.key)
            case _:  # other settings name nothing
                pass
    for mention in _liquid(text):
        is_own = mention.symbol.kind == "input"
        yield Mention(mention.symbol._replace(owner=block), mention.span) if is_own else mention


def _liquid(text: str) -> Iterator[Mention]:
    """The Liquid in the texts of a file."""
    if "{{" not in text and "{%" not in text:
        return
    for at in liquid_places(text):
        yield from (mention.shifted(at.start) for mention in liquid_mentions(text[at.start : at.stop]))


def liquid_places(text: str) -> Iterator[Span]:
    """The places of the texts in a file of settings that hold Liquid."""
    values = (one.value for one in entries(text) if not one.is_table)
    inner = dict.fromkeys(at for value in values for at in texts(text, value))
    yield from (at for at in inner if "{{" in text[at.start : at.stop] or "{%" in text[at.start : at.stop])
