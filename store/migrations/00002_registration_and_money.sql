-- +goose Up
-- Times are UTC Unix milliseconds (0: not yet), money is minor units beside its currency, ids are UUIDv7 text.

CREATE TABLE events (
    id         TEXT PRIMARY KEY,
    slug       TEXT NOT NULL UNIQUE,
    mode       TEXT NOT NULL,
    version    BIGINT NOT NULL,
    definition TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE channels (
    id             TEXT PRIMARY KEY,
    event_id       TEXT NOT NULL REFERENCES events (id),
    key            TEXT NOT NULL,
    gateway        TEXT NOT NULL,
    mode           TEXT NOT NULL,
    currency       TEXT NOT NULL,
    cards          TEXT NOT NULL,
    methods        TEXT NOT NULL,
    merchant       TEXT NOT NULL,
    credentials    TEXT NOT NULL,
    api_url        TEXT NOT NULL,
    script_url     TEXT NOT NULL,
    confirm_window BIGINT NOT NULL,
    position       BIGINT NOT NULL,
    removed        BOOLEAN NOT NULL,
    version        BIGINT NOT NULL,
    UNIQUE (event_id, key)
);
CREATE INDEX channels_merchant ON channels (merchant);

CREATE TABLE quotas (
    id       TEXT PRIMARY KEY,
    event_id TEXT NOT NULL REFERENCES events (id),
    key      TEXT NOT NULL,
    places   BIGINT NOT NULL,
    held     BIGINT NOT NULL CHECK (held >= 0),
    sold     BIGINT NOT NULL CHECK (sold >= 0),
    UNIQUE (event_id, key)
);

CREATE TABLE orders (
    id             TEXT PRIMARY KEY,
    event_id       TEXT NOT NULL REFERENCES events (id),
    code           TEXT NOT NULL UNIQUE,
    secret_version BIGINT NOT NULL,
    draft_id       TEXT NOT NULL UNIQUE,
    state          TEXT NOT NULL,
    places         TEXT NOT NULL,
    taken          TEXT NOT NULL,
    category       TEXT NOT NULL,
    lang           TEXT NOT NULL,
    name           TEXT NOT NULL,
    email          TEXT NOT NULL,
    affiliation    TEXT NOT NULL,
    search         TEXT NOT NULL,
    consents       TEXT NOT NULL,
    prices         TEXT NOT NULL,
    currency       TEXT NOT NULL,
    placed_at      BIGINT NOT NULL,
    hold_until     BIGINT NOT NULL,
    hold_limit     BIGINT NOT NULL,
    extensions     BIGINT NOT NULL,
    paid_at        BIGINT NOT NULL
);
CREATE INDEX orders_event ON orders (event_id, placed_at, id);
CREATE INDEX orders_state ON orders (event_id, state, placed_at, id);
CREATE INDEX orders_email ON orders (email);
CREATE INDEX orders_holds ON orders (hold_until) WHERE state = 'pending';

CREATE TABLE registrations (
    id            TEXT PRIMARY KEY,
    order_id      TEXT NOT NULL REFERENCES orders (id),
    position      BIGINT NOT NULL,
    person        TEXT NOT NULL,
    lines         TEXT NOT NULL,
    check_in      TEXT NOT NULL UNIQUE
);
CREATE INDEX registrations_order ON registrations (order_id);

CREATE TABLE charges (
    id         TEXT PRIMARY KEY,
    order_id   TEXT NOT NULL REFERENCES orders (id),
    no         BIGINT NOT NULL,
    prices     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (order_id, no)
);

CREATE TABLE payments (
    id                TEXT PRIMARY KEY,
    order_id          TEXT NOT NULL REFERENCES orders (id),
    event_id          TEXT NOT NULL REFERENCES events (id),
    charge_id         TEXT NOT NULL REFERENCES charges (id),
    charge_no         BIGINT NOT NULL,
    channel_id        TEXT NOT NULL REFERENCES channels (id),
    gateway           TEXT NOT NULL,
    mode              TEXT NOT NULL,
    merchant          TEXT NOT NULL,
    attempt           BIGINT NOT NULL,
    token             TEXT NOT NULL UNIQUE,
    order_no          TEXT NOT NULL UNIQUE,
    state             TEXT NOT NULL,
    amount            BIGINT NOT NULL CHECK (amount > 0),
    currency          TEXT NOT NULL,
    candidate         TEXT NOT NULL,
    sent              TEXT NOT NULL,
    gateway_id        TEXT,
    captured          BIGINT NOT NULL CHECK (captured >= 0),
    captured_currency TEXT NOT NULL,
    verified_at       BIGINT NOT NULL,
    idempotency_key   TEXT NOT NULL,
    send_open         BOOLEAN NOT NULL,
    lease_until       BIGINT NOT NULL,
    lease_owner       TEXT NOT NULL,
    started_at        BIGINT NOT NULL,
    intent_at         BIGINT NOT NULL,
    confirmed_at      BIGINT NOT NULL,
    last_capture      BIGINT NOT NULL,
    next_look         BIGINT NOT NULL,
    looks             BIGINT NOT NULL,
    reason            TEXT NOT NULL,
    method            TEXT NOT NULL,
    card              TEXT NOT NULL,
    approve           TEXT NOT NULL,
    proof             TEXT NOT NULL,
    lang              TEXT NOT NULL,
    launch            TEXT NOT NULL,
    UNIQUE (order_id, attempt),
    UNIQUE (merchant, gateway_id)
);
CREATE UNIQUE INDEX payments_one_confirmed ON payments (order_id, charge_id) WHERE state = 'confirmed';
CREATE INDEX payments_due ON payments (next_look) WHERE next_look > 0;
CREATE INDEX payments_event ON payments (event_id, id);

CREATE TABLE refunds (
    id              TEXT PRIMARY KEY,
    payment_id      TEXT NOT NULL REFERENCES payments (id),
    order_id        TEXT NOT NULL REFERENCES orders (id),
    state           TEXT NOT NULL,
    amount          BIGINT NOT NULL CHECK (amount > 0),
    currency        TEXT NOT NULL,
    source          TEXT NOT NULL,
    reason          TEXT NOT NULL,
    actor           TEXT NOT NULL,
    nonce           TEXT,
    idempotency_key TEXT NOT NULL,
    send_open       BOOLEAN NOT NULL,
    sends           BIGINT NOT NULL,
    gateway_id      TEXT NOT NULL,
    next_try        BIGINT NOT NULL,
    note            TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    done_at         BIGINT NOT NULL,
    UNIQUE (payment_id, nonce)
);
CREATE INDEX refunds_order ON refunds (order_id);
CREATE INDEX refunds_due ON refunds (next_try) WHERE state IN ('requested', 'sending', 'unknown');

CREATE TABLE series (
    id   TEXT PRIMARY KEY,
    last BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE receipts (
    no         TEXT PRIMARY KEY,
    series     TEXT NOT NULL REFERENCES series (id),
    number     BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    event_id   TEXT NOT NULL REFERENCES events (id),
    order_id   TEXT NOT NULL REFERENCES orders (id),
    payment_id TEXT NOT NULL REFERENCES payments (id),
    refund_id  TEXT,
    corrects   TEXT NOT NULL,
    amount     BIGINT NOT NULL CHECK (amount > 0),
    currency   TEXT NOT NULL,
    issued_at  BIGINT NOT NULL,
    body       TEXT NOT NULL,
    UNIQUE (series, number),
    UNIQUE (refund_id)
);
CREATE UNIQUE INDEX receipts_one_per_payment ON receipts (payment_id) WHERE kind = 'receipt';
CREATE INDEX receipts_order ON receipts (order_id);

CREATE TABLE audit (
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
CREATE INDEX audit_event ON audit (event_id, id);
CREATE INDEX audit_order ON audit (order_id);

CREATE TABLE attention (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    event_id   TEXT NOT NULL REFERENCES events (id),
    order_id   TEXT NOT NULL REFERENCES orders (id),
    payment_id TEXT NOT NULL REFERENCES payments (id),
    refund_id  TEXT NOT NULL,
    since      BIGINT NOT NULL,
    note       TEXT NOT NULL,
    UNIQUE (kind, payment_id, refund_id)
);
CREATE INDEX attention_event ON attention (event_id, since);

CREATE TABLE drafts (
    id         TEXT PRIMARY KEY,
    event_id   TEXT NOT NULL REFERENCES events (id),
    data       TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX drafts_expire ON drafts (expires_at);

CREATE TABLE staff (
    id         TEXT PRIMARY KEY,
    email      TEXT NOT NULL UNIQUE,
    role       TEXT NOT NULL,
    event_id   TEXT,
    password   TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    id         TEXT PRIMARY KEY,
    staff_id   TEXT NOT NULL REFERENCES staff (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_expire ON sessions (expires_at);
CREATE INDEX sessions_staff ON sessions (staff_id);

CREATE TABLE sign_in_links (
    id         TEXT PRIMARY KEY,
    staff_id   TEXT NOT NULL REFERENCES staff (id),
    expires_at BIGINT NOT NULL
);

CREATE TABLE webhooks (
    id          TEXT PRIMARY KEY,
    channel_id  TEXT NOT NULL REFERENCES channels (id),
    event_key   TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    headers     TEXT NOT NULL,
    body        TEXT NOT NULL,
    payment_id  TEXT,
    UNIQUE (channel_id, event_key)
);
CREATE INDEX webhooks_received ON webhooks (received_at);

-- +goose Down
DROP TABLE webhooks;
DROP TABLE sign_in_links;
DROP TABLE sessions;
DROP TABLE staff;
DROP TABLE drafts;
DROP TABLE attention;
DROP TABLE audit;
DROP TABLE receipts;
DROP TABLE series;
DROP TABLE refunds;
DROP TABLE payments;
DROP TABLE charges;
DROP TABLE registrations;
DROP TABLE orders;
DROP TABLE quotas;
DROP TABLE channels;
DROP TABLE events;
