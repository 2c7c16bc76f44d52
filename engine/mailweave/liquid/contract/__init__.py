"""The data contract of templates: what they read, by path, checked against what is declared."""

from mailweave.liquid.contract.infer import contract_of, infer
from mailweave.liquid.contract.model import Contract, Occurrence, Path, Read, Use, merged, str_path

__all__ = ["Contract", "Occurrence", "Path", "Read", "Use", "contract_of", "infer", "merged", "str_path"]
