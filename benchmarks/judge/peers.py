"""Installs the peers of peers.toml in .cache/judge, finds them there, and says which versions they are."""

from __future__ import annotations

import importlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from tests.inlining.oracle import chromium_path

from benchmarks.judge import NotJudged

HERE = Path(__file__).parent
HOME = HERE.parents[1] / ".cache" / "judge"
MODULES, PACKAGES = HOME / "node_modules", HOME / "python"
PINS: dict[str, dict[str, str]] = tomllib.loads((HERE / "peers.toml").read_text(encoding="utf-8"))


def install() -> list[str]:
    """Brings what is missing; names the kinds that could not be had, whose judges then say so."""
    HOME.mkdir(parents=True, exist_ok=True)
    return [kind for kind, bring in (("npm", _npm), ("pypi", _pypi)) if _not_as_pinned(kind) and not bring()]


def _not_as_pinned(kind: str) -> list[str]:
    return [name for name, wanted in PINS[kind].items() if version(f"{kind} {name}") != wanted]


def _npm() -> bool:
    """All at once, in a folder of their own: npm takes away what it was not asked for."""
    if shutil.which("npm") is None:
        return False
    text = json.dumps({"private": True, "dependencies": PINS["npm"]})
    (HOME / "package.json").write_text(text, encoding="utf-8")
    return _done(["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"])


def _pypi() -> bool:
    pins = [f"{name}=={wanted}" for name, wanted in PINS["pypi"].items()]
    tool = ["uv", "pip", "--quiet"] if shutil.which("uv") else [sys.executable, "-m", "pip", "--quiet"]
    return _done([*tool, "install", "--no-deps", "--upgrade", "--target", str(PACKAGES), *pins])


def _done(command: list[str]) -> bool:
    return subprocess.run(command, cwd=HOME, check=False, stdout=subprocess.DEVNULL).returncode == 0


def version(peer: str) -> str:
    """The version that is there of `npm NAME` or `pypi NAME`; empty where it is not."""
    kind, _, name = peer.partition(" ")
    if kind == "npm":
        file = MODULES / name / "package.json"
        return str(json.loads(file.read_text(encoding="utf-8"))["version"]) if file.is_file() else ""
    places = [str(PACKAGES), *sys.path] if name in PINS["pypi"] else sys.path
    return next((found.version for found in metadata.distributions(name=name, path=places)), "")


def needed(*peers: str) -> None:
    """Raises NotJudged where one of them, or Node for those of npm, is missing."""
    why_not = missing(*peers)
    if why_not:
        raise NotJudged(why_not)


def missing(*peers: str) -> str:
    """What is missing, in words; empty where all are there."""
    if any(peer.startswith("npm ") for peer in peers) and shutil.which("node") is None:
        return "Node is missing"
    absent = [peer for peer in peers if not version(peer)]
    return f"{', '.join(absent)} could not be installed" if absent else ""


def python(name: str) -> Any:
    """A module of a package that peers.toml pins."""
    if str(PACKAGES) not in sys.path:
        sys.path.append(str(PACKAGES))
    return importlib.import_module(name)


def node(script: str, given: Any, *arguments: str, seconds: float = 600) -> Any:
    """What a script of the folder `node` answers: JSON in, JSON out; it finds the packages by its first argument."""
    done = subprocess.run(
        ["node", str(HERE / "node" / script), str(MODULES), *arguments],
        input=json.dumps(given, default=str),
        env={**os.environ, "TZ": "UTC", "NODE_ENV": "production"},
        capture_output=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{script}: {done.stderr[-2000:]}")
    return json.loads(done.stdout)


def versions(peers: Iterable[str]) -> dict[str, str]:
    """Those that are there, and of the programs that ran them."""
    found = {peer: version(peer) for peer in peers}
    found["here Python"] = platform.python_version()
    if any(peer.startswith("npm ") for peer in found):
        found["here Node"] = _told("node")
    if "pypi playwright" in found:
        found["here Chromium"] = _told(chromium_path())
    return {peer: number for peer, number in found.items() if number}


def _told(program: str | None) -> str:
    """The number in what a program says of its version."""
    if program is None or shutil.which(program) is None:
        return ""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"\d+(\.\d+)+", said)
    return number[0] if number else ""
