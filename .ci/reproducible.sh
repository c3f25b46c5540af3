#!/usr/bin/env bash
# reproducible.sh VERSION: builds the release twice, from two folders, and wants the same bytes. With FRESH=1 each build also begins with an empty
# build cache, which takes minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:?version}
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
for n in 1 2; do
	mkdir -p "$work/folder-$n"
	git ls-files -z | xargs -0 tar -cf - | tar -xf - -C "$work/folder-$n"
	if [ "${FRESH:-}" = 1 ]; then export GOCACHE=$work/cache-$n; fi
	(cd "$work/folder-$n" && .ci/release.sh "$version" "$work/arsring-$n")
done
sha256sum "$work"/arsring-[12]
cmp "$work/arsring-1" "$work/arsring-2"
echo "two builds, the same bytes"
