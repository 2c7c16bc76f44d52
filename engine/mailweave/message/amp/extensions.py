"""The scripts of AMP's components: which ones a document needs, and no other.

A script that is loaded and not used is an error of AMP, as is one that is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from mailweave.message.amp.rules import rules
from mailweave.message.amp.specs import ExtensionSpec

_CDN = "https://cdn.ampproject.org"
_TAG = re.compile(r"<(amp-[a-z-]+|form|template|textarea|script)\b([^>]*)", re.IGNORECASE)
_BINDING = re.compile(r"""\s\[[a-z-]+\]=|\sdata-amp-bind-|\son=["'][^"']*AMP\.""", re.IGNORECASE)


@cache
def _by_tag() -> Mapping[str, str]:
    """The extension of each tag that needs one."""
    return {
        spec.tag.lower(): spec.extensions[0]
        for spec in rules().tags
        if spec.extensions and (spec.tag.startswith("AMP-") or spec.tag in ("FORM", "TEMPLATE"))
    }


@cache
def known() -> Mapping[str, ExtensionSpec]:
    """All extensions of AMP for Email."""
    return {spec.extension.name: spec.extension for spec in rules().tags if spec.extension is not None}


def used(text: str) -> frozenset[str]:
    """The extensions that a piece of AMP needs, by its tags and attributes.

    Values in it are escaped, so that each `<` is an author's.

    >>> sorted(used('<amp-carousel></amp-carousel><p [text]="s.a">1</p>'))
    ['amp-bind', 'amp-carousel']
    """
    by_tag = _by_tag()
    found = {"amp-bind"} if _BINDING.search(text) else set()
    for match in _TAG.finditer(text):
        tag, rest = match.group(1).lower(), match.group(2)
        if tag == "script":
            found |= {"amp-mustache"} if 'template="amp-mustache"' in rest else set()
        elif tag == "textarea":
            found |= {"amp-form"} if "autoexpand" in rest else set()
        elif tag in by_tag:
            found.add(by_tag[tag])
    return frozenset(found)


def scripts(extensions: Iterable[str]) -> str:
    """The `<script>` tags that load extensions, in a fixed order. Unknown names are left out."""
    return "".join(_script(known()[name]) for name in sorted(set(extensions) & set(known())))


def _script(extension: ExtensionSpec) -> str:
    name = extension.name
    version = next(v for v in extension.versions if v not in extension.deprecated)
    return f'<script async {extension.attribute}="{name}" src="{_CDN}/v0/{name}-{version}.js"></script>'
