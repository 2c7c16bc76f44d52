"""What may be asked, by the address that is asked; read strictly, so that nothing misspelt is silently absent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mailweave.delivery.service.refusals import Refusal
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean

_SHOWN = 60  # characters of a member's name in a message


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Name = Annotated[str, Field(max_length=255, description="The name of the campaign's folder.")]
Recipient = Annotated[
    dict[str, Any],
    Field(
        description="Attributes, `consent`, `scores`, `lists`; and `events`, `now`, `context`, where there are any: "
        "as in a file of `mailweave render --profile`."
    ),
]


class OneRecipient(_Body):
    """A campaign and a recipient. `send_id` decides nothing: whoever renders may ask for the decision with one body."""

    campaign: Name
    recipient: Recipient
    send_id: Annotated[str | None, Field(description="Tells this sending from the next one.")] = None


class ToRender(OneRecipient):
    """`POST /render`, and each line of `POST /render/batch`."""

    message: Annotated[bool, Field(description="Whether the raw message is answered as well.")] = False


class ToExplain(OneRecipient):
    """`POST /explain`."""

    show_pii: Annotated[bool, Field(description="Whether values labelled `pii` are shown.")] = False


class CampaignToCheck(_Body):
    """`POST /check` of a campaign that is served."""

    campaign: Name


class RulesToCheck(_Body):
    """`POST /check` of a rule text."""

    rules: Annotated[str, Field(max_length=200_000)]


def to_check(value: object) -> CampaignToCheck | RulesToCheck:
    """What is to be checked. Raises Refusal."""
    if isinstance(value, dict) and "rules" in value:
        return asked(RulesToCheck, value)
    return asked(CampaignToCheck, value)


_M = TypeVar("_M", bound=_Body)


def asked(model: type[_M], value: object) -> _M:
    """What a body asks. Raises Refusal with everything that is wrong with it.

    >>> try:
    ...     asked(ToRender, {"campaign": "spring", "recipiant": {}})
    ... except Refusal as refused:
    ...     [one.message for one in refused.diagnostics]  # doctest: +NORMALIZE_WHITESPACE
    ['the request cannot be read: it has no such member',
     'the request cannot be read: it lacks this member']
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise Refusal(422, _findings(model, error)) from None


def _findings(model: type[_Body], error: ValidationError) -> Iterable[Diagnostic]:
    for one in error.errors(include_url=False, include_context=False, include_input=False)[:20]:
        name = ".".join(map(str, one["loc"]))[:_SHOWN]
        is_strange = one["type"] == "extra_forbidden"
        hint = did_you_mean(name, model.model_fields) if is_strange else ""
        yield diagnose("MW772", place=name, what=_WORDS.get(one["type"], one["msg"]), help=hint)


_WORDS = {
    "extra_forbidden": "it has no such member",
    "missing": "it lacks this member",
    "model_type": "it should be a JSON object",
    "model_attributes_type": "it should be a JSON object",
    "dict_type": "this should be an object",
    "string_type": "this should be a text",
    "bool_type": "this should be true or false",
}
