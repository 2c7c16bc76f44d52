#!/usr/bin/env bash
# Subject: css-inline 0.24.0 (Python).
# Guess: `keep_at_rules` keeps what cannot be inlined, `a:hover` beside `@media`.
# Seen: the media rule stays, the hover rule is in neither the style element nor an attribute;
#   only `keep_style_tags` saves it, with all that was inlined written twice.
# Cost: links lose their hover colour in every mail, and no check is red; the way out carries each
#   rule twice.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check css-inline==0.24.0 || exit 2
cat > "$work/expected" <<'END'
keep_at_rules media True hover False twice False
keep_style_tags media True hover True twice True
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
import css_inline

style = "a{color:red} a:hover{color:blue} @media (max-width:9px){a{color:green}}"
page = f'<html><head><style>{style}</style></head><body><a href="x">x</a></body></html>'
for option in ("keep_at_rules", "keep_style_tags"):
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, **{option: True})
    made = inliner.inline(page)
    print(option, "media", "@media" in made, "hover", ":hover" in made, "twice", "a{color:red}" in made)
END
cat "$work/seen"
diff "$work/expected" "$work/seen"
