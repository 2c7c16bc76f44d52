"""A campaign travels by its texts, cannot be changed, and tells a log nothing of what it says."""

from __future__ import annotations

import pickle
import shutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import FrozenInstanceError
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from mailweave import Campaign, CampaignError, Email, Environment, Failure, Skip
from mailweave.campaign import compiler

ROOT = Path(__file__).resolve().parents[2]
SMALLEST, CDNOW = ROOT / "fixtures/campaigns/smallest", ROOT / "fixtures/campaigns/cdnow-winback"
ANN: dict[str, Any] = {
    "id": "1",
    "email": "ann@example.com",
    "first_name": "Ann",
    "consent": {"marketing": True},
}


def written(campaign: Campaign, profile: dict[str, Any]) -> bytes:
    found = campaign.render(profile)
    assert isinstance(found, Email)
    return found.as_bytes()


def test_a_campaign_goes_to_another_process() -> None:
    campaign = Environment().compile(SMALLEST)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(written, campaign, ANN).result() == written(campaign, ANN)


@pytest.mark.parametrize("folder", [SMALLEST, CDNOW])
def test_it_is_the_same_there(folder: Path) -> None:
    campaign = Environment(strict=True).compile(folder)
    compiler.opened.cache_clear()
    again = pickle.loads(pickle.dumps(campaign))
    assert (again.digest, again.strict, again.config) == (campaign.digest, True, campaign.config)
    assert again.diagnostics == campaign.diagnostics  # the places that findings name, too
    assert again.context == campaign.context
    assert pickle.loads(pickle.dumps(campaign)) is again


def test_it_travels_as_it_was_compiled_when_its_folder_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "campaign"
    shutil.copytree(SMALLEST, folder)
    layout = '<html><head><link rel="stylesheet" href="styles/one.css"></head><body><p class="x">x</p>{% slot "hero" %}'
    (folder / "own.html").write_text(layout + '{% slot "footer" %}</body></html>', encoding="utf-8")
    (folder / "styles").mkdir()
    (folder / "styles/one.css").write_text(".x { color: #123456 }", encoding="utf-8")
    shutil.copytree(ROOT / "blocks/hero", folder / "blocks/hero")
    settings = folder / "campaign.toml"
    settings.write_text(settings.read_text().replace('"newsletter"', '"own.html"'), encoding="utf-8")
    campaign = Environment().compile(folder)
    wanted = campaign.render(ANN)
    assert isinstance(wanted, Email)
    assert "#123456" in wanted.html
    shutil.rmtree(folder)
    compiler.opened.cache_clear()
    assert pickle.loads(pickle.dumps(campaign)).render(ANN) == wanted


def test_other_texts_than_were_compiled_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = Environment().compile(SMALLEST)
    sent = pickle.dumps(campaign)
    with pytest.raises(CampaignError, match="MW044"):
        pickle.loads(sent.replace(b"Welcome, ", b"Welc0me, "))
    compiler.opened.cache_clear()
    monkeypatch.setattr(compiler, "version", lambda name: "0.0.1")
    with pytest.raises(CampaignError, match="MW044"):
        pickle.loads(sent)


def test_a_campaign_does_not_change() -> None:
    campaign = Environment().compile(SMALLEST)
    for name in ("digest", "config", "anything"):
        with pytest.raises(FrozenInstanceError):
            setattr(campaign, name, "x")
    with pytest.raises(AttributeError):
        del campaign.digest
    assert campaign.digest != "x"


def test_a_repr_says_whose_and_how_large_and_nothing_else() -> None:
    campaign = Environment().compile(SMALLEST)
    secret = {**ANN, "first_name": "zoe-the-secret", "email": "zoe-the-secret@example.com"}
    email = campaign.render(secret)
    assert isinstance(email, Email)
    skip = campaign.render({**secret, "email": ["zoe-the-secret"]})
    assert isinstance(skip, Skip)
    snapshot = campaign.snapshot({"who": "zoe-the-secret"})
    for one in (email, skip, snapshot, campaign, Failure("MW401", "name", "main.rules:1:1")):
        assert "secret" not in f"{one!r}"
    sizes = f"{len(email.html)} HTML, {len(email.text)} text, no AMP"
    assert repr(email) == f"<Email smallest version 1 for '1': {sizes}>"
    digest = campaign.digest[:12]
    assert repr(campaign) == f"<Campaign smallest version 1: 3 slots, 3 blocks, digest {digest}>"
    assert repr(snapshot) == f"<Snapshot for {digest}: lookups (), catalogs ()>"
    assert repr(skip) == "Skip(code='bad_data', reason='email is not a text: got list', field='email')"
