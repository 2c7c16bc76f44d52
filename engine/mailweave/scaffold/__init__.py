"""New campaigns: a folder from an example, and declarations from a list."""
