"""Settings of campaign.toml that make a message complete: own headers, what providers are told, files."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from mailweave.campaign.setting_forms import Line, by_recipient, or_liquid, said
from mailweave.message.addresses import address
from mailweave.message.attachment import content_id, file_name, media_type
from mailweave.message.own_headers import feedback_id, list_id, own_name, own_text
from mailweave.values.invalid_value import InvalidValue

MOST_FILES = 50
_UNKNOWN = "application/octet-stream"
# the machine's own table is not asked: mails must be the same everywhere
_TYPES = mimetypes.MimeTypes(filenames=())


def _or_none(check: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: check(text) if text else text


def _unlike(names: Mapping[str, str]) -> Mapping[str, str]:
    """Names of headers, no two of which differ by case alone."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.lower(), name)
        if other != name:
            raise ValueError(f"`{other}` and `{name}` are one header: readers make no difference of case")
    return names


def _writable(headers: dict[str, str]) -> dict[str, str]:
    _unlike(headers)
    for name, text in headers.items():
        if not by_recipient(text):
            try:
                own_text(name, text)
            except InvalidValue as refusal:
                raise ValueError(f"`{name}` {refusal.reason}") from None
    return headers


HeaderName = Annotated[str, AfterValidator(said(own_name))]
Headers = Annotated[dict[HeaderName, Line], AfterValidator(_writable)]
MetadataName = Annotated[Line, Field(min_length=1, max_length=100)]
ListId = Annotated[Line, or_liquid(said(_or_none(list_id)))]
FeedbackId = Annotated[Line, or_liquid(said(_or_none(feedback_id)))]
ReturnPath = Annotated[Line, or_liquid(said(_or_none(lambda text: address(text, international=True))))]


class AttachedFile(BaseModel):
    """A file of the campaign that goes with every mail."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: Line
    name: Annotated[str, AfterValidator(said(file_name))] = ""
    type: Annotated[str, AfterValidator(said(media_type))] = ""
    inline: bool = False
    content_id: Annotated[str, AfterValidator(said(content_id))] = ""

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"file": value} if isinstance(value, str) else value

    @property
    def shown_name(self) -> str:
        """What readers see it called."""
        return self.name or PurePosixPath(self.file).name

    @property
    def media_type(self) -> str:
        """Its type, by its name where none is said."""
        return self.type or _TYPES.guess_type(self.shown_name)[0] or _UNKNOWN

    @property
    def called(self) -> str:
        """What HTML calls it by: its own id, else, where it is shown, its name without the ending."""
        return self.content_id or (PurePosixPath(self.file).stem if self.inline else "")
