package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"foyer/registration"
)

// JobText is the kind of job that sends one code to a telephone; its payload is the code's id.
const JobText = "text"

// Rules of codes that prove that somebody has a telephone.
const (
	CodeLife       = 5 * time.Minute
	CodeTries      = 5           // of one code
	CodePause      = time.Minute // between two codes to one telephone
	CodesPerHour   = 5           // to one telephone
	CodesByAddress = 50          // asked for by one address within an hour: a campus shares one
	phoneCodeLife  = 72 * time.Hour
)

// PhoneCode asks for a code.
type PhoneCode struct {
	EventID string
	DraftID string
	Phone   string // E.164
	Address string // whose request it is, as a Hash; "" is not limited
	Lang    registration.Lang
}

// SendCode makes a code for a draft's telephone and queues its message. The code itself is written nowhere.
//
// It fails with CodeConflict: "phone.wait" when a code was sent to this telephone a moment ago, "phone.too_many" when the telephone or the
// address had too many within an hour.
func (s *Store) SendCode(ctx context.Context, q PhoneCode) error {
	return s.Write(ctx, Locks{}, func(tx *Tx) error {
		if err := mayCall(tx, q); err != nil {
			return err
		}
		id := newID()
		n, err := tx.Exec(`INSERT INTO phone_codes (id, event_id, draft_id, phone, address, lang, sent_at, minute) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (phone, minute) DO NOTHING`,
			id, q.EventID, q.DraftID, q.Phone, q.Address, q.Lang, ms(tx.Now()), tx.Now().Unix()/60)
		if err != nil {
			return fmt.Errorf("keep code: %w", err)
		}
		if n == 0 { // another post was quicker
			return registration.Fail(registration.CodeConflict, "phone.wait")
		}
		return tx.AddJob(Job{Kind: JobText, Payload: []byte(id)})
	})
}

// mayCall holds the limits.
func mayCall(tx *Tx, q PhoneCode) error {
	now := tx.Now()
	var last, phone, address int64
	err := tx.Row(`SELECT COALESCE(MAX(sent_at), 0), COUNT(*) FROM phone_codes WHERE phone = $1 AND sent_at > $2`, q.Phone, ms(now.Add(-time.Hour))).Scan(&last, &phone)
	if err == nil && q.Address != "" {
		err = tx.Row(`SELECT COUNT(*) FROM phone_codes WHERE address = $1 AND sent_at > $2`, q.Address, ms(now.Add(-time.Hour))).Scan(&address)
	}
	switch {
	case err != nil:
		return fmt.Errorf("count codes: %w", err)
	case phone >= CodesPerHour || address >= CodesByAddress:
		return registration.Fail(registration.CodeConflict, "phone.too_many")
	case last > 0 && now.Sub(at(last)) < CodePause:
		return registration.Fail(registration.CodeConflict, "phone.wait")
	}
	return nil
}

// CheckCode compares what somebody typed with the newest code of the draft's telephone. A code is good for CodeLife and CodeTries.
//
// It fails with CodeInvalid: "phone.wrong", or "phone.over" when there is no code that could be right any more.
func (s *Store) CheckCode(ctx context.Context, draftID, phone, typed string) error {
	return s.answered(ctx, draftID, phone, func(tx *Tx, id string) error {
		n, err := tx.Exec(`UPDATE phone_codes SET tries = tries + 1 WHERE id = $1 AND tries < $2 AND sent_at > $3`, id, CodeTries, ms(tx.Now().Add(-CodeLife)))
		switch {
		case err != nil:
			return fmt.Errorf("count tries: %w", err)
		case n == 0:
			return registration.Fail(registration.CodeInvalid, "phone.over")
		case !s.Keys().checkPhoneCode(typed, id):
			return registration.Fail(registration.CodeInvalid, "phone.wrong")
		}
		if _, err := tx.Exec(`UPDATE phone_codes SET verified_at = $2 WHERE id = $1 AND verified_at = 0`, id, ms(tx.Now())); err != nil {
			return fmt.Errorf("keep that the telephone is right: %w", err)
		}
		return nil
	})
}

// answered runs fn for the newest code of a draft's telephone. A refusal is an answer, not a failure: what fn has counted stays.
func (s *Store) answered(ctx context.Context, draftID, phone string, fn func(*Tx, string) error) error {
	var refused error
	err := s.Write(ctx, Locks{}, func(tx *Tx) error {
		refused = nil
		var id string
		err := tx.Row(`SELECT id FROM phone_codes WHERE draft_id = $1 AND phone = $2 ORDER BY sent_at DESC, id DESC LIMIT 1`, draftID, phone).Scan(&id)
		if err = notFound(err, "phone.over"); err == nil {
			err = fn(tx, id)
		}
		if e, ok := errors.AsType[*registration.Error](err); ok {
			refused = registration.Fail(registration.CodeInvalid, e.Key)
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	return refused
}

// CodeSent is when the newest code of a draft's telephone was asked for; the zero time when none was, or when it was tried too often.
func (s *Store) CodeSent(ctx context.Context, draftID, phone string) (time.Time, error) {
	var sent int64
	var tries int
	err := s.Row(ctx, `SELECT sent_at, tries FROM phone_codes WHERE draft_id = $1 AND phone = $2 ORDER BY sent_at DESC, id DESC LIMIT 1`, draftID, phone).Scan(&sent, &tries)
	if errors.Is(err, sql.ErrNoRows) || err == nil && tries >= CodeTries {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("find code: %w", err)
	}
	return at(sent), nil
}

// CodeMessage is what a job of kind JobText sends.
type CodeMessage struct {
	EventID string
	Phone   string
	Lang    registration.Lang
	Code    string
}

// CodeToSend gives the message of a code; CodeNotFound when the code is gone, or is over: nobody waits for it any more.
func (s *Store) CodeToSend(ctx context.Context, id string) (m CodeMessage, err error) {
	err = s.Row(ctx, `SELECT event_id, phone, lang FROM phone_codes WHERE id = $1 AND sent_at > $2`, clip(id, 64), ms(s.Now().Add(-CodeLife))).Scan(&m.EventID, &m.Phone, &m.Lang)
	m.Code = s.Keys().all[0].phoneCode(id)
	return m, notFound(err, "phone.over")
}

// PhoneVerified is when the owner of an order proved to have the telephone; the zero time when they did not.
func (s *Store) PhoneVerified(ctx context.Context, orderID, phone string) (time.Time, error) {
	var verified int64
	err := s.Row(ctx, `SELECT COALESCE(MAX(c.verified_at), 0) FROM orders o JOIN phone_codes c ON c.phone = $2
		AND (c.draft_id = o.draft_id OR c.draft_id IN (SELECT 'person:' || r.id FROM registrations r WHERE r.order_id = o.id)) WHERE o.id = $1`, orderID, phone).Scan(&verified)
	if err != nil {
		return time.Time{}, fmt.Errorf("find code: %w", err)
	}
	return at(verified), nil
}

// PhoneOf is a telephone of one of an order's people.
type PhoneOf struct{ Registration, Phone string }

// PhonesProved are the telephones that the people of an order have proved on their own pages.
func (s *Store) PhonesProved(ctx context.Context, orderID string) (map[PhoneOf]bool, error) {
	proved := map[PhoneOf]bool{}
	rows, err := s.Rows(ctx, `SELECT r.id, c.phone FROM registrations r JOIN phone_codes c ON c.draft_id = 'person:' || r.id WHERE r.order_id = $1 AND c.verified_at > 0`, orderID)
	if err != nil {
		return nil, fmt.Errorf("find codes: %w", err)
	}
	_, err = scanAll(rows, func(r scanner) (p PhoneOf, err error) {
		err = r.Scan(&p.Registration, &p.Phone)
		proved[p] = true
		return p, err
	})
	return proved, err
}

// PrunePhoneCodes deletes codes of three days ago that belong to no order, a thousand at most, and says how many.
func (s *Store) PrunePhoneCodes(ctx context.Context) (n int64, err error) {
	err = s.Write(ctx, Locks{}, func(tx *Tx) (err error) {
		n, err = tx.Exec(`DELETE FROM phone_codes WHERE id IN (SELECT c.id FROM phone_codes c WHERE c.sent_at < $1
			AND (c.verified_at = 0 OR NOT EXISTS (SELECT 1 FROM orders o WHERE o.draft_id = c.draft_id)
			AND NOT EXISTS (SELECT 1 FROM registrations r WHERE r.id = SUBSTR(c.draft_id, 8))) LIMIT 1000)`, ms(tx.Now().Add(-phoneCodeLife)))
		return err
	})
	return n, err
}

// phoneCode is the code of a row: six digits.
func (d derived) phoneCode(id string) string {
	mac := hmac.New(sha256.New, d.phone)
	mac.Write([]byte(id))
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(mac.Sum(nil))%1_000_000)
}

// checkPhoneCode reports, in constant time, whether typed is the row's code under the newest or an older key.
func (k *Keys) checkPhoneCode(typed, id string) bool {
	ok := 0
	for _, d := range k.all {
		ok |= subtle.ConstantTimeCompare([]byte(d.phoneCode(id)), []byte(typed))
	}
	return ok == 1
}
