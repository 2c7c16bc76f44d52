"""`[annotation]` of a block: what it offers, for inboxes that show it beside the subject."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MOST_CARDS = 10
"""Cards that Gmail shows of one mail."""


class CardSpec(BaseModel):
    """A picture of what is offered. All texts may hold Liquid; without an https picture a recipient gets no card."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    image: str
    url: str = ""
    headline: str = ""
    price: str = ""
    currency: str = ""


class AnnotationSpec(BaseModel):
    """An offer. All texts may hold Liquid; what is blank for a recipient is left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    description: str = ""
    code: str = ""
    starts: str = ""
    expires: str = ""
    url: str = ""
    cards: Annotated[tuple[CardSpec, ...], Field(max_length=MOST_CARDS)] = ()

    def texts(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Path in block.toml and text of all that is set."""
        for name in ("description", "code", "starts", "expires", "url"):
            if getattr(self, name):
                yield ("annotation", name), getattr(self, name)
        for number, card in enumerate(self.cards):
            for name, text in card.model_dump().items():
                if text:
                    yield ("annotation", "cards", number, name), text
