"""The rules of the AMP4EMAIL format, read from `rules.json` into typed specs.

The table is data: what a tag, an attribute or a style sheet may be is written there and nowhere in
the code. `rules()` reads it once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from mailweave.message.amp.specs import (
    REFERENCE_POINT,
    AttributeSpec,
    ChildrenSpec,
    CssSpec,
    Declaration,
    DocumentCss,
    ExtensionSpec,
    LayoutSpec,
    Rules,
    Switch,
    TagSpec,
    TextSpec,
    UrlSpec,
)

_RUNTIME = "amphtml javascript runtime (v0.js)"


@cache
def rules() -> Rules:
    """The table that ships with the package."""
    raw = json.loads((files(__package__) / "rules.json").read_text(encoding="utf-8"))
    return _Reader(raw).read()


class _Reader:
    """Turns the JSON facts into specs."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw
        self.lists = {
            name: {key: self.attribute(key, spec) for key, spec in entries.items()}
            for name, entries in raw["attrLists"].items()
        }

    def read(self) -> Rules:
        tags = tuple(self.tag(number, spec) for number, spec in enumerate(self.raw["tags"]))
        by_tag: dict[str, list[TagSpec]] = {}
        dispatch: dict[str, dict[tuple[str, ...], tuple[TagSpec, ...]]] = {}
        for tag in tags:
            if tag.tag == REFERENCE_POINT:
                continue
            by_tag.setdefault(tag.tag, [])
            if not tag.dispatch_keys:
                by_tag[tag.tag].append(tag)
            for key in tag.dispatch_keys:
                keyed = dispatch.setdefault(tag.tag, {})
                keyed[key] = (*keyed.get(key, ()), tag)
        errors = self.raw["errors"]
        return Rules(
            tags,
            {name: tuple(specs) for name, specs in by_tag.items()},
            dispatch,
            {tag.name: tag for tag in tags},
            tuple(self.document_css(spec) for spec in self.raw["css"]),
            self.raw["document"]["maxBytes"],
            {code: message for code, (_, message) in errors.items()},
            {code: specificity for code, (specificity, _) in errors.items()},
        )

    def text_of(self, pattern: Any) -> str | None:
        if isinstance(pattern, dict):
            return str(self.raw["patterns"][pattern["$"]])
        return None if pattern is None else str(pattern)

    def attribute(self, name: str, raw: dict[str, Any]) -> AttributeSpec:
        trigger = raw.get("trigger", {})
        url = raw.get("valueUrl")
        any_case = raw.get("valueRegexCasei")
        return AttributeSpec(
            name,
            alternatives=tuple(raw.get("alternativeNames", ())),
            mandatory=raw.get("mandatory", False),
            implicit=raw.get("implicit", False),
            values=tuple(raw.get("value", ())),
            values_any_case=tuple(raw.get("valueCasei", ())),
            pattern=self.text_of(raw.get("valueRegex", any_case)),
            pattern_any_case=any_case is not None,
            refused=self.text_of(raw.get("disallowedValueRegex")),
            url=None if url is None else _url(url),
            document_css=raw.get("valueDocCss", False) or raw.get("valueDocSvgCss", False),
            extensions=tuple(raw.get("requiresExtension", ())),
            triggered_by=trigger.get("ifValueRegex", ".*" if trigger else None),
            also_requires=tuple(trigger.get("alsoRequiresAttr", ())),
            dispatch=raw.get("dispatchKey", ""),
            one_of=_group(raw.get("mandatoryOneof")),
            any_of=_group(raw.get("mandatoryAnyof")),
            requires_mark=frozenset(raw.get("requiresAncestor", {}).get("marker", ())),
            provides_set=raw.get("addValueToSet", ""),
            requires_set=raw.get("valueOneofSet", ""),
            deprecation=raw.get("deprecation", ""),
            switch=_switch(raw),
        )

    def attributes(self, raw: dict[str, Any]) -> dict[str, AttributeSpec]:
        """All attributes of a tag; the first list that names one wins."""
        found: dict[str, AttributeSpec] = {}
        point = raw["tagName"] == REFERENCE_POINT
        everywhere = not point and not raw.get("explicitAttrsOnly", False)
        if everywhere and "ampLayout" in raw:
            found |= self.lists["$AMP_LAYOUT_ATTRS"]
        own = {name: self.attribute(name, spec) for name, spec in raw.get("attrs", {}).items()}
        named = [self.lists[name] for name in raw.get("attrLists", ())]
        for group in [own, *named, self.lists["$GLOBAL_ATTRS"] if everywhere else {}]:
            found = {**group, **found}
        spare = {other: spec for spec in found.values() for other in spec.alternatives}
        return {**spare, **found}

    def tag(self, number: int, raw: dict[str, Any]) -> TagSpec:
        extension = _extension(raw.get("extensionSpec"))
        spec_name = raw.get("specName", "")
        described = raw.get("descriptiveName", spec_name if extension else raw["tagName"].lower())
        attributes = self.attributes(raw)
        duplicates = raw.get("extensionSpec", {}).get("deprecatedAllowDuplicates", False)
        parent = "HEAD" if extension else raw.get("mandatoryParent", "").upper()
        return TagSpec(
            number,
            raw["tagName"],
            spec_name or raw["tagName"].lower(),
            spec_name,
            described,
            attributes,
            only_these=raw.get("explicitAttrsOnly", False),
            mandatory=raw.get("mandatory", False),
            unique=raw.get("unique", False) or (extension is not None and not duplicates),
            unique_is_warning=raw.get("uniqueWarning", False) or duplicates,
            parent=parent,
            ancestor=raw.get("mandatoryAncestor", "").upper(),
            no_ancestors=tuple(name.upper() for name in raw.get("disallowedAncestor", ())),
            alone=raw.get("siblingsDisallowed", False),
            last=raw.get("mandatoryLastChild", False),
            children=_children(raw.get("childTags")),
            text=TextSpec(blank=True) if extension else self.text(raw.get("cdata")),
            layout=_layout(raw.get("ampLayout")),
            extensions=tuple(raw.get("requiresExtension", ())),
            extension=extension,
            reference_points=tuple(
                (point["tagSpecName"], point.get("mandatory", False), point.get("unique", False))
                for point in raw.get("referencePoints", ())
            ),
            satisfies=tuple(raw.get("satisfies", ())),
            requires=(*raw.get("requires", ()), *((_RUNTIME,) if extension else ())),
            excludes=tuple(raw.get("excludes", ())),
            marks=frozenset(raw.get("markDescendants", {}).get("marker", ())),
            deprecation=raw.get("deprecation", ""),
            switch=_switch(raw),
            dispatch_keys=_dispatch_keys(attributes, extension, parent),
        )

    def text(self, raw: dict[str, Any] | None) -> TextSpec | None:
        if raw is None:
            return None
        return TextSpec(
            css=_css(raw["cssSpec"]) if "cssSpec" in raw else None,
            pattern=raw.get("cdataRegex"),
            blank=raw.get("whitespaceOnly", False),
            max_bytes=raw.get("maxBytes"),
            refused=tuple((r["regex"], r["errorMessage"]) for r in raw.get("disallowedCdataRegex", ())),
            counts_as_css=raw.get("docCssBytes", False),
        )

    def document_css(self, raw: dict[str, Any]) -> DocumentCss:
        declarations = {
            name: Declaration(tuple(spec.get("valueCasei", ())), self.text_of(spec.get("valueRegexCasei")))
            for key in raw["declarationList"]
            for name, spec in self.raw["declarations"][key].items()
        }
        return DocumentCss(
            _switch(raw),
            raw["maxBytes"],
            raw["maxBytesPerInlineStyle"],
            raw["maxBytesIsWarning"],
            raw["allowAllDeclarationInStyle"],
            raw["expandVendorPrefixes"],
            declarations,
            _url(raw["imageUrlSpec"]),
            _url(raw.get("fontUrlSpec", {})),
        )


def _group(names: list[str] | None) -> str:
    return "" if not names else "['" + "', '".join(names) + "']"


def _switch(raw: dict[str, Any]) -> Switch:
    return Switch(frozenset(raw.get("enabledBy", ())), frozenset(raw.get("disabledBy", ())))


def _url(raw: dict[str, Any]) -> UrlSpec:
    return UrlSpec(
        frozenset(raw.get("protocol", ())), raw.get("allowRelative", True), raw.get("allowEmpty", False)
    )


def _extension(raw: dict[str, Any] | None) -> ExtensionSpec | None:
    if raw is None:
        return None
    template = raw.get("extensionType") == "CUSTOM_TEMPLATE"
    return ExtensionSpec(
        raw["name"],
        tuple(raw["version"]),
        tuple(raw.get("deprecatedVersion", ())),
        "custom-template" if template else "custom-element",
        raw.get("requiresUsage", "ERROR") == "ERROR",
    )


def _children(raw: dict[str, Any] | None) -> ChildrenSpec | None:
    if raw is None:
        return None
    return ChildrenSpec(
        tuple(raw.get("childTagNameOneof", ())),
        tuple(raw.get("firstChildTagNameOneof", ())),
        raw.get("mandatoryNumChildTags"),
        raw.get("mandatoryMinNumChildTags"),
    )


def _layout(raw: dict[str, Any] | None) -> LayoutSpec | None:
    if raw is None:
        return None
    supported = frozenset(name.lower().replace("_", "-") for name in raw["supportedLayouts"])
    return LayoutSpec(
        supported, raw.get("definesDefaultWidth", False), raw.get("definesDefaultHeight", False)
    )


def _css(raw: dict[str, Any]) -> CssSpec:
    media: dict[str, Any] = next(
        (rule["mediaQuerySpec"] for rule in raw["atRuleSpec"] if "mediaQuerySpec" in rule), {}
    )
    selectors = raw.get("selectorSpec")
    return CssSpec(
        frozenset(rule["name"] for rule in raw["atRuleSpec"]),
        frozenset(media["type"]) if media else None,
        frozenset(media.get("feature", ())),
        media.get("issuesAsError", False),
        None if selectors is None else frozenset(selectors.get("attributeName", ())),
        frozenset((selectors or {}).get("pseudoClass", ())),
        frozenset((selectors or {}).get("pseudoElement", ())),
    )


def _dispatch_keys(
    attributes: Mapping[str, AttributeSpec], extension: ExtensionSpec | None, parent: str
) -> tuple[tuple[str, ...], ...]:
    """By which of its attributes a tag is recognised as meant for a spec: a name, a value, a parent."""
    keys: list[tuple[str, ...]] = []
    for spec in attributes.values():
        value = (*(v.lower() for v in spec.values), *spec.values_any_case, "")[0]
        if spec.dispatch == "NAME_DISPATCH":
            keys.append((spec.name,))
        elif spec.dispatch == "NAME_VALUE_DISPATCH":
            keys.append((spec.name, value))
        elif spec.dispatch == "NAME_VALUE_PARENT_DISPATCH":
            keys.append((spec.name, value, parent))
    if not keys and extension is not None:
        keys.append((extension.attribute, extension.name))
    return tuple(keys)
