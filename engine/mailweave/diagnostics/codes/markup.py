"""MW5xx: HTML, CSS and plain text."""

from mailweave.diagnostics.model import Code, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

CODES: tuple[Code, ...] = (
    Code(
        "MW501",
        "unusable-character",
        _ERROR,
        "the character {character} cannot stand in a mail",
        "remove it; it is most likely the rest of a broken emoji or of a wrong decoding",
        "HTML parsers silently drop everything that follows a lone surrogate or a NUL.",
    ),
    Code(
        "MW502",
        "nested-too-deep",
        _ERROR,
        "elements are nested more than {most} deep here",
        "close the elements before, or flatten the tables",
        "Mail clients cut such documents off, and parsers silently drop what lies deeper.",
    ),
    Code(
        "MW503",
        "lost-content",
        _ERROR,
        "{what} would be lost: the HTML parser drops it here",
        "put it where HTML allows it, or close the tag before it",
        "What goes into a template must come out of it, or the mail is not what its author wrote.",
    ),
    Code(
        "MW504",
        "stylesheet-not-found",
        _ERROR,
        "no stylesheet `{href}` in the campaign folder",
        "name a file of the folder, or put the CSS into a `<style>`",
        "Stylesheets are read from the campaign folder when a campaign is compiled, and from nowhere else.",
    ),
    Code(
        "MW505",
        "remote-stylesheet",
        _NOTE,
        "the stylesheet `{href}` is left to the mail client; it is not fetched and not inlined",
        "copy what the mail needs into the campaign folder",
        "Nothing is ever fetched: many mail clients will not fetch it either.",
    ),
    Code(
        "MW540",
        "gmail-clips",
        _WARNING,
        "the HTML can reach {size} KB; Gmail clips a mail at {limit} KB",
        "cut, largest first: {cut}; or declare a smaller bound for a loop",
        "Gmail hides what lies behind the limit, most often the link to unsubscribe.",
    ),
)
