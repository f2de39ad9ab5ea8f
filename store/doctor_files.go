package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"foyer/registration"
)

var checkEvidence = Check{
	"I12", "An order waits for approval only while evidence that comes before payment is not accepted.", reportFault,
}

var checkFiles = Check{
	"R9", "Each file that was handed in is whole, and belongs to a draft or to an order of its event.",
	"Restore the newest backup beside this database and compare the file; else ask the attendee to hand it in again.",
}

// evidenceFits checks the evidence of an order against its state.
func evidenceFits(p patient, find func(string, ...string)) {
	waits := false
	for _, x := range p.Evidence {
		waits = waits || (x.Before && x.State != registration.EvidenceAccepted)
		if x.FileID != "" && x.FileName == "" {
			find("The evidence names a file that does not exist.", x.RegistrationID)
		}
	}
	switch p.Order.State {
	case registration.OrderAwaiting:
		if !waits {
			find("The order waits for approval and nothing of it has to be approved.")
		}
	case registration.OrderPending, registration.OrderPaid, registration.OrderExpired, registration.OrderCancelled:
	}
}

// filesAtOnce is how many files are in memory at one time.
const filesAtOnce = 4

// files reads every file.
func (d *doctor) files(ctx context.Context) error {
	after := ""
	for {
		ids, err := collect(ctx, d.q, func(row scanner) (id string, err error) {
			var size int64
			var sum, draft, order string
			var content []byte
			var strayed bool
			if err := row.Scan(&id, &size, &sum, &draft, &order, &strayed, &content); err != nil {
				return id, err
			}
			if got := sha256.Sum256(content); int64(len(content)) != size || hex.EncodeToString(got[:]) != sum {
				d.find(checkFiles, fmt.Sprintf("The file has %d bytes and is not the one of %d bytes that was handed in.", len(content), size), id)
			}
			if strayed || (draft == "") == (order == "") {
				d.find(checkFiles, "The file belongs to no order of its event.", id)
			}
			return id, nil
		}, `SELECT f.id, f.size, f.sha256, f.draft_id, f.order_id, f.order_id <> '' AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = f.order_id AND o.event_id = f.event_id),
			f.content FROM files f WHERE f.id > $1 ORDER BY f.id LIMIT $2`, after, filesAtOnce)
		if err != nil || len(ids) == 0 {
			return wrapped("read files", err)
		}
		after = ids[len(ids)-1]
	}
}
