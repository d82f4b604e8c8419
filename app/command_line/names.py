"""The commands in the order of the help, with what each does in one line.

Apart from the table of commands, so that `tminus --help` loads neither arguments nor calls.
"""

from __future__ import annotations

HELP = {
    "init": "write a commented tminus.toml, from the tree or from a checklist",
    "pull": "read what is new: git history, checklists, claims, CI and files",
    "status": "how ready, gate by gate, with evidence",
    "forecast": "when readiness reaches its target and every GO rule holds",
    "moved": "what moved, and which commits moved it",
    "review": "the weekly review as Markdown, HTML or JSON",
    "send": "send the review, or only what changed, to Slack, Teams, mail or a webhook",
    "decide": "write down a decision of the meeting, with owner and day",
    "decisions": "the decisions with the evidence since; close one",
    "runbook": "the steps of the runbooks, each with its last run",
    "run-step": "run one runbook step that you confirm, and keep what came of it",
    "drill": "time a rollback drill until the health check answers",
    "messages": "who has to be informed around the deployment, and what was sent",
    "check": "for CI: exit 0 on GO, 1 when a gate fails, 3 without evidence",
    "checklist": "write the document of the plan from evidence",
    "pr-comment": "what a change moves, as the comment on its pull request",
    "lint": "whether plan and checklist are sound, each problem with its line",
    "deploy": "record a deployment to a stage, or a rollback; refused on NO-GO",
    "rollout": "the current stage, what holds it, and the windows since the deployment",
    "incident": "record an incident, or that it is resolved",
    "withdraw": "take back an event that was recorded by mistake; it stays visible",
    "series": "one metric over time",
    "explain": "where a criterion's points come from, and the cheapest path to the target",
    "record": "store one value by hand or from a CI job",
    "read": "what a report file would yield, without storing it",
    "reread": "read the kept raw reports again with the current readers",
    "backtest": "how good such forecasts have been",
    "sql": "query the warehouse with SQL, read-only",
    "export": "write all rows to files",
    "backup": "copy the warehouse to a file, checked and whole",
    "warehouse": "copy a warehouse between a file and a lake, or tidy a lake",
    "doctor": "what is wrong or missing, each with the next step",
    "portfolio": "many projects: pull them side by side, and how each is, worst first",
    "app": "serve the dashboard on loopback",
    "demo": "the whole product on bundled data, without network",
    "mcp": "answer agents over the Model Context Protocol, read-only",
    "badge": "readiness, verdict or odds as a badge: SVG, or JSON for a badge service",
    "site": "write a static site: the current review, the frozen ones, badges",
    "metrics": "status and forecast as OpenMetrics text, for Prometheus",
    "completion": "print the completion script of a shell",
}
