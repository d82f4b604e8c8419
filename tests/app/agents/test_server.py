"""`tminus mcp`, asked by the protocol's own client over standard input and output."""

from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.command_line.parser import main
from tests.testing.dashboard_workspace import build

ROOT = Path(__file__).parents[3]


def digest(config: Path) -> dict[str, str]:
    """The hash of every file of the workspace."""
    files = (path for path in config.parent.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


async def ask(config: Path, *questions: tuple[str, dict[str, object]]):
    """The tools of a server of its own process, and its results to the questions."""
    from mcp import Client, StdioServerParameters, stdio_client

    words = ["-m", "tminus", "mcp", "--config", str(config)]
    server = StdioServerParameters(command=sys.executable, args=words, cwd=str(ROOT))
    with (config.parent.parent / "errors.txt").open("w") as errors:
        return await answered(Client(stdio_client(server, errlog=errors)), questions)


async def answered(client, questions):
    """What the server has and says."""
    async with client:
        tools = (await client.list_tools()).tools
        return tools, [await client.call_tool(name, arguments) for name, arguments in questions]


def command(capsys, *words: str):
    """The answer of the same command on the command line."""
    capsys.readouterr()
    main([*words, "--json"])
    return json.loads(capsys.readouterr().out)


def test_agents_get_the_answers_of_the_commands(tmp_path, capsys):
    """Seven read-only tools answer as the commands do, refuse in one line, and write nothing, not even a plan edit."""
    pytest.importorskip("mcp", reason="the extra tminus[mcp] is not installed")
    config = build(tmp_path)
    config.write_text(config.read_text(encoding="utf-8").replace("threshold = 15", "threshold = 16"), encoding="utf-8")
    before = digest(config)
    questions = (
        ("status", {}),
        ("explain", {"criterion": "test-coverage"}),
        ("forecast", {}),
        ("what_if", {"changes": "freeze:2w"}),
        ("moved", {"since": "2025-11-03"}),
        ("decisions", {}),
        ("claims", {}),
        ("explain", {"criterion": "nothing-such"}),
        ("what_if", {}),
        ("moved", {"since": "2025-11-18", "until": "2025-11-17"}),
        ("status", {"at": "yesterday"}),
    )
    tools, results = asyncio.run(ask(config, *questions))
    after = digest(config)

    assert {tool.name for tool in tools} == {name for name, _ in questions}
    assert all(tool.annotations.read_only_hint and len(tool.description) > 40 for tool in tools)
    assert after == before
    answers = [result.structured_content for result in results[:7]]
    assert [result.is_error for result in results] == [False] * 7 + [True] * 4
    status, explained, forecast, changed, moved, decisions, claims = answers
    assert forecast["outcome"] == command(capsys, "forecast", "--config", str(config))["outcome"]
    assert changed["schema"] == forecast["schema"]
    assert "what_if" in changed
    assert moved["schema"].startswith("tminus.moved/")
    assert explained == command(capsys, "explain", "test-coverage", "--config", str(config))
    assert status == command(capsys, "status", "--config", str(config))
    assert decisions["decisions"] == []
    assert claims["counted"] is False
    assert all({"path", "line", "commit", "url"} <= claim.keys() for claim in claims["claims"])
    refusals = [result.content[0].text for result in results[7:]]
    assert "there is no criterion 'nothing-such'" in refusals[0]
    assert "at least one change" in refusals[1]
    assert "window is empty" in refusals[2]
    assert "yesterday" in refusals[3]


def test_a_missing_sdk_is_named_with_its_install_line(tmp_path):
    """Without the extra the command ends with one line that says how to install it, and code 2."""
    config = build(tmp_path)
    program = "import sys; sys.modules['mcp'] = None; from tminus import main; sys.exit(main())"
    words = [sys.executable, "-c", program, "mcp", "--config", str(config)]
    ended = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=False, stdin=subprocess.DEVNULL)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "tminus mcp: the MCP server needs the MCP SDK: pip install 'tminus[mcp]'\n"
