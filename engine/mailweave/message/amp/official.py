"""The official AMP validator, where the user points to one: run inside this process, else in Node.

It is WebAssembly in a file of five megabytes (`validator_wasm.js`, in the npm package next@15.1.0 under
dist/compiled/amphtml-validator). It is used when a campaign is compiled or a verb is called, never
while recipients are rendered.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.message.amp.report import AmpError, AmpReport, report

VARIABLE = "MAILWEAVE_AMP_VALIDATOR"
_FORMAT = "AMP4EMAIL"
_SECONDS = 60
_NODE = """
const fs = require('fs'), vm = require('vm');
vm.runInThisContext(fs.readFileSync(process.argv[1], 'utf8'));
amp.validator.init().then(() => {
  const result = amp.validator.validateString(fs.readFileSync(0, 'utf8'), 'AMP4EMAIL');
  process.stdout.write(JSON.stringify({status: result.status, errors: result.errors.map(e => ({
    severity: e.severity, line: e.line, col: e.col, code: e.code,
    message: amp.validator.renderErrorMessage(e)}))}));
});
"""
_SURROUNDINGS = """
var self = this; var window = undefined; var console = {log() {}, warn() {}, error() {}};
var LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
function atob(s) {
  s = s.replace(/=+$/, ''); const out = []; let bits = 0, have = 0;
  for (let i = 0; i < s.length; i++) {
    bits = (bits << 6) | LETTERS.indexOf(s[i]); have += 6;
    if (have >= 8) { have -= 8; out.push(String.fromCharCode((bits >> have) & 255)); }
  }
  return out.join('');
}
"""
_START = """
var STATE = 'pending';
amp.validator.init().then(() => { STATE = 'ready' }, () => { STATE = 'broken' });
"""
_INSIDE = """
(() => { const r = amp.validator.validateString(%s, '%s');
  return JSON.stringify({status: r.status, errors: r.errors.map(e => ({
    severity: e.severity, line: e.line, col: e.col, code: e.code,
    message: amp.validator.renderErrorMessage(e)}))}); })()
"""


class ValidatorUnusable(MailweaveError):
    """MAILWEAVE_AMP_VALIDATOR points to something that cannot be run."""


def pointed_to(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The official validator that the user points to, if any."""
    named = environment.get(VARIABLE, "")
    return Path(named) if named else None


def validate_officially(html: str, path: Path) -> AmpReport:
    """The official verdict on `html`, by the validator at `path`.

    Raises ValidatorUnusable (MW703) when there is no such file, neither Node nor mini-racer is
    installed, or the file is no validator.
    """
    if not path.is_file():
        raise _unusable(path, "there is no such file")
    if find_spec("py_mini_racer") is not None:
        return in_process(html, path)
    return in_node(html, path)


def _unusable(path: Path, what: str) -> ValidatorUnusable:
    return ValidatorUnusable([diagnose("MW703", place=str(path), path=path, what=what)])


def in_node(html: str, path: Path) -> AmpReport:
    """The verdict of the validator at `path`, run in Node: a process for each document."""
    node = shutil.which("node")
    if node is None:
        raise _unusable(path, "it needs the Python package mini-racer, or Node")
    try:
        ran = subprocess.run(
            [node, "-e", _NODE, str(path.resolve())],
            input=html.encode("utf-8", "replace"),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise _unusable(path, "Node could not run it") from fault
    if ran.returncode:
        raise _unusable(path, "Node could not run it")
    return _read(ran.stdout.decode("utf-8", "replace"), path)


def in_process(html: str, path: Path) -> AmpReport:
    """The same verdict from the engine of mini-racer: loaded once, then milliseconds a document."""
    from py_mini_racer import JSEvalException

    try:
        text = _engine(path).eval(_INSIDE % (json.dumps(html), _FORMAT))
    except (JSEvalException, UnicodeDecodeError) as fault:
        raise _unusable(path, "it could not be run") from fault
    return _read(str(text), path)


@cache
def _engine(path: Path) -> Any:
    """A JavaScript engine with the validator in it; loading takes seconds, each document milliseconds."""
    from py_mini_racer import MiniRacer

    engine = MiniRacer()
    engine.eval(_SURROUNDINGS)
    engine.eval(path.read_text(encoding="utf-8"))
    engine.eval(_START)
    while engine.eval("STATE") == "pending":
        time.sleep(0.01)
    return engine


def _read(text: str, path: Path) -> AmpReport:
    try:
        return _report(json.loads(text))
    except (ValueError, KeyError, TypeError) as fault:
        raise _unusable(path, "it gave no verdict") from fault


def _report(raw: dict[str, Any]) -> AmpReport:
    errors = [AmpError(e["code"], e["severity"], e["line"], e["col"], e["message"]) for e in raw["errors"]]
    found = report(errors)
    return AmpReport("PASS" if raw["status"] == "PASS" else "FAIL", found.errors)
