-- +goose Up

-- Money at a gateway that no payment of ours stands for, and that a person has dealt with: comparing the day again does not bring it back.
CREATE TABLE strangers_closed (
    channel_id TEXT NOT NULL REFERENCES channels (id),
    mark       TEXT NOT NULL,
    closed_at  BIGINT NOT NULL,
    PRIMARY KEY (channel_id, mark)
);
