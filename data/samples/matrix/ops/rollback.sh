#!/bin/sh
# Go back to the release before this one. usage: ops/rollback.sh RELEASES PORT
# RELEASES holds a folder per release, `current` and `previous` (links) and `pid`, the process that serves.
set -eu
cd "$1"
kill "$(cat pid)"
ln -sfn "$(readlink previous)" current
SHELF_PORT="$2" SHELF_LOG=off SHELF_VERSION="$(readlink current)" node current/src/server/main.js &
echo $! > pid
until curl -sf "http://127.0.0.1:$2/health/ready" | grep -q "\"version\":\"$(readlink current)\""; do sleep 0.05; done
