-- +goose Up

-- Money at a gateway that no payment of ours stands for, and that a person has dealt with: comparing the day again does not bring it back.
CREATE TABLE strangers_closed (
    channel_id TEXT NOT NULL REFERENCES channels (id),
    mark       TEXT NOT NULL,
    closed_at  BIGINT NOT NULL,
    PRIMARY KEY (channel_id, mark)
);

-- Codes that were sent to telephones, one row each. The code is not here: it is computed from the secret key and the id. draft_id is
-- the draft's, and the order's that it becomes; address is a hash. A telephone gets one code a
-- minute, whoever asks at once.
CREATE TABLE phone_codes (
    id          TEXT PRIMARY KEY,
    event_id    TEXT NOT NULL REFERENCES events (id),
    draft_id    TEXT NOT NULL,
    phone       TEXT NOT NULL,
    address     TEXT NOT NULL,
    lang        TEXT NOT NULL,
    tries       BIGINT NOT NULL DEFAULT 0,
    sent_at     BIGINT NOT NULL,
    minute      BIGINT NOT NULL,
    verified_at BIGINT NOT NULL DEFAULT 0,
    UNIQUE (phone, minute)
);
CREATE INDEX phone_codes_draft ON phone_codes (draft_id, phone, sent_at);
CREATE INDEX phone_codes_phone ON phone_codes (phone, sent_at);
CREATE INDEX phone_codes_address ON phone_codes (address, sent_at);
CREATE INDEX phone_codes_sent ON phone_codes (sent_at);
