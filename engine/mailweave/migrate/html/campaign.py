"""The HTML of a mail as a campaign that looks the same."""

from __future__ import annotations

from mailweave.diagnostics import ordered
from mailweave.markup.tokens import StartTag
from mailweave.migrate.bench import Bench
from mailweave.migrate.campaign_files import subject_of
from mailweave.migrate.convert import Campaign, not_said
from mailweave.migrate.html.elements import page_of
from mailweave.migrate.html.inputs import block_of
from mailweave.migrate.html.section_files import section_files, tell_person
from mailweave.migrate.html.sections import sections
from mailweave.source import Source


def convert_html(source: Source, name: str) -> Campaign:
    """A mail as a campaign of that name: a layout, a block for each section, its words as inputs."""
    bench = Bench(source, "HTML")
    page = page_of(source.text)
    found = [(section, block_of(page, section.element)) for section in sections(page)]
    files = section_files(name, page, found, subject=subject_of(name, page.text), ending=".html")
    pictures = (each.get("src") for each in page.tokens if isinstance(each, StartTag) and each.name == "img")
    tell_person(bench, page, found, pictures)
    return Campaign(files, ordered([*bench.told, *not_said(page.text)]))
