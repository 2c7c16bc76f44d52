"""The middle of the compiler: a small frozen tree, which the interpreter walks and the passes rewrite."""
