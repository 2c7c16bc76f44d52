"""The AMP4EMAIL validator: walks a parsed document and holds every tag against the rules."""

from __future__ import annotations

from dataclasses import dataclass

from mailweave.message.amp.document_checks import check_document, check_identifiers
from mailweave.message.amp.html_nodes import VOID, Node
from mailweave.message.amp.html_parser import TooComplex, parse, parse_fragment
from mailweave.message.amp.html_tokens import Places, lines, without_surrogates
from mailweave.message.amp.reference_points import check_met, check_point, collision
from mailweave.message.amp.report import AmpError, AmpReport, finding, report
from mailweave.message.amp.rules import rules
from mailweave.message.amp.state import Attempt, Open, Place, State, Tag, tag_of
from mailweave.message.amp.tags import check_tag
from mailweave.message.amp.texts import check_json, check_text

_MAX_NESTING = 200


def validate_by_rules(html: str | bytes) -> AmpReport:
    """The verdict of the AMP4EMAIL rules on a document: pure, whatever the environment says.

    `html` is the whole document; bytes are read as UTF-8. Nothing is raised for any text: a document
    that nests too deep is DOCUMENT_TOO_COMPLEX.

    >>> validate_by_rules("<p>Hi</p>").status
    'FAIL'
    """
    text = html.decode("utf-8", "replace") if isinstance(html, bytes) else without_surrogates(html)
    size = len(html) if isinstance(html, bytes) else len(text.encode())
    text = lines(text)
    try:
        document, quirks = parse(text)
    except TooComplex:
        return report([finding("DOCUMENT_TOO_COMPLEX", (1, 0))])
    return report(_Walk(State(rules()), Places(text), quirks).run(document, size, len(text)))


@dataclass(slots=True)
class _Walk:
    state: State
    places: Places
    quirks: bool
    place: Place = (1, 0)
    body: Place = (1, 0)

    def run(self, document: Node, size: int, end: int) -> list[AmpError]:
        try:
            for node in document.children:
                self.node(node, 2)
        except TooComplex:
            self.state.errors.append(finding("DOCUMENT_TOO_COMPLEX", self.body))
        while len(self.state.stack) > 1:
            self.leave()
        line, column = self.places.at(end)
        check_document(self.state, size, (line, max(column - 1, 0)))
        return self.state.errors

    def node(self, node: Node, depth: int) -> None:
        if depth > _MAX_NESTING:
            raise TooComplex
        if node.tag == "#comment":
            if node.made_up:
                line, column = self.places.at(node.start)
                self.state.errors.append(finding("DISALLOWED_TAG", (line + 1, column), "<?"))
        elif node.tag == "!doctype":
            self.doctype(node)
        elif node.is_element:
            self.element(node, depth)

    def doctype(self, node: Node) -> None:
        place = self.places.at(node.start)
        if self.quirks:
            self.state.errors.append(finding("INVALID_DOCTYPE_HTML", place))
        attributes = [("html", "")] if node.text == "html" else []
        self.enter(tag_of("!DOCTYPE", attributes, place))

    def element(self, node: Node, depth: int) -> None:
        if node.start >= 0:
            self.place = self.places.at(node.start)
        attributes = [(a.name, a.value) for a in node.attributes]
        tag = tag_of(node.tag.upper(), attributes, self.place)
        self.start(node, tag)
        if tag.name in ("SCRIPT", "STYLE") and node.children and node.children[0].tag == "#text":
            self.text(node.children[0], node, tag)
        if node.tag not in VOID:
            for child in self.children(node):
                self.node(child, depth + 1)
        self.end(tag.name)

    def children(self, node: Node) -> list[Node]:
        """What is inside; a reader without scripts sees what `<noscript>` holds as markup."""
        if node.tag != "noscript":
            return node.children
        return [found for text in node.children for found in parse_fragment(text.text, text.start)]

    def text(self, text: Node, node: Node, tag: Tag) -> None:
        kinds = [a.value for a in node.attributes if a.name == "type"]
        check_json(text.text, kinds, tag.place, self.places.at(text.start), self.state)
        owner = self.state.parent.text_of
        if owner is not None:
            check_text(text.text, owner, self.state.parent.place, tag.place, self.state)

    # ---- entering and leaving tags

    def start(self, node: Node, tag: Tag) -> None:
        state = self.state
        if tag.name == "HTML":
            check_identifiers(tag, state)
        if tag.name == "BODY":
            if node.made_up:
                state.errors.append(finding("DISALLOWED_MANUFACTURED_BODY", tag.place))
            self.body = tag.place
        self.duplicates(tag)
        if tag.name == "BODY":
            state.errors += [error for name, error in state.missing if name not in state.loaded]
            state.missing.clear()
        self.enter(tag)

    def duplicates(self, tag: Tag) -> None:
        last = ("", "")
        for name, value in tag.attributes:
            if name == last[0] and value != last[1]:
                error = finding("DUPLICATE_ATTRIBUTE", tag.place, tag.lower, name, warning=True)
                self.state.errors.append(error)
                return
            last = (name, value)

    def enter(self, tag: Tag) -> None:
        state = self.state
        owner = state.parent.points_of
        point = Attempt() if owner is None else check_point(tag, owner, state)
        attempt = check_tag(tag, point.spec, state)
        silent = self.silenced(tag)
        if owner is not None and attempt.passed and not silent:
            state.errors += point.errors
        collision(tag, point, attempt)
        if not silent:
            state.errors += attempt.errors
        self.push(tag, point, attempt, silent)
        self.learn_used(tag, point)
        self.learn_used(tag, attempt)
        self.learn(tag, point)
        self.learn(tag, attempt)
        if not state.release and tag.script.loads_amp:
            state.release = tag.script.release
        state.inline_bytes += attempt.style_bytes

    def silenced(self, tag: Tag) -> bool:
        if "data-ampdevmode" not in self.state.identifiers or tag.name == "HTML":
            return False
        return "data-ampdevmode" in tag.values or self.state.parent.dev_mode

    def push(self, tag: Tag, point: Attempt, attempt: Attempt, silent: bool) -> None:
        parent = self.state.parent
        parent.children += 1
        if point.spec is not None:
            parent.points_met.append(point.spec.name)
        spec = attempt.spec
        if attempt.passed and spec is not None:
            if spec.alone:
                parent.only_child, parent.only_child_place = spec.tag, tag.place
            if spec.last:
                parent.last_child, parent.last_child_place = spec.name, tag.place
        entry = Open(tag.name, spec, point.spec, place=tag.place, dev_mode=silent)
        for outcome in (point, attempt):
            if outcome.spec is None:
                continue
            entry.points_of = outcome.spec if outcome.spec.reference_points else entry.points_of
            if outcome.passed:
                entry.children_of = outcome.spec if outcome.spec.children else entry.children_of
                entry.text_of = outcome.spec if outcome.spec.text else entry.text_of
        self.state.stack.append(entry)

    def learn_used(self, tag: Tag, attempt: Attempt) -> None:
        if attempt.spec is not None:
            for name in tag.values:
                known = attempt.spec.attributes.get(name)
                if known is not None:
                    self.state.used.update(known.extensions)

    def learn(self, tag: Tag, attempt: Attempt) -> None:
        """What a tag means for the rest of the document, even when it has faults."""
        spec, state = attempt.spec, self.state
        if spec is None:
            return
        if spec.extension is not None:
            state.loaded.add(spec.extension.name)
            if spec.extension.must_be_used:
                state.must_be_used.add(spec.extension.name)
        state.used.update(spec.extensions)
        if state.has_ancestor("HEAD"):
            for name in spec.extensions:
                if name not in state.loaded:
                    facts = (spec.described, name)
                    state.missing.append((name, finding("MISSING_REQUIRED_EXTENSION", tag.place, *facts)))
        state.satisfied.update(spec.satisfies)
        if spec.remembered_always or (attempt.passed and spec.remembered_when_passing):
            state.validated.add(spec.id)
        state.provided.update(attempt.provides)
        state.required += attempt.requires

    def end(self, name: str) -> None:
        """Closes a tag, and with it what was left open inside."""
        while len(self.state.stack) > 1:
            entry = self.state.parent
            self.leave()
            if entry.name == name:
                return

    def leave(self) -> None:
        entry = self.state.parent
        self.count_children(entry)
        check_met(entry, self.state)
        self.state.stack.pop()

    def count_children(self, entry: Open) -> None:
        owner = entry.children_of
        if owner is None or owner.children is None:
            return
        count, least = owner.children.count, owner.children.least
        if count is not None and entry.children != count:
            facts = (owner.described, count, entry.children)
            self.state.errors.append(finding("INCORRECT_NUM_CHILD_TAGS", entry.place, *facts))
        if least is not None and entry.children < least:
            facts = (owner.described, least, entry.children)
            self.state.errors.append(finding("INCORRECT_MIN_NUM_CHILD_TAGS", entry.place, *facts))
