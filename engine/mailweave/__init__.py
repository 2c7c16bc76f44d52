"""mailweave: e-mails from rules, blocks and Liquid. Compile once, render a million."""
