"""The attributes of one tag held against one spec."""

from __future__ import annotations

from dataclasses import dataclass, field

from mailweave.message.amp.layout import check_layout
from mailweave.message.amp.patterns import matches, occurs
from mailweave.message.amp.report import AmpError, finding
from mailweave.message.amp.specs import REFERENCE_POINT, AttributeSpec, TagSpec
from mailweave.message.amp.state import Attempt, State, Tag
from mailweave.message.amp.stylesheets import check_style
from mailweave.message.amp.urls import check_url

_DATA = r"data-[A-Za-z0-9-_:.]*"
_MUSTACHE = r"{{.*}}"
_UNESCAPED = r"{{\s*[&{]"
_PARTIAL = r"{{\s*>"
_SPACE = " \t\n\r\f"
IDENTIFIERS = {
    "⚡4email": "amp4email",
    "⚡️4email": "amp4email",
    "amp4email": "amp4email",
    "⚡": "amp",
    "⚡️": "amp",
    "amp": "amp",
    "⚡4ads": "amp4ads",
    "⚡️4ads": "amp4ads",
    "amp4ads": "amp4ads",
    "transformed": "transformed",
    "data-ampdevmode": "data-ampdevmode",
    "data-css-strict": "data-css-strict",
}


def has_mustache(value: str) -> bool:
    """Whether a client-side template will still change this value."""
    return occurs(_MUSTACHE, value)


@dataclass(slots=True)
class _Seen:
    """What the attributes of one tag have shown so far."""

    names: set[str] = field(default_factory=set)
    mandatory: set[str] = field(default_factory=set)
    one_of: set[str] = field(default_factory=set)
    any_of: set[str] = field(default_factory=set)
    triggers: list[AttributeSpec] = field(default_factory=list)
    validated: set[str] = field(default_factory=set)
    extension_source: bool = False


def check_attributes(tag: Tag, spec: TagSpec, point: TagSpec | None, state: State, attempt: Attempt) -> None:
    """Adds to `attempt` what is wrong with the attributes."""
    _Check(tag, spec, point, state, attempt).run()


@dataclass(slots=True)
class _Check:
    tag: Tag
    spec: TagSpec
    point: TagSpec | None
    state: State
    attempt: Attempt
    seen: _Seen = field(default_factory=_Seen)

    def error(self, code: str, *params: object, warning: bool = False) -> None:
        self.attempt.errors.append(self.finding(code, *params, warning=warning))

    def finding(self, code: str, *params: object, warning: bool = False) -> AmpError:
        return finding(code, self.tag.place, *params, warning=warning)

    def run(self) -> None:
        if self.spec.layout is not None:
            self.layout()
        for name, value in self.tag.attributes:
            if name not in self.seen.names:
                self.seen.names.add(name)
                self.attribute(name, value)
        if not self.attempt.failed:
            self.groups()
            self.also_required()
            self.missing()

    def layout(self) -> None:
        names = ("layout", "width", "height", "sizes", "heights")
        given = {name: self.tag.values[name] for name in names if name in self.tag.values}
        if self.state.in_template and any(has_mustache(value) for value in given.values()):
            return
        assert self.spec.layout is not None  # asked by the caller
        fault = check_layout(given, self.spec.layout, self.spec.described)
        if fault is not None:
            self.error(fault[0], *fault[1])

    # ---- one attribute

    def attribute(self, name: str, value: str) -> None:
        if name == "class":
            self.class_names(value)
        if name == "src" and self.tag.script.loads_amp:
            self.script_source(value)
            if self.tag.script.extension:
                self.seen.extension_source = True
                return
        known = self.spec.attributes.get(name)
        if known is None:
            self.unknown(name, value)
            return
        if self.state.in_template:
            self.below_template(name, value)
            if self.attempt.failed:
                return
        self.known(known, name, value)

    def class_names(self, value: str) -> None:
        for word in _words(value):
            if word.startswith("i-amphtml-"):
                self.error("INVALID_ATTR_VALUE", "class", self.spec.described, value)
                return

    def unknown(self, name: str, value: str) -> None:
        if self.tag.name == "HTML" and name in IDENTIFIERS:
            return
        if self.spec.tag == REFERENCE_POINT:
            return
        if self.point is not None and name in self.point.attributes:
            return
        extension = self.spec.extension
        if extension is not None and (name, value) == (extension.attribute, extension.name):
            return
        if not (not self.spec.only_these and matches(_DATA, name)):
            code = "TEMPLATE_IN_ATTR_NAME" if "{{" in name else "DISALLOWED_ATTR"
            self.error(code, name, self.spec.described)
        if not self.attempt.failed and self.state.in_template:
            self.below_template(name, value)

    def below_template(self, name: str, value: str) -> None:
        if occurs(_UNESCAPED, value):
            self.error("UNESCAPED_TEMPLATE_IN_ATTR_VALUE", name, self.spec.described, value)
        elif occurs(_PARTIAL, value):
            self.error("TEMPLATE_PARTIAL_IN_ATTR_VALUE", name, self.spec.described, value)

    def known(self, known: AttributeSpec, name: str, value: str) -> None:
        if not known.switch.on(self.state.identifiers):
            self.error("DISALLOWED_ATTR", name, self.spec.described)
            return
        if known.deprecation:
            self.error("DEPRECATED_ATTR", name, self.spec.described, known.deprecation, warning=True)
        for extension in known.extensions:
            if extension not in self.state.loaded:
                self.error("ATTR_MISSING_REQUIRED_EXTENSION", known.name, extension)
        if known.document_css:
            self.attempt.style_bytes = len(value.encode())
            place = self.tag.place
            self.attempt.errors += check_style(value, self.state.css, name, self.spec.described, place)
        if not self.state.in_template or not has_mustache(value):
            self.value(known, name, value)
            if self.attempt.failed:
                return
        if known.refused is not None and occurs(known.refused, value, any_case=True):
            self.error("INVALID_ATTR_VALUE", name, self.spec.described, value)
            return
        self.remember(known, name, value)

    def value(self, known: AttributeSpec, name: str, value: str) -> None:
        if known.provides_set:
            self.attempt.provides.append((known.provides_set, value))
        if known.requires_set:
            error = self.finding("VALUE_SET_MISMATCH", name, self.spec.described)
            self.attempt.requires.append(((known.requires_set, value), error))
        if known.url is not None and not (known.values or known.values_any_case or known.pattern):
            self.url(known, name, value)
        elif not fits(known, name, value):
            self.error("INVALID_ATTR_VALUE", name, self.spec.described, value)

    def url(self, known: AttributeSpec, name: str, value: str) -> None:
        assert known.url is not None  # asked by the caller
        fault = check_url(value, known.url)
        if fault is not None:
            self.error(fault[0], name, self.spec.described, *((fault[1],) if fault[1] else ()))

    def remember(self, known: AttributeSpec, name: str, value: str) -> None:
        if known.mandatory:
            self.seen.mandatory.add(known.name)
        if known.one_of:
            if known.one_of in self.seen.one_of:
                self.error("MUTUALLY_EXCLUSIVE_ATTRS", self.spec.described, known.one_of)
                return
            self.seen.one_of.add(known.one_of)
        if known.any_of:
            self.seen.any_of.add(known.any_of)
        if known.requires_mark and not self.state.has_mark(known.requires_mark):
            self.error("DISALLOWED_ATTR", name, self.spec.described)
            return
        if known.triggered_by is not None and matches(known.triggered_by, value):
            self.seen.triggers.append(known)
        self.seen.validated.add(known.name)

    def script_source(self, value: str) -> None:
        script, extension = self.tag.script, self.spec.extension
        if not script.amp_domain:
            self.error("DISALLOWED_AMP_DOMAIN")
        if script.extension and extension is not None:
            if not script.name:
                if script.path:
                    self.error("INVALID_EXTENSION_PATH", extension.name, script.path)
                else:
                    self.error("INVALID_ATTR_VALUE", "src", self.spec.described, value)
                return
            if script.name != extension.name:
                self.error("INVALID_ATTR_VALUE", "src", self.spec.described, value)
            elif script.version not in extension.versions:
                self.error("INVALID_EXTENSION_VERSION", extension.name, script.version)
            if script.name == extension.name and script.version in extension.deprecated:
                facts = (extension.name, script.version)
                self.error("WARNING_EXTENSION_DEPRECATED_VERSION", *facts, warning=True)
        expected = self.state.release
        if expected and expected != script.release:
            name = extension.name if extension is not None else self.spec.spec_name
            self.error("INCORRECT_SCRIPT_RELEASE_VERSION", name, script.release or "unknown", expected)

    # ---- all of them together

    def groups(self) -> None:
        specs = self.spec.attributes.values()
        for group in sorted({spec.one_of for spec in specs if spec.one_of} - self.seen.one_of):
            self.error("MANDATORY_ONEOF_ATTR_MISSING", self.spec.described, group)
        for group in sorted({spec.any_of for spec in specs if spec.any_of} - self.seen.any_of):
            self.error("MANDATORY_ANYOF_ATTR_MISSING", self.spec.described, group)

    def also_required(self) -> None:
        for trigger in self.seen.triggers:
            for name in trigger.also_requires:
                known = self.spec.attributes.get(name)
                if known is None or known.implicit or known.name in self.seen.validated:
                    continue
                self.error("ATTR_REQUIRED_BUT_MISSING", known.name, self.spec.described, trigger.name)

    def missing(self) -> None:
        mandatory = {spec.name for spec in self.spec.attributes.values() if spec.mandatory}
        if mandatory == self.seen.mandatory:
            return
        for name in sorted(mandatory - self.seen.mandatory):
            self.error("MANDATORY_ATTR_MISSING", name, self.spec.described)
        if self.spec.extension is not None and not self.seen.extension_source:
            self.error("MANDATORY_ATTR_MISSING", "src", self.spec.described)


def _words(value: str) -> list[str]:
    for character in _SPACE[1:]:
        value = value.replace(character, " ")
    return value.split(" ")


def fits(known: AttributeSpec, name: str, value: str) -> bool:
    """Whether a value is among those the spec names; without names, any is."""
    if known.values:
        return value in known.values or ("" in known.values and value == name)
    if known.values_any_case:
        return value.lower() in (v.lower() for v in known.values_any_case)
    if known.pattern is not None:
        return matches(known.pattern, value, any_case=known.pattern_any_case)
    return True
