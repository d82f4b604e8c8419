#!/bin/sh
# Rehearse the rollback on this machine and print how long it took. usage: ops/rollback_drill.sh > drill.json
set -eu
drill=$(mktemp -d)
for release in 0.2.0 0.3.0; do
  mkdir "$drill/$release"
  cp -R src package.json "$drill/$release/"
  ln -s "$PWD/node_modules" "$drill/$release/node_modules"
done
ln -s 0.3.0 "$drill/current"
ln -s 0.2.0 "$drill/previous"
SHELF_PORT=8192 SHELF_LOG=off SHELF_VERSION=0.3.0 node "$drill/current/src/server/main.js" >&2 &
echo $! > "$drill/pid"
trap 'kill $(cat "$drill/pid"); rm -rf "$drill"' EXIT
until curl -sf http://127.0.0.1:8192/health/ready > /dev/null; do sleep 0.05; done
begun=$(date +%s.%N)
ops/rollback.sh "$drill" 8192 >&2
ended=$(date +%s.%N)
seconds=$(echo "$ended $begun" | awk '{printf "%.3f", $1 - $2}')
printf '[{"metric": "rollback_seconds", "value": %s, "source": "ops/rollback_drill.sh", "at": "%s"}]\n' \
  "$seconds" "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
