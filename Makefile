# scimproof: make demo does the main job, make test runs the tests.

GO      ?= go
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT  := $(shell git rev-parse --short HEAD 2>/dev/null)
LDFLAGS := -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build bin/scimproof
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/scimproof ./cmd/scimproof

demo: build ## serve, judge and replay both kinds of application; writes out/report.html
	bin/scimproof demo --out out

# The selftest runs the catalogue some hundred times; under the race detector once is enough.
SELFTEST = scimproof/suites/selftest

test: ## run all tests, starting what they need (RACE=1 with the race detector; SCIMPROOF_REQUIRE=chromium,node,python,postgres)
	$(GO) test $(if $(RACE),-race) -timeout 15m $$($(GO) list ./... | grep -v '^$(SELFTEST)$$')
	$(if $(RACE),$(GO) test -race -timeout 15m $(SELFTEST) -run TestNoFault)
	$(GO) test -timeout 15m $(SELFTEST)

prove: ## run the whole catalogue (or CHECKS=users.create,scope-2) under every fault and write the kill matrix
	$(GO) test ./suites/selftest -run TestKillMatrix -timeout 120m -v -prove $(if $(CHECKS),-prove-only '$(CHECKS)')

fuzz: ## run each fuzz function for FUZZTIME (60s)
	@set -e; for p in $$($(GO) list ./...); do \
		for f in $$($(GO) test -list '^Fuzz' $$p 2>/dev/null | grep '^Fuzz' || true); do \
			echo "$$p $$f"; $(GO) test $$p -run '^$$' -fuzz "^$$f\$$" -fuzztime $(or $(FUZZTIME),60s); \
		done; done

bench: build ## measure the server against a bare handler at 10,000 and 1,000,000 people (SIZES; 12 minutes), then run the Go benchmarks
	$(GO) test ./server/measure -run TestMeasures -count 1 -v -timeout 60m -measure $(CURDIR)/bin/scimproof $(if $(SIZES),-sizes $(SIZES))
	$(GO) test -run '^$$' -bench . -benchmem ./...

interop: build ## judge servers that others wrote, replay Okta and Entra to them, and let others' testers judge ours; writes out/interop
	$(GO) test ./suites/interop -run 'TestInterop|TestTesters' -count 1 -v -timeout 15m -interop ../../bin/scimproof -out ../../out/interop

lint: ## vet, format, and golangci-lint where it is installed
	$(GO) vet ./...
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "gofmt these:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	@if command -v golangci-lint >/dev/null; then golangci-lint run ./...; else echo "golangci-lint is not installed: skipped"; fi

.PHONY: help build demo test prove fuzz bench interop lint
.DEFAULT_GOAL := help
