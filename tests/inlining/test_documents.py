"""The generator keeps its word: the same documents everywhere, every construct in a tenth of them."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.inlining.constructs import ALL
from tests.inlining.documents import Document, documents

COUNT, SHARE = 500, 0.1
ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (
    "import hashlib; from tests.inlining.documents import documents;"
    "print(hashlib.sha256(''.join(d.html for d in documents(range(40))).encode()).hexdigest())"
)
# what shows in the text that a construct is there, said without the generator
SIGNS = {
    "`!important`": r"!important",
    "a longhand behind its shorthand": r"margin:[^;}]*;margin-|border:[^;}]*;border-|background:[^;}]*;background-|"
    r"font:[^;}]*;(font|line)-|padding:[^;}]*;padding-|list-style:[^;}]*;list-|text-decoration:[^;}]*;text-d",
    "style attributes": r'<\w+[^>]* style="',
    "`@media` with a width": r"@media[^{]*width",
    "`@media` for dark": r"prefers-color-scheme:dark",
    "`:hover`": r":hover",
    "`:link`, `:visited`": r":(link|visited)\b",
    "pseudo-elements": r"::?(before|after|first-letter|first-line)",
    "escaped names": r"\.sm\\:full|\.\\32|w-1\\/2|\\6f",
    "`@layer`": r"@layer",
    "`:is`": r":is\(",
    "`:where`": r":where\(",
    "`:not`": r":not\(",
    "`:nth-child`, `:first-child`": r":(nth-child|first-child|last-child|only-child)",
    "`:*-of-type`": r"-of-type",
    "`:has`": r":has\(",
    "attribute selectors with operators": r"\[[\w-]+[~|^$*]?=",
    "`all`": r"\ball:",
    "keywords of the cascade": r":(unset|inherit|initial|revert)\b",
    "custom properties": r"var\(--",
    "hooks of clients": r"MsoNormal|gmail_quote a|u \+ \.body|#outlook|ExternalClass",
    "hacks": r"\\9|\*zoom|_height|\\0/|\*display|alpha\(",
    "nesting": r"[;{]&|;\.\w+ &|;> ",
    "`@supports`": r"@supports",
    "`<tbody>` written": r"<tbody",
    "no `<tbody>` written": r"<table[^>]*><tr",
    "child selectors": r"(table|tbody|tr|div|td) > ",
    "siblings": r"\w [+~] [.\w]",
    "`*`": r"(?m)(^|[ >{])\*( \+ p)?\{",
    "`media` on `<style>`": r"<style media",
    "`type` on `<style>`": r"<style type",
    "comments": r"/\*",
    "`@import`, `@font-face`, `@keyframes`": r"@import.*(?s:.*)@font-face",
    "values that are invalid": r"notacolour|width:100[;}]|margin:5[;}]|:big|:#12[;}]|:-4px|100%-20px|colour:|#ggg",
    "fallbacks": r"linear-gradient|90%;width:calc|#333;color:rgba|10vh|block;display:flex|clamp|color\(nonsense",
    "legacy attributes": r"<\w+[^>]* (align|bgcolor|width|valign|nowrap|height|border|type)\b",
    "conditional comments": r"<!--\[if mso\]>",
    "ten elements deep": r"(<(div|table|tr|td)[^>]*>){10}",
    "several style elements": r"(?s)<style.*<style",
    "style elements in the body": r"(?s)<body.*<style",
}


@cache
def drawn() -> tuple[Document, ...]:
    return tuple(documents(range(COUNT)))


@pytest.mark.parametrize("name", ALL)
def test_each_construct_is_in_a_tenth_of_the_documents(name: str) -> None:
    assert sum(name in one.constructs for one in drawn()) >= SHARE * COUNT


@pytest.mark.parametrize("name", SIGNS)
def test_each_construct_can_be_seen_in_a_tenth_of_the_documents(name: str) -> None:
    assert sum(re.search(SIGNS[name], one.html) is not None for one in drawn()) >= SHARE * COUNT


@pytest.mark.parametrize("hash_seed", ["0", "77"])
def test_documents_do_not_depend_on_the_hashes_of_python(hash_seed: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    text = "".join(one.html for one in documents(range(40)))
    assert done.stdout.strip() == hashlib.sha256(text.encode()).hexdigest()
