"""The wheel holds what users need, and works where no checkout is on the path."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from mailweave.cli.verbs import VERBS

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without isolation: hatchling is a dependency of the tests."""
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return next(out.glob("*.whl"))


def test_every_data_file_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("grammar", "blocks", "examples"):
        files = [p for p in (ROOT / folder).rglob("*") if p.is_file() and "__pycache__" not in p.parts]
        assert files
        missing = [p for p in files if f"mailweave/{p.relative_to(ROOT).as_posix()}" not in names]
        assert not missing
    assert "mailweave/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)


RENDER = """
import sys
sys.path[:] = [p for p in sys.path if not p.startswith({root!r}) or "site-packages" in p]
sys.meta_path[:] = [f for f in sys.meta_path if "editable" not in type(f).__module__]
sys.path.insert(0, {package!r})
import mailweave
assert mailweave.__file__.startswith({package!r}), mailweave.__file__
profile = {{"id": "1", "email": "a@example.com", "first_name": "Ann", "consent": {{"marketing": True}}}}
email = mailweave.render({campaign!r}, profile)
assert "Ann" in email.html, email
print(email.subject)
"""


@pytest.mark.parametrize("zipped", [False, True])
def test_the_wheel_alone_renders_a_campaign_of_stock_blocks(
    wheel: Path, tmp_path: Path, zipped: bool
) -> None:
    package = wheel if zipped else tmp_path / "site"
    if not zipped:
        zipfile.ZipFile(wheel).extractall(package)
    campaign = ROOT / "fixtures" / "campaigns" / "smallest"
    script = RENDER.format(root=str(ROOT), package=str(package), campaign=str(campaign))
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "Hello, Ann"


UNREACHABLE = ("Failed to fetch", "error sending request", "NewConnectionError")
EXTRAS = ("duckdb", "pyarrow", "sqlglot", "css_inline", "psycopg", "pyspark", "hypothesis")

ALONE = """
import sys
from importlib.util import find_spec
import mailweave
assert mailweave.__file__.startswith(sys.prefix), mailweave.__file__
profile = {{"id": "1", "email": "a@example.com", "first_name": "Ann", "consent": {{"marketing": True}}}}
print(mailweave.render({campaign!r}, profile).subject)
print(*(name for name in {extras!r} if find_spec(name)))
"""


@pytest.fixture(scope="session")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds the wheel and what it asks for, and nothing else."""
    return _installed(tmp_path_factory.mktemp("bare"), str(wheel))


def _installed(home: Path, wanted: str) -> Path:
    """The programs of a new environment that holds what is wanted."""
    uv = shutil.which("uv")
    venv.create(home, with_pip=uv is None)
    python = str(home / "bin" / "python")
    installer = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
    pins = ("--constraint", str(ROOT / "constraints.txt"))
    done = subprocess.run([*installer, *pins, wanted], capture_output=True, text=True, check=False)
    if any(words in done.stderr for words in UNREACHABLE):
        pytest.skip("needs a package index")
    assert done.returncode == 0, done.stderr
    return home / "bin"


@pytest.mark.deep
def test_the_wheel_in_an_empty_environment_renders_and_has_its_verbs(bare: Path, tmp_path: Path) -> None:
    campaign = ROOT / "fixtures" / "campaigns" / "smallest"
    script = ALONE.format(campaign=str(campaign), extras=EXTRAS)
    assert _said(tmp_path, bare / "python", "-c", script).splitlines() == ["Hello, Ann", ""]
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert _said(tmp_path, bare / "mailweave", "--version").endswith(f" {about['version']}\n")
    _said(tmp_path, bare / "mailweave", "check", campaign)
    for verb in VERBS:
        assert _said(tmp_path, bare / "mailweave", verb, "--help").startswith(f"Usage: mailweave {verb}")


@pytest.mark.deep
def test_the_wheel_with_its_extra_reads_a_list(wheel: Path, tmp_path: Path) -> None:
    programs = _installed(tmp_path / "home", f"mailweave[batch] @ {wheel.as_uri()}")
    (tmp_path / "people.csv").write_text("id,email\n7,ann@example.com\n", encoding="utf-8")
    campaign = ROOT / "fixtures" / "campaigns" / "smallest"
    told = _said(tmp_path, programs / "mailweave", "segments", campaign, "--profiles", "people.csv")
    assert told.startswith("1 recipients")


WITHOUT = """
import sys
sys.modules.update(dict.fromkeys({extras!r}))
from click.testing import CliRunner
from mailweave.cli import group, main
"""
HELPS = """
for verb in {verbs!r}:
    done = CliRunner().invoke(group, [*verb.split(), "--help"], prog_name="mailweave")
    assert done.output.startswith("Usage: mailweave " + verb), (verb, done.output)
"""
RUNS = """
sys.argv = ["mailweave", *{words!r}]
main()
"""
WANTED = [  # the words of a call, and the extra that they want
    (("batch", ".", "--profiles", "list.csv", "--out", "out"), "batch"),
    (("batch", ".", "--profiles", "list.csv", "--out", "out", "--engine", "spark"), "spark"),
    (("segments", ".", "--profiles", "list.csv"), "batch"),
    (("sql", "."), "batch"),
    (("new", "mine", "--from", "list.csv"), "batch"),
    (("demo", str(ROOT / "fixtures" / "campaigns" / "cdnow-winback"), "--out", "out"), "batch"),
    (("render", ".", "--profile", "7"), "batch"),
    (("explain", ".", "--profile", "7"), "batch"),
]


def test_help_needs_no_extra(tmp_path: Path) -> None:
    verbs = (*VERBS, "schema import", "schema export")
    _said(tmp_path, sys.executable, "-c", WITHOUT.format(extras=EXTRAS) + HELPS.format(verbs=verbs))


@pytest.mark.parametrize(("words", "extra"), WANTED, ids=str)
def test_a_verb_that_wants_an_extra_names_it(words: tuple[str, ...], extra: str, tmp_path: Path) -> None:
    here = tmp_path / "campaign"
    shutil.copytree(ROOT / "fixtures" / "campaigns" / "smallest", here)
    settings = here / "campaign.toml"
    settings.write_text('profiles = "list.csv"\n' + settings.read_text(encoding="utf-8"), encoding="utf-8")
    (here / "list.csv").write_text("id,email\n7,ann@example.com\n", encoding="utf-8")
    before = sorted(here.rglob("*"))
    script = WITHOUT.format(extras=EXTRAS) + RUNS.format(words=words)
    done = _run(here, sys.executable, "-c", script)
    assert done.returncode == 1, done.stderr
    assert "MW022" in done.stderr
    assert f"mailweave[{extra}]" in done.stderr
    assert sorted(here.rglob("*")) == before  # it was said before anything was begun


def _said(folder: Path, *command: object) -> str:
    done = _run(folder, *command)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _run(folder: Path, *command: object) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=folder, env=kept, capture_output=True, text=True, check=False)
