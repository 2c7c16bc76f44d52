"""The `src` of AMP's own scripts: which extension it loads, in which version and release."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_DOMAIN = "https://cdn.ampproject.org/"
_RUNTIME = re.compile(r"(lts/)?v0\.m?js(\?f=sxg)?")
_EXTENSION = re.compile(r"(?:lts/)?v0/(amp-[a-z0-9-]*)-([a-z0-9.]*)\.(?:m)?js(?:\?f=sxg)?")
_PATH = r"(v0|v0/amp-[a-z0-9-]*-[a-z0-9.]*)"
_EXTENSION_NAMES = ("custom-element", "custom-template", "host-service")


@dataclass(frozen=True, slots=True)
class Script:
    """What a `<script>` tag loads. `release` is empty when it is none of the known ones."""

    path: str = ""
    amp_domain: bool = False
    extension: bool = False
    runtime: bool = False
    name: str = ""
    version: str = ""
    release: str = ""

    @property
    def loads_amp(self) -> bool:
        return self.extension or self.runtime


def read_script(attributes: dict[str, str]) -> Script:
    """The script of a tag with these attributes."""
    extension = any(name in attributes for name in _EXTENSION_NAMES)
    source = attributes.get("src", "")
    amp_domain = source.startswith(_DOMAIN)
    path = source[len(_DOMAIN) :] if amp_domain else _path_elsewhere(source)
    if not path or "async" not in attributes:
        return Script(source if amp_domain else path, amp_domain, extension)
    loaded = _EXTENSION.fullmatch(path) if extension else None
    return Script(
        source if amp_domain else path,
        amp_domain,
        extension,
        runtime=not extension and _RUNTIME.fullmatch(path) is not None,
        name=loaded.group(1) if loaded else "",
        version=loaded.group(2) if loaded else "",
        release=_release(path, attributes),
    )


def _path_elsewhere(source: str) -> str:
    try:
        parts = urlsplit(source)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    query = f"?{parts.query}" if parts.query else ""
    return parts.path.removeprefix("/") + query


def _release(path: str, attributes: dict[str, str]) -> str:
    lts, standard = re.fullmatch(rf"lts/{_PATH}\.js", path), re.fullmatch(rf"{_PATH}\.js", path)
    nomodule, module = "nomodule" in attributes, attributes.get("type") == "module"
    if (module and re.fullmatch(rf"lts/{_PATH}\.mjs", path)) or (nomodule and lts):
        return "module/nomodule LTS"
    if (module and re.fullmatch(rf"{_PATH}\.mjs", path)) or (nomodule and standard):
        return "module/nomodule"
    if lts:
        return "LTS"
    return "standard" if standard else ""
