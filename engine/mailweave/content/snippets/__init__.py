"""Snippets: pieces that templates share, written out by `{% render %}` when a campaign is compiled."""
