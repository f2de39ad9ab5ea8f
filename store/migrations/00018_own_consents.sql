-- +goose Up

-- What one of an order's people has agreed to themselves, as orders.consents has it of who made the order. '' for somebody for whom the
-- order was made, '[]' for who came instead of another, until they have agreed.
ALTER TABLE registrations ADD COLUMN agreed TEXT NOT NULL DEFAULT '';
