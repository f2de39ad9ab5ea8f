-- +goose Up
-- The accepted papers of an event. Each is a quota paper:NUMBER of one place, so that one order covers it, and gives it back like a place.
CREATE TABLE papers (
    id         TEXT PRIMARY KEY, -- event id/NUMBER
    event_id   TEXT NOT NULL REFERENCES events (id),
    number     TEXT NOT NULL,
    sort       TEXT NOT NULL,    -- by which numbers stand as people count
    title      TEXT NOT NULL,
    authors    TEXT NOT NULL,
    contacts   TEXT NOT NULL,    -- [{"name": …, "email": …}]
    removed    BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX papers_event ON papers (event_id, sort);

-- Which papers an order has been made for. They count while the order has places.
CREATE TABLE coverings (
    order_id TEXT NOT NULL REFERENCES orders (id),
    number   TEXT NOT NULL,
    position BIGINT NOT NULL,    -- of the registration in its order
    event_id TEXT NOT NULL,
    PRIMARY KEY (order_id, number)
);
CREATE INDEX coverings_paper ON coverings (event_id, number);

-- When the contact authors of uncovered papers were written to last.
CREATE TABLE paper_mails (
    event_id TEXT NOT NULL REFERENCES events (id),
    email    TEXT NOT NULL,
    sent_at  BIGINT NOT NULL,
    PRIMARY KEY (event_id, email)
);

-- Lists that staff have uploaded, and how far they were taken over.
CREATE TABLE imports (
    id         TEXT PRIMARY KEY,
    event_id   TEXT NOT NULL REFERENCES events (id),
    kind       TEXT NOT NULL,    -- papers or orders
    name       TEXT NOT NULL,
    body       BYTEA NOT NULL,
    state      TEXT NOT NULL,    -- kept, running or done
    options    TEXT NOT NULL,    -- how it is to be taken over
    total      BIGINT NOT NULL,
    actor      TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at   BIGINT NOT NULL
);
CREATE INDEX imports_event ON imports (event_id, kind, created_at);

-- What became of each row of an import: an order, or why there is none.
CREATE TABLE import_rows (
    import_id TEXT NOT NULL REFERENCES imports (id),
    row_no    BIGINT NOT NULL,
    order_id  TEXT NOT NULL,     -- '' when none was made
    problem   TEXT NOT NULL,     -- key of the sentence, '' when all is well
    PRIMARY KEY (import_id, row_no)
);

-- +goose Down
DROP TABLE import_rows;
DROP TABLE imports;
DROP TABLE paper_mails;
DROP TABLE coverings;
DROP TABLE papers;
