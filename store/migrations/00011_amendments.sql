-- +goose Up
-- A change of what a paid order holds, with the later charge that asks for the difference, if there is one.
CREATE TABLE amendments (
    id         TEXT PRIMARY KEY,
    order_id   TEXT NOT NULL REFERENCES orders (id),
    charge_id  TEXT NOT NULL, -- '' when nothing is to be paid
    state      TEXT NOT NULL, -- pending, applied, lapsed, withdrawn
    places     TEXT NOT NULL, -- held or none: whether it has what it takes; once applied, its order has it
    takes      TEXT NOT NULL, -- places by quota that it adds
    gives      TEXT NOT NULL, -- places by quota that it gives back when it is applied
    before     TEXT NOT NULL, -- what the order's registrations had
    after      TEXT NOT NULL, -- what they are to have
    prices     TEXT NOT NULL, -- the difference per currency
    hold_until BIGINT NOT NULL,
    hold_limit BIGINT NOT NULL,
    extensions BIGINT NOT NULL,
    actor      TEXT NOT NULL,
    reason     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX amendments_open ON amendments (order_id) WHERE state = 'pending';
CREATE INDEX amendments_due ON amendments (hold_until) WHERE state = 'pending';
CREATE INDEX amendments_order ON amendments (order_id, id);
CREATE UNIQUE INDEX amendments_charge ON amendments (charge_id) WHERE charge_id <> '';

-- How many amendments an order has had, so that most orders' pages need not look; and when one person of an order was cancelled.
ALTER TABLE orders ADD COLUMN changed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE registrations ADD COLUMN cancelled_at BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE registrations DROP COLUMN cancelled_at;
ALTER TABLE orders DROP COLUMN changed;
DROP TABLE amendments;
