"""Tools that are npm packages, where they are installed: MJML, juice, Inky, the files of foundation-emails."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# one text on standard input, one on standard output: JSON lists of what goes in and of what comes out
PROGRAM = """
const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
const found = require(process.env.MAILWEAVE_PACKAGE);
Promise.all(asked.map(async (one) => %s)).then((all) => process.stdout.write(JSON.stringify(all)));
"""
JUICE = """{
  const began = performance.now();
  let html = null;
  try { html = (found.default ?? found)(one); } catch {}
  return { html, ms: performance.now() - began };
}"""
MJML = "{ const done = await found(one); return { html: done.html, errors: done.errors.map(String) }; }"
INKY = "new found.Inky({}).releaseTheKraken(one)"


def modules() -> Path | None:
    """The folder `node_modules`, named by MAILWEAVE_NPM or filled by `.ci/run`; None where there is none."""
    named = os.environ.get("MAILWEAVE_NPM")
    folder = Path(named) if named else ROOT / ".cache" / "npm" / "node_modules"
    return folder if folder.is_dir() and shutil.which("node") else None


def juiced(folder: Path, texts: Sequence[str]) -> list[dict[str, Any]]:
    """What juice makes of documents as it comes (None where it raises), and its milliseconds."""
    made: list[dict[str, Any]] = _run(folder / "juice", JUICE, texts)
    return made


def compiled(folder: Path, texts: Sequence[str]) -> list[dict[str, Any]]:
    """What MJML makes of templates, and its errors."""
    made: list[dict[str, Any]] = _run(folder / "mjml", MJML, texts)
    return made


def unfolded(folder: Path, texts: Sequence[str]) -> list[str]:
    """Templates of foundation-emails with the tags of Inky (`<row>`, `<columns>`) written out as tables."""
    made: list[str] = _run(folder / "inky", INKY, texts)
    return made


def _run(package: Path, expression: str, texts: Sequence[str]) -> Any:
    done = subprocess.run(
        ["node", "-e", PROGRAM % expression],
        input=json.dumps(list(texts)),
        env={**os.environ, "MAILWEAVE_PACKAGE": str(package.resolve())},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(done.stdout)
