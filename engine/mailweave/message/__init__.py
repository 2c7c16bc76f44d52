"""A finished e-mail and what it is made of: text, AMP, links, headers, MIME."""

from mailweave.message.attachment import Attachment
from mailweave.message.email import Email

__all__ = ["Attachment", "Email"]
