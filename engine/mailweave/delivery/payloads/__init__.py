"""E-mails in the form of a provider's API: whole, or refused by name."""
