#!/usr/bin/env bash
# Subject: implicit 0.7.3 (Python).
# Guess: `recommend` leaves out what the user has already (its default) and gives fewer than N
#   items where fewer are left.
# Seen: it always gives N: what is missing is filled up with items the user has, scored with
#   float32's lowest number.
# Cost: "we think you will like" shows what the customer has just bought.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check implicit==0.7.3 || exit 2
cat > "$work/expected" <<'END'
user has [0, 2, 3]
real [1] padding [0, 2, 3]
END
OPENBLAS_NUM_THREADS=1 "$work/venv/bin/python" - > "$work/seen" <<'END'
import numpy
import scipy.sparse
from implicit.als import AlternatingLeastSquares

seen = scipy.sparse.csr_matrix(numpy.array([[1, 1, 0, 0], [0, 1, 1, 0], [1, 0, 1, 1]], dtype="float32"))
model = AlternatingLeastSquares(factors=2, iterations=5, random_state=1, use_gpu=False, num_threads=1)
model.fit(seen, show_progress=False)
items, scores = model.recommend(2, seen[2], N=4)
lowest = numpy.finfo("float32").min
print("user has", seen[2].indices.tolist())
print("real", items[scores > lowest].tolist(), "padding", sorted(items[scores == lowest].tolist()))
END
cat "$work/seen"
diff "$work/expected" "$work/seen"
