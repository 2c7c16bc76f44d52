"""The verbs `inline` and `text`, as they are called."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def run(*arguments: str, stdin: bytes = b"", cwd: Path | None = None) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-c", "from mailweave.cli import main; main()", *arguments],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        check=False,
    )
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def test_inline_reads_standard_input() -> None:
    page = b"<style>p{color:red}</style><p>{{ name }}</p>"
    assert run("inline", "-", stdin=page) == (0, '<p style="color:red">{{ name }}</p>', "")


def test_inline_says_what_is_not_exact() -> None:
    page = b"<style>p:first-child{color:red}</style>{% if v %}<p>a</p>{% endif %}<p>b</p>"
    code, out, err = run("inline", "-", stdin=page)
    assert code == 1
    assert out.encode() == page
    assert "warning[MW510]: `p:first-child` (<stdin>:1:8)" in err
    code, _, err = run("inline", "-", "--format", "json", stdin=page)
    assert code == 1
    assert {"MW510", "MW520"} <= {found["code"] for found in json.loads(err)}


def test_inline_reads_what_lies_beside_the_file_and_nothing_above(tmp_path: Path) -> None:
    (tmp_path / "secret.css").write_text("p{color:green}")
    folder = tmp_path / "campaign"
    folder.mkdir()
    (folder / "a.css").write_text("p{color:red}")
    (folder / "more.css").write_text("p{margin:0}")
    (folder / "mail.html").write_text('<link rel="stylesheet" href="a.css"><p>x</p>')
    code, out, _ = run("inline", "mail.html", "--css", "more.css", cwd=folder)
    assert (code, out) == (0, '<p style="color:red;margin:0">x</p>')
    (folder / "mail.html").write_text('<link rel="stylesheet" href="../secret.css"><p>x</p>')
    code, out, err = run("inline", "mail.html", cwd=folder)
    assert code == 1
    assert "MW504" in err
    assert "green" not in out


def test_text() -> None:
    page = b'<h1>Hi {{ name }}</h1><p>See <a href="{{ u }}">the shop</a>.</p>'
    assert run("text", "-", stdin=page) == (0, "# Hi {{ name }}\n\nSee the shop <{{ u }}>.\n", "")


def test_text_hides_what_a_stylesheet_hides() -> None:
    page = b"<style>.pre{display:none}</style><p class=pre>Peek</p><p>Seen</p>"
    assert run("text", "-", stdin=page)[1] == "Seen\n"


def test_bad_bytes_are_a_finding() -> None:
    code, _, err = run("inline", "-", stdin=b"a\xff<p>")
    assert code == 1
    assert "MW501" in err


def test_usage() -> None:
    assert run("inline", "no-such-file.html")[0] == 2
