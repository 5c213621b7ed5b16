# Targets of the project; CI runs the same ones. `make` lists them.

GO      ?= go
BIN     := bin/harrier
DEMO    := demo-data
LISTEN  ?= 127.0.0.1:8645
FUZZTIME ?= 5m

.PHONY: help build demo test quick lint generate bench fuzz conformance clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

build: ## build bin/harrier
	$(GO) build -trimpath -o $(BIN) ./cmd/harrier

demo: build ## fill a store with simulated telemetry and serve it on loopback
	@./scripts/demo.sh $(BIN) $(DEMO) $(LISTEN)

test: lint ## everything CI runs
	$(GO) test ./...

quick: ## the tests that take no longer than a coffee sip
	$(GO) test -short ./...

lint: ## formatting, vet, generated files
	@test -z "$$(gofmt -l cmd internal)" || { gofmt -l cmd internal; echo "run gofmt on these files"; exit 1; }
	$(GO) vet ./...

generate: ## regenerate the catalog data (from ../shared) and the reference pages
	$(GO) generate ./...

bench: ## benchmarks: compile time, scans, native functions
	$(GO) test -run '^$$' -bench . ./internal/hunt ./internal/syntax ./internal/fn ./internal/engine/duckdb

fuzz: ## fuzz every parser for FUZZTIME (default 5m) each
	@./scripts/fuzz.sh $(FUZZTIME)

conformance: build ## run the recorded vectors of ../shared
	$(BIN) conformance ../shared/conformance/visible.jsonl

clean: ## remove what the targets above made
	rm -rf bin $(DEMO)
