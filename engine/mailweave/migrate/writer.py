"""The tree of a template as Liquid, as it is written here."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from mailweave.migrate.comparisons import Comparing, settled
from mailweave.migrate.conditions import Conditions
from mailweave.migrate.fractions import MAKE_NUMBERS, READ_NUMBERS, Fractions
from mailweave.migrate.literal import literal
from mailweave.migrate.names import field_name
from mailweave.migrate.origins import Marks
from mailweave.migrate.places import Places
from mailweave.migrate.sample import Kind
from mailweave.migrate.tree import (
    Arm,
    Assign,
    Broken,
    Capture,
    Choice,
    Compare,
    Expr,
    Filtered,
    For,
    If,
    Key,
    Lit,
    Logic,
    Mark,
    Node,
    Not,
    Output,
    Path,
    Range,
    Ref,
    Skip,
    Special,
    Tag,
    Text,
    Truth,
)
from mailweave.migrate.uses import Uses

_OF_TEXTS = frozenset("append prepend upcase downcase capitalize replace join".split())
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CLOSING = re.compile(r"[%}]\}")
_UNWRITTEN = re.compile(r'"+|(?:[^"%}]|[%}](?!\}))+[%}]?|[%}]')  # up to a quote, or within what ends a tag
_WORDS = re.compile(r"[\w ,.!?-]*")


class Writer:
    """Writes nodes, with marks of where they come from.

    booleans: how the old system shows true and false, where not as Liquid does; comparing: what is equal in it;
    letters: whether a number behind a text reads a letter of it.
    """

    def __init__(
        self,
        uses: Uses,
        places: Places,
        marks: Marks,
        booleans: tuple[str, str] | None = None,
        comparing: Comparing = "unknown",
        *,
        letters: bool = False,
    ) -> None:
        self._uses, self._places, self._booleans = uses, places, booleans
        self._marks, self._comparing, self._letters = marks, comparing, letters
        self._before: list[str] = []  # tags that must stand in front of the one being written
        self._made = 0
        self._fractions = Fractions(uses, self._kind)
        self.joined: list[int] = []  # where lists of such numbers become one text
        self._conditions = Conditions(self._operand, self._kind, self._members, self._settled)

    def write(self, nodes: tuple[Node, ...]) -> str:
        """Nodes as a text."""
        return "".join(map(self._node, nodes))

    def _mark(self, at: int) -> str:
        return self._marks.place(at) if at else ""

    def _node(self, node: Node) -> str:
        match node:
            case Text(text=text):
                return self._marks.nowhere + literal(text) if text else ""
            case Output(at=at):
                return self._mark(at) + self._output(node)
            case If(arms=arms, at=at):
                return self._mark(at) + self._if(arms)
            case For(at=at):
                return self._mark(at) + self._for(node)
            case Assign(name=name, value=value, at=at):
                return self._mark(at) + self._assign(name, value)
            case Capture(name=name, body=body):
                return f"{{% capture {name} %}}{self.write(body)}{{% endcapture %}}"
            case Tag(markup=markup):
                return f"{{% {markup} %}}"
            case Mark(said=said):
                return f"{{% # {_quoted(said)} %}}"
            case Skip():
                return ""  # the rules say it

    def _output(self, node: Output) -> str:
        if isinstance(node.value, Broken):
            return ""
        value = self._plainer(self._worded(node.value))
        if isinstance(value, Choice):
            arms = (
                Arm(value.test, (self._piece(value.yes, node),)),
                Arm(None, (self._piece(value.no, node),)),
            )
            return self._if(arms)
        text = self._value(self._plain_number(value))
        return self._with_before(f"{{{{ {text}{' | safe' if node.safe else ''} }}}}")

    def _worded(self, value: Expr) -> Expr:
        """True and false as the old system shows them; any other value as it is."""
        if self._booleans is None or self._kind(value) != "bool":
            return value
        yes, no = self._booleans
        return Choice(Compare("==", value, Lit(True)), Lit(yes), Lit(no))

    @staticmethod
    def _piece(value: Expr, node: Output) -> Node:
        is_word = isinstance(value, Lit) and isinstance(value.value, str) and _WORDS.fullmatch(value.value)
        return (
            Text(str(value.value))
            if is_word and isinstance(value, Lit)
            else Output(value, node.safe, node.at)
        )

    def _plainer(self, value: Expr) -> Expr:
        """A choice between a text and another one as the filter `default`, which does the same."""
        match value:
            case Choice(test=Truth(value=tested, as_liquid=False), yes=yes, no=Lit() | Ref() as no) if (
                tested == yes
            ):
                return Filtered(yes, "default", (no,)) if self._kind(yes) in ("text", "list") else value
            case _:  # all others
                return value

    def _if(self, arms: tuple[Arm, ...]) -> str:
        tests = [None if arm.test is None else self._conditions.write(arm.test) for arm in arms]
        before = self._taken()
        made, words = [], ["if", *["elsif"] * len(arms)]
        for arm, test, word in zip(arms, tests, words, strict=False):
            made.append("{% else %}" if test is None else f"{{% {word} {test} %}}")
            made.append(self.write(arm.body))
        return before + "".join(made) + "{% endif %}"

    def _for(self, node: For) -> str:
        items = self._operand(node.items)
        words = [f"for {node.name} in {items}", "reversed" if node.backwards else ""]
        for word, value in (("limit", node.limit), ("offset", node.offset)):
            words.append("" if value is None else f"{word}: {self._operand(value)}")
        opened = self._with_before(f"{{% {' '.join(filter(None, words))} %}}")
        other = f"{{% else %}}{self.write(node.otherwise)}" if node.otherwise else ""
        return f"{opened}{self.write(node.body)}{other}{{% endfor %}}"

    # ---- tags in front

    def _taken(self) -> str:
        before, self._before = "".join(self._before), []
        return before

    def _with_before(self, text: str) -> str:
        return self._taken() + text

    def _assign(self, name: str, value: Expr) -> str:
        value = self._plainer(value)
        if self._fractions.has(value):
            self._fractions.names.add(name)
        if isinstance(value, Choice):
            return self._choice(name, value)
        return self._with_before(f"{{% assign {name} = {self._value(value)} %}}")

    def _choice(self, name: str, value: Choice) -> str:
        test = self._conditions.write(value.test)
        before = self._taken()
        yes, no = self._assign(name, value.yes), self._assign(name, value.no)
        return f"{before}{{% if {test} %}}{yes}{{% else %}}{no}{{% endif %}}"

    def _kept(self, value: Expr) -> str:
        """A name for a value that is more than a name."""
        self._made += 1
        name = f"v{self._made}"
        outer, self._before = self._before, []
        made = self._assign(name, value)
        self._before = [*outer, made]
        return name

    # ---- values

    def _value(self, value: Expr) -> str:
        """A value with its filters."""
        match value:
            case Filtered(value=Ref(of=path) as inner, name="first" | "last" as name) if (
                self._letters and path and self._uses.sample.kind(path) == "text"
            ):
                return f"{self._value(inner)} | slice: {0 if name == 'first' else -1}"
            case Filtered(value=inner, name=name, arguments=arguments, named=named):
                if self._booleans and name in _OF_TEXTS:
                    inner, arguments = self._worded(inner), tuple(map(self._worded, arguments))
                if name not in READ_NUMBERS:
                    inner, arguments = self._plain_number(inner), tuple(map(self._plain_number, arguments))
                if name == "join" and isinstance(inner, Ref) and self._fractions.are_in(inner):
                    self.joined.append(inner.at)
                given = [*map(self._operand, arguments), *(f"{n}: {self._operand(v)}" for n, v in named)]
                return f"{self._value(inner)} | {name}{': ' if given else ''}{', '.join(given)}"
            case Lit(value=str() as text) if len(parts := _parts(text)) > 1:
                first, *others = map(_quote, parts)
                return first + "".join(f" | append: {other}" for other in others)
            case Ref() if (letter := self._letter(value)) is not None:
                return self._value(letter)
            case Lit() | Ref() | Range() | Special() | Broken() | Choice():
                return self._operand(value)
            case Compare() | Logic() | Not() | Truth():
                return self._operand(Choice(value, Lit(True), Lit(False)))

    def _operand(self, value: Expr) -> str:
        """A value that may stand in a condition, or be given to a filter: a name or a literal."""
        match value:
            case Ref():
                letter = self._letter(value)
                return self._name(value) if letter is None else self._kept(letter)
            case Lit(value=None):
                return "nil"
            case Lit(value=bool() as flag):
                return str(flag).lower()
            case Lit(value=str() as text):
                return self._kept(value) if len(_parts(text)) > 1 else _quote(text)
            case Lit(value=number):
                return str(number) if isinstance(number, int) else f"{Decimal(repr(number)):f}"  # no exponent
            case Range(start=start, stop=stop):
                return f"({self._operand(start)}..{self._operand(stop)})"
            case Special(word=word):
                return word
            case Broken(said=said):
                self._before += [f"{{% # {_quoted(said)} %}}"] if said else []
                return "nil"
            case Filtered() | Choice():
                return self._kept(value)
            case Compare() | Logic() | Not() | Truth():
                return self._kept(Choice(value, Lit(True), Lit(False)))

    def _name(self, ref: Ref) -> str:
        start = (ref.local,) if ref.local else self._places.target(ref.data)
        steps = [_step(key, is_ours=not ref.of) for key in ref.tail]
        return self._mark(ref.at) + ".".join(start) + "".join(steps)

    def _letter(self, ref: Ref) -> Expr | None:
        """A letter of a text by its number, which Liquid reads of lists alone."""
        at = ref.tail[-1] if ref.tail and self._letters else None
        if not isinstance(at, int) or not ref.of or self._uses.sample.kind(ref.of[:-1]) != "text":
            return None
        return Filtered(replace(ref, tail=ref.tail[:-1], of=ref.of[:-1]), "slice", (Lit(at), Lit(1)))

    # ---- numbers that may have digits behind the point

    def _plain_number(self, value: Expr) -> Expr:
        """A value as a text shows it: a whole number without the `.0` that Liquid writes where others may be none."""
        if not self._fractions.has(value):
            return value
        exact = self._operand(value)
        self._made += 1
        name = f"v{self._made}"
        other = f"{{% if {name} != {exact} %}}{{% assign {name} = {exact} %}}{{% endif %}}"
        self._before.append(f"{{% assign {name} = {exact} | round %}}{other}")
        return Ref(local=name)

    # ---- what is known

    def _kind(self, value: Expr) -> Kind:
        match value:
            case Ref(local="forloop", tail=tail):
                return "bool" if tail[-1:] in (("first",), ("last",)) else "int"
            case Ref(of=path, tail=tail):
                return (
                    "int" if path and tail[-1:] == ("size",) and path[-1] != "size" else self._uses.kind(path)
                )
            case Lit(value=bool()) | Compare() | Logic() | Not() | Truth():
                return "bool"
            case Filtered(name=name):
                return "number" if name in MAKE_NUMBERS else "unknown"
            case Choice(yes=yes, no=no):
                return self._kind(yes) if self._kind(yes) == self._kind(no) else "unknown"
            case Lit() | Range() | Special() | Broken():
                return "unknown"

    def _settled(self, test: Compare) -> Expr:
        return settled(test, (self._surely(test.left), self._surely(test.right)), self._comparing)

    def _surely(self, value: Expr) -> Kind:
        """What a value is, where the data say it."""
        is_guess = isinstance(value, Ref) and value.of is not None and not self._uses.is_certain(value.of)
        return "unknown" if is_guess else self._kind(value)

    def _members(self, path: Path) -> list[str]:
        here = [each for each in self._uses.below(path) if self._uses.kind(each) != "record"]
        return [".".join(self._places.target(each)) for each in here if each in self._places.taken]


def _step(key: Key, *, is_ours: bool) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    name = key if is_ours or key in ("first", "last", "size") else field_name(key)
    return f".{name}" if _BARE.fullmatch(name) else f'["{name}"]'


def _parts(text: str) -> list[str]:
    """A text in parts that can be written out: none holds both quotes, or what ends a tag."""
    return _UNWRITTEN.findall(text) if _CLOSING.search(text) or ("'" in text and '"' in text) else [text]


def _quote(text: str) -> str:
    return f"'{text}'" if '"' in text else f'"{text}"'


def _quoted(said: str) -> str:
    """A piece of the author's template that no parser reads again."""
    return said.replace("%}", "% }").replace("}}", "} }").replace("{%", "{ %").replace("{{", "{ {")
