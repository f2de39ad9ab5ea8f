-- +goose Up
CREATE TABLE meta (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
);

-- What is to be done later, written in the transaction that causes it.
CREATE TABLE jobs (
	id          TEXT PRIMARY KEY,
	kind        TEXT NOT NULL,
	key         TEXT NOT NULL,   -- '' or unique among the open jobs of the kind
	state       TEXT NOT NULL,   -- open, done, dead
	payload     BYTEA NOT NULL,
	about       TEXT NOT NULL,   -- id of what the job is about, '' for nothing in particular
	run_at      BIGINT NOT NULL, -- not before this time
	next_at     BIGINT NOT NULL, -- asked for again while claimed: then once more at this time; 0: not asked
	tries       BIGINT NOT NULL,
	lease       TEXT NOT NULL,   -- token of the claim, '' while nobody has it
	lease_until BIGINT NOT NULL,
	last_error  TEXT NOT NULL,
	created_at  BIGINT NOT NULL,
	ended_at    BIGINT NOT NULL  -- 0 while open
);
CREATE UNIQUE INDEX jobs_open_key ON jobs (kind, key) WHERE state = 'open' AND key <> '';
-- One small index for each question: what is due, which leases end, what has ended.
CREATE INDEX jobs_due ON jobs (kind, run_at) WHERE state = 'open' AND lease = '';
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 'open' AND lease <> '';
CREATE INDEX jobs_done ON jobs (ended_at) WHERE state = 'done';
CREATE INDEX jobs_about ON jobs (about) WHERE about <> '';
CREATE INDEX jobs_dead ON jobs (ended_at) WHERE state = 'dead';

-- +goose Down
DROP TABLE jobs;
DROP TABLE meta;
