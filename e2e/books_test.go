package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
)

// ledger is what an outsider knows of Foyer's books.
type ledger struct {
	Orders    []bookedOrder // the oldest first
	Receipts  []struct{ No, Kind string }
	Attention []struct {
		Kind  string
		Order *string // code
	}
	Quotas []struct {
		ID                 string
		Places, Held, Sold int64
	}
}

type bookedOrder struct {
	Code, State, Currency string
	Total                 int64
	Registrations         []struct{ State string }
	Payments              []bookedPayment
}

type bookedPayment struct {
	ID, Channel, State, Currency string
	Mode                         string
	OrderNo                      string  `json:"order_no"`
	GatewayPaymentID             *string `json:"gateway_payment_id"`
	Amount, Captured             int64
	Attention                    bool
	ReceiptNo                    *string `json:"receipt_no"`
	Refunds                      []bookedRefund
}

type bookedRefund struct {
	ID, State, Source string
	Amount            int64
}

// unclear reports whether only a person can find out what became of a payment or of a refund of it, and is asked to.
func (p bookedPayment) unclear() bool {
	return p.Attention && (p.State == "unknown" || slices.ContainsFunc(p.Refunds, func(r bookedRefund) bool { return r.State == "unknown" }))
}

func (s *site) ledger() ledger {
	s.t.Helper()
	out, code := s.run("ledger", s.slug, "--format", "json")
	if code != 0 {
		s.t.Fatalf("ledger: exit %d\n%s", code, out)
	}
	var l ledger
	if err := json.Unmarshal([]byte(out), &l); err != nil {
		s.t.Fatalf("ledger: %v\n%s", err, out)
	}
	return l
}

// newest is the order that was made last.
func (s *site) newest() bookedOrder {
	s.t.Helper()
	all := s.ledger().Orders
	if len(all) == 0 {
		s.t.Fatal("there is no order")
	}
	return all[len(all)-1]
}

// sameBooks compares our ledger with the gateway's own books: every capture and every refund, none more and none less. A payment that a
// person has to clear up is left out.
func (s *site) sameBooks() {
	s.t.Helper()
	ours, unclear := map[string][2]int64{}, map[string]bool{}
	for _, o := range s.ledger().Orders {
		for _, p := range o.Payments {
			sum := [2]int64{p.Captured, 0}
			for _, r := range p.Refunds {
				if r.State == "done" {
					sum[1] += r.Amount
				}
			}
			unclear[p.OrderNo] = p.unclear()
			if sum[0] > 0 && !p.unclear() {
				ours[p.OrderNo] = sum
			}
		}
	}
	theirs := map[string][2]int64{}
	for _, p := range s.gateway.Books().Payments {
		if p.Captured > 0 && !unclear[p.OrderID] {
			theirs[p.OrderID] = [2]int64{p.Captured, p.Refunded}
		}
	}
	if fmt.Sprint(ours) != fmt.Sprint(theirs) {
		s.t.Errorf("books differ (captured, refunded):\n ours   %v\n theirs %v", ours, theirs)
	}
	if out, code := s.run("doctor"); code != 0 {
		s.t.Errorf("doctor: exit %d\n%s", code, out)
	}
}
