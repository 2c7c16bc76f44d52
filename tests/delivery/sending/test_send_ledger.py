"""The record of a sending: what is written is there after any death, and damage is refused."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from mailweave.batch.disk import Disk
from mailweave.delivery.sending.send_ledger import Fact, SendLedger, peek
from mailweave.diagnostics import MailweaveError

NOW = 1_796_000_000.0
KEYS = [f"{number:032x}" for number in range(20)]


def written(folder: Path, facts: list[tuple[str, Fact]], disk: Disk | None = None) -> None:
    async def write() -> None:
        with SendLedger(folder, NOW, disk) as ledger:
            await asyncio.gather(*(ledger.write(key, fact, NOW, 250, "2.0.0") for key, fact in facts))

    asyncio.run(write())


def test_facts_stay_and_the_last_counts(tmp_path: Path) -> None:
    written(tmp_path, [(KEYS[0], Fact.BEGUN), (KEYS[1], Fact.REFUSED)])
    written(tmp_path, [(KEYS[0], Fact.SENT), (KEYS[2], Fact.BEGUN)])
    with SendLedger(tmp_path, NOW + 99) as ledger:
        assert [ledger.fact(key) for key in KEYS[:4]] == [Fact.SENT, Fact.REFUSED, Fact.BEGUN, None]
        assert ledger.began.timestamp() == NOW, "when it was first sent"


def test_lines_that_wait_together_share_an_fsync(tmp_path: Path) -> None:
    class Counting(Disk):
        appended = 0

        def append(self, path: Path, line: bytes) -> None:
            self.appended += 1
            super().append(path, line)

    disk = Counting()
    written(tmp_path, [(key, Fact.BEGUN) for key in KEYS], disk)
    assert disk.appended <= 2
    assert len((tmp_path / "sending" / "ledger.jsonl").read_bytes().splitlines()) == 1 + len(KEYS)


@pytest.mark.parametrize("seed", range(20))
def test_a_torn_end_is_cut_off(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    written(tmp_path, [(KEYS[0], Fact.BEGUN), (KEYS[1], Fact.SENT)])
    path = tmp_path / "sending" / "ledger.jsonl"
    whole = path.read_bytes()
    last = whole.rfind(b"\n", 0, -1) + 1
    torn = whole[: chance.randint(last, len(whole) - 1)] if seed % 2 else whole + chance.randbytes(30)
    path.write_bytes(torn)
    expected = [Fact.BEGUN, None if seed % 2 else Fact.SENT]
    assert [peek(tmp_path)[1].get(bytes.fromhex(key)) for key in KEYS[:2]] == expected
    assert path.read_bytes() == torn, "a look changes nothing"
    written(tmp_path, [(KEYS[2], Fact.BEGUN)])
    with SendLedger(tmp_path, NOW) as ledger:
        assert [ledger.fact(key) for key in KEYS[:3]] == [*expected, Fact.BEGUN]


@pytest.mark.parametrize("at", [1, 40, 130, 200])
def test_damage_before_a_whole_line_is_refused(at: int, tmp_path: Path) -> None:
    written(tmp_path, [(key, Fact.SENT) for key in KEYS])
    path = tmp_path / "sending" / "ledger.jsonl"
    found = bytearray(path.read_bytes())
    found[at] ^= 1
    path.write_bytes(found)
    with pytest.raises(MailweaveError) as caught:
        SendLedger(tmp_path, NOW)
    assert caught.value.diagnostics[0].code == "MW768"
    assert path.read_bytes() == found


def test_two_senders_do_not_run_at_once(tmp_path: Path) -> None:
    with SendLedger(tmp_path, NOW):
        with pytest.raises(MailweaveError) as caught:
            SendLedger(tmp_path, NOW)
        assert caught.value.diagnostics[0].code == "MW804"
    SendLedger(tmp_path, NOW).close()


def test_a_disk_that_refuses_leaves_no_fact(tmp_path: Path) -> None:
    class Full(Disk):
        def append(self, path: Path, line: bytes) -> None:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        written(tmp_path, [(KEYS[0], Fact.BEGUN)], Full())
    with SendLedger(tmp_path, NOW) as ledger:
        assert ledger.fact(KEYS[0]) is None
