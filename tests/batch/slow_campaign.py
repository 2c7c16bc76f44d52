"""A campaign with a block that can only be interpreted."""

from __future__ import annotations

from pathlib import Path

from tests.message.small_campaign import write

_DEPTH = 17  # more loops than Python's compiler takes, one in the other
_OPEN = "".join(f"{{% for a{at} in (1..1) %}}" for at in range(_DEPTH))
_BLOCK = f"<p>{_OPEN}{{{{ profile.name }}}}{'{% endfor %}' * _DEPTH}</p>"


def slow_campaign(folder: Path) -> Path:
    made = write(folder / "slow", {})
    (made / "blocks" / "note" / "block.html").write_text(_BLOCK, encoding="utf-8")
    return made


def listed(folder: Path, size: int) -> Path:
    path = folder / "people.csv"
    rows = [f"{n:05d},p{n}@example.com,Zoe {n}" for n in range(size)]
    path.write_text("\n".join(["id,email,name", *rows, ""]), encoding="utf-8")
    return path
