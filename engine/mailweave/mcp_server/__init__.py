"""What agents ask: campaigns of one folder, checked, tested, explained, rendered, proved; nothing is written.

The protocol is the Model Context Protocol; the package is not called `mcp`, as the library that speaks it is.
"""
