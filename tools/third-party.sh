#!/usr/bin/env bash
# Prints THIRD_PARTY.md: every module whose code is linked into the binary, and its licence as its own files state it.
# With --texts it prints the licence files themselves, which must go along wherever the binary goes.
# It fails when a module has no licence file, or one that it does not recognize.
set -euo pipefail
cd "$(dirname "$0")/.."

modules() { # path, version and folder of each linked module; the platform is fixed, so that every machine prints the same
  CGO_ENABLED=0 GOOS=linux GOARCH=amd64 go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' . | sort -u
}

texts_in() { # the licence and notice files of a folder
  find "$1" -maxdepth 1 -type f \( -iname 'licen[sc]e*' -o -iname 'copying*' -o -iname 'notice*' \) -printf '%f\n' | sort
}

licence_of() { # what a licence file's text is
  local text found=()
  text=$(tr -s '[:space:]' ' ' <"$1")
  case $text in *"Apache License"*"2.0"*) found+=(Apache-2.0) ;; esac
  case $text in *"Permission is hereby granted, free of charge"*) found+=(MIT) ;; esac
  case $text in
    *"Redistribution and use in source and binary forms"*"Neither the name"* | *"Redistribution and use in source and binary forms"*"names of its contributors"*) found+=(BSD-3-Clause) ;;
    *"Redistribution and use in source and binary forms"*) found+=(BSD-2-Clause) ;;
  esac
  case $text in *"SIL OPEN FONT LICENSE Version 1.1"*) found+=(OFL-1.1) ;; esac
  case $text in *"Mozilla Public License"*) found+=(MPL-2.0) ;; esac
  local IFS='+'
  echo "${found[*]}" | sed 's/+/ and /g'
}

print_texts() {
  modules | while read -r path version dir; do
    for file in $(texts_in "$dir"); do
      printf '==== %s %s: %s\n\n' "$path" "$version" "$file"
      cat "$dir/$file"
      echo
    done
  done
  printf '==== Pretendard: OFL.txt\n\n'
  cat documents/fonts/OFL.txt
}

row() { # row NAME VERSION FOLDER: one line of the table
  local files first licence
  files=$(texts_in "$3" | paste -sd ' ')
  first=$(texts_in "$3" | grep -iE -m 1 '^(licen[sc]e|copying)' || true)
  [ -n "$first" ] || { echo "third-party: $1 has no licence file" >&2; exit 1; }
  licence=$(licence_of "$3/$first")
  [ -n "$licence" ] || { echo "third-party: the licence of $1 is not recognized: $3/$first" >&2; exit 1; }
  echo "| $1 | $2 | $licence | ${files// /, } |"
}

print_table() {
  cat <<'HEAD'
# Third-party software

What others have written and the `foyer` binary contains. `make third-party` makes this file from the modules that are linked in;
`tools/third-party.sh --texts` prints the licence texts, which go along with every copy of the binary.

Foyer itself is under Apache-2.0, see [LICENSE](LICENSE).

| module | version | licence | files |
|---|---|---|---|
HEAD
  modules | while read -r path version dir; do row "$path" "$version" "$dir"; done
  cat <<'TAIL'

Besides these modules the binary contains:

- the Go runtime and standard library, BSD-3-Clause;
- SQLite, which modernc.org/sqlite translates from C: its authors have put it into the public domain;
- the time zone database that comes with Go (`time/tzdata`), public domain;
- the font Pretendard by Kil Hyung-jin, OFL-1.1, see [documents/fonts](documents/fonts).

Linters, the test runner and axe-core are used to check Foyer and are not part of the binary.
TAIL
}

case ${1:-} in
  "") print_table ;;
  --texts) print_texts ;;
  *) echo "usage: tools/third-party.sh [--texts]" >&2; exit 2 ;;
esac
