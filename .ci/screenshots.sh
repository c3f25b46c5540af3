#!/usr/bin/env bash
# Pictures of the real page: .ci/screenshots.sh FOLDER
#
# Starts a demonstration in a folder of its own, takes pictures of its pages in headless Chromium, and ends it.
set -euo pipefail

out=${1:?say the folder for the pictures}
mkdir -p "$out"
out=$(cd "$out" && pwd)
tmp=$(mktemp -d "${TMPDIR:-/tmp}/arsring-shots-XXXXXX")
demo=
cleanup() {
  [ -z "$demo" ] || { kill "$demo" 2>/dev/null || true; wait "$demo" 2>/dev/null || true; }
  rm -rf "$tmp"
}
trap cleanup EXIT
chmod 755 "$tmp"

bin/arsring demo --dir "$tmp/demo" --serve >"$tmp/log" 2>&1 &
demo=$!
page=
for _ in $(seq 600); do
  page=$(sed -n 's|^Öppna \(http://[^ ]*\) .*|\1|p' "$tmp/log")
  [ -z "$page" ] || break
  kill -0 "$demo" 2>/dev/null || { cat "$tmp/log" >&2; exit 1; }
  sleep 1
done
[ -n "$page" ] || { echo 'screenshots: the demonstration did not start in ten minutes' >&2; cat "$tmp/log" >&2; exit 1; }
page=${page%/}

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
options=(--headless=new --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars --disable-gpu "--user-data-dir=$tmp/profile" --lang=sv-SE)
[ "$(id -u)" != 0 ] || options+=(--no-sandbox)

# shot NAME PATH WIDTH HEIGHT [OPTION...]
shot() {
  local name=$1 path=$2 size=$3,$4
  shift 4
  timeout 120 "$browser" "${options[@]}" "--window-size=$size" --virtual-time-budget=8000 "--screenshot=$out/$name.png" "$@" "$page$path" >/dev/null 2>&1
  [ -s "$out/$name.png" ] || { echo "screenshots: no picture of $path" >&2; exit 1; }
  echo "$out/$name.png"
}

id=$(curl -fsS "$page/api/v1/snapshots?account=flodet" | sed -n 's/^ *"id": "\([^"]*\)".*/\1/p' | head -n 1)
shot oversikt / 1200 900
shot oversikt-mork / 1200 900 --blink-settings=preferredColorScheme=0
shot konto /konton/default/flodet 1200 900
shot bestall /bestall 1200 800
shot dokumentera /dokumentera 1200 900
shot sok '/sok?q=kommun*' 1200 900
shot kalender /kalender 1200 900
[ -z "$id" ] || {
  shot inlagg "/ogonblicksbild/$id/inlagg" 1200 900
  shot blad "/ogonblicksbild/$id/blad" 1200 900
  shot lamna-ut "/lamna-ut/$id" 1200 900
}
