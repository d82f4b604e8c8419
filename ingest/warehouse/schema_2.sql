-- Version 2: what the meeting decided, and reviews that never change.

-- Decisions of the weekly meeting, append-only: each change is a row, the newest row of an id is its state.
CREATE TABLE decision (
    project    VARCHAR NOT NULL,     -- name of the project
    id         VARCHAR NOT NULL,     -- D1, D2 ... in the order in which they were made
    changed_at TIMESTAMPTZ NOT NULL, -- when this row was written
    changed_by VARCHAR NOT NULL,     -- who wrote it, or empty
    change     VARCHAR NOT NULL,     -- opened | done | dropped | carried
    text       VARCHAR NOT NULL,     -- what was decided
    owner      VARCHAR NOT NULL,     -- who does it
    due        DATE,                 -- until when
    criterion  VARCHAR NOT NULL,     -- criterion it serves, or empty
    note       VARCHAR NOT NULL      -- what was noted at this change
);

-- Frozen reviews: the files as they were, byte for byte.
CREATE TABLE frozen_review (
    project   VARCHAR NOT NULL,     -- name of the project
    day       DATE NOT NULL,        -- day of the review, in the team's zone
    frozen_at TIMESTAMPTZ NOT NULL, -- when it was frozen
    frozen_by VARCHAR NOT NULL,     -- who froze it, or empty
    since     TIMESTAMPTZ NOT NULL, -- start of its window
    until     TIMESTAMPTZ NOT NULL, -- end of its window
    answer    VARCHAR NOT NULL,     -- the review as JSON
    markdown  VARCHAR NOT NULL,     -- as Markdown
    html      VARCHAR NOT NULL,     -- as one HTML file
    sha256    VARCHAR NOT NULL      -- of the three, in this order
);
