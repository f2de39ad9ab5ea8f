package store

import (
	"context"
	"strings"

	"foyer/registration"
)

var checkTexts = Check{
	"I39", "What attendees have agreed to can be shown as it was.", "Restore the row of the table texts from a backup.",
}

// texts looks whether each kept text still says what its version stands for.
func (d *doctor) texts(ctx context.Context) error {
	rows, err := d.q.QueryContext(ctx, `SELECT id, kind, version, body FROM texts ORDER BY id`)
	if err != nil {
		return err
	}
	wrong, err := scanAll(rows, func(r scanner) (string, error) {
		var id, kind, version, body string
		if err := r.Scan(&id, &kind, &version, &body); err != nil {
			return "", err
		}
		var b TextBody
		if fromJSON(body, &b) != nil || b.version(kind) != version {
			return id, nil
		}
		return "", nil
	})
	if ids := strings.Fields(strings.Join(wrong, " ")); len(ids) > 0 {
		d.find(checkTexts, "These texts are not what their versions stand for.", ids...)
	}
	return err
}

// version is what a text of the kind would be known by.
func (b *TextBody) version(kind string) string {
	e := registration.Event{RefundRule: b.RefundRule, Refunds: b.Refunds, Texts: registration.Texts{Terms: b.Text, Privacy: b.Text}}
	switch kind {
	case TextTerms:
		return e.TermsVersion()
	case TextPrivacy:
		return e.PrivacyVersion()
	}
	return registration.ConsentAsk{Label: b.Text}.Version()
}
