#!/usr/bin/env bash
# gotest.sh "PACKAGES" [FLAGS...]: go test on a list of packages, one a line. Nothing is taken from
# the cache of earlier results, because the browser and the validators are not part of its key.
set -euo pipefail
mapfile -t packages < <(printf '%s\n' "$1" | sed '/^$/d')
shift
[ ${#packages[@]} -gt 0 ] || { echo 'no package to test'; exit 1; }
# Tests that drive a browser wait more than they work: three at a time keep two cores busy.
exec go test -count=1 -timeout 40m -parallel 3 "$@" "${packages[@]}"
