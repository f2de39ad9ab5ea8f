-- +goose Up
-- Every order writes to each of these indexes, so there are no more of them than questions are asked.

-- A registration is found by its order, or by its check-in token.
CREATE TABLE registrations_new (
    id       TEXT NOT NULL,
    order_id TEXT NOT NULL REFERENCES orders (id),
    position BIGINT NOT NULL,
    person   TEXT NOT NULL,
    lines    TEXT NOT NULL,
    check_in TEXT NOT NULL UNIQUE,
    PRIMARY KEY (order_id, position)
);
INSERT INTO registrations_new (id, order_id, position, person, lines, check_in)
    SELECT id, order_id, position, person, lines, check_in FROM registrations;
DROP TABLE registrations;
ALTER TABLE registrations_new RENAME TO registrations;

-- An audit row is found by its event, or by its order.
CREATE TABLE audit_new (
    id         TEXT NOT NULL,
    at         BIGINT NOT NULL,
    actor      TEXT NOT NULL,
    what       TEXT NOT NULL,
    event_id   TEXT,
    order_id   TEXT,
    payment_id TEXT,
    refund_id  TEXT,
    from_state TEXT,
    to_state   TEXT NOT NULL,
    amount     BIGINT,
    currency   TEXT NOT NULL,
    reason     TEXT NOT NULL
);
INSERT INTO audit_new (id, at, actor, what, event_id, order_id, payment_id, refund_id, from_state, to_state, amount, currency, reason)
    SELECT id, at, actor, what, event_id, order_id, payment_id, refund_id, from_state, to_state, amount, currency, reason FROM audit ORDER BY id;
DROP TABLE audit;
ALTER TABLE audit_new RENAME TO audit;
CREATE INDEX audit_event ON audit (event_id, id);
CREATE INDEX audit_order ON audit (order_id);

-- A draft is named by the time of its token and 128 bits of its hash; so many are enough, and the name stands in every order.
UPDATE orders SET draft_id = substr(draft_id, 1, 40) WHERE length(draft_id) = 72;
UPDATE drafts SET id = substr(id, 1, 40) WHERE length(id) = 72;

-- +goose Down
-- The rest of the drafts' names cannot come back: forms that are being filled in begin anew.
DROP INDEX audit_event;
DROP INDEX audit_order;
CREATE TABLE audit_new (
    id         TEXT PRIMARY KEY,
    at         BIGINT NOT NULL,
    actor      TEXT NOT NULL,
    what       TEXT NOT NULL,
    event_id   TEXT,
    order_id   TEXT,
    payment_id TEXT,
    refund_id  TEXT,
    from_state TEXT,
    to_state   TEXT NOT NULL,
    amount     BIGINT,
    currency   TEXT NOT NULL,
    reason     TEXT NOT NULL
);
INSERT INTO audit_new SELECT * FROM audit;
DROP TABLE audit;
ALTER TABLE audit_new RENAME TO audit;
CREATE INDEX audit_event ON audit (event_id, id);
CREATE INDEX audit_order ON audit (order_id);

CREATE TABLE registrations_new (
    id       TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    position BIGINT NOT NULL,
    person   TEXT NOT NULL,
    lines    TEXT NOT NULL,
    check_in TEXT NOT NULL UNIQUE
);
INSERT INTO registrations_new SELECT * FROM registrations;
DROP TABLE registrations;
ALTER TABLE registrations_new RENAME TO registrations;
CREATE INDEX registrations_order ON registrations (order_id);
