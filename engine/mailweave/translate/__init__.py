"""Catalogues of a whole campaign: what there is to translate, merged into what is translated, and checked."""

from mailweave.translate.catalogues import (
    Share,
    asked,
    extracted,
    lacking,
    of_libraries,
    share,
    updated,
)

__all__ = ["Share", "asked", "extracted", "lacking", "of_libraries", "share", "updated"]
