#!/usr/bin/env bash
# Runs every test. What they need beside Go is installed where that is possible (Debian, root); otherwise the tests that lack it
# are skipped by name and counted. With FOYER_TEST_NO_SKIP=1 nothing may be skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
need() { # need COMMAND PACKAGE...: is the command there, or can it be installed?
  command -v "$1" >/dev/null 2>&1 && return
  wanted+=("${@:2}")
  absent+=("$1")
}
wanted=() absent=()
need chromium chromium fonts-noto-cjk
need pdftotext poppler-utils
need node nodejs npm
if ! command -v initdb >/dev/null 2>&1 && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
  wanted+=(postgresql) absent+=(initdb)
fi
if command -v dpkg-query >/dev/null 2>&1 && ! dpkg-query -W fonts-noto-cjk >/dev/null 2>&1; then
  wanted+=(fonts-noto-cjk)
fi
if [ ${#wanted[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing ${wanted[*]}"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}"; } >/dev/null 2>&1 ||
    echo "could not install ${wanted[*]}"
fi
for c in "${absent[@]}"; do
  command -v "$c" >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/"$c" >/dev/null 2>&1 || missing+=("$c")
done
if command -v npm >/dev/null 2>&1; then
  (cd e2e && npm ci --ignore-scripts --no-audit --no-fund --silent) || missing+=("axe-core (npm)")
fi
if [ ${#missing[@]} -gt 0 ]; then
  echo "missing: ${missing[*]}. The tests that need them are skipped and counted below."
fi

# The tests make some thousand databases. In memory, where the machine has that much to spare and lets programs run from there, they take half
# the time; what is killed in them is processes, never the machine, so nothing is lost that a disk would have kept.
memory=/dev/shm
if [ -z "${TMPDIR:-}" ] && [ "$(df -Pk "$memory" 2>/dev/null | awk 'NR == 2 { print $4 }')" -gt 6000000 ] 2>/dev/null &&
  try=$(mktemp "$memory/foyer-XXXXXX"); then
  printf '#!/bin/sh\n' > "$try" && chmod +x "$try" && "$try" 2>/dev/null && export TMPDIR=$memory GOTMPDIR=${GOTMPDIR:-/tmp}
  rm -f "$try"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
log="$work/log"
go build -C tools -o "$work/bin/stripe-mock" github.com/stripe/stripe-mock # knows the shapes of Stripe's requests
export PATH="$work/bin:$PATH"
status=0
# SQLite's own code, C that was translated to Go, is not watched by the race detector: it takes its own locks, its races would not be ours,
# and watching it makes the money tests three times as slow.
go tool -modfile=tools/go.mod gotestsum --format=pkgname --jsonfile="$log" -- -race -gcflags=modernc.org/sqlite/lib=-race=false -count=1 -timeout=25m ./... || status=$?

skipped=$(grep -c '"Action":"skip","Package":"[^"]*","Test"' "$log" || true)
if [ "$skipped" -gt 0 ]; then
  echo "skipped:"
  grep '"Action":"skip","Package":"[^"]*","Test"' "$log" | sed 's/.*"Test":"\([^"]*\)".*/  \1/' | sort -u
  if [ -n "${FOYER_TEST_NO_SKIP:-}" ]; then
    echo "nothing may be skipped here"
    status=1
  fi
fi
exit "$status"
