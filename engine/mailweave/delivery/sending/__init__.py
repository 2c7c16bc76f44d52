"""Sending: the mails of a finished output, each handed to a server once, and a record of what became of it."""
