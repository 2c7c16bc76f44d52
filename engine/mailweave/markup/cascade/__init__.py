"""The cascade of CSS: which declaration a browser gives to which element, and in which order."""
