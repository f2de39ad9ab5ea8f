-- +goose Up
-- Which company and method stand behind a channel, the society's own account, how long an account waits for its deposit, and the
-- credentials' references as the event file writes them.
ALTER TABLE channels ADD COLUMN pg TEXT NOT NULL DEFAULT '';
ALTER TABLE channels ADD COLUMN pay_method TEXT NOT NULL DEFAULT '';
ALTER TABLE channels ADD COLUMN account TEXT NOT NULL DEFAULT '{}';
ALTER TABLE channels ADD COLUMN deposit_term BIGINT NOT NULL DEFAULT 0;
ALTER TABLE channels ADD COLUMN refs TEXT NOT NULL DEFAULT '{}';

-- What the payer chose, the account that waits for a deposit, and what proves the gateway's notifications (sealed).
ALTER TABLE payments ADD COLUMN asked TEXT NOT NULL DEFAULT '';
ALTER TABLE payments ADD COLUMN cash_receipt TEXT NOT NULL DEFAULT '{}';
ALTER TABLE payments ADD COLUMN account TEXT NOT NULL DEFAULT '{}';
ALTER TABLE payments ADD COLUMN deadline BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payments ADD COLUMN secret TEXT NOT NULL DEFAULT '';
ALTER TABLE payments ADD COLUMN paid_at BIGINT NOT NULL DEFAULT 0;

-- The payer's bank account for a refund (sealed: it is personal data).
ALTER TABLE refunds ADD COLUMN account TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE refunds DROP COLUMN account;
ALTER TABLE payments DROP COLUMN paid_at;
ALTER TABLE payments DROP COLUMN secret;
ALTER TABLE payments DROP COLUMN deadline;
ALTER TABLE payments DROP COLUMN account;
ALTER TABLE payments DROP COLUMN cash_receipt;
ALTER TABLE payments DROP COLUMN asked;
ALTER TABLE channels DROP COLUMN refs;
ALTER TABLE channels DROP COLUMN deposit_term;
ALTER TABLE channels DROP COLUMN account;
ALTER TABLE channels DROP COLUMN pay_method;
ALTER TABLE channels DROP COLUMN pg;
