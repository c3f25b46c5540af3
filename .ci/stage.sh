#!/usr/bin/env bash
# stage.sh NAME COMMAND...: runs one stage of the tests and says how long it took.
set -uo pipefail
name=$1
shift
printf '== %s\n' "$name"
"$@"
rc=$?
if [ $rc = 0 ]; then how="done"; else how="FAILED (exit $rc)"; fi
printf '== %s: %s after %d s\n' "$name" "$how" "$SECONDS"
exit $rc
