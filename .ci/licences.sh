#!/usr/bin/env bash
# licences.sh [--check]: writes docs/licences.md, the modules whose code is in the program and under which licence each comes, from the module cache.
# With --check it only wants the file to be what it would write. A module whose licence is not known by its words fails: look at it, and teach this script.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C

name() { # FILE: the licence's SPDX name by its words
	local t
	t=$(tr -s '[:space:]' ' ' <"$1")
	case $t in
	*'Apache License'*'Version 2.0'*) echo Apache-2.0 ;;
	*'Mozilla Public License'*'2.0'*) echo MPL-2.0 ;;
	*'GNU AFFERO'* | *'GNU GENERAL PUBLIC'* | *'GNU LESSER'*) echo GNU ;;
	*'Redistribution and use'*[Nn]'either the name'*) echo BSD-3-Clause ;;
	*'Redistribution and use'*'names of its contributors'*) echo BSD-3-Clause ;;
	*'Redistribution and use'*) echo BSD-2-Clause ;;
	*'Permission to use, copy, modify, and'*'distribute this software for any purpose'*) echo ISC ;;
	*'Permission is hereby granted, free of charge'*) echo MIT ;;
	*'This is free and unencumbered software'*) echo Unlicense ;;
	*'CC0 1.0'*) echo CC0-1.0 ;;
	*) echo UNKNOWN ;;
	esac
}

table() {
	go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}}{{"\t"}}{{with .Replace}}{{.Version}}{{else}}{{.Version}}{{end}}{{"\t"}}{{.Dir}}{{end}}{{end}}' ./cmd/arsring | sort -u |
		while IFS=$'\t' read -r path version dir; do
			file=$(find "$dir" -maxdepth 1 -type f \( -iname 'licen[sc]e*' -o -iname 'copying*' -o -iname 'unlicense*' \) | sort | head -n 1)
			[ -n "$file" ] || { echo "licences: $path has no licence file" >&2; exit 1; }
			licence=$(name "$file")
			case $licence in UNKNOWN | GNU) echo "licences: $path: $licence in $(basename "$file")" >&2; exit 1 ;; esac
			printf '| `%s` | %s | %s |\n' "$path" "$version" "$licence"
		done
}

write() {
	rows=$(table)
	cat <<'TEXT'
# Licences

Årsring itself is under the licence in [LICENSE](../LICENSE). Its program holds code of Go itself (BSD-3-Clause) and of the modules below; `make licences` writes this list from
the modules' own licence files. Browser, fonts and validators are programs of their own and no part of it.

| module | version | licence |
|---|---|---|
TEXT
	printf '%s\n\n' "$rows"
	printf '%s modules: %s.\n' "$(wc -l <<<"$rows")" "$(sed 's/.*| \([^|]*\) |$/\1/' <<<"$rows" | sort | uniq -c | sort -k1,1nr -k2 | awk '{printf "%s%s × %s", s, $1, $2; s=", "}')"
}

text=$(write)
if [ "${1:-}" = --check ]; then
	diff -u docs/licences.md - <<<"$text" >&2 || { echo 'docs/licences.md is old: make licences' >&2; exit 1; }
	exit 0
fi
printf '%s\n' "$text" >docs/licences.md
tail -n 1 docs/licences.md
