"""Exports become lists: cells read by the mapping, rows admitted as the rules admit them."""
