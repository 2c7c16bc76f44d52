"""How long an author waits in front of a preview: until the first mail is seen, and until a save is seen.

Wall-clock seconds in headless Chromium, from the start of the command, and from the write of the file, until the words
stand in the frame of the mail; medians. Each tool has forty mails or blocks. `MAILWEAVE_NPM` names the folder
node_modules with `react-email`, `@react-email/ui` of the same version, `react` and `react-dom`, and with
`@maizzle/framework` (5); what is not there is left out, and said. Needs Playwright and Chromium.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import Report
from benchmarks.desk import BLOCKS, write
from benchmarks.desk import save as save_block

SAVES, LIMIT = 20, 60_000
FIRST = "As it was first."
_SHOWN = "() => (document.querySelector('iframe')?.contentDocument || document).body?.innerText || ''"


@dataclass(frozen=True)
class Tool:
    """A preview. `page`: where the mail is seen; None where the command prints it. `save` writes words into a file."""

    name: str
    folder: Path
    command: list[str]
    page: str | None
    save: Callable[[Any, str], None]


def run() -> Report:
    report = Report("peers_desk: seconds until an author sees it, medians")
    if importlib.util.find_spec("playwright") is None or not shutil.which("chromium"):
        report.say("   Playwright or Chromium is missing")
        return report
    figures: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as held, _browser() as browser:
        for tool in _tools(Path(held), report):
            cold, saves = _timed(tool, browser)
            report.say(
                f"   {tool.name:24s} first mail {cold:5.2f}   after a save {statistics.median(saves):5.2f}"
            )
            figures[tool.name.partition(" ")[0]] = cold, statistics.median(saves)
        if "React" in figures:
            for at, what in enumerate(("first mail", "after a save")):
                ratio = figures["mailweave"][at] / figures["React"][at]
                report.claim(f"{what}, against React Email", ratio, 1)
    return report


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        browser.new_page().goto("about:blank")  # its own start does not count
        yield browser
        browser.close()


def _timed(tool: Tool, browser: Any) -> tuple[float, list[float]]:
    page = browser.new_page()
    start = time.perf_counter()
    process = subprocess.Popen(
        tool.command, cwd=tool.folder, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        address = tool.page or _printed(process)
        _until_there(page, address)
        _until_seen(page, FIRST)
        cold = time.perf_counter() - start
        return cold, [_seen(tool, page, f"Saved {number} times.") for number in range(SAVES)]
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # with the servers that it starts
        process.wait()
        page.close()


def _printed(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip().split()[-1]


def _until_there(page: Any, address: str) -> None:
    """A server that is not up yet refuses, and is asked again."""
    from playwright.sync_api import Error

    for _ in range(600):
        try:
            answer = page.goto(address)
        except Error:
            time.sleep(0.05)
            continue
        if answer is not None and answer.ok:
            return
        time.sleep(0.05)


def _seen(tool: Tool, page: Any, words: str) -> float:
    time.sleep(2)  # an author thinks
    start = time.perf_counter()
    tool.save(page, words)
    _until_seen(page, words)
    return time.perf_counter() - start


def _until_seen(page: Any, words: str) -> None:
    """Looked for at each frame that is drawn: locators wait longer and longer between two looks."""
    page.wait_for_function(f"words => ({_SHOWN})().includes(words)", arg=words, timeout=LIMIT)


def _tools(held: Path, report: Report) -> Iterator[Tool]:
    write(held / "forty")
    ours = [sys.executable, "-m", "mailweave", "preview", str(held / "forty"), "--no-open"]
    yield Tool("mailweave", held, ours, None, lambda page, words: _save_block(held / "forty", page, words))
    modules = Path(os.environ.get("MAILWEAVE_NPM", "none"))
    for package, make in (("react-email", _react_email), ("@maizzle/framework", _maizzle)):
        if (modules / package / "package.json").is_file():
            yield make(held, modules)
        else:
            report.say(f"   {package} is missing (MAILWEAVE_NPM=path/to/node_modules)")


def _save_block(folder: Path, page: Any, words: str) -> None:
    """A block that the mail shows, another each time."""
    shown = sorted(set(map(int, re.findall(r"Row 0 of block (\d+)", page.evaluate(_SHOWN)))))
    save_block(folder, shown[int(re.sub(r"\D", "", words)) % len(shown)], words)


def _react_email(held: Path, modules: Path) -> Tool:
    folder, port = held / "react", 41_238
    text = (
        'import * as React from "react";\n'
        f"export default () => <html><body><h1>Mail</h1><p>{FIRST}</p></body></html>;\n"
    )
    _files(folder / "emails", "mail{}.jsx", text)
    (folder / "node_modules").symlink_to(modules)
    (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
    start = str(modules / "react-email" / "dist" / "cli" / "index.mjs")
    command = ["node", start, "dev", "-p", str(port)]
    page = f"http://localhost:{port}/preview/mail3"
    save = _saved_in(folder / "emails" / "mail3.jsx", text)
    return Tool(f"React Email {_version(modules, 'react-email')}", folder, command, page, save)


def _maizzle(held: Path, modules: Path) -> Tool:
    folder, port = held / "maizzle", 41_239
    text = f"<!doctype html>\n<html><head><title>m</title></head><body><p>{FIRST}</p></body></html>\n"
    _files(folder / "emails", "mail{}.html", text)
    (folder / "node_modules").symlink_to(modules)
    (folder / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
    config = f'export default {{ build: {{ content: ["emails/**/*.html"] }}, server: {{ port: {port} }} }};\n'
    (folder / "config.js").write_text(config, encoding="utf-8")
    command = ["node", str(modules / "@maizzle" / "framework" / "bin" / "maizzle"), "serve"]
    page = f"http://localhost:{port}/emails/mail3.html"
    save = _saved_in(folder / "emails" / "mail3.html", text)
    return Tool(f"Maizzle {_version(modules, '@maizzle/framework')}", folder, command, page, save)


def _files(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True)
    for number in range(BLOCKS):
        (folder / name.format(number)).write_text(text, encoding="utf-8")


def _saved_in(file: Path, text: str) -> Callable[[Any, str], None]:
    def save(_: Any, words: str) -> None:
        file.write_text(text.replace(FIRST, words), encoding="utf-8")

    return save


def _version(modules: Path, package: str) -> str:
    return str(json.loads((modules / package / "package.json").read_text(encoding="utf-8"))["version"])
