package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"foyer/payments"
	"foyer/registration"

	"golang.org/x/text/unicode/norm"
)

// OrderFilter says which orders of one event a list, an export or a total is about. Zero fields ask for nothing.
type OrderFilter struct {
	EventID  string // required
	Query    string // what somebody typed into the search box
	State    registration.OrderState
	Standing payments.Standing          // as payments.StandingOf says it
	Payment  payments.State             // of the payment that counts: the confirmed one, else the newest
	Channel  string                     // of that payment, id in the event file
	Category string                     // id in the event file
	Evidence registration.EvidenceState // of somebody in the order; none: nothing is asked of anybody
	Changing bool                       // a change of it waits for its money
	TestToo  bool                       // without it the orders of an event in test mode are left out: their money is in no total
}

// where collects the conditions of a query with their arguments.
type where struct {
	parts []string
	args  []any
}

// arg adds an argument and gives its placeholder.
func (w *where) arg(v any) string {
	w.args = append(w.args, v)
	return fmt.Sprintf("$%d", len(w.args))
}

// and adds a condition in which %s stands for the placeholder of v, which may come from an address.
func (w *where) and(condition, v string) {
	w.parts = append(w.parts, strings.ReplaceAll(condition, "%s", w.arg(clip(v, 200))))
}

// text is the whole condition.
func (w *where) text() string { return strings.Join(w.parts, " AND ") }

// ordersFrom names the tables of a list: o the order, e its event, p the payment that counts, c that payment's channel.
const ordersFrom = ` FROM orders o JOIN events e ON e.id = o.event_id
	LEFT JOIN payments p ON p.id = (SELECT x.id FROM payments x WHERE x.order_id = o.id
		ORDER BY CASE WHEN x.state = 'confirmed' THEN 0 ELSE 1 END, x.attempt DESC LIMIT 1)
	LEFT JOIN channels c ON c.id = p.channel_id`

// from names the tables that the filter alone needs.
func (f OrderFilter) from() string {
	if f.Payment == "" && f.Channel == "" && f.Standing == "" {
		return ` FROM orders o JOIN events e ON e.id = o.event_id`
	}
	return ordersFrom
}

// where makes the conditions of the filter on the tables of ordersFrom.
func (f OrderFilter) where(engine string) *where {
	w := &where{}
	w.and(`o.event_id = %s`, f.EventID)
	w.and(`o.id NOT IN (SELECT k.id FROM orders k WHERE k.event_id = %s AND k.kind = 'check')`, f.EventID) // keeps counting within the index
	if f.State != "" {
		w.and(`o.state = %s`, string(f.State))
	}
	if f.Category != "" {
		w.and(anyCategory, f.Category)
	}
	w.proves(f)
	if f.Changing {
		w.parts = append(w.parts, `o.id IN (SELECT a.order_id FROM amendments a WHERE a.state = 'pending')`)
	}
	if f.Payment != "" {
		w.and(`p.state = %s`, string(f.Payment))
	}
	if f.Channel != "" {
		w.and(`c.key = %s`, f.Channel)
	}
	if !f.TestToo {
		w.and(`e.mode <> %s`, string(registration.Test))
	}
	w.stands(f.Standing, engine)
	w.search(f, engine)
	return w
}

// proves adds what is asked of the evidence. What waits or was refused is rare and found by its index; what was accepted, or is not asked
// for, is common and looked up for each order.
func (w *where) proves(f OrderFilter) {
	switch f.Evidence {
	case "":
	case registration.EvidenceNone:
		w.parts = append(w.parts, `NOT EXISTS (SELECT 1 FROM evidence y WHERE y.order_id = o.id AND y.state <> 'none')`)
	case registration.EvidenceAccepted:
		w.and(`EXISTS (SELECT 1 FROM evidence y WHERE y.order_id = o.id AND y.state = %s)`, string(f.Evidence))
	default:
		event := w.arg(f.EventID)
		w.and(`o.id IN (SELECT y.order_id FROM evidence y WHERE y.event_id = `+event+` AND y.state = %s)`, string(f.Evidence))
	}
}

// anyCategory is met by an order of which somebody is of the category. Lines begin with the category's.
const anyCategory = `(o.category = %s OR (o.people > 1 AND EXISTS (SELECT 1 FROM registrations g WHERE g.order_id = o.id
	AND SUBSTR(g.lines, 1, 27 + LENGTH(%s)) = '[{"kind":"category","id":"' || %s || '"')))`

// search adds what the search box asks for: all its words in name, e-mail, affiliation or code in any order, or the whole of it
// as a code, a number of ours or the gateway's, an approval number, or the last four digits of a phone.
func (w *where) search(f OrderFilter, engine string) {
	query := clip(strings.TrimSpace(norm.NFC.String(f.Query)), 200)
	words := strings.Fields(query)
	if len(words) == 0 {
		return
	}
	var all []string
	for _, word := range words[:min(8, len(words))] {
		all = append(all, `o.search LIKE `+w.arg("%"+likeText(folded(word))+"%")+` ESCAPE '\'`)
	}
	either := []string{"(" + strings.Join(all, " AND ") + ")"}
	if code, ok := CodeOf(query); ok {
		either = append(either, `o.code = `+w.arg(code))
	}
	if len(words) == 1 {
		either = append(either, w.numbers(f.EventID, query, engine)...)
	}
	w.parts = append(w.parts, "("+strings.Join(either, " OR ")+")")
}

// numbers gives the conditions under which one word is a number of the order or of a payment of it.
func (w *where) numbers(eventID, word, engine string) []string {
	var either []string
	if len(word) >= 6 {
		event, no := w.arg(eventID), w.arg(word)
		either = append(either, `o.id IN (SELECT n.order_id FROM payments n WHERE n.order_no = `+no+`)`,
			`o.id IN (SELECT n.order_id FROM payments n WHERE n.gateway_id = `+no+` AND n.merchant IN
				(SELECT m.merchant FROM channels m WHERE m.event_id = `+event+`))`)
	}
	if digits(word) && len(word) >= 6 && len(word) <= 12 {
		either = append(either, `o.id IN (SELECT n.order_id FROM payments n WHERE n.event_id = `+w.arg(eventID)+` AND n.approve = `+w.arg(word)+`)`)
	}
	if digits(word) && len(word) == 4 {
		phone := `json_extract(r.person, '$.phone')`
		if engine == Postgres {
			phone = `(r.person::json ->> 'phone')`
		}
		either = append(either, `EXISTS (SELECT 1 FROM registrations r WHERE r.order_id = o.id AND `+phone+` LIKE `+w.arg("%"+word)+`)`)
	}
	return either
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// likeText escapes what LIKE would take for a wildcard.
var likeText = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace

// CodeOf reads an order's code as people write it, with or without its dash, in any case; false for anything else.
func CodeOf(text string) (string, bool) {
	code := strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToUpper(strings.TrimSpace(text)))
	if len(code) != 8 || strings.Trim(code, codeLetters) != "" {
		return "", false
	}
	return code[:4] + "-" + code[4:], true
}

// FindOrder reports whether the text is the code of an order of the event, and gives the code as it is stored: a search for it
// leads straight to the order.
func (s *Store) FindOrder(ctx context.Context, eventID, text string) (code string, found bool, err error) {
	code, ok := CodeOf(text)
	if !ok {
		return s.scanned(ctx, eventID, text)
	}
	var n int64
	if err := s.Row(ctx, `SELECT COUNT(*) FROM orders WHERE code = $1 AND event_id = $2`, code, eventID).Scan(&n); err != nil {
		return "", false, fmt.Errorf("find order: %w", err)
	}
	return code, n > 0, nil
}

// scanned finds the order whose QR code was read: a scanner types the registration's check-in token.
func (s *Store) scanned(ctx context.Context, eventID, text string) (code string, found bool, err error) {
	token := strings.ToLower(strings.TrimSpace(text))
	if len(token) < 20 {
		return "", false, nil
	}
	err = s.Row(ctx, `SELECT o.code FROM registrations r JOIN orders o ON o.id = r.order_id WHERE r.check_in = $1 AND o.event_id = $2`, token, eventID).Scan(&code)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("find scanned registration: %w", err)
	}
	return code, true, nil
}
