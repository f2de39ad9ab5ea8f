#!/usr/bin/env bash
# gofmt, go vet, golangci-lint, and: do the generated files match their sources?
set -euo pipefail
cd "$(dirname "$0")/.."

unformatted=$(git ls-files -co --exclude-standard '*.go' | xargs -r gofmt -l)
if [ -n "$unformatted" ]; then
  echo "not formatted (gofmt -w mends it):"
  echo "$unformatted"
  exit 1
fi
go vet ./...
go tool -modfile=tools/go.mod golangci-lint run ./...

# templ writes files with the same content when nothing has changed, so a checksum before and after tells.
sums() { find views -name '*_templ.go' -print0 | sort -z | xargs -0 sha256sum; }
before=$(sums)
go tool templ generate -path ./views >/dev/null 2>&1 || { echo "templ generate does not succeed: run 'make generate' to see why"; exit 1; }
if [ "$before" != "$(sums)" ]; then
  echo "the generated pages do not match views/*.templ; they have been made anew, commit them"
  exit 1
fi
echo "lint: nothing to say"
