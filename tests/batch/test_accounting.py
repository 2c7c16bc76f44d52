"""Every kind of broken row, in every format: everybody is accounted for, and the dead letters are the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailweave.batch import run
from mailweave.batch.formats import FORMATS
from tests.batch.broken_lists import Listed, account, write
from tests.conftest import part_of

SIZE = part_of(100_000)


def rendered(listed: Listed, out: Path, form: str) -> bytes:
    """The letters of a batch: who could not be rendered, and who was left out."""
    report = run(listed.campaign, str(listed.path), out, format=form, **listed.options)
    account(listed, out, report, form)
    return (out / "dead.jsonl").read_bytes() + (out / "left_out.jsonl").read_bytes()


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_a_small_list(tmp_path: Path, form: str) -> None:
    rendered(write(tmp_path, 200, form), tmp_path / "out", form)


@pytest.mark.deep
def test_everybody_in_every_format(tmp_path: Path) -> None:
    listed = write(tmp_path, SIZE, "jsonl")
    told = {form: rendered(listed, tmp_path / form, form) for form in FORMATS}
    assert len(set(told.values())) == 1
