"""The verbs of the command line: name to one line of help. The code is in the module of that name.

`--help` reads this table alone, so that it loads nothing but click.
"""

VERBS: dict[str, str] = {
    "demo": "Decide and render a real list of customers; write a gallery and a report.",
    "render": "Render one recipient: HTML, text, AMP, message, decision.",
    "check": "Check campaigns and rule files.",
    "blocks": "List the stock blocks and layouts; show the inputs of one.",
}
