"""Signed links: clicks, opens, unsubscribing, a mail in the browser; put on a finished mail, and checked when followed."""

from mailweave.delivery.links.keys import Keys
from mailweave.delivery.links.refusals import LinkError
from mailweave.delivery.links.rewriting import rewrite
from mailweave.delivery.links.signer import Signer
from mailweave.delivery.links.tokens import Link, Purpose, sign, verify

__all__ = ["Keys", "Link", "LinkError", "Purpose", "Signer", "rewrite", "sign", "verify"]
