"""Links: their words, and where their addresses stand."""

from __future__ import annotations

from bs4 import Tag
from bs4.element import NavigableString, PageElement

from mailweave.markup.shield import Shield
from mailweave.message.plaintext.addresses import said_by
from mailweave.message.plaintext.element_content import HOLDERS, Reading
from mailweave.message.plaintext.visibility import address_of
from mailweave.message.plaintext.writer import Writer


class Links:
    """The link that is being written, and the row of links in which it stands.

    >>> from bs4 import BeautifulSoup
    >>> page = BeautifulSoup('<a href="https://a.example/">a.example</a>', "html.parser")
    >>> shield, writer = Shield(), Writer(str)
    >>> Links(shield, Reading(shield)).begin(page.a, writer), writer.text
    (True, 'https://a.example/')
    """

    def __init__(self, shield: Shield, reading: Reading) -> None:
        self._shield, self._reading = shield, reading
        self._written = 0  # how often text was put when the link began that is open
        self._addresses: dict[int, Tag] = {}  # before which nodes the address of a link is to be written
        self._row: Tag | None = None  # an element that holds links alone, each on a line of its own

    def enter(self, element: Tag) -> None:
        """An element begins, which may be a row of links."""
        if self._row is None and element.name in HOLDERS:
            self._row = element if self._reading.is_row_of_links(element) else None

    def leave(self, element: Tag) -> None:
        """An element ends."""
        if element is self._row:
            self._row = None

    def separates(self, node: NavigableString) -> bool:
        """Whether a text stands between links that have lines of their own."""
        return self._row is not None and node.find_parent("a") is None

    def before(self, node: PageElement, writer: Writer) -> None:
        """Writes the address that is to stand before a node."""
        if id(node) in self._addresses:
            self._write(self._addresses.pop(id(node)), writer)

    def begin(self, link: Tag, writer: Writer) -> bool:
        """Begins a link; whether it is written already, as one whose words are its address."""
        if self._row is not None:
            writer.part(1)
        self._written = writer.written
        url = address_of(link, self._shield)
        words = _words(link)
        behind = self._reading.end_of_words(link)
        said = said_by(words, url)
        if said:
            writer.put(said)
            return True
        if behind is not None:
            self._addresses[id(behind)] = link
        return False

    def end(self, link: Tag, writer: Writer) -> None:
        """The address of a link of several lines stands behind the first one."""
        if self._reading.end_of_words(link) is None:
            self._write(link, writer)
        if self._row is not None:
            writer.part(1)

    def area(self, element: Tag, writer: Writer) -> None:
        """An area of a map is a link, with words in an attribute."""
        self._written = writer.written
        writer.words(str(element.get("alt") or ""))
        self._write(element, writer)

    def _write(self, link: Tag, writer: Writer) -> None:
        """The address stands behind the words of a link; without any, where they would stand."""
        url = address_of(link, self._shield)
        if url and writer.written > self._written:
            writer.append(f"<{url}>")
        elif url:
            writer.words(" ")
            writer.put(f"<{url}>")


def _words(link: Tag) -> str:
    return "".join(str(node) for node in link.descendants if isinstance(node, NavigableString)).strip()
