-- The warehouse of T-minus, version 1. One statement a table; a comment a column; docs/warehouse.md is printed from this file.

-- What was true when: one long table, append-only. A correction is a new row with a later recorded_at.
CREATE TABLE observation (
    project     VARCHAR NOT NULL,     -- name of the project, from tminus.toml
    metric      VARCHAR NOT NULL,     -- noun_unit, see the metric catalogue
    scope       VARCHAR NOT NULL,     -- component, bundle, flag, counter name; empty: the whole project
    observed_at TIMESTAMPTZ NOT NULL, -- when it was true
    recorded_at TIMESTAMPTZ NOT NULL, -- when we learned it
    value       DOUBLE,               -- NULL: unknown
    reason      VARCHAR NOT NULL,     -- why the value is unknown, in words
    unit        VARCHAR NOT NULL,     -- percent, bytes, markers ...
    kind        VARCHAR NOT NULL,     -- measured | claimed | simulated
    "commit"    VARCHAR NOT NULL,     -- full hash, or empty where no commit is known
    source      VARCHAR NOT NULL,     -- name of the source that brought it
    run         BIGINT NOT NULL,      -- source_run.id
    evidence    VARCHAR NOT NULL,     -- evidence.id
    definition  VARCHAR NOT NULL      -- version of the counting rule; two definitions are never compared
);

-- Where a figure can be checked.
CREATE TABLE evidence (
    id           VARCHAR NOT NULL,     -- derived from the content: the same bytes are the same evidence
    locator      VARCHAR NOT NULL,     -- path:line, path@commit, URL without credentials
    sha256       VARCHAR NOT NULL,     -- of the bytes that were read, where there were bytes
    tool         VARCHAR NOT NULL,     -- program that made the figure; of a claim in merged work, its author
    tool_version VARCHAR NOT NULL,     -- its version
    excerpt      VARCHAR NOT NULL,     -- the claimed sentence; never a secret
    path         VARCHAR NOT NULL,     -- file, relative to the repository
    line         INTEGER,              -- line in that file
    recorded_at  TIMESTAMPTZ NOT NULL  -- when we learned of it
);

-- One row a run of a source: the marker of the next run is written with the rows of this one.
CREATE TABLE source_run (
    id          BIGINT NOT NULL,      -- counts up
    project     VARCHAR NOT NULL,     -- name of the project
    source      VARCHAR NOT NULL,     -- name of the source
    started_at  TIMESTAMPTZ NOT NULL, -- start of the pull
    finished_at TIMESTAMPTZ NOT NULL, -- end of this run
    status      VARCHAR NOT NULL,     -- ok | failed
    error       VARCHAR NOT NULL,     -- one line, when it failed
    marker      VARCHAR NOT NULL,     -- what the source needs to go on from here; empty: as the run before left it
    replaces    BOOLEAN NOT NULL,     -- true: this run read everything again (rewritten history, new counting rule); earlier rows of the source are superseded
    rows_added  BIGINT NOT NULL,      -- observations that were new
    counts      VARCHAR NOT NULL,     -- JSON: what the source counted (commits, blobs, files ...)
    warnings    VARCHAR NOT NULL      -- JSON: list of one-line warnings
);

-- First-parent commits of the main branch.
CREATE TABLE "commit" (
    project      VARCHAR NOT NULL,     -- name of the project
    sha          VARCHAR NOT NULL,     -- full hash
    position     BIGINT,               -- 0 at the root; NULL: left the main branch by a rewrite
    committed_at TIMESTAMPTZ NOT NULL, -- committer date, as stored in the commit
    author       VARCHAR NOT NULL,     -- author name; of a merge: the authors of the commits it brought
    subject      VARCHAR NOT NULL,     -- first line of the message
    merged_by    VARCHAR NOT NULL DEFAULT '' -- of a merge: author of the merge commit
);

-- One thing that can be opened and closed.
CREATE TABLE item (
    project       VARCHAR NOT NULL,     -- name of the project
    source        VARCHAR NOT NULL,     -- name of the source
    id            VARCHAR NOT NULL,     -- stable while the thing lives, also when it moves
    kind          VARCHAR NOT NULL,     -- marker | checkbox | finding | failing_test
    label         VARCHAR NOT NULL,     -- TODO, FIXME, high ...
    text          VARCHAR NOT NULL,     -- what it says
    path          VARCHAR NOT NULL,     -- where it is, or was last
    line          INTEGER,              -- line at that place
    scope         VARCHAR NOT NULL,     -- component
    path_class    VARCHAR NOT NULL,     -- code | tests | docs | vendored | generated | backup
    opened_at     TIMESTAMPTZ NOT NULL, -- when it appeared
    opened_commit VARCHAR NOT NULL,     -- in which commit
    opened_by     VARCHAR NOT NULL,     -- who wrote it
    closed_at     TIMESTAMPTZ,          -- when it went; NULL: still open
    closed_commit VARCHAR NOT NULL,     -- in which commit
    closed_by     VARCHAR NOT NULL,     -- who removed it
    opened_merged_by VARCHAR NOT NULL DEFAULT '', -- author of the merge that brought it; opened_by wrote it
    closed_merged_by VARCHAR NOT NULL DEFAULT ''  -- author of the merge that removed it; closed_by removed it
);

-- Blobs with at least one hit of a counter: an absent blob of a commit already read has none.
CREATE TABLE blob_scan (
    oid        VARCHAR NOT NULL, -- git object id
    definition VARCHAR NOT NULL, -- counting rule
    hits       VARCHAR NOT NULL  -- JSON: what the scan found
);

-- Every version of the plan that was in force.
CREATE TABLE plan_version (
    project        VARCHAR NOT NULL,     -- name of the project
    effective_from TIMESTAMPTZ NOT NULL, -- scores from here on use it; NULL never
    recorded_at    TIMESTAMPTZ NOT NULL, -- when we first saw it
    sha256         VARCHAR NOT NULL,     -- of its text
    text           VARCHAR NOT NULL      -- the plan as TOML
);

-- Every forecast that was shown, scored when its day comes.
CREATE TABLE forecast (
    project     VARCHAR NOT NULL,     -- name of the project
    made_at     TIMESTAMPTZ NOT NULL, -- when it was shown
    origin      TIMESTAMPTZ NOT NULL, -- the forecaster stopped reading here
    subject     VARCHAR NOT NULL,     -- go, readiness, or a criterion id
    target      DOUBLE,               -- readiness goal or threshold
    outcome     VARCHAR NOT NULL,     -- dated | not_at_this_rate | not_enough_evidence
    answer      VARCHAR NOT NULL,     -- JSON: quantiles and odds as shown
    model       VARCHAR NOT NULL      -- version of the forecaster
);

-- What the weekly meeting decided.
CREATE TABLE action (
    project     VARCHAR NOT NULL,     -- name of the project
    id          VARCHAR NOT NULL,     -- stable
    recorded_at TIMESTAMPTZ NOT NULL, -- when it was written down
    owner       VARCHAR NOT NULL,     -- who does it
    text        VARCHAR NOT NULL,     -- what
    due         DATE,                 -- until when
    criterion   VARCHAR NOT NULL,     -- criterion it serves, or empty
    outcome     VARCHAR NOT NULL      -- open | done | dropped
);

-- Moments that charts mark: plan edits, deployments, freezes.
CREATE TABLE event (
    project     VARCHAR NOT NULL,     -- name of the project
    happened_at TIMESTAMPTZ NOT NULL, -- when
    recorded_at TIMESTAMPTZ NOT NULL, -- when we learned it
    kind        VARCHAR NOT NULL,     -- plan_edit | deployment | freeze | note
    text        VARCHAR NOT NULL      -- in words
);

-- What counts now: observations that no later complete re-reading of their source has superseded.
CREATE VIEW current_observation AS
SELECT o.*
FROM observation o
LEFT JOIN (
    SELECT project, source, max(id) AS first_run FROM source_run WHERE replaces AND status = 'ok' GROUP BY ALL
) r ON r.project = o.project AND r.source = o.source
WHERE o.run >= coalesce(r.first_run, 0);
