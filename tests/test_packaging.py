"""The wheel holds what users need, and works where no checkout is on the path."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

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
    for folder in ("grammar", "blocks"):
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
