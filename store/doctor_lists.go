package store

import (
	"context"
	"errors"
	"fmt"
)

var checkImports = Check{
	"I28", "Each row of a list that was taken over has one order of the list's event, or says why it has none.",
	"Start the list again on its page; report it when it is found again.",
}

var checkClearings = Check{
	"I27", "Of a cancelled event each order that is done has ended, and one that waits has its job.",
	"Begin again on the page of the cancelled event: orders that have ended are left alone.",
}

var checkPhones = Check{
	"I18", "A code that proves a telephone was tried no more often than it may be, and counts only in its time.", reportFault,
}

var checkMembers = Check{
	"I18", "A member number is used by one person at a time.", "Ask both for a proof, and cancel the registration of the one who has none.",
}

var checkClosed = Check{
	"I9", "Money that a person has dealt with is not listed again.", "Close the entry on the attention list once more.",
}

// lists examines what staff have had done for many orders at once, and what is used once.
func (d *doctor) lists(ctx context.Context) error {
	return errors.Join(
		d.listed(ctx, checkImports, "A row of the list names an order that its event does not have.", `SELECT DISTINCT x.import_id FROM import_rows x JOIN imports i ON i.id = x.import_id
			LEFT JOIN orders o ON o.id = x.order_id AND o.event_id = i.event_id WHERE x.order_id <> '' AND o.id IS NULL ORDER BY x.import_id LIMIT 100`),
		d.listed(ctx, checkImports, "A row of the list has no order and does not say why.", `SELECT DISTINCT import_id FROM import_rows WHERE order_id = '' AND problem = '' ORDER BY import_id LIMIT 100`),
		d.listed(ctx, checkImports, "Two rows of the list have one order.", `SELECT MIN(import_id) FROM import_rows WHERE order_id <> '' GROUP BY import_id, order_id HAVING COUNT(*) > 1 ORDER BY 1 LIMIT 100`),
		d.listed(ctx, checkImports, "The list is done and some of its rows are not.", `SELECT i.id FROM imports i
			WHERE i.kind = 'orders' AND i.state = 'done' AND i.total > (SELECT COUNT(*) FROM import_rows x WHERE x.import_id = i.id) ORDER BY i.id LIMIT 100`),
		d.listed(ctx, checkImports, "The list is being taken over and nobody is at it.", `SELECT i.id FROM imports i
			WHERE i.state = 'running' AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.kind = 'import' AND j.key = i.id AND j.state = 'open') ORDER BY i.id LIMIT 100`),
		d.listed(ctx, checkClearings, "The order is written down as cancelled with its event and never ended.", `SELECT o.code FROM clearing_orders c JOIN orders o ON o.id = c.order_id
			WHERE c.state = 'done' AND o.state NOT IN ('cancelled', 'expired')
			AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.order_id = o.id AND a.what = 'order' AND a.to_state IN ('cancelled', 'expired')) ORDER BY o.code LIMIT 100`),
		d.listed(ctx, checkClearings, "The order waits to be cancelled with its event and nobody is at it.", `SELECT o.code FROM clearing_orders c JOIN orders o ON o.id = c.order_id
			WHERE c.state = 'waiting' AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.kind = 'clear' AND j.key = c.order_id AND j.state = 'open') ORDER BY o.code LIMIT 100`),
		d.listed(ctx, checkPhones, "The code was tried too often, or counts although it was over.", fmt.Sprintf(`SELECT id FROM phone_codes
			WHERE tries > %d OR (verified_at > 0 AND (tries = 0 OR verified_at >= sent_at + %d)) ORDER BY id LIMIT 100`, CodeTries, CodeLife.Milliseconds())),
		d.listed(ctx, checkMembers, "The member number is used by more than one person.", `SELECT v.member_key FROM evidence v JOIN orders o ON o.id = v.order_id
			WHERE v.member_key <> '' AND `+claimLives+` GROUP BY v.event_id, v.member_key HAVING COUNT(*) > 1 ORDER BY v.member_key LIMIT 100`),
		d.listed(ctx, checkClosed, "The entry was closed before.", `SELECT n.id FROM attention n JOIN strangers_closed s ON s.channel_id = n.channel_id AND s.mark = n.mark
			WHERE n.payment_id IS NULL ORDER BY n.id LIMIT 100`),
	)
}
