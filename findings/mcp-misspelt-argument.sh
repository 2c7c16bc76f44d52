#!/usr/bin/env bash
# Subject: mcp 2.3.0 (Python).
# Guess: a tool that is called with an argument it does not have refuses, as a function in Python does; a value
#   of a wrong type is refused without being repeated; a dict is structured content.
# Seen: the unknown argument is dropped and the default taken, with a success; the refusal of a value quotes
#   it; of two tools that return the same dict, the one that says `-> dict` has no structured content.
# Cost: an agent that asks to send to `limits: 10` instead of `limit: 10` sends to everybody, and is told
#   that it went well; addresses stand in logs of refusals.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check mcp==2.3.0 || exit 2
cat > "$work/expected" <<'END'
limit 10: done, structured True, quoted False
limits 10: done, structured True, quoted False
limit ann@example.com: refused, structured False, quoted True
bare: done, structured False, quoted False
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
import asyncio

from mcp.client.client import Client
from mcp.server.mcpserver import MCPServer

server = MCPServer("a", log_level="CRITICAL")


@server.tool()
def send(limit: int = 1_000_000) -> dict[str, int]:
    return {"sent": limit}


@server.tool()
def bare() -> dict:
    return {"sent": 1}


async def main():
    async with Client(server) as client:
        for tool, given in (("send", {"limit": 10}), ("send", {"limits": 10}), ("send", {"limit": "ann@example.com"}), ("bare", {})):
            result = await client.call_tool(tool, given)
            how = "refused" if result.is_error else "done"
            about = " ".join(f"{name} {value}" for name, value in given.items()) or tool
            structured, quoted = result.structured_content is not None, "ann@" in result.content[0].text
            print(f"{about}: {how}, structured {structured}, quoted {quoted}")


asyncio.run(main())
END
cat "$work/seen"
diff "$work/expected" "$work/seen"
