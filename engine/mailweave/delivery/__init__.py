"""From a finished e-mail to the sender that takes it, and from what the sender tells back to declared events."""

from mailweave.delivery import links

__all__ = ["links"]
