#!/bin/sh
# What CI runs. Each `job` is one line whose report T-minus reads from REPORTS; a job that fails does not stop the next.
# usage: REPORTS=reports/2026-01-31T12-00-00Z SOAK_SECONDS=1200 sh ci.sh
# Needs: npm packages of package.json; schemathesis, detect-secrets, semgrep and checkov (PyPI); curl; chromium.
set -u
mkdir -p "$REPORTS/tests" "$REPORTS/coverage" "$REPORTS/bundle" "$REPORTS/load" "$REPORTS/memory" "$REPORTS/security" \
  "$REPORTS/api" "$REPORTS/infrastructure" "$REPORTS/documentation" "$REPORTS/operations" "$REPORTS/ci" build
: > build/jobs

job() {
  name=$1
  shift
  if "$@" > "build/$name.log" 2>&1; then outcome=100; else outcome=0; fi
  printf '%s %s\n' "$name" "$outcome" | tee -a build/jobs
}

suite() { vitest run "test/$1" --reporter=junit --outputFile="$REPORTS/tests/$1.xml"; }

unit() {
  vitest run test/unit --reporter=junit --outputFile="$REPORTS/tests/unit.xml" \
    --coverage.enabled --coverage.provider=v8 --coverage.include='src/**/*.js' \
    --coverage.reporter=lcovonly --coverage.reportsDirectory="$REPORTS/coverage"
}

bundle() {
  esbuild src/web/main.js --bundle --minify --format=esm --outdir=build/web --metafile="$REPORTS/bundle/meta.json"
}

secrets() { detect-secrets scan --all-files --exclude-files '^(node_modules|build|reports)/' > "$REPORTS/security/secrets.json"; }

findings() { semgrep scan --metrics=off --disable-version-check --config ops/semgrep.yaml --sarif --output "$REPORTS/security/semgrep.sarif" --error src; }

infrastructure() { checkov --directory deploy --compact --quiet --output junitxml > "$REPORTS/infrastructure/checkov.xml"; }

api_document() { spectral lint openapi.yaml --format sarif --output "$REPORTS/documentation/spectral.sarif"; }

documented() { typedoc --options ops/typedoc.json --json "$REPORTS/documentation/typedoc.json"; }

serve() { # the service for the jobs that need it running; its process in $service
  SHELF_PORT=8190 SHELF_LOG=off SHELF_USER=ci SHELF_PASSWORD=ci node src/server/main.js &
  service=$!
  until curl -sf http://127.0.0.1:8190/health/ready > build/ready; do sleep 0.1; done
}

contract() {
  serve
  token=$(curl -sf http://127.0.0.1:8190/login -H 'content-type: application/json' -d '{"name":"ci","password":"ci"}' |
    sed 's/.*"token":"\([^"]*\)".*/\1/')
  schemathesis run openapi.yaml --url http://127.0.0.1:8190 --header "Authorization: Bearer $token" --seed 1 \
    --max-examples 25 --report junit --report-junit-path "$REPORTS/api/schemathesis.xml"
  outcome=$?
  kill "$service"
  return "$outcome"
}

load() {
  serve
  outcome=0
  for run in 1 2 3; do
    CHROME_PATH=${CHROME_PATH:-/usr/bin/chromium} lighthouse http://127.0.0.1:8190/ --quiet \
      --only-categories=performance --disable-full-page-screenshot \
      --skip-audits=screenshot-thumbnails,final-screenshot,valid-source-maps,unused-javascript \
      --chrome-flags='--headless=new --no-sandbox' --output=json --output-path="$REPORTS/load/lighthouse-$run.json" || outcome=1
  done
  kill "$service"
  return "$outcome"
}

soak() { ops/soak.sh "${SOAK_SECONDS:-1200}" "$REPORTS/memory/soak.jsonl"; }

rollback() { ops/rollback_drill.sh > "$REPORTS/operations/rollback.json"; }

job unit unit
job integration suite integration
job authentication suite authentication
job data-protection suite data-protection
job operations suite operations
job deployment-guide suite documentation
job bundle bundle
job secrets secrets
job findings findings
job infrastructure infrastructure
job api-document api_document
job documented documented
job contract contract
job load load
job rollback rollback
job soak soak

# The share of jobs that succeeded, and each job, in the generic JSON. A connected CI service tells this by itself.
awk -v at="$(date -u +%Y-%m-%dT%H:%M:%SZ)" '
  function row(scope, value) {
    return sprintf("{\"metric\": \"ci_success_percent\", \"scope\": \"%s\", \"value\": %s, \"source\": \"ci.sh\", \"at\": \"%s\"}", scope, value, at)
  }
  { rows = rows ",\n " row("job:" $1, $2); sum += $2 }
  END { print "[" row("", sum / NR) rows "]" }
' build/jobs > "$REPORTS/ci/jobs.json"
