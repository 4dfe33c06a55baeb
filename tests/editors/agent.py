"""Asks `alignlint mcp` with the reference client of the Model Context Protocol: `agent.py PROGRAM DIR`."""

import asyncio
import json
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

CALLS = {
    "check": {},
    "why": {"path": "."},
    "record": {"id": "governance"},
    "search": {"words": "price"},
    "explain": {"name": "decision"},
    "due": {"within": "1 quarter"},
    "draft": {"kind": "decision", "title": "Charge for each site"},
}


async def main(program: str, folder: str) -> None:
    server = StdioServerParameters(command=program, args=["-C", folder, "mcp", "--as-of", "2026-11-20"])
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        tools = {tool.name for tool in (await session.list_tools()).tools}
        assert tools == set(CALLS), tools
        for name, arguments in CALLS.items():
            result = await session.call_tool(name, arguments)
            assert not result.is_error, (name, result)
            assert json.loads(result.content[0].text) == result.structured_content, name
        refused = await session.call_tool("check", {"path": "no such file"})
        assert refused.is_error and "does not exist" in refused.content[0].text, refused
    print(f"{len(CALLS)} tools answered")


asyncio.run(main(*sys.argv[1:]))
