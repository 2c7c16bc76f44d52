"""The verbs of the command line: name to one line of help. The code is in the module of that name.

`--help` reads this table alone, so that it loads nothing but click.
"""

VERBS: dict[str, str] = {
    "demo": "Decide and render a real list of customers; write a gallery and a report.",
    "render": "Render one recipient: HTML, text, AMP, message, decision.",
    "check": "Check campaigns and rule files.",
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
    "amp": "Validate AMP for Email offline; make it from HTML.",
    "inline": "Inline the CSS of a template once, its Liquid kept.",
    "text": "Derive the plain text of a template, its Liquid kept.",
    "sql": "Print the segments of a campaign as one query, in the SQL of six engines.",
    "segments": "Count a campaign's segments over a list: sizes, overlaps, conflicts, shares.",
    "batch": "Render a list of any size with a pool of workers; resumable.",
}
