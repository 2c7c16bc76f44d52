"""`{% slot "name" %}`: where a layout takes in a ready part of the e-mail, as a text or as its pieces."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TextIO

from liquid.ast import Node
from liquid.builtin.expressions import Identifier, parse_name
from liquid.context import RenderContext
from liquid.stream import TokenStream
from liquid.tag import Tag
from liquid.token import TOKEN_TAG, Token

from liquid import Environment
from mailweave.liquid.failures import SlotMisplaced


class SlotNode(Node):
    """Writes `slots[name]`, which is ready text, as it is."""

    __slots__ = ("name",)

    def __init__(self, token: Token, name: str) -> None:
        super().__init__(token)
        self.name = name
        self.blank = False

    def __str__(self) -> str:
        return f'{{% slot "{self.name}" %}}'

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        return buffer.write(ready(context.globals.get("slots"), self.name))


def ready(slots: object, name: str) -> str:
    """The text for a slot; a slot without one stays empty."""
    return "".join(pieces(slots, name))


def pieces(slots: object, name: str) -> Sequence[str]:
    """The pieces of the text for a slot: long texts are joined once, in the end."""
    found = slots.get(name) if type(slots) is dict else None
    return found if type(found) is list else (found,) if isinstance(found, str) else ()


class SlotTag(Tag):
    """Parses `{% slot "name" %}`."""

    name = "slot"
    block = False
    slots: Collection[str] = ()

    def parse(self, stream: TokenStream) -> Node:
        token = stream.eat(TOKEN_TAG)
        tokens = stream.into_inner(tag=token, eat=False)
        name: Identifier = parse_name(self.env, tokens)
        tokens.expect_eos()
        if name not in self.slots:
            raise SlotMisplaced(f"there is no slot `{name}`", token=name.token)
        return SlotNode(token, str(name))


def know_slots(env: Environment, slots: Collection[str]) -> None:
    """Let `env` parse `{% slot %}`."""
    if slots:
        tag = SlotTag(env)
        tag.slots = tuple(slots)
        env.tags[SlotTag.name] = tag
