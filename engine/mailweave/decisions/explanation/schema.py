"""An explanation as JSON, and the published schema of it."""

from __future__ import annotations

import json
from dataclasses import asdict

from mailweave.decisions.explanation.model import Explanation

SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema"


def as_json(explanation: Explanation) -> str:
    """Indented JSON with the fields in the order of the schema."""
    return json.dumps(asdict(explanation), ensure_ascii=False, indent=2) + "\n"


def json_schema() -> str:
    """The JSON Schema of `as_json`; `docs/explanation.schema.json` is this text."""
    from pydantic import TypeAdapter  # dear to import, and only documentation and tests want it

    schema = TypeAdapter(Explanation).json_schema(mode="serialization")
    return json.dumps({"$schema": SCHEMA_ID, **schema}, ensure_ascii=False, indent=2) + "\n"
