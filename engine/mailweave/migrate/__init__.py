"""Ways in: a template of another system, or the HTML of an e-mail, becomes a campaign."""
