-- +goose Up
-- What attendees hand in. A file belongs to a draft first, then to the order that the draft became.
CREATE TABLE files (
    id         TEXT PRIMARY KEY,
    event_id   TEXT NOT NULL REFERENCES events (id),
    draft_id   TEXT NOT NULL, -- '' once an order has it
    order_id   TEXT NOT NULL, -- '' while a draft has it
    field      TEXT NOT NULL, -- of the form: evidence, or answer.{question}
    name       TEXT NOT NULL,
    media      TEXT NOT NULL, -- found out from the content
    size       BIGINT NOT NULL,
    sha256     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    content    BYTEA NOT NULL
);
CREATE INDEX files_drafts ON files (draft_id, field, size) WHERE draft_id <> '';
CREATE INDEX files_orders ON files (order_id) WHERE order_id <> '';

-- What staff look at before or after somebody pays: one row for each registration of a category with approval.
CREATE TABLE evidence (
    order_id        TEXT NOT NULL REFERENCES orders (id),
    position        BIGINT NOT NULL, -- of the registration in its order
    registration_id TEXT NOT NULL,
    event_id        TEXT NOT NULL REFERENCES events (id),
    kind            TEXT NOT NULL, -- student_id, member_number, or '' when only the approval is asked for
    before_payment  BOOLEAN NOT NULL, -- nobody pays before it is accepted
    state           TEXT NOT NULL,
    number          TEXT NOT NULL, -- of a member, as it was typed
    member_key      TEXT NOT NULL, -- the same as it stands in members, '' when it was not found there
    file_id         TEXT NOT NULL, -- the newest, '' for none
    reason          TEXT NOT NULL, -- of the last refusal
    difference      BOOLEAN NOT NULL DEFAULT FALSE, -- refused, and the price of another category was asked for
    given_at        BIGINT NOT NULL, -- the last time that something was handed in; before that, when the order was made
    decided_at      BIGINT NOT NULL,
    decided_by      TEXT NOT NULL,
    PRIMARY KEY (order_id, position)
);
CREATE INDEX evidence_queue ON evidence (event_id, state, given_at, registration_id);
CREATE INDEX evidence_members ON evidence (event_id, member_key) WHERE member_key <> '';

-- The members of the society as its list of this event has them.
CREATE TABLE members (
    event_id TEXT NOT NULL REFERENCES events (id),
    number   TEXT NOT NULL, -- as it is compared
    shown    TEXT NOT NULL, -- as the list writes it
    name     TEXT NOT NULL,
    claims   BIGINT NOT NULL DEFAULT 0, -- raised to lock the row
    PRIMARY KEY (event_id, number)
);

-- +goose Down
DROP TABLE members;
DROP TABLE evidence;
DROP TABLE files;
