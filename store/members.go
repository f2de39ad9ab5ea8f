package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"foyer/registration"
)

// ReplaceMembers puts a new member list in the place of the one that an event had; an empty one ends it. Numbers that compare alike must
// come once. Registrations that were accepted stay so.
func (s *Store) ReplaceMembers(ctx context.Context, eventID string, list []registration.Member, actor string) error {
	return s.Write(ctx, Locks{}, func(tx *Tx) error {
		if _, err := tx.Exec(`DELETE FROM members WHERE event_id = $1`, eventID); err != nil {
			return fmt.Errorf("drop members: %w", err)
		}
		for len(list) > 0 {
			some := list[:min(len(list), membersAtOnce)]
			list = list[len(some):]
			args := make([]any, 0, 4*len(some))
			for _, m := range some {
				args = append(args, eventID, registration.MemberKey(m.Number), m.Number, m.Name)
			}
			if _, err := tx.Exec(`INSERT INTO members (event_id, number, shown, name) VALUES `+valueRows(len(some), 4), args...); err != nil {
				return fmt.Errorf("store members: %w", err)
			}
		}
		if err := dropDraftFile(tx, memberFiles+eventID, memberFiles); err != nil {
			return err
		}
		return auditRow(tx, audit{actor: actor, what: "event", eventID: eventID, to: "members_replaced"})
	})
}

// memberFiles stands where files of a form have a draft, for member lists that are about to replace another.
const memberFiles = "members:"

// KeepMemberFile stores a file of a member list that somebody looks at before it counts, in the place of the one before, for a day.
func (s *Store) KeepMemberFile(ctx context.Context, eventID, name string, data []byte) (id string, err error) {
	id = newID()
	err = s.Write(ctx, Locks{}, func(tx *Tx) error {
		if err := dropDraftFile(tx, memberFiles+eventID, memberFiles); err != nil {
			return err
		}
		return insertFile(tx, fileRow{id: id, event: eventID, draft: memberFiles + eventID, NewFile: NewFile{Field: memberFiles, Name: clip(name, 200), Data: data}})
	})
	return id, err
}

// MemberFile reads what KeepMemberFile stored; CodeNotFound when it is gone.
func (s *Store) MemberFile(ctx context.Context, eventID, id string) (name string, data []byte, err error) {
	err = s.Row(ctx, `SELECT name, content FROM files WHERE id = $1 AND draft_id = $2`, clip(id, 64), memberFiles+eventID).Scan(&name, &data)
	return name, data, notFound(err, "file.unknown")
}

// membersAtOnce is how many members one statement writes.
const membersAtOnce = 200

// CountMembers counts the lines of an event's member list; 0 when it has none.
func (s *Store) CountMembers(ctx context.Context, eventID string) (n int64, err error) {
	if err := s.Row(ctx, `SELECT COUNT(*) FROM members WHERE event_id = $1`, eventID).Scan(&n); err != nil {
		return 0, fmt.Errorf("count members: %w", err)
	}
	return n, nil
}

// claimMember takes a member number for an order and gives it as the list has it; "" when the event has no list.
//
// It fails with CodeInvalid, and the same key, when the list has no such number, another name for it, or another live order uses it: the
// answer must not tell who is a member. The row is locked, so that no two orders can take it at once.
func claimMember(tx *Tx, eventID, orderID, number, name string) (key string, err error) {
	key = registration.MemberKey(number)
	n, err := tx.Exec(`UPDATE members SET claims = claims + 1 WHERE event_id = $1 AND number = $2`, eventID, key)
	if err != nil {
		return "", fmt.Errorf("look for member: %w", err)
	}
	if n == 0 {
		var one int64
		err := tx.Row(`SELECT COUNT(*) FROM (SELECT 1 FROM members WHERE event_id = $1 LIMIT 1) AS x`, eventID).Scan(&one)
		if err == nil && one > 0 {
			err = errNoMember()
		}
		return "", err
	}
	var listed string
	if err := tx.Row(`SELECT name FROM members WHERE event_id = $1 AND number = $2`, eventID, key).Scan(&listed); err != nil {
		return "", fmt.Errorf("read member: %w", err)
	}
	free, err := memberFree(tx, eventID, orderID, key)
	if err == nil && (!free || !registration.SameName(listed, name)) {
		err = errNoMember()
	}
	if err != nil {
		return "", err
	}
	return key, nil
}

// errNoMember is the one refusal of a member number.
func errNoMember() error { return registration.Fail(registration.CodeInvalid, "evidence.number.wrong") }

// claimLives holds for evidence v of an order o by which a member number is used: nobody else can use it.
const claimLives = `v.state <> 'refused' AND o.places <> 'none'
	AND EXISTS (SELECT 1 FROM registrations r WHERE r.order_id = v.order_id AND r.position = v.position AND r.cancelled_at = 0)`

// onlyOne refuses a member number that another person of the same order uses.
func (p *proof) onlyOne(tx *Tx, orderID, registrationID string) error {
	if p.key == "" {
		return nil
	}
	var others int64
	err := tx.Row(`SELECT COUNT(*) FROM evidence v JOIN orders o ON o.id = v.order_id WHERE v.order_id = $1 AND v.registration_id <> $2 AND v.member_key = $3 AND `+claimLives,
		orderID, registrationID, p.key).Scan(&others)
	if err == nil && others > 0 {
		err = errNoMember()
	}
	return err
}

// memberFree reports whether no other live order uses a member number.
func memberFree(tx *Tx, eventID, orderID, key string) (bool, error) {
	var n int64
	err := tx.Row(`SELECT COUNT(*) FROM evidence v JOIN orders o ON o.id = v.order_id
		WHERE v.event_id = $1 AND v.member_key = $2 AND o.id <> $3 AND `+claimLives, eventID, key, orderID).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for the member's orders: %w", err)
	}
	return n == 0, nil
}

// membersFree is memberFree for the numbers of an order that has given its places back and wants them again. It locks them.
func membersFree(tx *Tx, eventID, orderID string) (bool, error) {
	rows, err := tx.Rows(`SELECT member_key FROM evidence WHERE order_id = $1 AND member_key <> '' ORDER BY member_key`, orderID)
	if err != nil {
		return false, fmt.Errorf("read member numbers: %w", err)
	}
	keys, err := scanAll(rows, func(r scanner) (key string, err error) { return key, r.Scan(&key) })
	if err != nil {
		return false, fmt.Errorf("read member numbers: %w", err)
	}
	for _, key := range keys {
		if _, err := tx.Exec(`UPDATE members SET claims = claims + 1 WHERE event_id = $1 AND number = $2`, eventID, key); err != nil {
			return false, fmt.Errorf("lock member: %w", err)
		}
		if free, err := memberFree(tx, eventID, orderID, key); err != nil || !free {
			return false, err
		}
	}
	return true, nil
}

// MemberFits asks beforehand what an order would be told about a member number: nil when it would be taken, or there is no list.
func (s *Store) MemberFits(ctx context.Context, eventID, number, name string) error {
	var listed string
	key := registration.MemberKey(number)
	err := s.Row(ctx, `SELECT name FROM members WHERE event_id = $1 AND number = $2`, eventID, key).Scan(&listed)
	if errors.Is(err, sql.ErrNoRows) {
		n, err := s.CountMembers(ctx, eventID)
		if err == nil && n > 0 {
			err = errNoMember()
		}
		return err
	}
	if err != nil {
		return fmt.Errorf("look for member: %w", err)
	}
	var used int64
	err = s.Row(ctx, `SELECT COUNT(*) FROM evidence v JOIN orders o ON o.id = v.order_id WHERE v.event_id = $1 AND v.member_key = $2 AND `+claimLives, eventID, key).Scan(&used)
	if err != nil {
		return fmt.Errorf("look for the member's orders: %w", err)
	}
	if used > 0 || !registration.SameName(listed, name) {
		return errNoMember()
	}
	return nil
}

// orElse gives the first error that there is.
func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
