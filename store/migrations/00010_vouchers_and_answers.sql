-- +goose Up
-- The codes of an event, those of its file and those made in the console. How often one was used is counted by the quota
-- voucher:CODE, like places.
CREATE TABLE vouchers (
    id         TEXT PRIMARY KEY, -- event id/CODE
    event_id   TEXT NOT NULL REFERENCES events (id),
    code       TEXT NOT NULL,
    source     TEXT NOT NULL, -- file or staff
    batch      TEXT NOT NULL, -- of codes made together, '' for none
    definition TEXT NOT NULL,
    removed    BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (event_id, code)
);
CREATE INDEX vouchers_batch ON vouchers (event_id, batch, code);

ALTER TABLE orders ADD COLUMN voucher TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN answers TEXT NOT NULL DEFAULT '';
ALTER TABLE registrations ADD COLUMN answers TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE registrations DROP COLUMN answers;
ALTER TABLE orders DROP COLUMN answers;
ALTER TABLE orders DROP COLUMN voucher;
DROP TABLE vouchers;
