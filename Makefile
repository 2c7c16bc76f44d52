# Each target does its own set-up: a .venv in the checkout, made with uv where present, else venv and pip.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest -n 2 --dist worksteal

# Where it is set, each of some hundred processes would compile the engine's five hundred modules again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-deep bars check docs site insight example-data bench judge example-triggers learned scores recommend clean
.DEFAULT_GOAL := demo

$(VENV)/.base: pyproject.toml constraints.txt
	./tools/install.sh "$(PYTHON)" "$(VENV)" batch
	touch $@

$(VENV)/.dev: pyproject.toml constraints.txt
	./tools/install.sh "$(PYTHON)" "$(VENV)" dev
	touch $(VENV)/.base $@

$(VENV)/.docs: pyproject.toml constraints.txt
	./tools/install.sh "$(PYTHON)" "$(VENV)" docs
	touch $@

demo: $(VENV)/.base
	$(BIN)/mailweave demo

test: $(VENV)/.dev
	$(PYTEST) -m "not deep"

# a tenth of each deep property, with fixed seeds; `make bars` does all of it, with new ones
test-deep: $(VENV)/.dev
	MAILWEAVE_DEEP=tenth $(PYTEST) -m deep

bars: $(VENV)/.dev
	HYPOTHESIS_PROFILE=search $(PYTEST) -m deep

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python tools/docs.py --check
	$(BIN)/python -m benchmarks.judge --check

docs: $(VENV)/.dev
	$(BIN)/python tools/docs.py
	$(MAKE) site

site: $(VENV)/.docs
	$(BIN)/python tools/site_pages.py

# an experiment on the customers of CDNOW, judged by responses that are made up: docs/insight.md
insight: $(VENV)/.dev
	rm -rf out/insight
	$(BIN)/mailweave batch fixtures/campaigns/cdnow-winback --profiles fixtures/cdnow/profiles.parquet \
		--events fixtures/cdnow/events.parquet --out out/insight/sent
	$(BIN)/python tools/made_up_responses.py out/insight/sent out/insight/responses.jsonl
	$(BIN)/mailweave results fixtures/campaigns/cdnow-winback --sent out/insight/sent \
		--events out/insight/responses.jsonl --out out/insight

# a shop's exports: loaded, merged, consents put in, mails rendered, one customer erased: docs/clean-data.md
example-data: $(VENV)/.dev
	rm -rf out/data
	mkdir -p out
	cp -r fixtures/data/shop out/data
	cp -r fixtures/docs/shop out/data/campaign
	./tools/example_data.sh "$(BIN)/mailweave" out/data

# a cart is filled, its events stream by, and two hours later the mail is there: docs/triggers.md
example-triggers: $(VENV)/.dev
	rm -rf out/triggers
	$(BIN)/mailweave trigger run examples/cart --events examples/cart/stream.jsonl \
		--profiles examples/cart/people.jsonl --state out/triggers/state.db --out out/triggers

# columns that learn: a round of sending, made-up responses and the next table: docs/learned.md
learned: $(VENV)/.dev
	rm -rf out/learned
	mkdir -p out/learned
	cp -r fixtures/campaigns/learned out/learned/campaign
	printf '[hero]\nby = "buying"\n' > out/learned/campaign/learned.toml
	$(BIN)/mailweave batch out/learned/campaign --profiles fixtures/cdnow/profiles.parquet \
		--events fixtures/cdnow/events.parquet --out out/learned/sent
	$(BIN)/python tools/made_up_responses.py out/learned/sent out/learned/responses.jsonl
	$(BIN)/mailweave results learn out/learned/campaign --sent out/learned/sent \
		--events out/learned/responses.jsonl
	cat out/learned/campaign/learned.toml

# a chance to lapse for each customer of CDNOW, with a card; a tier of who acts alike; segments counted: docs/scores.md
scores: $(VENV)/.dev
	rm -rf out/scores
	mkdir -p out/scores
	cp -r fixtures/campaigns/learned out/scores/campaign
	printf 'score churn : ratio ttl 30 days else unknown\nsegment lapsing = score.churn >= 0.9\n' \
		> out/scores/campaign/with_scores.rules
	$(BIN)/mailweave score out/scores/campaign --profiles fixtures/cdnow/profiles.parquet \
		--events fixtures/cdnow/events.parquet --score churn --out out/scores/list.parquet; test $$? -le 1
	$(BIN)/mailweave score out/scores/campaign --profiles fixtures/cdnow/profiles.parquet \
		--events fixtures/cdnow/events.parquet --clusters auto
	$(BIN)/mailweave segments out/scores/campaign --profiles out/scores/list.parquet \
		--events fixtures/cdnow/events.parquet

# lists for made-up people with made-up tastes, beside popular lists: docs/recommend.md
recommend: $(VENV)/.dev
	rm -rf out/recommend
	mkdir -p out/recommend
	cp -r fixtures/campaigns/learned out/recommend/campaign
	cp fixtures/insight/for_you.rules out/recommend/campaign/with_lists.rules
	$(BIN)/python tools/made_up_tastes.py out/recommend
	mv out/recommend/context.json out/recommend/campaign
	sed -i.was 's/^now =/context = "context.json"\n&/' out/recommend/campaign/campaign.toml
	for by in taste content; do $(BIN)/mailweave recommend out/recommend/campaign \
		--profiles out/recommend/people.jsonl --events out/recommend/bought.jsonl --list for_you \
		--event bought --item sku --consent profiling --popular-by shelf --by $$by \
		--out out/recommend/$$by.jsonl || exit 1; done

# python -m benchmarks --against REV compares with a commit, round by round
bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

# docs/scoreboard.md, anew: ours beside others, on this machine; SCALE=0.1 takes fewer inputs
judge: $(VENV)/.dev
	$(BIN)/python -m benchmarks.judge --scale $(or $(SCALE),1) $(if $(MACHINE),--machine "$(MACHINE)") $(if $(DATE),--date $(DATE))

clean:
	rm -rf $(VENV) out build dist
