"""Why one recipient gets what, as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from mailweave.decisions.explanation.model import Story
from mailweave.decisions.explanation.text import Detail, as_text

SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class Explanation(Story):
    """Why one recipient gets what: segments, tiers, and for every slot every candidate, won or lost.

    `skip` is set when the recipient gets nothing; segments are explained all the same (but for bad
    data), slots are empty.
    """

    def _repr_html_(self) -> str:
        """What a notebook shows: a sentence a slot, masked as this explanation is."""
        from mailweave.decisions.notebook_view import of_explanation  # a notebook's alone

        return of_explanation(self.to_text(detail="short"))

    def to_text(self, *, part: str | None = None, detail: Detail = "all") -> str:
        """The explanation for a person to read; of one slot, segment or tier, or of the "skip", only that.

        detail: "short" is one sentence a slot; "once" is everything, with what keeps somebody out of
        a segment said at the segment alone. A part is told in full, whatever the detail.
        """
        return as_text(self, part, detail)

    def to_json(self) -> str:
        """The explanation as JSON, as `docs/explanation.schema.json` says."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"


def json_schema() -> str:
    """The JSON Schema of `to_json`; `docs/explanation.schema.json` is this text."""
    from pydantic import TypeAdapter  # dear to import, and only documentation and tests want it

    schema = TypeAdapter(Explanation).json_schema(mode="serialization")
    return json.dumps({"$schema": SCHEMA_ID, **schema}, ensure_ascii=False, indent=2) + "\n"
