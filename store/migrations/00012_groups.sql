-- +goose Up
-- Orders of several people. payer is the person who pays as JSON, '' when it is the first registration's.
ALTER TABLE orders ADD COLUMN payer TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN people BIGINT NOT NULL DEFAULT 1;

-- version of a registration's own link, raised to revoke it; completed_at: when the person has looked through their own details.
ALTER TABLE registrations ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE registrations ADD COLUMN completed_at BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE registrations DROP COLUMN completed_at;
ALTER TABLE registrations DROP COLUMN version;
ALTER TABLE orders DROP COLUMN people;
ALTER TABLE orders DROP COLUMN payer;
