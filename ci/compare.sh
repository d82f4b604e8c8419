#!/usr/bin/env bash
# What the GitHub Action and the GitLab job run: bring the base, read the reports, comment, compare.
# The last command decides the exit code: 0 no worse, 1 worse, 3 not comparable.
set -euo pipefail
forge=$1

tminus() { "$TMINUS_PYTHON" "$TMINUS/tminus.py" "$@"; }
parents() { git cat-file -p HEAD | sed -n '/^$/q; s/^parent //p'; }

if ! git rev-parse --git-dir >/dev/null 2>&1; then
  echo "T-minus compares commits and needs a checkout of the repository: add a checkout step before this one" >&2
  exit 2
fi
config=${TMINUS_CONFIG_FILE:-tminus.toml}
base=${TMINUS_BASE:-main}
# A pull request is checked out as a merge with its base: the first parent is what it is compared with, and the merge
# names it also where the clone is cut.
if [[ $forge == github && ${GITHUB_EVENT_NAME:-} == pull_request* && $(parents | wc -l) -ge 2 ]]; then
  base=$(parents | head -n 1)
fi
if ! git rev-parse --verify --quiet "$base^{commit}" >/dev/null &&
  ! git rev-parse --verify --quiet "refs/remotes/origin/$base^{commit}" >/dev/null; then
  git fetch --quiet --no-tags --depth=1 origin "$base"
  base=$(git rev-parse FETCH_HEAD)
fi

# A warehouse that an earlier job left keeps its history: of this job only the reports are added.
if ! tminus sql --config "$config" "SELECT 1" >/dev/null 2>&1; then
  tminus pull --config "$config" --quiet
fi
if [[ -n ${TMINUS_REPORTS:-} ]]; then
  tminus pull --config "$config" --from-ci "$TMINUS_REPORTS" --source artifacts
fi

if [[ $forge == github ]]; then
  outputs=(--annotations github)
  [[ -n ${GITHUB_STEP_SUMMARY:-} ]] && outputs+=(--summary "$GITHUB_STEP_SUMMARY")
else
  outputs=(--annotations gitlab --annotations-file gl-code-quality-report.json)
fi
# A fork has no token that may write: what would be the comment is printed, or goes into the summary. So it does where
# the forge refuses the comment: the comparison below is what the job is for.
show_comment() {
  tminus pr-comment --config "$config" --base "$base" ${GITHUB_STEP_SUMMARY:+--output "$GITHUB_STEP_SUMMARY"}
}
if [[ ${TMINUS_COMMENT:-false} == true ]]; then
  if [[ ${TMINUS_FORK:-false} == true || ($forge == gitlab && -z ${GITLAB_TOKEN:-}) ]]; then
    show_comment
  else
    tminus pr-comment --config "$config" --base "$base" --send || show_comment
  fi
fi
accepted=()
for id in ${TMINUS_ACCEPT:-}; do accepted+=(--accept "$id"); done
tminus check --config "$config" --baseline "$base" --junit tminus-junit.xml "${outputs[@]}" "${accepted[@]}"
