#!/bin/sh
# A soak test: the service under a steady load, its memory sampled. usage: ops/soak.sh SECONDS OUTPUT
set -eu
SHELF_PORT=8191 SHELF_LOG=off SHELF_USER=soak SHELF_PASSWORD=soak SHELF_MEMORY_EVERY=5 \
  node --expose-gc src/server/main.js 2> "$2" &
service=$!
trap 'kill $service' EXIT
until curl -sf http://127.0.0.1:8191/health/ready > /dev/null; do sleep 0.1; done
node ops/load.js http://127.0.0.1:8191 "$1"
