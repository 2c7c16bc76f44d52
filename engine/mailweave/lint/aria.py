"""What WAI-ARIA 1.2 and ARIA in HTML say of roles and attributes, as far as mails can use them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

ROLES: Final = frozenset(
    "alert alertdialog application article banner blockquote button caption cell checkbox code columnheader "
    "combobox complementary contentinfo definition deletion dialog directory document emphasis feed figure "
    "form generic grid gridcell group heading img image insertion link list listbox listitem log main marquee "
    "math menu menubar menuitem menuitemcheckbox menuitemradio meter navigation none note option paragraph "
    "presentation progressbar radio radiogroup region row rowgroup rowheader scrollbar search searchbox "
    "separator slider spinbutton status strong subscript suggestion superscript switch tab table tablist "
    "tabpanel term textbox time timer toolbar tooltip tree treegrid treeitem "
    "doc-abstract doc-acknowledgments doc-afterword doc-appendix doc-backlink doc-biblioentry doc-bibliography "
    "doc-biblioref doc-chapter doc-colophon doc-conclusion doc-cover doc-credit doc-credits doc-dedication "
    "doc-endnote doc-endnotes doc-epigraph doc-epilogue doc-errata doc-example doc-footnote doc-foreword "
    "doc-glossary doc-glossref doc-index doc-introduction doc-noteref doc-notice doc-pagebreak doc-pagelist "
    "doc-part doc-preface doc-prologue doc-pullquote doc-qna doc-subtitle doc-tip doc-toc "
    "graphics-document graphics-object graphics-symbol".split()
)
"""WAI-ARIA 1.2, section 5.4, without abstract roles; those of digital publishing and graphics."""

STATES: Final = frozenset(
    "activedescendant atomic autocomplete braillelabel brailleroledescription busy checked colcount colindex "
    "colindextext colspan controls current describedby description details disabled dropeffect errormessage "
    "expanded flowto grabbed haspopup hidden invalid keyshortcuts label labelledby level live modal multiline "
    "multiselectable orientation owns placeholder posinset pressed readonly relevant required roledescription "
    "rowcount rowindex rowindextext rowspan selected setsize sort valuemax valuemin valuenow valuetext".split()
)
"""The attributes `aria-..` of section 6.5."""

OF_PROGRAMS: Final = frozenset(
    "alertdialog application checkbox combobox dialog feed grid gridcell listbox menu menubar menuitem "
    "menuitemcheckbox menuitemradio meter option progressbar radio radiogroup scrollbar searchbox slider "
    "spinbutton switch tab tablist tabpanel textbox timer toolbar tooltip tree treegrid treeitem".split()
)
"""Roles that promise a control, which a script would have to run: mails have no scripts."""

NAMED: Final = frozenset({"button", "link"})
"""Roles that say nothing without words in them."""

INSIDE: Final[Mapping[str, frozenset[str]]] = {
    "listitem": frozenset({"list", "directory"}),
    "row": frozenset({"table", "rowgroup"}),
    "rowgroup": frozenset({"table"}),
    **dict.fromkeys(("cell", "columnheader", "rowheader"), frozenset({"row"})),
}
"""The roles of which one must stand around a role."""

AROUND: Final[Mapping[str, frozenset[str]]] = {
    "list": frozenset({"listitem"}),
    "table": frozenset({"row", "rowgroup"}),
    "rowgroup": frozenset({"row"}),
    "row": frozenset({"cell", "columnheader", "rowheader"}),
}
"""The roles of which one must stand in a role, and no others."""

ONE_THING: Final = frozenset({"button", "img", "image", "math", "separator"})
"""Roles whose children are not seen by who listens: no link may stand in them."""

_UNNAMEABLE = frozenset(
    "caption code deletion emphasis generic insertion none paragraph presentation strong subscript suggestion "
    "superscript term time".split()
)
_NAMEABLE_TAGS = frozenset(
    "area article aside blockquote button details dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr "
    "html iframe img input li main map math menu meter nav object ol optgroup option output progress section select "
    "summary svg table tbody td textarea tfoot th thead tr ul video audio embed address hgroup search dialog".split()
)
_GLOBAL = frozenset(
    "atomic braillelabel brailleroledescription busy controls current describedby description details flowto hidden "
    "keyshortcuts live owns relevant roledescription label labelledby".split()
)
_OF_CELLS = frozenset("colindex colindextext colspan rowindex rowindextext rowspan".split())
_OF_ROLES: Mapping[str, frozenset[str]] = {
    "heading": frozenset({"level"}),
    "listitem": frozenset({"level", "posinset", "setsize"}),
    "article": frozenset({"posinset", "setsize"}),
    "row": frozenset({"colindex", "rowindex", "rowindextext"}),
    "cell": _OF_CELLS,
    "columnheader": _OF_CELLS | {"sort"},
    "rowheader": _OF_CELLS | {"sort"},
    "table": frozenset({"colcount", "rowcount"}),
    "separator": frozenset({"orientation", "valuenow", "valuemin", "valuemax", "valuetext"}),
}
_IMPLICIT = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("ul", "ol", "menu"), "list"),
    **dict.fromkeys(("thead", "tbody", "tfoot"), "rowgroup"),
    "li": "listitem",
    "article": "article",
    "tr": "row",
    "td": "cell",
    "th": "columnheader",
    "table": "table",
    "hr": "separator",
    "img": "img",
    "p": "paragraph",
    "strong": "strong",
    "em": "emphasis",
    "code": "code",
    "caption": "caption",
    "button": "button",
}
_BOOLEAN = frozenset({"true", "false"})
_VALUES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("atomic", "busy"), _BOOLEAN),
    "hidden": _BOOLEAN | {"undefined"},
    "current": _BOOLEAN | {"page", "step", "location", "date", "time"},
    "live": frozenset({"off", "polite", "assertive"}),
    "orientation": frozenset({"horizontal", "vertical", "undefined"}),
    "sort": frozenset({"ascending", "descending", "none", "other"}),
}
_WHOLE = frozenset("colcount colindex colspan level posinset rowcount rowindex rowspan setsize".split())
_NUMBERS = frozenset({"valuemax", "valuemin", "valuenow"})
POINTERS: Final = frozenset("controls describedby details flowto labelledby owns".split())
"""Attributes that name the `id` of other elements."""

OF_WORDS: Final = frozenset(
    "braillelabel brailleroledescription colindextext description keyshortcuts label placeholder "
    "roledescription rowindextext valuetext".split()
)
"""Attributes that hold words, or keys: what they say is not looked at."""


def implicit(tag: str, attributes: Mapping[str, str]) -> str:
    """The role that an element has without being given one; empty for none."""
    if tag in ("a", "area"):
        return "link" if "href" in attributes else "generic"
    return _IMPLICIT.get(tag, "")


def may_have(state: str, tag: str, role: str, is_given: bool) -> bool:
    """Whether `aria-STATE` may stand on an element of a role."""
    if state in ("label", "labelledby"):
        if is_given:
            return role not in _UNNAMEABLE
        return role == "link" or tag in _NAMEABLE_TAGS
    return state in _GLOBAL or state in _OF_ROLES.get(role, frozenset())


def is_value(state: str, value: str) -> bool:
    """Whether a text is a value of `aria-STATE`.

    >>> is_value("hidden", "yes"), is_value("level", "2"), is_value("label", "Our shop")
    (False, True, True)
    """
    text = value.strip().lower()
    if state in _WHOLE:
        return re.fullmatch(r"-1|\d+", text) is not None and (state != "level" or text != "0")
    if state in _NUMBERS:
        return re.fullmatch(r"-?\d*\.?\d+", text) is not None
    if state == "relevant":
        return set(text.split()) <= {"additions", "removals", "text", "all"}
    return state not in _VALUES or text in _VALUES[state]
