"""Filters that encode and decode."""

from __future__ import annotations

import base64
import json as json_module
from decimal import Decimal
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from mailweave.liquid.failures import FilterFailed
from mailweave.liquid.filters import costs
from mailweave.liquid.filters.signature import TEXT
from mailweave.liquid.filters.spec import Filter
from mailweave.liquid.values import plain
from mailweave.liquid.writing import string, text


def url_encode(value: Any) -> str | None:
    """The text as it may stand in the query of a URL. Outputs in a URL are encoded anyway.

    {{ "a b&c" | url_encode }} => a+b%26c
    """
    return None if value is None else quote_plus(string(value))


def url_decode(value: Any) -> str | None:
    """The reverse of `url_encode`.

    {{ "a+b%26c" | url_decode }} => a b&c
    """
    return None if value is None else unquote_plus(string(value), errors="strict")


def base64_encode(value: Any) -> str:
    """The text in base64.

    {{ "hello" | base64_encode }} => aGVsbG8=
    """
    return base64.b64encode(string(value).encode()).decode()


def base64_decode(value: Any) -> str:
    """The text that base64 stands for.

    {{ "aGVsbG8=" | base64_decode }} => hello
    """
    return base64.b64decode(string(value), validate=True).decode()


def base64_url_safe_encode(value: Any) -> str:
    """The text in base64 as it may stand in a URL.

    {{ "a?~" | base64_url_safe_encode }} => YT9-
    """
    return base64.urlsafe_b64encode(string(value).encode()).decode()


def base64_url_safe_decode(value: Any) -> str:
    """The reverse of `base64_url_safe_encode`.

    {{ "YT9-" | base64_url_safe_decode }} => a?~
    """
    return base64.b64decode(string(value), altchars=b"-_", validate=True).decode()


def json(value: Any) -> str:
    """The value as JSON.

    {{ cart | json }} => [{"name":"Lamp","price":20},{"name":"Desk","price":90}]
    """
    return json_module.dumps(
        value, ensure_ascii=False, separators=(",", ":"), default=_other, allow_nan=False
    )


def _other(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, range):
        return list(value)
    if isinstance(plain(value), dict):
        raise FilterFailed("a mapping with other keys than texts")
    return text(value)


FILTERS = (
    Filter("url_encode", url_encode, costs.grown, takes=TEXT),
    Filter("url_decode", url_decode, costs.linear, takes=TEXT),
    Filter("base64_encode", base64_encode, costs.grown, takes=TEXT),
    Filter("base64_decode", base64_decode, costs.linear, takes=TEXT),
    Filter("base64_url_safe_encode", base64_url_safe_encode, costs.grown, takes=TEXT),
    Filter("base64_url_safe_decode", base64_url_safe_decode, costs.linear, takes=TEXT),
    Filter("json", json, costs.deep),
)
