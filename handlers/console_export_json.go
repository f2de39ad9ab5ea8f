package handlers

import (
	"encoding/json"
	"fmt"
	"io"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// jsonExport writes orders as {"event", "mode", "orders": […]}, one order per line. Its keys are those of the ledger where the ledger
// has them; every key is always there, null when empty.
type jsonExport struct {
	w     io.Writer
	event *registration.Event
	count int
}

func newJSONExport(w io.Writer, e *registration.Event) (*jsonExport, error) {
	slug, err := json.Marshal(e.Slug)
	if err != nil {
		return nil, fmt.Errorf("begin export: %w", err)
	}
	if _, err := fmt.Fprintf(w, `{"event": %s, "mode": %q, "orders": [`, slug, e.Mode); err != nil {
		return nil, fmt.Errorf("begin export: %w", err)
	}
	return &jsonExport{w: w, event: e}, nil
}

// exportedOrder is one order of a JSON export. Amounts are minor units.
type exportedOrder struct {
	Code        string                  `json:"code"`
	State       registration.OrderState `json:"state"`
	Standing    payments.Standing       `json:"standing"` // as the screen says it
	Payer       exportedPayer           `json:"payer"`
	Category    string                  `json:"category"`
	Items       []exportedItem          `json:"items"`
	Lang        registration.Lang       `json:"lang"`
	Currency    registration.Currency   `json:"currency"`
	Total       int64                   `json:"total"`
	Money       []exportedMoney         `json:"money"` // one entry per currency, the order's own first
	Payment     store.Optional          `json:"payment"`
	Channel     store.Optional          `json:"channel"`
	Gateway     store.Optional          `json:"gateway"`
	Method      store.Optional          `json:"method"`
	OrderNo     store.Optional          `json:"order_no"`
	GatewayID   store.Optional          `json:"gateway_payment_id"`
	ReceiptNo   store.Optional          `json:"receipt_no"`
	People      []registration.Person   `json:"people"`  // in their order
	Answers     []registration.Answers  `json:"answers"` // of those who have given any, by question; what was asked once for the order first
	Consents    []exportedConsent       `json:"consents"`
	Agreements  []exportedAgreement     `json:"agreements"` // of each of the people
	PlacedAt    store.Moment            `json:"placed_at"`
	PaidAt      store.Moment            `json:"paid_at"`
	IsTestMoney bool                    `json:"test"`
}

type exportedConsent struct {
	ID      string       `json:"id"`
	Version string       `json:"version"`
	At      store.Moment `json:"at"`
}

// exportedAgreement is what one of the people has agreed to, or that they have still to.
type exportedAgreement struct {
	Open     bool              `json:"open"`
	Consents []exportedConsent `json:"consents"`
}

type exportedPayer struct {
	Name        string         `json:"name"`
	Email       string         `json:"email"`
	Affiliation store.Optional `json:"affiliation"`
}

type exportedItem struct {
	Kind     registration.LineKind `json:"kind"`
	ID       string                `json:"id"`
	Name     registration.Text     `json:"name"`
	Quantity int64                 `json:"quantity"`
}

type exportedMoney struct {
	Currency registration.Currency `json:"currency"`
	Received int64                 `json:"received"`
	Refunded int64                 `json:"refunded"`
}

func (x *jsonExport) order(r store.OrderRow) error {
	o := exportedOrder{
		Code: r.Code, State: r.State, Standing: r.Standing(), Payer: exportedPayer{r.Name, r.Email, store.Optional(r.Affiliation)}, Category: r.Category,
		Items: []exportedItem{}, Lang: r.Lang, Currency: r.Total.Cur, Total: r.Total.Minor, Payment: store.Optional(r.Payment),
		Channel: store.Optional(r.Channel), Gateway: store.Optional(r.Gateway), Method: store.Optional(r.Method),
		OrderNo: store.Optional(r.OrderNo), GatewayID: store.Optional(r.GatewayID), ReceiptNo: store.Optional(r.ReceiptNo),
		People: r.People, PlacedAt: store.Moment{Time: r.PlacedAt}, PaidAt: store.Moment{Time: r.PaidAt}, IsTestMoney: r.Test,
		Money: []exportedMoney{{r.Total.Cur, r.Paid, r.Refunded}}, Agreements: []exportedAgreement{},
		Answers: append([]registration.Answers{}, r.Answers...),
	}
	people, owner := agreements(x.event, &r)
	o.Consents = exportedConsents(owner)
	for _, a := range people {
		o.Agreements = append(o.Agreements, exportedAgreement{a.Open, exportedConsents(a.Given)})
	}
	for _, line := range r.Lines {
		o.Items = append(o.Items, exportedItem{line.Kind, line.ID, line.Name, line.Quantity})
	}
	for _, s := range r.Other {
		o.Money = append(o.Money, exportedMoney{s.Currency, s.Paid, s.Refunded})
	}
	text, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("write order %s: %w", r.Code, err)
	}
	between := ",\n"
	if x.count == 0 {
		between = "\n"
	}
	x.count++
	_, err = fmt.Fprintf(x.w, "%s%s", between, text)
	return err
}

func exportedConsents(given []registration.Consent) []exportedConsent {
	list := make([]exportedConsent, len(given))
	for i, c := range given {
		list[i] = exportedConsent{c.ID, c.Version, store.Moment{Time: c.At}}
	}
	return list
}

func (x *jsonExport) close() error {
	_, err := io.WriteString(x.w, "\n]}\n")
	return err
}
