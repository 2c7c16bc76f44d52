"""The verbs of the command line: name to one line of help, in groups. The code is in the module of that name.

`--help` reads these tables alone, so that it loads nothing but click.
"""

from __future__ import annotations

from collections.abc import Mapping

VERBS: dict[str, str] = {
    "new": "Make a campaign to begin with: a folder that works, to change bit by bit.",
    "convert": "Make a campaign of a template of another system, or of a mail in HTML or MJML.",
    "demo": "Render a newsletter and a real list of customers; write a gallery and a report.",
    "render": "Render one recipient: HTML, text, AMP, message, decision.",
    "check": "Check campaigns and rule files.",
    "preview": "Show a campaign in the browser, new at every save, with the reasons.",
    "prove": "Prove rules: gaps, dead conditions, unreachable rows, each with a recipient who shows it.",
    "cover": "Write few made-up recipients who get everything that anybody can get.",
    "diff": "Compare what two versions of a campaign mean: who moves, each change with a recipient.",
    "explain": "Say why one recipient gets what: one sentence a slot, or every candidate.",
    "test": "Run the examples in rule files.",
    "format": "Write rule files in their one canonical form.",
    "contract": "Print the data that the templates of a campaign read.",
    "schema": "Exchange the profile of a rule text with JSON Schema.",
    "debug": "Print the Python that a template or a rule file becomes.",
    "blocks": "List the stock blocks and layouts; show the inputs of one.",
    "lint": "List the rules that `check` asks of every mail that can be sent.",
    "amp": "Validate AMP for Email offline; make it from HTML.",
    "inline": "Inline the CSS of a template once, its Liquid kept.",
    "text": "Derive the plain text of a template, its Liquid kept.",
    "sql": "Print the segments of a campaign as one query, in the SQL of six engines.",
    "segments": "Count a campaign's segments over a list: sizes, overlaps, conflicts, shares.",
    "batch": "Render a list of any size with a pool of workers; resumable.",
    "send": "Send the mails of a finished batch by SMTP, each once; resumable.",
    "expand": "Make the mails of `batch --format values` whole again.",
    "serve": "Serve campaigns over HTTP: render, decide, explain; new at every save.",
    "export": "Write mails as templates for SendGrid, SES, Mailgun, Postmark, and values by recipient.",
    "results": "Tell what came back: by arm, block, segment; what an experiment needs before.",
    "data": "Make lists of exports, merge doubles, keep consents, erase and export one person.",
    "trigger": "Send mails that start by themselves: triggers over a stream of events.",
    "score": "Score recipients by what they did: churn, propensity, value; with a card.",
    "recommend": "Recommend items to recipients by what they took; written as lists.",
    "template": "Work on one template: inline, text, amp, contract, debug.",
    "translate": "Extract the texts of a campaign, merge them into catalogues, check those.",
    "lsp": "Answer editors while an author types (Language Server Protocol).",
    "mcp": "Answer agents: check, test, explain, render, prove, cover (Model Context Protocol).",
    "completion": "Print what makes a shell complete the verbs and options.",
}

OF_TEMPLATES = ("inline", "text", "amp", "contract", "debug")
"""Verbs for one template. They stand under `template`, too, and `--help` names that alone."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Author": ("new", "preview", "blocks", "check", "format", "test"),
    "Review": ("render", "explain", "prove", "cover", "diff"),
    "Run": ("demo", "segments", "batch", "send", "serve", "results"),
    "Tools": ("template",),
}
"""What `--help` explains, by what somebody is about to do."""

BESIDE: Mapping[str, tuple[str, ...]] = {
    "ways in": ("convert", "data", "schema"),
    "ways out": ("sql", "export", "expand", "trigger"),
    "learning": ("score", "recommend"),
    "around": ("lint", "translate", "lsp", "mcp", "completion"),
}
"""Verbs that `--help` names at its end, by what they are for."""

EXAMPLES: Mapping[str, str] = {
    "new": "new spring --example newsletter",
    "preview": "preview my-campaign",
    "convert": "convert --from braze mail.html --out my-campaign",
    "demo": "demo --out out/demo",
    "render": "render my-campaign --profile ann.json --out out/ann",
    "check": "check my-campaign",
    "prove": "prove my-campaign",
    "cover": "cover my-campaign --out recipients",
    "diff": "diff main:my-campaign my-campaign",
    "explain": "explain my-campaign --profile ann.json",
    "test": "test my-campaign",
    "format": "format --check my-campaign",
    "contract": "contract my-campaign",
    "schema": "schema export my.rules",
    "debug": "debug block.html",
    "blocks": "blocks hero",
    "lint": "lint --rules",
    "amp": "amp mail.html",
    "inline": "inline mail.html",
    "text": "text mail.html",
    "sql": "sql my-campaign --dialect snowflake",
    "segments": "segments my-campaign --profiles customers.parquet",
    "batch": "batch my-campaign --profiles customers.parquet --out out/mails",
    "send": "send out/monday --smtp smtps://mail.example.com --rate 50/s",
    "expand": "expand out/values --out out/mails",
    "serve": "serve campaigns --port 8025",
    "export": "export my-campaign --to sendgrid --profiles customers.parquet --out out/sendgrid",
    "results": "results my-campaign --sent out/mails --events responses.jsonl",
    "data": "data load data.toml --out people.jsonl",
    "trigger": "trigger run my-campaign --events stream.jsonl --state triggers.db --out out/mails",
    "score": "score my-campaign --profiles p.parquet --events e.parquet --score churn --out scored.parquet",
    "recommend": "recommend my-campaign --profiles p.parquet --events e.parquet --list for_you --item sku --out l.parquet",
    "template": "template inline mail.html",
    "translate": "translate check my-campaign",
    "lsp": "lsp",
    "mcp": "mcp my-campaigns",
    "completion": "completion bash",
}
"""One call of each verb, which its `--help` ends with; a test reads each as the shell would."""

MEANT: Mapping[str, str] = {
    **dict.fromkeys(("validate", "verify"), "check"),
    **dict.fromkeys(("init", "create", "start", "scaffold"), "new"),
    **dict.fromkeys(("watch", "dev", "open", "view"), "preview"),
    **dict.fromkeys(("build", "compile"), "check"),
    **dict.fromkeys(("deliver", "mail", "resend"), "send"),
    **dict.fromkeys(("run",), "batch"),
    **dict.fromkeys(("why", "trace"), "explain"),
    **dict.fromkeys(("fmt", "fix", "tidy"), "format"),
    **dict.fromkeys(("compare", "changes"), "diff"),
    **dict.fromkeys(("count", "audience", "stats"), "segments"),
    **dict.fromkeys(("query",), "sql"),
    **dict.fromkeys(("i18n", "gettext", "localize"), "translate"),
    **dict.fromkeys(("show", "generate"), "render"),
    **dict.fromkeys(("import", "migrate", "transpile"), "convert"),
}
"""Verbs of other tools, and what does the like here."""
