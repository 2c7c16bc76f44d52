"""Mailboxes in campaign.toml: whom a mail is from, who asks to an event."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from mailweave.campaign.setting_forms import Line
from mailweave.message.addresses import address
from mailweave.values.invalid_value import InvalidValue


def _address(text: str) -> str:
    try:
        return address(text, international=True)
    except InvalidValue:
        raise ValueError("this is not an address such as news@example.com") from None


Address = Annotated[str, AfterValidator(_address)]


class Strict(BaseModel):
    """A table that takes no key which it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Mailbox(Strict):
    """An address with the name that readers see."""

    address: Address
    name: Line = ""

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: object) -> object:
        return {"address": value} if isinstance(value, str) else value
