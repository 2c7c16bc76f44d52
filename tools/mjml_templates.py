"""python3 tools/mjml_templates.py: fetches the public templates of fixtures/mjml/templates.toml into .cache/mjml.

Each is a file of an npm package, which `npm pack` fetches; what lies there already is not fetched again.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
FIXTURE = ROOT / "fixtures" / "mjml" / "templates.toml"
CACHE = ROOT / ".cache" / "mjml"


def wanted() -> dict[str, set[str]]:
    """The files that are needed of each package, as `name@version`."""
    found: dict[str, set[str]] = {}
    for one in tomllib.loads(FIXTURE.read_text(encoding="utf-8"))["template"]:
        files = [one["file"], one.get("before"), one.get("behind"), *one.get("beside", ())]
        found.setdefault(one["package"], set()).update(each for each in files if each)
    return found


def fetch(package: str, files: set[str]) -> bool:
    """Unpacks these files of a package; whether all are there then."""
    folder = CACHE / package.replace("/", "+")
    if all((folder / file).is_file() for file in files):
        return True
    with TemporaryDirectory() as box:
        done = subprocess.run(
            ["npm", "pack", "--silent", package], cwd=box, capture_output=True, timeout=120, check=False
        )
        packed = next(Path(box).glob("*.tgz"), None)
        if done.returncode or packed is None:
            return False
        with tarfile.open(packed) as archive:
            for file in files:
                _unpack(archive, file, folder)
    return all((folder / file).is_file() for file in files)


def _unpack(archive: tarfile.TarFile, file: str, folder: Path) -> None:
    content = archive.extractfile(f"package/{file}")
    if content is not None:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(content.read())


def main() -> int:
    if shutil.which("npm") is None:
        print("npm is not installed: the templates are not fetched, and their tests skip")
        return 0
    missing = [package for package, files in wanted().items() if not fetch(package, files)]
    print(
        f"{len(wanted()) - len(missing)} packages in {CACHE.relative_to(ROOT)}", *missing, sep="\nnot there: "
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
