#!/usr/bin/env bash
# Names every Go file that gofmt would change; none is success.
set -euo pipefail
files=$(git ls-files --cached --others --exclude-standard -- '*.go' | while read -r f; do [ ! -e "$f" ] || echo "$f"; done)
bad=$(printf '%s\n' "$files" | xargs -r gofmt -l)
[ -z "$bad" ] || { printf 'not formatted, run gofmt -w on:\n%s\n' "$bad"; exit 1; }
