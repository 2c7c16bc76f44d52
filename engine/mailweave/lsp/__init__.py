"""The language server: what an editor asks while an author types (Language Server Protocol 3.17).

Answers come from what a text looks like, whatever is broken in it; findings from the engine itself, which checks the
whole campaign in a process beside, with the unsaved texts laid over the files.
"""
