"""The rules: each a module with a function `findings`, which takes a campaign."""
