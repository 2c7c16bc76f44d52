"""The emitter: one Python function for a tree."""
