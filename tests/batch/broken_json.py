"""Lines that readers of JSON disagree about, and what becomes of whoever stands in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final


def _good(key: str, address: str = "ann@example.com") -> str:
    return json.dumps({"id": key, "email": address, "consent": {"marketing": True}})


# mails, and letters of those who have a key
KEPT: Final = {
    **{_good(key): "mail" for key in ("m1", "M1", "10", "9", "\u00e9", "\U0001f600", "\uffee")},
    **{_good(key, "nope"): "bad_data" for key in ("b2", "B2", "\u00e8", "\U0001f601", "\uffed")},
    f" {_good('blanks')}\t": "mail",
    '{"id": 7, "email": "ann@example.com", "consent": {"marketing": true}}': "mail",
    '{"i\\u0064": "escaped", "email": "nope", "consent": {"marketing": true}}': "bad_data",
}
# who has none, for one reason or another
UNKEYED: Final = {
    **dict.fromkeys(
        (
            '{"id": "m1", "email": ',
            '{"id": "t2", "email": "a@example.com"',
            '{"id": "t3"} x',
            '{"id": "t4"}{"id": "t5"}',
            '{"id": "t6",}',
            '{"id": "t7" "email": "x"}',
            "{'id': 'q1'}",
            '{id: "q2"}',
            '/* c */ {"id": "c1"}',
            '{"id": "n1", "first_name": NaN}',
            '{"id": "n2", "first_name": [-Infinity]}',
            '{"id": "n3", "first_name": 01}',
            '{"id": "n4", "first_name": +1}',
            '{"id": "c\x01"}',
            '{"id": "e\\x"}',
            '{"id": "d1", "id": "m1", "email": "ann@example.com", "consent": {"marketing": true}}',
            '{"id": "d2", "first_name": 1, "first_name": 2}',
            '{"id": "d3", "first_name": {"y": 1, "y": 2}}',
            '[{"id": "a1"}]',
            '"id"',
            "null",
            "42",
            f'{{"id": "m1", "first_name": {"9" * 5_000}}}',
            f'{{"id": "deep", "first_name": {"[" * 3_000}{"]" * 3_000}}}',
        ),
        "bad_json",
    ),
    **dict.fromkeys(("{}", '{"id": null}', '{"ID": "up"}', '{"a": {"id": "in"}}'), "no_key"),
    **dict.fromkeys(
        (
            '{"id": 5.0}',
            '{"id": 5.0, "first_name": 1}',
            '{"id": true}',
            '{"id": true, "first_name": 1}',
            '{"id": {"a":1}}',
            '{"id": {"a": 1}}',
            '{"id": ["z1"]}',
            '{"id": ""}',
            '{"id": " "}',
        ),
        "bad_data",
    ),
}


def write(path: Path) -> list[tuple[str, str]]:
    """The lines, those that disagree first; the outcome of each."""
    found = [*UNKEYED.items(), *KEPT.items()]
    path.write_text("".join(f"{line}\n" for line, _ in found), encoding="utf-8")
    return found
