"""What an agent does in a day: ten tasks through the protocol's own client, over pipes; nothing is written meanwhile."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from mcp.client.client import Client

from mcp import StdioServerParameters

ROOT = Path(__file__).resolve().parents[2]
PERSONAL = ("tom@example.org", "Tom", "ann@example")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two campaigns, and beside them something that no agent may see."""
    around = tmp_path_factory.mktemp("agents")
    for name in ("newsletter", "start"):
        shutil.copytree(ROOT / "examples" / name, around / "campaigns" / name)
    shutil.copytree(ROOT / "examples" / "cart", around / "secret")
    (around / "campaigns" / "link").symlink_to(around / "secret")
    return around / "campaigns"


class Agent:
    """A session over pipes, asked from tests that wait."""

    def __init__(self, folder: Path, *options: str) -> None:
        arguments = ["-m", "mailweave", "mcp", str(folder), *options]
        self._server = StdioServerParameters(command=sys.executable, args=arguments)

    def does(self, task: Callable[[Client], Awaitable[Any]]) -> Any:
        async def within() -> Any:
            async with Client(self._server) as client:
                return await task(client)

        return asyncio.run(within())


async def ask(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """The answer of a tool, which is no error."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    answer: dict[str, Any] = result.structured_content or {}
    return answer


async def refusal(client: Client, tool: str, **arguments: Any) -> str:
    """What a tool says that refuses."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    return str(result.content[0].text)  # type: ignore[union-attr]  # a refusal is one text


def state(folder: Path) -> str:
    files = (one for one in sorted(folder.rglob("*")) if one.is_file())
    return sha256(b"".join(str(one).encode() + one.read_bytes() for one in files)).hexdigest()


def test_an_agents_ten_tasks(folder: Path) -> None:
    before = state(folder)

    async def day(client: Client) -> None:
        # 1. what is there, and how it is written
        assert (await ask(client, "campaigns"))["campaigns"] == ["newsletter", "start"]
        skill = (await client.read_resource("mailweave://skill")).contents[0]
        assert "## Conditions" in skill.text  # type: ignore[union-attr]  # a page is a text
        # 2. is it right as it is
        found = await ask(client, "check", campaign="newsletter")
        assert (found["failed"], found["findings"]) == (False, [])
        # 3. a change, judged before it is saved, and mended by what the finding says
        name = "newsletter/newsletter.rules"
        text = (folder / name).read_text(encoding="utf-8")
        typed = text.replace("orders >= 1\n}", "order >= 1\n}")
        (one,) = (await ask(client, "check", campaign="newsletter", unsaved={name: typed}))["findings"]
        assert (one["code"], one["file"]) == ("MW203", name)
        start, stop = one["fix"]["offsets"]
        mended = typed[:start] + one["fix"]["text"] + typed[stop:]
        assert mended == text
        # 4. the examples of its author
        assert await ask(client, "test", campaign="newsletter") == {"passed": 7, "failed": [], "notes": []}
        # 5. who is told apart, and what may be asked
        told = await ask(client, "segments", campaign="newsletter")
        assert told["tiers"] == {"attention": ["keen", "mild", "quiet"]}
        assert told["attributes"]["first_name"] == "text? pii"
        # 6. what blocks take
        known = await ask(client, "blocks", campaign="start")
        assert known["tip"]["origin"] == "campaign"
        assert "heading" in known["hero"]["inputs"]
        # 7. somebody to try with, and why they get what
        people = await ask(client, "recipients", campaign="newsletter")
        assert set(people) == {"member.json", "newcomer.json", "no-consent.json", "silent.json"}
        why = await ask(client, "explain", campaign="newsletter", recipient="member", part="offers")
        assert "club" in why["explanation"]
        # 8. their mail, without what is personal in it
        mail = await ask(client, "render", campaign="newsletter", recipient="newcomer")
        assert mail["selection"]["hero"] == ["hero_starter"]
        assert mail["masked"] is True
        html = await ask(client, "render", campaign="newsletter", recipient="newcomer", part="html")
        assert "•••" in html["html"]
        skipped = await ask(client, "render", campaign="newsletter", recipient="no-consent")
        assert (skipped["status"], skipped["code"]) == ("skipped", "no_consent")
        # 9. proofs, and made-up recipients who get everything
        assert (await ask(client, "prove", campaign="start"))["failed"] is False
        covered = await ask(client, "cover", campaign="start")
        shown = {name for one in covered["recipients"] for name in one["shows"]}
        assert {"hero_news", "hero_welcome", "hero_thanks"} <= shown
        made_up = covered["recipients"][0]["recipient"]
        drawn = await ask(client, "render", campaign="start", recipient=made_up)
        assert drawn["status"] == "rendered"
        # 10. nothing personal in any of it
        said = json.dumps([people, why, mail, html])
        assert [word for word in PERSONAL if word in said] == []

    Agent(folder).does(day)
    assert state(folder) == before


def test_no_path_leads_out(folder: Path) -> None:
    async def tries(client: Client) -> None:
        for path in ("../secret", str(folder.parent / "secret"), "link", "start/../../secret", "a\0b"):
            assert "MW681" in await refusal(client, "check", campaign=path), path
        told = await refusal(
            client, "check", campaign="start", unsaved={"../secret/campaign.toml": "name = 1"}
        )
        assert "MW681" in told
        for name in ("../campaign.toml", "../../../secret/recipients/regular.json", "/etc/hostname"):
            assert "MW682" in await refusal(client, "explain", campaign="start", recipient=name), name
        assert "there are: newsletter, start" in await refusal(
            client, "render", campaign="sprint", recipient="x"
        )

    Agent(folder).does(tries)


def test_what_does_not_compile_is_told_with_its_place(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "start", tmp_path / "start")
    rules = tmp_path / "start" / "start.rules"
    rules.write_text(rules.read_text(encoding="utf-8").replace("orders >= 3", "order >= 3"), encoding="utf-8")

    async def asks(client: Client) -> str:
        return await refusal(client, "render", campaign="start", recipient="regular")

    told = Agent(tmp_path).does(asks)
    assert "start/start.rules:21: MW203 unknown name `order` (did you mean `orders`?" in told


def test_an_example_that_fails_says_what_happened_instead(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "start", tmp_path / "start")
    rules = tmp_path / "start" / "start.rules"
    rules.write_text(
        rules.read_text(encoding="utf-8").replace(
            "expect not regulars, hero is hero_news", "expect regulars"
        ),
        encoding="utf-8",
    )

    async def asks(client: Client) -> dict[str, Any]:
        return await ask(client, "test", campaign="start")

    (failed,) = Agent(tmp_path).does(asks)["failed"]
    assert failed["name"] == "everybody else gets the news"
    assert "regulars" in failed["why"]


def test_an_argument_that_a_tool_does_not_have_is_refused(folder: Path) -> None:
    """The library would drop it, and answer as if it had not been there."""

    async def asks(client: Client) -> str:
        return await refusal(client, "render", campaign="start", recipient="regular", parts="html")

    told = Agent(folder).does(asks)
    assert "MW682 `parts` cannot be used: no such argument (did you mean `part`?" in told


@pytest.mark.parametrize(
    ("tool", "given", "says"),
    [
        (
            "render",
            {"recipient": [{"email": "zoe@private.example"}]},
            "MW682 `recipient` cannot be used: Input should",
        ),
        (
            "render",
            {"recipient": "regular", "part": "zoe@private.example"},
            "'summary', 'html', 'text' or 'amp'",
        ),
        (
            "explain",
            {"recipient": "regular", "part": "haro"},
            "MW682 `part` cannot be used: nothing is called so",
        ),
        ("check", {"campaign": "a" * 5_000}, "no campaign is there"),
        ("check", {"unsaved": {"a" * 5_000: "x"}}, "no such file is there"),
        ("render", {"recipient": "broken"}, "`recipients/broken.json` is no JSON object"),
    ],
)
def test_what_cannot_be_used_is_named_and_no_value_told(
    folder: Path, tmp_path: Path, tool: str, given: dict[str, Any], says: str
) -> None:
    shutil.copytree(folder / "start", tmp_path / "start")
    (tmp_path / "start" / "recipients" / "broken.json").write_text(
        '{"email": "zoe@private.example', encoding="utf-8"
    )

    async def asks(client: Client) -> str:
        return await refusal(client, tool, **{"campaign": "start", **given})

    told = Agent(tmp_path).does(asks)
    assert says in told
    assert "zoe@private.example" not in told


def test_a_library_beyond_the_folder_is_refused(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "world", tmp_path / "project" / "world")
    shutil.move(tmp_path / "project" / "world" / "brand", tmp_path / "project" / "brand")
    settings = tmp_path / "project" / "world" / "campaign.toml"
    text = settings.read_text(encoding="utf-8").replace('"brand"', '"../brand"')
    settings.write_text(text, encoding="utf-8")
    (tmp_path / "project" / "mailweave.toml").write_text('roots = ["brand"]\n', encoding="utf-8")

    async def check(client: Client, campaign: str) -> Any:
        return (await client.call_tool("check", {"campaign": campaign})).is_error

    assert Agent(tmp_path / "project").does(lambda client: check(client, "world")) is False
    assert Agent(tmp_path / "project" / "world").does(lambda client: check(client, ".")) is True


def test_every_tool_says_that_it_only_reads(folder: Path) -> None:
    async def listed(client: Client) -> Any:
        return (await client.list_tools()).tools

    tools = Agent(folder).does(listed)
    wanted = {
        "check",
        "test",
        "explain",
        "render",
        "prove",
        "cover",
        "segments",
        "blocks",
        "recipients",
        "campaigns",
    }
    assert {tool.name for tool in tools} == wanted
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools)


def test_its_owner_may_let_it_see_personal_data(folder: Path) -> None:
    async def mail(client: Client) -> dict[str, Any]:
        return await ask(client, "render", campaign="newsletter", recipient="newcomer", part="text")

    saved = json.loads((folder / "newsletter/recipients/newcomer.json").read_text(encoding="utf-8"))
    assert saved["first_name"] in Agent(folder, "--show-pii").does(mail)["text"]
    assert saved["first_name"] not in Agent(folder).does(mail)["text"]
