"""The MCP server on standard input and output: read-only tools, refusals as they are."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.agents.tools import Tools
from app.workspace import UsageError
from ingest.source import TMinusError

if TYPE_CHECKING:
    from mcp.server import MCPServer

INSTRUCTIONS = (
    "Readiness from evidence, and a deployment date with its odds. Every figure comes with its evidence: name it. "
    "Unknown is not zero, a claim is not evidence, and a forecast that refuses gives no date. Nothing is written."
)


def serve(config: Path | None) -> int:
    """Answer until the client closes the input. UsageError: the SDK is missing, or the plan cannot be read."""
    from app.steps.assess import open_workspace

    server = build(config)
    open_workspace(config, adopt=False)  # a wrong plan is refused here, in one line, before a client waits
    with redirect_stdout(sys.__stdout__):  # the SDK takes over the real stream
        server.run("stdio")
    return 0


def build(config: Path | None) -> MCPServer[Any]:
    """The server with its tools. UsageError: the SDK is not installed."""
    try:
        from mcp.server import MCPServer
        from mcp_types import ToolAnnotations
    except ImportError:
        raise UsageError("the MCP server needs the MCP SDK: pip install 'tminus[mcp]'") from None
    server: MCPServer[Any] = MCPServer(
        "tminus", instructions=INSTRUCTIONS, version=version("tminus"), log_level="WARNING"
    )
    tools = Tools(config)
    reads = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    for tool in (
        tools.status,
        tools.explain,
        tools.forecast,
        tools.what_if,
        tools.moved,
        tools.decisions,
        tools.claims,
    ):
        server.tool(annotations=reads, structured_output=True)(_answering(tool))
    return server


def _answering(tool: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """The tool; what it cannot answer reaches the agent as the one line that the command line prints."""
    from mcp.server.mcpserver.exceptions import ToolError

    @wraps(tool)
    def answer(*args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            return tool(*args, **kwargs)
        except TMinusError as problem:
            raise ToolError(str(problem)) from problem

    return answer
