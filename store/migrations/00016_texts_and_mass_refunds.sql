-- +goose Up
-- What attendees agree to, in every version there was, so that it can be shown years later.
CREATE TABLE texts (
    id       TEXT PRIMARY KEY, -- event id/kind/version
    event_id TEXT NOT NULL REFERENCES events (id),
    kind     TEXT NOT NULL,    -- terms, privacy, or consent:ID
    version  TEXT NOT NULL,    -- digest of the text
    body     TEXT NOT NULL,
    since    BIGINT NOT NULL
);
CREATE INDEX texts_event ON texts (event_id, kind, since);

-- All orders of an event cancelled together, with all their money back.
CREATE TABLE clearings (
    id         TEXT PRIMARY KEY,
    event_id   TEXT NOT NULL REFERENCES events (id),
    actor      TEXT NOT NULL,
    reason     TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX clearings_event ON clearings (event_id, created_at);
CREATE TABLE clearing_orders (
    clearing_id TEXT NOT NULL REFERENCES clearings (id),
    order_id    TEXT NOT NULL REFERENCES orders (id),
    state       TEXT NOT NULL, -- waiting, done, failed
    error       TEXT NOT NULL,
    ended_at    BIGINT NOT NULL,
    PRIMARY KEY (clearing_id, order_id)
);

-- +goose Down
DROP TABLE clearing_orders;
DROP TABLE clearings;
DROP TABLE texts;
