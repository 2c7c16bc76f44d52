"""Documents with what the official validator says of them, from the fixtures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CASES = [
    json.loads(line) for line in (ROOT / "fixtures/amp/cases.jsonl").read_text(encoding="utf-8").splitlines()
]
RUNTIME = '<script async src="https://cdn.ampproject.org/v0.js"></script>'
BOILERPLATE = "<style amp4email-boilerplate>body{visibility:hidden}</style>"


def whole(case: dict[str, Any]) -> str:
    """The document of a case: as it stands, or its parts in a frame that is valid by itself."""
    if "html" in case:
        return str(case["html"])
    strict = "" if case.get("lax") else " data-css-strict"
    css = f"<style amp-custom>{case['css']}</style>" if "css" in case else ""
    head = f'<meta charset="utf-8">{RUNTIME}{case.get("head", "")}{BOILERPLATE}{css}'
    return f"<!doctype html><html ⚡4email{strict}><head>{head}</head><body>{case['body']}</body></html>"
