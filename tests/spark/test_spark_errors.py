"""What cannot run on Spark is a finding with a code, and never a traceback."""

from __future__ import annotations

import dataclasses
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mailweave import batch
from mailweave.batch import BatchError
from mailweave.batch.batches import TYPED
from mailweave.cli.batch import command
from mailweave.spark.campaign_bundle import CampaignBundle
from mailweave.spark.worker import ForShards, Rendering
from tests.spark.lists import CDNOW, SMALLEST, people
from tests.spark.outputs import same

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TIMES = ("seconds", "cpu_seconds", "per_second", "slowest")

# ---- the campaign as it travels; none of this needs Java


def test_a_bundle_holds_the_texts_of_a_campaign_and_nothing_else() -> None:
    bundle, campaign = CampaignBundle.of(CDNOW)
    assert [name for name, _ in bundle.texts.files] == ["campaign.toml", "context.json", "winback.rules"]
    assert bundle.texts.digest == campaign.digest
    assert bundle.open().digest == campaign.digest
    assert bundle.open() is bundle.open(), "compiled once in a process"


def test_what_is_pickled_is_data_and_the_name_of_a_class() -> None:
    bundle, campaign = CampaignBundle.of(SMALLEST)
    moment = campaign.pinned(None)
    assert moment is not None
    work = ForShards(Rendering(bundle, moment, None, TYPED))
    cloudpickle = pytest.importorskip("pyspark.cloudpickle")
    pickled = cloudpickle.dumps(work)
    assert b"mailweave.spark.worker" in pickled
    assert b"_make_function" not in pickled
    assert b"code" not in pickled.replace(b"encode", b"")
    assert pickle.loads(pickled) == work


def test_another_campaign_on_the_way_is_refused() -> None:
    bundle, _ = CampaignBundle.of(SMALLEST)

    def changed(**texts: Any) -> CampaignBundle:
        return dataclasses.replace(bundle, texts=dataclasses.replace(bundle.texts, **texts))

    (name, text), *others = bundle.texts.files
    other = changed(files=((name, text.replace(b"Welcome", b"Goodbye")), *others))
    with pytest.raises(BatchError, match=r"MW822.*digest"):
        other.open()
    with pytest.raises(BatchError, match=r"MW822.*compile"):
        changed(files=((name, text),)).open()
    with pytest.raises(BatchError, match=r"MW822.*0\.0\.0 there"):
        changed(version="0.0.0").open()


def test_options_of_the_other_engine_are_refused(tmp_path: Path) -> None:
    from click.testing import CliRunner

    base = [str(SMALLEST), "--profiles", "x.parquet", "--out", str(tmp_path / "out")]
    for options, said in (
        (["--master", "local[2]"], "--engine spark"),
        (["--engine", "spark", "--format", "eml"], "Parquet"),
        (["--engine", "spark", "--conf", "nonsense"], "KEY=VALUE"),
    ):
        done = CliRunner().invoke(command, [*base, *options])
        assert done.exit_code == 2
        assert said in done.output


def test_a_table_of_a_database_is_refused_before_anything_starts(tmp_path: Path) -> None:
    import duckdb

    from mailweave.spark import run

    duckdb.connect(str(tmp_path / "shop.duckdb")).execute("CREATE TABLE people (id TEXT)").close()
    with pytest.raises(BatchError, match="MW824"):
        run(SMALLEST, f"{tmp_path}/shop.duckdb::people", tmp_path / "out")


def test_without_java_spark_says_what_is_missing(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    profiles = people(tmp_path, "parquet", 3)
    options = [
        "--profiles",
        str(profiles),
        "--out",
        str(tmp_path / "out"),
        "--engine",
        "spark",
        "--master",
        "local[1]",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "mailweave", "batch", str(SMALLEST), *options],
        env={
            "PATH": "/usr/sbin:/sbin",
            "JAVA_HOME": str(tmp_path),
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "MW821" in done.stderr
    assert "Traceback" not in done.stderr


# ---- with Spark


@pytest.mark.spark
def test_twins_are_refused_or_merged_as_told(spark: SparkSession, tmp_path: Path) -> None:
    from mailweave.spark import run

    listed = tmp_path / "people.jsonl"
    row = '{{"id": "{}", "email": "{}@example.com", "consent": {{"marketing": true}}}}\n'
    listed.write_text(row.format("1", "a") + row.format("2", "b") + row.format("1", "c"), encoding="utf-8")
    with pytest.raises(BatchError, match="MW806"):
        run(SMALLEST, str(listed), tmp_path / "refused")
    for rule in ("first", "last"):
        batch.run(SMALLEST, str(listed), tmp_path / f"home-{rule}", duplicates=rule, workers=1)
        report = run(SMALLEST, str(listed), tmp_path / rule, duplicates=rule)
        assert (report["rendered"], report["merged_duplicates"]) == (2, 1)


@pytest.mark.spark
def test_an_output_is_begun_once_and_gone_on_with_only_by_the_same(
    spark: SparkSession, tmp_path: Path
) -> None:
    from mailweave.spark import run

    listed, out = people(tmp_path, "parquet", 40), tmp_path / "out"
    first = run(SMALLEST, str(listed), out)
    with pytest.raises(BatchError, match="MW801"):
        run(SMALLEST, str(listed), out)
    shards = {file.name: file.read_bytes() for file in (out / "shards").iterdir()}
    again = run(SMALLEST, str(listed), out, resume=True)
    assert {name: again[name] for name in first if name not in TIMES} == {
        name: first[name] for name in first if name not in TIMES
    }
    assert {file.name: file.read_bytes() for file in (out / "shards").iterdir()} == shards
    people(tmp_path, "parquet", 41)
    with pytest.raises(BatchError, match=r"MW802.*the input"):
        run(SMALLEST, str(listed), out, resume=True)


@pytest.mark.spark
@pytest.mark.parametrize(
    "step",
    [*(pytest.param(name, marks=pytest.mark.deep) for name in ("_messages", "_skipped")), "_dead"],
)
def test_a_death_behind_the_commit_renders_nothing_again(
    spark: SparkSession, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mailweave.spark import run
    from mailweave.spark import run as module_run
    from mailweave.spark.output import Output

    listed = str(people(tmp_path, "parquet", 60))
    batch.run(SMALLEST, listed, tmp_path / "home", workers=1)
    before = getattr(Output, step)

    def die(self: Output) -> None:
        before(self)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Output, step, die)
        with pytest.raises(KeyboardInterrupt):
            run(SMALLEST, listed, tmp_path / "out")
    assert not (tmp_path / "out/report.json").exists()
    monkeypatch.setattr(sys.modules[module_run.__module__], "commit", None)
    run(SMALLEST, listed, tmp_path / "out", resume=True)
    same(tmp_path / "home", tmp_path / "out")


@pytest.mark.spark
def test_what_a_worker_says_is_told_without_its_traceback(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mailweave.spark import run

    listed = str(people(tmp_path, "parquet", 5))
    true = CampaignBundle.of

    def other(path: Path) -> object:
        bundle, campaign = true(path)
        texts = dataclasses.replace(bundle.texts, version="0.0.0")
        return dataclasses.replace(bundle, texts=texts), campaign

    monkeypatch.setattr(CampaignBundle, "of", other)
    with pytest.raises(BatchError) as caught:
        run(SMALLEST, listed, tmp_path / "out")
    (found,) = caught.value.diagnostics
    assert found.code == "MW823"
    assert "MW822" in found.message
    assert "Traceback" not in found.message
    assert not (tmp_path / "out/report.json").exists()


@pytest.mark.spark
def test_a_broken_file_is_refused_and_nothing_of_it_is_told(spark: SparkSession, tmp_path: Path) -> None:
    from mailweave.spark import run

    secret = "zoe-the-secret"
    (tmp_path / "people.csv").write_text(f"id,email\n1,a@example.com,{secret},{secret}\n", encoding="utf-8")
    with pytest.raises(BatchError) as caught:
        run(SMALLEST, str(tmp_path / "people.csv"), tmp_path / "out")
    assert caught.value.diagnostics[0].code in ("MW805", "MW823")
    assert secret not in str(caught.value)
