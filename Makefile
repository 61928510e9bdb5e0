# Everything that is done with this code. "make help" lists it.

.DEFAULT_GOAL := help
.PHONY: help build demo test bench lint verify psql

# The model runs in ONNX Runtime, which is C: the Go compiler needs a C compiler.
export CGO_ENABLED := 1

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The library is fetched while Go compiles.
build: ## build bin/globalbrain, with the runtime library beside it
	@deploy/need.sh 'cc|gcc|clang' 'gcc libc6-dev' 'to compile'
	@deploy/onnxruntime.sh bin/lib & library=$$!; \
		go build -o bin/globalbrain ./cmd/globalbrain; built=$$?; \
		wait $$library && exit $$built

demo: build ## run the whole program with demo tenants; ARGS="-addr 127.0.0.1:9000"
	@exec bin/globalbrain demo $(ARGS)

# The first line starts the database that all packages' tests share, so that
# what is missing for it is said at once and not by every package.
test: build ## test everything that needs no GPU, in a real browser too
	@deploy/need.sh 'chromium|chromium-browser|google-chrome' 'chromium fonts-droid-fallback' 'for the tests in a browser'
	go vet ./...
	go test -count=1 ./internal/pgtest
	go test -timeout 15m ./...

# Python's rows are there once make lab-venv has run; the table says so otherwise.
bench: build ## measure: the model beside its bars and other ways to run it, and the Go benchmarks
	bin/globalbrain bench compare -python $(LAB_PYTHON) $(ARGS)
	go test -run '^$$' -bench . -benchtime 1s ./...

lint: ## golangci-lint; .golangci.yml holds the exceptions and their reasons
	.ci/lint

verify: build ## regenerate what is generated, and fail if that changes anything
	.ci/verify

psql: build ## open psql as superuser on the demo's database, started if it is down
	@bin/globalbrain psql $(ARGS)

# lab-venv, train, lab-test
-include models/lab/lab.mk
