-- Version 4: what happened on the way to production. Rows are added and never changed.

-- Deployments and rollbacks, as people recorded them and as tags and deployment APIs show them.
CREATE TABLE deployment (
    project     VARCHAR NOT NULL,     -- name of the project
    id          VARCHAR NOT NULL,     -- deploy-1, deploy-2 ... in the order in which they were recorded
    kind        VARCHAR NOT NULL,     -- deploy | rollback | withdrawn (the event named in "of" was recorded in error)
    happened_at TIMESTAMPTZ NOT NULL, -- when it happened
    recorded_at TIMESTAMPTZ NOT NULL, -- when we learned it
    stage       VARCHAR NOT NULL,     -- id of the stage; empty: a deployment that names none
    "commit"    VARCHAR NOT NULL,     -- full hash that runs from here on
    environment VARCHAR NOT NULL,     -- staging, production ...; empty where there is one
    "by"        VARCHAR NOT NULL,     -- who did it, or empty
    source      VARCHAR NOT NULL,     -- command | git-tags | github | gitlab, or the name of a sample
    external    VARCHAR NOT NULL,     -- tag, or address of the deployment; empty for the command
    verdict     VARCHAR NOT NULL,     -- GO | CONDITIONAL GO | NO-GO at that time; empty where nobody asked
    override    VARCHAR NOT NULL,     -- the reason why it was done although it was refused, or empty
    refused     VARCHAR NOT NULL,     -- JSON: list of the sentences that refused it
    note        VARCHAR NOT NULL,     -- what was written beside it
    "of"        VARCHAR NOT NULL,     -- id of the event that this one withdraws, or empty
    is_simulated BOOLEAN NOT NULL     -- true: part of a sample
);

-- Acts of people and programs in the process: runs of a step, drills, messages, incidents.
CREATE TABLE process_event (
    project     VARCHAR NOT NULL,     -- name of the project
    kind        VARCHAR NOT NULL,     -- step_run | drill | message | incident | withdrawn (the act that "id" names) | signed_act
    id          VARCHAR NOT NULL,     -- what it is about: id of the step, the drill, the message, the incident
    happened_at TIMESTAMPTZ NOT NULL, -- when
    recorded_at TIMESTAMPTZ NOT NULL, -- when we learned it
    "by"        VARCHAR NOT NULL,     -- who, or empty
    outcome     VARCHAR NOT NULL,     -- passed, failed, sent ...; of an incident: critical | major | minor | resolved
    seconds     DOUBLE,               -- how long it took; NULL: not measured
    details     VARCHAR NOT NULL,     -- JSON object, without credentials
    is_simulated BOOLEAN NOT NULL     -- true: part of a sample
);

-- Every sample of the expressions that have `after`; a correction is a row with a later recorded_at.
CREATE TABLE sample (
    project     VARCHAR NOT NULL,     -- name of the project
    metric      VARCHAR NOT NULL,     -- as in observation
    scope       VARCHAR NOT NULL,     -- as in observation
    sampled_at  TIMESTAMPTZ NOT NULL, -- moment of the sample, on the clock of the service that took it
    recorded_at TIMESTAMPTZ NOT NULL, -- when we learned it
    value       DOUBLE NOT NULL,      -- may be NaN or infinite, as the service answered
    unit        VARCHAR NOT NULL,     -- percent, seconds ...
    kind        VARCHAR NOT NULL,     -- measured | simulated
    source      VARCHAR NOT NULL,     -- name of the source that brought it
    evidence    VARCHAR NOT NULL,     -- evidence.id
    step        DOUBLE NOT NULL,      -- seconds from one expected sample to the next
    definition  VARCHAR NOT NULL      -- version of the expression; two definitions are never compared
);
