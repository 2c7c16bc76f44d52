"""Small projects of data.toml, made in a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mailweave.data.mapping import DataMapping, read_mapping


def project(folder: Path, rules: str, mapping: str, **files: str | bytes) -> DataMapping:
    """Writes rules, data.toml and exports (`crm_csv` is crm.csv), and reads the mapping."""
    (folder / "shop.rules").write_text(rules, encoding="utf-8")
    (folder / "data.toml").write_text(f'rules = "shop.rules"\n{mapping}', encoding="utf-8")
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name.replace("_", ".")).write_bytes(data)
    return read_mapping(folder / "data.toml")


def lines(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def as_lines(rows: list[dict[str, Any]]) -> str:
    """Rows as JSON lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
