-- +goose Up
-- Attention may also be about money at a gateway that no payment of ours stands for: then there is neither order nor payment, and
-- mark tells such entries of a channel apart.
CREATE TABLE attention_new (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    event_id   TEXT NOT NULL REFERENCES events (id),
    order_id   TEXT REFERENCES orders (id),
    payment_id TEXT REFERENCES payments (id),
    refund_id  TEXT NOT NULL,
    since      BIGINT NOT NULL,
    note       TEXT NOT NULL,
    channel_id TEXT REFERENCES channels (id),
    mark       TEXT NOT NULL DEFAULT '',
    amount     BIGINT NOT NULL DEFAULT 0,
    currency   TEXT NOT NULL DEFAULT '',
    UNIQUE (kind, payment_id, refund_id)
);
INSERT INTO attention_new (id, kind, event_id, order_id, payment_id, refund_id, since, note)
    SELECT id, kind, event_id, order_id, payment_id, refund_id, since, note FROM attention;
DROP TABLE attention;
ALTER TABLE attention_new RENAME TO attention;
CREATE INDEX attention_event ON attention (event_id, since);
CREATE UNIQUE INDEX attention_mark ON attention (kind, channel_id, mark) WHERE payment_id IS NULL;

-- What moved on a day, for comparing it with a gateway's own list.
CREATE INDEX payments_moved ON payments (channel_id, (CASE WHEN paid_at > 0 THEN paid_at ELSE verified_at END)) WHERE verified_at > 0;
CREATE INDEX refunds_done ON refunds (done_at) WHERE state = 'done';

-- A settlement file between its upload and the choice of its columns.
CREATE TABLE settlement_files (
    id         TEXT PRIMARY KEY,
    channel_id TEXT NOT NULL REFERENCES channels (id),
    name       TEXT NOT NULL,
    body       BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX settlement_files_made ON settlement_files (created_at);

-- An order of kind 'check' charges a channel's smallest amount before the event opens, and takes no place.
ALTER TABLE orders ADD COLUMN kind TEXT NOT NULL DEFAULT '';
CREATE INDEX orders_check ON orders (event_id) WHERE kind = 'check';

-- When each credential was written: {"secret_key": 1}.
ALTER TABLE channels ADD COLUMN written TEXT NOT NULL DEFAULT '{}';

-- How the last call of each kind to a gateway ended, and the last webhook.
CREATE TABLE channel_calls (
    channel_id TEXT NOT NULL REFERENCES channels (id),
    operation  TEXT NOT NULL,
    at         BIGINT NOT NULL,
    result     TEXT NOT NULL,
    code       TEXT NOT NULL,
    PRIMARY KEY (channel_id, operation)
);

-- +goose Down
DROP TABLE channel_calls;
DROP TABLE settlement_files;
