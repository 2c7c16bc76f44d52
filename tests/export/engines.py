"""Handlebars and mustache by npm, where they are installed: templates and values in, merged texts out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MERGE = Path(__file__).parent / "merge.cjs"
Templates = Mapping[str, Mapping[str, str]]
"""By name, the text of each part."""


def node_modules() -> Path:
    """Where both are installed; the test is skipped where they are not."""
    folder = Path(os.environ.get("MAILWEAVE_NPM", ROOT / ".cache" / "npm" / "node_modules"))
    if shutil.which("node") is None:
        pytest.skip("needs Node")
    if not (folder / "handlebars").is_dir() or not (folder / "mustache").is_dir():
        pytest.skip("needs handlebars and mustache in MAILWEAVE_NPM or .cache/npm/node_modules")
    return folder


def merged(engine: str, templates: Templates, lines: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The parts of each line of values, by an engine: handlebars, mustache, or ses: Handlebars that never escapes."""
    done = subprocess.run(
        ["node", str(MERGE), str(node_modules().resolve()), engine],
        input=json.dumps({"templates": templates, "lines": list(lines)}),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    made: list[dict[str, str]] = json.loads(done.stdout)
    return made
