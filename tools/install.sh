#!/bin/sh
# install.sh PYTHON VENV EXTRA: this checkout, editable, with EXTRA, pinned by constraints.txt.
set -eu
python=$1 venv=$2 extra=$3
if command -v uv >/dev/null 2>&1; then
    [ -x "$venv/bin/python" ] || uv venv --quiet --python "$python" "$venv"
    exec uv pip install --quiet --python "$venv/bin/python" --constraint constraints.txt --editable ".[$extra]"
fi
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
exec "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --constraint constraints.txt --editable ".[$extra]"
