"""Declared data: what a recipient, an event and a catalogue item look like."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mailweave.schema.json_schema import from_json_schema, to_json_schema
    from mailweave.schema.names import SchemaError
    from mailweave.schema.pydantic_schema import Labels, from_pydantic, to_pydantic

__all__ = ["Labels", "SchemaError", "from_json_schema", "from_pydantic", "to_json_schema", "to_pydantic"]

_HOMES = {
    "Labels": "pydantic_schema",
    "SchemaError": "names",
    "from_json_schema": "json_schema",
    "from_pydantic": "pydantic_schema",
    "to_json_schema": "json_schema",
    "to_pydantic": "pydantic_schema",
}


if not TYPE_CHECKING:  # a name that is not there stays an error to mypy

    def __getattr__(name: str) -> Any:
        """Imports what is asked for, when it is: pydantic is slow to load, and few need it."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"mailweave.schema.{_HOMES[name]}"), name)
