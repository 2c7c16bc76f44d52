"""What only an extra installs: asked for before anything is begun, and refused by the name of the extra."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mailweave.diagnostics import MailweaveError, diagnose

_BATCH: Final = ("duckdb", "pyarrow", "sqlglot")
PACKAGES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "batch": _BATCH,
        "data": (*_BATCH, "email_validator", "phonenumbers", "rapidfuzz"),
        "delivery": ("aiosmtplib", "cryptography", "dkim", "icalendar", "nacl"),
        "insight": (*_BATCH, "numpy", "scipy"),
        "kafka": ("confluent_kafka",),
        "lsp": ("lsprotocol", "pygls"),
        "mcp": ("mcp",),
        "migrate": ("jinja2",),
        "score": (*_BATCH, "numpy", "scipy", "sklearn"),
        "service": ("httpx", "orjson", "uvicorn", "watchfiles"),
        "spark": (*_BATCH, "pandas", "pyspark"),
    }
)


def require(extra: str, *, place: str, what: str) -> None:
    """Imports the packages of an extra. `what`: who wants them. Raises MailweaveError (MW022) where one is missing."""
    for name in PACKAGES[extra]:
        try:
            importlib.import_module(name)
        except ImportError:
            raise MailweaveError([diagnose("MW022", place=place, what=what, extra=extra)]) from None
