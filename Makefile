# Foyer. `make` alone prints this list.
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS  = -s -w -funcalign=16 -X main.version=$(VERSION)
# What keeps the program small: docs/decisions/0010-program-size.md
COLD     = foyer/views foyer/notify foyer/payments/... foyer \
           github.com/alecthomas/kong github.com/go-playground/... github.com/leodido/... github.com/gabriel-vasile/... \
           github.com/wneessen/... github.com/BurntSushi/... go.yaml.in/... codeberg.org/... golang.org/x/crypto/acme/... golang.org/x/net/http2/... \
           github.com/pressly/... github.com/stripe/... github.com/boombuler/... github.com/richardlehane/... github.com/xuri/efp github.com/xuri/nfp github.com/tiendc/... \
           $(addprefix crypto/,dsa ecdsa ed25519 elliptic rsa tls x509/... internal/hpke) \
           $(addprefix crypto/internal/fips140/,ecdh ecdsa mlkem rsa tls12 tls13) \
           archive/zip debug/... encoding/asn1 encoding/gob encoding/xml go/... html/template image/... math/big mime mime/multipart \
           net/mail regexp/... text/template/... github.com/nicksnyder/... github.com/jackc/pgx/v5/pgtype \
           $(addprefix golang.org/x/text/,language internal/... message/... feature/... cases encoding/... secure/...)
GCFLAGS  = $(COLD:%=-gcflags=%=-l)
TAGS     = nethttpomithttp2
BINARY  ?= bin/foyer
LINT     = go tool -modfile=tools/go.mod golangci-lint

.DEFAULT_GOAL := help
.PHONY: help run build test lint generate bench third-party clean

help: ## print the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build and start the demo: one event, a sandbox gateway, nothing to configure
	@bin/foyer demo

build: ## build the static, stripped binary bin/foyer
	@CGO_ENABLED=0 go build -trimpath -tags $(TAGS) $(GCFLAGS) -ldflags '$(LDFLAGS)' -o $(BINARY) .

test: ## install what the tests need where that is possible, and run every test
	@tools/test.sh

lint: ## gofmt, go vet, golangci-lint, generated files up to date
	@tools/lint.sh

generate: ## make the Go code of the templ pages anew
	@go tool templ generate -path ./views

bench: ## measure speed and size, as ratios within one run
	@go run ./bench

third-party: ## write THIRD_PARTY.md, the modules in the binary and their licences
	@tools/third-party.sh > THIRD_PARTY.md

clean: ## remove what was built; the demo's data in data/ stays
	@rm -rf bin
