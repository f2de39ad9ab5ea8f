package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"foyer/registration"
)

// paperPause is how long nobody is written to again about the same event's papers.
const paperPause = 24 * time.Hour

// MailPapers queues one mail to each address that is a contact of a paper which nobody covers, and that was not written to within the
// last day; it gives how many. A second call within the day mails only addresses that are new.
func (s *Store) MailPapers(ctx context.Context, e *registration.Event, lang registration.Lang, actor string) (sent int, err error) {
	contacts, err := s.UncoveredContacts(ctx, e.ID)
	if err != nil {
		return 0, err
	}
	err = s.Write(ctx, Locks{}, func(tx *Tx) error {
		sent = 0
		for _, c := range contacts {
			n, err := tx.Exec(`INSERT INTO paper_mails (event_id, email, sent_at) VALUES ($1, $2, $3)
				ON CONFLICT (event_id, email) DO UPDATE SET sent_at = $3 WHERE paper_mails.sent_at <= $4`,
				e.ID, foldEmail(c.Email), ms(tx.Now()), ms(tx.Now().Add(-paperPause)))
			if err != nil {
				return fmt.Errorf("note mail about papers: %w", err)
			}
			if n == 0 {
				continue
			}
			sent++
			if err := addMail(tx, Mail{Kind: MailPapers, EventID: e.ID, Email: c.Email, Name: c.Name, Lang: string(lang)}); err != nil {
				return err
			}
		}
		return auditRow(tx, audit{actor: actor, what: "event", eventID: e.ID, to: "papers_mailed", reason: fmt.Sprint(sent)})
	})
	return sent, err
}

// MailPapers is the kind of the mail to the contact authors of papers that nobody covers.
const MailPapers = "papers"

// PaperAddressee is a contact author with the papers that nobody covers.
type PaperAddressee struct {
	registration.PaperContact
	Papers []registration.Paper
	MailAt time.Time // when written to last; zero: never
}

// UncoveredContacts lists the contact authors of the papers that nobody covers, one entry for each address, in the order of papers.
func (s *Store) UncoveredContacts(ctx context.Context, eventID string) ([]PaperAddressee, error) {
	mailed, err := s.papersMailed(ctx, eventID)
	if err != nil {
		return nil, err
	}
	var all []PaperAddressee
	at := map[string]int{}
	for after := ""; ; {
		rows, err := s.Papers(ctx, eventID, PaperFilter{Standing: PapersUncovered, After: after, Limit: 500})
		if err != nil || len(rows) == 0 {
			return all, err
		}
		for _, p := range rows {
			after = p.Number
			for _, c := range p.Contacts {
				email := foldEmail(c.Email)
				i, known := at[email]
				if !known {
					i = len(all)
					at[email] = i
					all = append(all, PaperAddressee{PaperContact: c, MailAt: mailed[email]})
				}
				all[i].Papers = append(all[i].Papers, p.Paper)
			}
		}
	}
}

func (s *Store) papersMailed(ctx context.Context, eventID string) (map[string]time.Time, error) {
	rows, err := s.Rows(ctx, `SELECT email, sent_at FROM paper_mails WHERE event_id = $1`, eventID)
	if err != nil {
		return nil, fmt.Errorf("read mails about papers: %w", err)
	}
	mailed := map[string]time.Time{}
	_, err = scanAll(rows, func(r scanner) (struct{}, error) {
		var email string
		var sent int64
		err := r.Scan(&email, &sent)
		mailed[email] = at(sent)
		return struct{}{}, err
	})
	return mailed, err
}

// Due reports whether the address may be written to again at now.
func (a PaperAddressee) Due(now time.Time) bool { return !now.Before(a.MailAt.Add(paperPause)) }

// UncoveredOf lists the papers that nobody covers and whose contact author has that address, as people count.
func (s *Store) UncoveredOf(ctx context.Context, eventID, email string) ([]registration.Paper, error) {
	rows, err := s.Rows(ctx, `SELECT p.number, p.title, p.authors, p.contacts, p.removed`+papersAndPlaces+standings[PapersUncovered]+` ORDER BY p.sort`, eventID)
	if err != nil {
		return nil, fmt.Errorf("find uncovered papers: %w", err)
	}
	list, err := scanAll(rows, scanPaper)
	var mine []registration.Paper
	for _, p := range list {
		if slices.ContainsFunc(p.Contacts, func(c registration.PaperContact) bool { return foldEmail(c.Email) == foldEmail(email) }) {
			mine = append(mine, p.Paper)
		}
	}
	return mine, err
}
