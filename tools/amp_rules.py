"""python tools/amp_rules.py: derive the AMP rules table of the package from the facts beside the checkout.

Source: ../shared/data/amp/amp4email_rules.json (ampproject/amp-toolbox-php, Apache-2.0), which holds the
tag specs, attribute lists, CSS rules and messages of the AMP4EMAIL format as data. What no e-mail can
meet is left out, defaults are left out, long patterns are stored once.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FACTS = ROOT.parent / "shared" / "data" / "amp" / "amp4email_rules.json"
TABLE = ROOT / "engine" / "mailweave" / "message" / "amp" / "rules.json"
NOTICE = (
    "Facts of the AMP4EMAIL format, derived by tools/amp_rules.py from ampproject/amp-toolbox-php. "
    "Copyright The AMP HTML Authors, Apache License 2.0 (https://www.apache.org/licenses/LICENSE-2.0)."
)
_EVERYWHERE = ("$GLOBAL_ATTRS", "$AMP_LAYOUT_ATTRS")
_LEFT_OUT = {"htmlFormat", "specUrl", "deprecationUrl", "maxBytesSpecUrl"}
_LONG = 120


def derive(facts: dict[str, Any]) -> dict[str, Any]:
    """The compact table."""
    tags = sorted((_tag(entry["SPEC"]) for entry in facts["Tag"].values()), key=_of_extension)
    lists = {name for tag in tags for name in tag.get("attrLists", [])} | set(_EVERYWHERE)
    table = {
        "notice": NOTICE,
        "document": _plain(facts["DocRuleset"]["AMP4EMAIL"]["SPEC"]),
        "css": [_plain(entry["SPEC"]) for entry in facts["CssRuleset"].values()],
        "declarations": {
            name: _attributes(entry["DECLARATIONS"]) for name, entry in facts["DeclarationList"].items()
        },
        "attrLists": {
            name: _attributes(entry["ATTRIBUTES"])
            for name, entry in sorted(facts["AttributeList"].items())
            if name in lists
        },
        "tags": tags,
        "errors": {
            entry["CODE"]: [entry["SPEC"].get("specificity", 0), entry["SPEC"]["format"]]
            for entry in facts["Error"].values()
        },
    }
    patterns: dict[str, str] = {}
    shared: dict[str, Any] = _share(table, patterns)
    shared["patterns"] = {key: text for text, key in patterns.items()}
    return shared


def _tag(spec: dict[str, Any]) -> dict[str, Any]:
    tag: dict[str, Any] = _plain(spec)
    tag["tagName"] = tag["tagName"].upper()
    if "attrs" in tag:
        tag["attrs"] = _attributes(spec["attrs"])
    return tag


def _of_extension(tag: dict[str, Any]) -> bool:
    """Among equally good attempts the first spec counts: plain HTML comes before the extensions."""
    owner: str = tag.get("mandatoryParent", tag.get("mandatoryAncestor", ""))
    return owner.startswith("amp-") or owner == "form"


def _attributes(named: dict[str, Any]) -> dict[str, Any]:
    return {_spelled(name): _plain(spec) if spec else {} for name, spec in named.items()}


def _spelled(name: str) -> str:
    """`[ARIA_LABEL]` is a constant's name for the binding `[aria-label]`."""
    return name.lower().replace("_", "-") if re.fullmatch(r"\[[A-Z_]+\]", name) else name


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if key not in _LEFT_OUT}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _share(value: Any, patterns: dict[str, str]) -> Any:
    """The same tree; a long pattern becomes `{"$": key}`."""
    if isinstance(value, dict):
        return {
            key: {"$": patterns.setdefault(item, f"p{len(patterns)}")}
            if key.endswith(("Regex", "RegexCasei")) and isinstance(item, str) and len(item) > _LONG
            else _share(item, patterns)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_share(item, patterns) for item in value]
    return value


def main() -> None:
    table = derive(json.loads(FACTS.read_text(encoding="utf-8")))
    TABLE.write_text(_laid_out(table), encoding="utf-8")


def _laid_out(table: dict[str, Any]) -> str:
    """JSON with one fact a line, so that a change of the rules reads as a difference."""
    parts = []
    for key, value in table.items():
        if isinstance(value, dict):
            rows = [f"  {json.dumps(name)}: {json.dumps(item)}" for name, item in value.items()]
            parts.append(f"{json.dumps(key)}: {{\n" + ",\n".join(rows) + "\n}")
        elif isinstance(value, list):
            parts.append(f"{json.dumps(key)}: [\n" + ",\n".join(f"  {json.dumps(v)}" for v in value) + "\n]")
        else:
            parts.append(f"{json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    main()
