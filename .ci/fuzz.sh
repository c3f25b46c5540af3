#!/usr/bin/env bash
# fuzz.sh TIME: runs every fuzz target of the module for that long, one after the other.
set -euo pipefail
time=${1:-30s}
found=0
while read -r package; do
  while read -r target; do
    found=$((found + 1))
    printf '== fuzz %s %s for %s\n' "$package" "$target" "$time"
    go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$package" </dev/null
  done < <(go test -list '^Fuzz' "$package" </dev/null | grep '^Fuzz' || true)
done < <(go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' ./...)
[ "$found" -gt 0 ] || { echo 'no fuzz target found'; exit 1; }
