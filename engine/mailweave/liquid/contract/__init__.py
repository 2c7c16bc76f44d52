"""The data contract of templates: what they read, by path, checked against what is declared."""

from mailweave.liquid.contract.campaign import CampaignContract, campaign_contract
from mailweave.liquid.contract.check import check_reads, undeclared, unread
from mailweave.liquid.contract.contract import Contract, merged
from mailweave.liquid.contract.infer import contract_of, infer
from mailweave.liquid.contract.model import Occurrence, Path, Read, str_path
from mailweave.liquid.contract.shapes import ANYTHING, Shape, items, leaf, record, roots_of, shape_of
from mailweave.liquid.filters.signature import Use

__all__ = [
    "ANYTHING",
    "CampaignContract",
    "Contract",
    "Occurrence",
    "Path",
    "Read",
    "Shape",
    "Use",
    "campaign_contract",
    "check_reads",
    "contract_of",
    "infer",
    "items",
    "leaf",
    "merged",
    "record",
    "roots_of",
    "shape_of",
    "str_path",
    "undeclared",
    "unread",
]
