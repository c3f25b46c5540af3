# Two commands matter: make demo, make test. "make help" lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

export ARSRING_TOOLS ?= $(HOME)/.cache/arsring/tools
# Without cgo the program is one static file, and its build needs no C compiler. One setting for
# building, vetting, linting and testing also means that libraries are compiled once; -race is apart.
export CGO_ENABLED ?= 0

TOOLS := .ci/tools.sh
STAGE := .ci/stage.sh
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -X main.released=$(VERSION)

# Rooms where several goroutines share things: their tests run under the race detector, once.
RACE := egress archive job app notify pdfa proof
# Folders named testdata are no part of ./...; the sample sites and the hostile pages have tests of their own.
ALL := ./... ./testdata/sites ./testdata/hostile
PACKAGES := go list $(ALL)
IS_RACE := ^arsring/internal/($(shell echo $(RACE) | tr ' ' '|'))(/|$$)

# How long each fuzz target runs: make fuzz FUZZTIME=5m
FUZZTIME ?= 30s

.PHONY: help demo build test tools lint check-go bench bench-scale test-kill corpora soak fuzz vuln release reproducible sbom licences clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: check-go ## install what is missing, build, take snapshots of sample sites, say where they are
	@$(TOOLS) chromium fonts
	@$(STAGE) build $(MAKE) build
	@bin/arsring demo $(DEMO_FLAGS)

build: check-go ## build bin/arsring
	@mkdir -p bin
	@go build -ldflags '$(LDFLAGS)' -o bin/arsring ./cmd/arsring

test: check-go ## install what is missing, then everything CI runs
	@$(STAGE) tools $(TOOLS)
	@$(STAGE) gofmt .ci/gofmt.sh
	@$(STAGE) modules go mod verify
	@$(STAGE) vet go vet $(ALL)
	@$(STAGE) lint $(MAKE) lint
	@$(STAGE) tests .ci/gotest.sh "$$($(PACKAGES) | grep -vE '$(IS_RACE)')"
	@$(STAGE) race env CGO_ENABLED=1 .ci/gotest.sh "$$($(PACKAGES) | grep -E '$(IS_RACE)')" -race

tools: check-go ## install browser, fonts, validators and linter where they are missing
	@$(TOOLS)

lint: check-go ## golangci-lint with the rules for the rooms, hadolint for the Dockerfile
	@$(TOOLS) lint hadolint
	@$(ARSRING_TOOLS)/bin/hadolint Dockerfile
	@$(ARSRING_TOOLS)/bin/golangci-lint run $(ALL)

bench: check-go ## what a snapshot costs, beside the bare browser and Ghostscript, in one run
	@$(TOOLS) chromium fonts test-packages
	@go test -count=1 -timeout 60m -run '^$$' -bench . ./internal/app/... ./internal/job ./internal/calendar
	@go test -count=1 -timeout 60m -run '^$$' -bench . -benchtime 1x ./internal/catalog ./internal/catalog/shelf
	@go test -count=1 -timeout 10m -run '^$$' -bench '^BenchmarkIdle$$' -benchtime 1x ./cmd/arsring

bench-scale: check-go ## 1, 2 and 4 daemons on one Postgres and one bucket: jobs a minute, and how many times as many as one (5 min)
	@$(TOOLS) chromium fonts test-packages
	@go test -count=1 -timeout 30m -run '^$$' -bench '^BenchmarkScaling$$' -benchtime 1x ./cmd/arsring

# How often make test-kill kills the daemon, over both databases together.
KILLS ?= 200

test-kill: check-go ## kill -9 of the real daemon at random moments, KILLS times (200), on both databases
	@$(TOOLS) chromium fonts test-packages
	@ARSRING_KILLS=$(KILLS) go test -count=1 -timeout 6h -v -run '^TestKill$$' ./cmd/arsring

corpora: check-go ## fetch pages and PDFs that others made, for "make soak" (750 MB)
	@.ci/corpora.sh

soak: check-go ## the tests again with full numbers, and long fuzzing: hours
	@$(STAGE) tools $(TOOLS)
	@$(STAGE) minio $(TOOLS) minio
	@$(STAGE) corpora .ci/corpora.sh
	@$(STAGE) soak env ARSRING_SOAK=1 CGO_ENABLED=1 .ci/gotest.sh "$$($(PACKAGES))" -race -p 1 -timeout 8h
	@$(STAGE) fuzz .ci/fuzz.sh 10m

fuzz: check-go ## every fuzz target for FUZZTIME (30s)
	@.ci/fuzz.sh $(FUZZTIME)

vuln: check-go ## known vulnerabilities in what we use
	@.ci/vuln.sh

release: check-go ## build dist/arsring so that anybody gets the same bytes
	@mkdir -p dist
	@.ci/release.sh $(VERSION) dist/arsring

reproducible: check-go ## build the release twice, from two folders, and compare (FRESH=1: with empty build caches)
	@.ci/reproducible.sh $(VERSION)

sbom: build ## bill of materials of the program, CycloneDX 1.6: dist/arsring.cdx.json
	@.ci/sbom.sh $(VERSION) bin/arsring dist/arsring.cdx.json

screenshots: build ## pictures of the real page, of the demonstration, into docs/bilder (the guides show a few of them)
	@$(TOOLS) chromium fonts
	@.ci/screenshots.sh docs/bilder

licences: check-go ## write docs/licences.md from the licence files of the modules in use
	@.ci/licences.sh

clean: ## remove what was built here (not the tools)
	@rm -rf bin
	@go clean -testcache

check-go:
	@command -v go >/dev/null || { echo 'Go is not installed: see the first lines of go.mod for the version' >&2; exit 1; }
