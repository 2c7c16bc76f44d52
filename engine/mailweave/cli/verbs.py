"""The verbs of the command line: name to one line of help. The code is in the module of that name.

`--help` reads this table alone, so that it loads nothing but click.
"""

VERBS: dict[str, str] = {}
