"""The kinds of facts in the rules table: what a tag, an attribute, a style sheet may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

REFERENCE_POINT = "$REFERENCE_POINT"
STRICT = frozenset({"amp4email", "data-css-strict"})
"""The identifiers of a strict AMP e-mail, the only kind that is made here."""


@dataclass(frozen=True, slots=True)
class UrlSpec:
    """Which URLs a value may hold."""

    protocols: frozenset[str] = frozenset()
    relative: bool = True
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Switch:
    """For which documents a spec counts, by the identifiers of their `<html>` tag."""

    enabled_by: frozenset[str] = frozenset()
    disabled_by: frozenset[str] = frozenset()

    def on(self, identifiers: frozenset[str]) -> bool:
        if self.enabled_by:
            return bool(self.enabled_by & identifiers)
        return not self.disabled_by & identifiers


@dataclass(frozen=True, slots=True)
class AttributeSpec:
    """What one attribute may hold and what it asks for."""

    name: str
    alternatives: tuple[str, ...] = ()
    mandatory: bool = False
    implicit: bool = False
    values: tuple[str, ...] = ()
    values_any_case: tuple[str, ...] = ()
    pattern: str | None = None
    pattern_any_case: bool = False
    refused: str | None = None
    url: UrlSpec | None = None
    document_css: bool = False
    extensions: tuple[str, ...] = ()
    triggered_by: str | None = None
    also_requires: tuple[str, ...] = ()
    dispatch: str = ""
    one_of: str = ""
    any_of: str = ""
    requires_mark: frozenset[str] = frozenset()
    provides_set: str = ""
    requires_set: str = ""
    deprecation: str = ""
    switch: Switch = Switch()


@dataclass(frozen=True, slots=True)
class CssSpec:
    """What the style sheet of a `<style>` tag may hold."""

    at_rules: frozenset[str]
    media_types: frozenset[str] | None = None
    media_features: frozenset[str] = frozenset()
    media_is_error: bool = True
    attribute_selectors: frozenset[str] | None = None
    pseudo_classes: frozenset[str] = frozenset()
    pseudo_elements: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TextSpec:
    """What the text inside a tag may be."""

    css: CssSpec | None = None
    pattern: str | None = None
    blank: bool = False
    max_bytes: int | None = None
    refused: tuple[tuple[str, str], ...] = ()
    counts_as_css: bool = False


@dataclass(frozen=True, slots=True)
class ChildrenSpec:
    """Which children a tag may have."""

    names: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    count: int | None = None
    least: int | None = None


@dataclass(frozen=True, slots=True)
class LayoutSpec:
    """Which AMP layouts a component supports."""

    supported: frozenset[str]
    default_width: bool = False
    default_height: bool = False


@dataclass(frozen=True, slots=True)
class ExtensionSpec:
    """The script that loads an extension."""

    name: str
    versions: tuple[str, ...]
    deprecated: tuple[str, ...] = ()
    attribute: str = "custom-element"
    must_be_used: bool = True


@dataclass(frozen=True, slots=True)
class TagSpec:
    """One form in which a tag may stand."""

    id: int
    tag: str
    name: str
    spec_name: str
    described: str
    attributes: Mapping[str, AttributeSpec]
    only_these: bool = False
    mandatory: bool = False
    unique: bool = False
    unique_is_warning: bool = False
    parent: str = ""
    ancestor: str = ""
    no_ancestors: tuple[str, ...] = ()
    alone: bool = False
    last: bool = False
    children: ChildrenSpec | None = None
    text: TextSpec | None = None
    layout: LayoutSpec | None = None
    extensions: tuple[str, ...] = ()
    extension: ExtensionSpec | None = None
    reference_points: tuple[tuple[str, bool, bool], ...] = ()
    satisfies: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    deprecation: str = ""
    switch: Switch = Switch()
    dispatch_keys: tuple[tuple[str, ...], ...] = ()

    @property
    def remembered_always(self) -> bool:
        """Whether even a faulty tag counts as present, so that one fault is told once."""
        return self.mandatory

    @property
    def remembered_when_passing(self) -> bool:
        return self.unique or self.unique_is_warning or bool(self.requires)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a CSS property may hold."""

    values: tuple[str, ...] = ()
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentCss:
    """The CSS rules of a whole document: strict, or the older lax ones."""

    switch: Switch
    max_bytes: int
    max_inline_bytes: int
    limit_is_warning: bool
    anything_declared: bool
    strip_vendor: bool
    declarations: Mapping[str, Declaration]
    image_url: UrlSpec
    font_url: UrlSpec


@dataclass(frozen=True, slots=True)
class Rules:
    """The whole table."""

    tags: tuple[TagSpec, ...]
    by_tag: Mapping[str, tuple[TagSpec, ...]]
    dispatch: Mapping[str, Mapping[tuple[str, ...], tuple[TagSpec, ...]]]
    by_name: Mapping[str, TagSpec]
    css: tuple[DocumentCss, ...]
    max_bytes: int
    messages: Mapping[str, str]
    specificity: Mapping[str, int]

    def document_css(self, identifiers: frozenset[str]) -> DocumentCss:
        return next(css for css in self.css if css.switch.on(identifiers))
