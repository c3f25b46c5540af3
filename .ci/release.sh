#!/usr/bin/env bash
# release.sh VERSION FILE: builds the program so that anybody gets the same bytes of the same source: no paths, no time, no state of the folder.
set -euo pipefail
cd "$(dirname "$0")/.."
CGO_ENABLED=0 GOFLAGS=-mod=readonly exec go build -trimpath -buildvcs=false -ldflags "-s -w -buildid= -X main.released=${1:?version}" -o "${2:?file}" ./cmd/arsring
