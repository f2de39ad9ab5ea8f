package store

import (
	"context"
	"fmt"
	"time"

	"foyer/registration"
)

// Kinds of texts. A consent's kind is TextConsent and its id.
const (
	TextTerms   = "terms"
	TextPrivacy = "privacy"
	TextConsent = "consent:"
)

// TextBody is what a text said. Of the terms it holds everything that the event adds to those of every event.
type TextBody struct {
	Text       registration.Text         `json:"text,omitzero"`
	RefundRule registration.Text         `json:"refund_rule,omitzero"`
	Refunds    registration.RefundPolicy `json:"refund_policy,omitzero"`
}

// TextVersion is one version of a text of an event.
type TextVersion struct {
	Kind, Version string
	Since         time.Time
	TextBody
}

// textsOf are the texts of an event as it stands.
func textsOf(e *registration.Event) []TextVersion {
	var all []TextVersion
	if !e.RefundRule.Empty() || !e.Refunds.Empty() || !e.Texts.Terms.Empty() {
		all = append(all, TextVersion{Kind: TextTerms, Version: e.TermsVersion(), TextBody: TextBody{e.Texts.Terms, e.RefundRule, e.Refunds}})
	}
	if !e.Texts.Privacy.Empty() {
		all = append(all, TextVersion{Kind: TextPrivacy, Version: e.PrivacyVersion(), TextBody: TextBody{Text: e.Texts.Privacy}})
	}
	for _, c := range e.Consents {
		all = append(all, TextVersion{Kind: TextConsent + c.ID, Version: c.Version(), TextBody: TextBody{Text: c.Label}})
	}
	return all
}

// keepTexts adds the versions that an event's texts have now; one that was there before stays as it is.
func keepTexts(tx *Tx, e *registration.Event) error {
	for _, t := range textsOf(e) {
		_, err := tx.Exec(`INSERT INTO texts (id, event_id, kind, version, body, since) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING`,
			e.ID+"/"+t.Kind+"/"+t.Version, e.ID, t.Kind, t.Version, toJSON(t.TextBody), ms(tx.Now()))
		if err != nil {
			return fmt.Errorf("keep text %s: %w", t.Kind, err)
		}
	}
	return nil
}

// Texts lists the versions that a text of an event has had, the newest first.
func (s *Store) Texts(ctx context.Context, eventID, kind string) ([]TextVersion, error) {
	rows, err := s.Rows(ctx, `SELECT version, body, since FROM texts WHERE event_id = $1 AND kind = $2 ORDER BY since DESC, id`, eventID, kind)
	if err != nil {
		return nil, fmt.Errorf("list texts: %w", err)
	}
	return scanAll(rows, func(r scanner) (TextVersion, error) {
		t := TextVersion{Kind: kind}
		var body string
		var since int64
		if err := r.Scan(&t.Version, &body, &since); err != nil {
			return t, err
		}
		t.Since = at(since)
		return t, fromJSON(body, &t.TextBody)
	})
}
