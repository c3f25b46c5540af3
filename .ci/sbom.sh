#!/usr/bin/env bash
# sbom.sh VERSION PROGRAM FILE: writes the bill of materials of a built program, CycloneDX 1.6 as JSON: what is in the program, by its own word. The tool is built from its module, held against the sum below: not every
# mirror has it in the checksum database.
set -euo pipefail
cd "$(dirname "$0")/.."
program=${2:?program} file=${3:?file}
module=github.com/CycloneDX/cyclonedx-gomod version=v1.9.0 sum=h1:DuoKgGcY7gYKga9hjt4+xNjEg2O4ShPQYkVDPfGWAek=
tool=${ARSRING_TOOLS:-$HOME/.cache/arsring/tools}/bin/cyclonedx-gomod-$version

if [ ! -x "$tool" ]; then
	got=$(cd / && GONOSUMDB=$module go mod download -json "$module@$version")
	field() { sed -n "s/^\t\"$1\": \"\(.*\)\",\{0,1\}$/\1/p" <<<"$got"; }
	[ "$(field Sum)" = "$sum" ] || { echo "sbom: $module $version has the sum $(field Sum), not $sum" >&2; exit 1; }
	mkdir -p "$(dirname "$tool")"
	# In its own folder the tool's go.sum vouches for what it is built of.
	(cd "$(field Dir)" && CGO_ENABLED=0 GOFLAGS='-mod=readonly -buildvcs=false' nice go build -o "$tool.new" ./cmd/cyclonedx-gomod)
	mv "$tool.new" "$tool"
fi
mkdir -p "$(dirname "$file")"
"$tool" bin -json -licenses -std -noserial -output-version 1.6 -version "${1:?version}" -output "$file" "$program" 2>/dev/null
echo "$(grep -c '"purl"' "$file") components in $file"
