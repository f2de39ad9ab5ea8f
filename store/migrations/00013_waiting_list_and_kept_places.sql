-- +goose Up
-- Those who wait for places of an event, in the order in which they came. An entry to which places are offered holds them, as an order
-- would, until somebody takes them or the offer is over.
CREATE TABLE waiting (
    id          TEXT PRIMARY KEY,
    event_id    TEXT NOT NULL REFERENCES events (id),
    code        TEXT NOT NULL UNIQUE,
    state       TEXT NOT NULL, -- waiting, offered, taken, lapsed or left
    category    TEXT NOT NULL,
    cart        TEXT NOT NULL,
    needs       TEXT NOT NULL, -- places by quota, as in the event file
    name        TEXT NOT NULL,
    email       TEXT NOT NULL,
    folded      TEXT NOT NULL, -- the address as it is compared
    lang        TEXT NOT NULL,
    offer_until BIGINT NOT NULL, -- 0 before an offer
    order_id    TEXT REFERENCES orders (id),
    created_at  BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL -- 0 while open
);
CREATE UNIQUE INDEX waiting_once ON waiting (event_id, category, folded) WHERE state IN ('waiting', 'offered');
CREATE INDEX waiting_line ON waiting (event_id, created_at, id);
CREATE INDEX waiting_open ON waiting (event_id) WHERE state = 'waiting';
CREATE INDEX waiting_offers ON waiting (offer_until) WHERE state = 'offered';
ALTER TABLE events ADD COLUMN waiting_paused BOOLEAN NOT NULL DEFAULT FALSE;

-- waiting: how many in line lack a place of the quota; while it is above 0 nobody else gets one. keeps_until: a quota that counts places
-- kept for a voucher keeps what is left of them until then; 0: it keeps nothing.
ALTER TABLE quotas ADD COLUMN waiting BIGINT NOT NULL DEFAULT 0;
ALTER TABLE quotas ADD COLUMN keeps_until BIGINT NOT NULL DEFAULT 0;
CREATE INDEX quotas_waiting ON quotas (event_id) WHERE waiting > 0;
CREATE INDEX quotas_keep ON quotas (keeps_until) WHERE keeps_until > 0;

-- +goose Down
DROP INDEX quotas_keep;
DROP INDEX quotas_waiting;
ALTER TABLE quotas DROP COLUMN keeps_until;
ALTER TABLE quotas DROP COLUMN waiting;
ALTER TABLE events DROP COLUMN waiting_paused;
DROP TABLE waiting;
