package store

import (
	"fmt"

	"foyer/registration"
)

// NewPerson is one more person of an order, with what that person takes.
type NewPerson struct {
	Person  registration.Person
	Quote   registration.Quote // of this person alone; a voucher in it must be the order's
	Answers registration.Answers
	Papers  []string           // numbers of the papers that this person covers
	Proof   registration.Proof // for a category with approval; a file must be the draft's
}

// insertPeople writes the registrations of an order's further people.
var insertPeople = newInsert(`INSERT INTO registrations (id, order_id, position, person, lines, check_in, answers)`, 7, ``)

// alone reports whether the order is of one person who pays.
func (n *NewOrder) alone() bool { return n.Payer == nil && len(n.More) == 0 }

// total is what the order comes to.
func (n *NewOrder) total() registration.Prices {
	if n.alone() {
		return n.Quote.Prices
	}
	return n.quotes().Prices()
}

// quotes are the priced carts of all people.
func (n *NewOrder) quotes() registration.Quotes {
	all := registration.Quotes{n.Quote}
	for i := range n.More {
		all = append(all, n.More[i].Quote)
	}
	return all
}

// places adds up what the order takes from each quota.
func (n *NewOrder) places() map[string]int64 {
	if len(n.More) == 0 {
		return n.Quote.Places(n.Event, n.Answers, n.ForOrder)
	}
	answers := []registration.Answers{n.Answers}
	for i := range n.More {
		answers = append(answers, n.More[i].Answers)
	}
	return n.quotes().Places(n.Event, answers, n.ForOrder)
}

// payer is who pays: the first person unless the order names another.
func (n *NewOrder) payer() registration.Person {
	if n.Payer != nil {
		return *n.Payer
	}
	return n.Person
}

// searched is what the search box finds the order by: payer, people and code.
func (n *NewOrder) searched(code string) string {
	if p := n.Person; n.alone() {
		return folded(p.Name, p.FamilyName, p.GivenName, p.Email, p.Affiliation, code)
	}
	parts := append(personWords(n.payer()), personWords(n.Person)...)
	for i := range n.More {
		parts = append(parts, personWords(n.More[i].Person)...)
	}
	return folded(append(parts, code)...)
}

// personWords are the texts by which somebody is found.
func personWords(p registration.Person) []string {
	return []string{p.Name, p.FamilyName, p.GivenName, p.Email, p.Affiliation}
}

// mayUseVoucher refuses the order's voucher when its payer may not use it so often, and gives its code; "" without one.
func (n *NewOrder) mayUseVoucher(tx *Tx, orderID string) (code string, err error) {
	v, uses := n.quotes().Voucher()
	if v == nil {
		return "", nil
	}
	return v.Code, mayUse(tx, n.Event.ID, v, uses, n.payer().Email, orderID)
}

// rows are the registrations of the further people, made ready before the writer's turn.
func (n *NewOrder) rows(orderID string) []any {
	args := make([]any, 0, len(n.More)*insertPeople.width)
	for i := range n.More {
		p := &n.More[i]
		args = append(args, newID(), orderID, int64(i+1), string(p.Person.AppendJSON(nil)), string(registration.AppendLines(nil, p.Quote.Lines)),
			TimedToken(), answersText(p.Answers))
	}
	return args
}

// insertMore writes the further people of an order, and who pays for them.
func (n *NewOrder) insertMore(tx *Tx, orderID string, people []any) error {
	if _, err := insertPeople.run(tx, people); err != nil {
		return fmt.Errorf("insert registrations: %w", err)
	}
	payer := ""
	if n.Payer != nil {
		payer = toJSON(n.Payer)
	}
	if _, err := tx.Exec(`UPDATE orders SET payer = $2, people = $3 WHERE id = $1`, orderID, payer, int64(len(n.More)+1)); err != nil {
		return fmt.Errorf("name payer: %w", err)
	}
	if n.Payer != nil && (&registration.Order{Prices: n.total()}).Free() {
		return mailPeople(tx, orderID)
	}
	return nil
}
