package store

import (
	"context"
	"fmt"
	"time"

	"foyer/registration"
)

// CreateSession makes a session of a person and gives its token, of which only the hash is kept.
func (s *Store) CreateSession(ctx context.Context, staffID string, ttl time.Duration) (token string, err error) {
	token = Token()
	err = s.Write(ctx, Locks{}, func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO sessions (id, staff_id, created_at, expires_at) VALUES ($1, $2, $3, $4)`,
			Hash(token), staffID, ms(tx.Now()), ms(tx.Now().Add(ttl)))
		return err
	})
	if err != nil {
		return "", fmt.Errorf("create session: %w", err)
	}
	return token, nil
}

// Session gives the person of a session as they are now: a role that was changed counts from the next call. CodeNotFound when
// the session is unknown, ended or over.
func (s *Store) Session(ctx context.Context, token string) (Staff, error) {
	return scanStaff(s.Row(ctx, `SELECT `+staffColumns+` FROM sessions x JOIN staff st ON st.id = x.staff_id
		WHERE x.id = $1 AND x.expires_at > $2`, Hash(token), ms(s.Now())))
}

// EndSession ends one session. A second call is harmless.
func (s *Store) EndSession(ctx context.Context, token string) error {
	return s.Write(ctx, Locks{}, func(tx *Tx) error {
		_, err := tx.Exec(`DELETE FROM sessions WHERE id = $1`, Hash(token))
		return err
	})
}

func endSessions(tx *Tx, staffID string) error {
	for _, query := range []string{`DELETE FROM sessions WHERE staff_id = $1`, `DELETE FROM sign_in_links WHERE staff_id = $1`} {
		if _, err := tx.Exec(query, staffID); err != nil {
			return fmt.Errorf("end sessions: %w", err)
		}
	}
	return nil
}

// CreateSignInLink makes the token of a link that lets a person in once. Only its hash is kept.
func (s *Store) CreateSignInLink(ctx context.Context, staffID string, ttl time.Duration) (token string, err error) {
	token = Token()
	err = s.Write(ctx, Locks{}, func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO sign_in_links (id, staff_id, expires_at) VALUES ($1, $2, $3)`,
			Hash(token), staffID, ms(tx.Now().Add(ttl)))
		return err
	})
	if err != nil {
		return "", fmt.Errorf("create sign-in link: %w", err)
	}
	return token, nil
}

// UseSignInLink gives the person of a link and uses the link up: of any number of calls one succeeds. CodeNotFound for the
// others, and when the link is unknown or over.
func (s *Store) UseSignInLink(ctx context.Context, token string) (Staff, error) {
	var st Staff
	err := s.Write(ctx, Locks{}, func(tx *Tx) error {
		var err error
		st, err = scanStaff(tx.Row(`SELECT `+staffColumns+` FROM sign_in_links x JOIN staff st ON st.id = x.staff_id
			WHERE x.id = $1 AND x.expires_at > $2`, Hash(token), ms(tx.Now())))
		if err != nil {
			return err
		}
		n, err := tx.Exec(`DELETE FROM sign_in_links WHERE id = $1`, Hash(token))
		if err != nil {
			return fmt.Errorf("use sign-in link: %w", err)
		}
		if n == 0 {
			return registration.Fail(registration.CodeNotFound, "staff.unknown") // used meanwhile
		}
		return nil
	})
	if err != nil {
		return Staff{}, err
	}
	return st, nil
}

// PruneSessions deletes sessions and sign-in links that are over, a thousand of each at most, and says how many.
func (s *Store) PruneSessions(ctx context.Context) (n int64, err error) {
	err = s.Write(ctx, Locks{}, func(tx *Tx) error {
		ended, err := tx.Exec(`DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= $1 LIMIT 1000)`, ms(tx.Now()))
		if err != nil {
			return fmt.Errorf("prune sessions: %w", err)
		}
		links, err := tx.Exec(`DELETE FROM sign_in_links WHERE id IN (SELECT id FROM sign_in_links WHERE expires_at <= $1 LIMIT 1000)`, ms(tx.Now()))
		n = ended + links
		return err
	})
	return n, err
}
