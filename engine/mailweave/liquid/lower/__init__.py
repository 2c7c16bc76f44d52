"""From python-liquid's tree to ours: escapers, prices, and partials become part of it.

The interpreter and the compiler run what this makes, so handing a template from one to the other can undo neither
escaping nor the budget.
"""
