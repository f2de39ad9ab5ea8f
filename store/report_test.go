package store

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"foyer/payments"
	"foyer/registration"
)

// ledgerKeys are the keys that the public contract promises, by the path of their object.
var ledgerKeys = map[string]string{
	"":                        "attention audit event orders quotas receipts",
	"orders":                  "code currency payer payments placed_at registrations state total",
	"orders.payer":            "email name",
	"orders.registrations":    "category id name state",
	"orders.payments":         "amount attention captured captured_currency channel charge confirmed_at currency gateway gateway_payment_id id mode order_no paid_at receipt_no refunds started_at state",
	"orders.payments.refunds": "amount id key receipt_no source state",
	"receipts":                "amount currency issued_at kind no payment",
	"attention":               "kind note order payment since",
	"quotas":                  "held id places sold",
	"audit":                   "actor amount at from order payment reason refund to what",
}

// keysOf checks that every object of a JSON value has the promised keys, and notes the paths that it has seen.
func keysOf(t *testing.T, path string, v any, seen map[string]bool) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		seen[path] = true
		if got := strings.Join(slices.Sorted(maps.Keys(v)), " "); got != ledgerKeys[path] {
			t.Errorf("%q has the keys %s, want %s", path, got, ledgerKeys[path])
		}
		for key, inner := range v {
			keysOf(t, strings.TrimPrefix(path+"."+key, "."), inner, seen)
		}
	case []any:
		for _, inner := range v {
			keysOf(t, path, inner, seen)
		}
	}
}

func TestLedgerHasExactlyTheKeysOfTheContract(t *testing.T) {
	onBoth(t, func(b *books) {
		newHall(b)
		var out bytes.Buffer
		if err := b.WriteLedgerJSON(b.t.Context(), "sample-2027", &out); err != nil {
			b.t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(out.Bytes(), &v); err != nil {
			b.t.Fatalf("%v: %s", err, out.String())
		}
		seen := map[string]bool{}
		keysOf(b.t, "", v, seen)
		for path := range ledgerKeys {
			if !seen[path] {
				b.t.Errorf("the ledger has no %q to look at", path)
			}
		}
	})
}

func TestLedgerWrittenIsTheLedgerRead(t *testing.T) {
	onBoth(t, func(b *books) {
		newHall(b)
		want, err := b.Ledger(b.t.Context(), "sample-2027")
		if err != nil {
			b.t.Fatal(err)
		}
		var out bytes.Buffer
		if err := b.WriteLedgerJSON(b.t.Context(), "sample-2027", &out); err != nil {
			b.t.Fatal(err)
		}
		got := &Report{}
		if err := json.Unmarshal(out.Bytes(), got); err != nil {
			b.t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			b.t.Errorf("written %+v, read %+v", got, want)
		}
	})
}

// ledgerOf reads the ledger as somebody outside would.
func (b *books) ledgerOf(slug string) (r struct {
	Orders                             []map[string]any
	Receipts, Attention, Quotas, Audit []map[string]any
}) {
	b.t.Helper()
	var out bytes.Buffer
	if err := b.WriteLedgerJSON(b.t.Context(), slug, &out); err != nil {
		b.t.Fatal(err)
	}
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		b.t.Fatalf("%v: %s", err, out.String())
	}
	return r
}

func TestLedgerOfAnEmptyEventHasEmptyLists(t *testing.T) {
	onBoth(t, func(b *books) {
		b.event("sample-2027", registration.Test)
		l := b.ledgerOf("sample-2027")
		for name, list := range map[string][]map[string]any{"orders": l.Orders, "receipts": l.Receipts, "attention": l.Attention, "audit": l.Audit} {
			if list == nil || len(list) > 0 {
				b.t.Errorf("%s: %v", name, list)
			}
		}
		if len(l.Quotas) != 1 || l.Quotas[0]["id"] != "hall" || l.Quotas[0]["places"] != 300.0 {
			b.t.Errorf("quotas: %v", l.Quotas)
		}
	})
}

func TestLedgerOfNoEventWritesNothing(t *testing.T) {
	onBoth(t, func(b *books) {
		var out bytes.Buffer
		if err := b.WriteLedgerJSON(b.t.Context(), "nowhere", &out); codeOf(err) != registration.CodeNotFound || out.Len() > 0 {
			b.t.Errorf("%v, %q", err, out.String())
		}
		if _, err := b.Ledger(b.t.Context(), "nowhere"); codeOf(err) != registration.CodeNotFound {
			b.t.Errorf("got %v", err)
		}
	})
}

func TestLedgerValues(t *testing.T) {
	onBoth(t, func(b *books) {
		event := b.event("sample-2027", registration.Test)
		b.order(event, sample{state: registration.OrderPending})
		dollars, _ := b.order(event, sample{state: registration.OrderPending})
		b.payment(event, dollars, try{state: payments.Started, currency: registration.USD})
		id, code := b.order(event, sample{state: registration.OrderPaid})
		pay := b.payment(event, id, try{state: payments.Confirmed})
		refund := b.refund(event, id, pay, payments.RefundDone, 1000, true)
		b.attention(event, id, pay, payments.AttentionMismatch)
		b.order(event, sample{state: registration.OrderCancelled, prices: registration.Prices{registration.USD: 12000}})
		b.add("admin@example.org", RoleAdmin, "", horse)
		l := b.ledgerOf("sample-2027")
		tests := []struct {
			what      string
			got, want any
		}{
			{"currency of the first channel", l.Orders[0]["currency"], "KRW"},
			{"total in it", l.Orders[0]["total"], 150000.0},
			{"a held place", member(l.Orders[0]["registrations"], "state"), "held"},
			{"currency of the newest payment", l.Orders[1]["currency"], "USD"},
			{"total in it, too", l.Orders[1]["total"], 12000.0},
			{"nothing captured", member(l.Orders[1]["payments"], "captured"), 0.0},
			{"in no currency", member(l.Orders[1]["payments"], "captured_currency"), nil},
			{"never confirmed", member(l.Orders[1]["payments"], "confirmed_at"), nil},
			{"no gateway id", member(l.Orders[1]["payments"], "gateway_payment_id"), nil},
			{"no receipt", member(l.Orders[1]["payments"], "receipt_no"), nil},
			{"channel", member(l.Orders[1]["payments"], "channel"), "abroad"},
			{"code", l.Orders[2]["code"], code},
			{"a sold place", member(l.Orders[2]["registrations"], "state"), "confirmed"},
			{"captured", member(l.Orders[2]["payments"], "captured"), 150000.0},
			{"receipt", member(l.Orders[2]["payments"], "receipt_no"), "TEST-sample-2027-R-000001"},
			{"attention", member(l.Orders[2]["payments"], "attention"), true},
			{"correction", member(member(l.Orders[2]["payments"], "refunds"), "receipt_no"), "TEST-sample-2027-C-000001"},
			{"place given back", member(l.Orders[3]["registrations"], "state"), "cancelled"},
			{"only price there is", l.Orders[3]["currency"], "USD"},
			{"attention's order", l.Attention[0]["order"], code},
			{"attention's note", l.Attention[0]["note"], nil},
			{"corrections first", l.Receipts[0]["kind"], "correction"},
			{"receipt's payment", l.Receipts[1]["payment"], pay},
			{"sold", l.Quotas[0]["sold"], 1.0},
			{"held", l.Quotas[0]["held"], 2.0},
		}
		for _, tc := range tests {
			if tc.got != tc.want {
				b.t.Errorf("%s: %v, want %v", tc.what, tc.got, tc.want)
			}
		}
		if text, _ := l.Orders[0]["placed_at"].(string); len(text) != len("2027-03-01T09:00:00.000Z") || !strings.HasPrefix(text, "2027-03-01T09:00:00.") || !strings.HasSuffix(text, "Z") {
			b.t.Errorf("placed at %q", text)
		}
		last := map[any]any{}
		for _, a := range l.Audit {
			switch a["what"] {
			case "order":
				last[a["order"]] = a["to"]
			case "payment":
				last[a["payment"]] = a["to"]
			case "refund":
				last[a["refund"]] = a["to"]
			case "staff":
				last["staff"] = a["reason"]
			}
		}
		if last[code] != "paid" || last[pay] != "confirmed" || last[refund] != "done" || last["staff"] != "admin@example.org" {
			b.t.Errorf("audit: %v", last)
		}
	})
}

// member gives a member of the first object of a list.
func member(list any, key string) any {
	objects, _ := list.([]any)
	if len(objects) == 0 {
		return "no object"
	}
	first, _ := objects[0].(map[string]any)
	return first[key]
}

func TestLedgerReadsMoreThanOnePage(t *testing.T) {
	b := openBooks(t, sqliteURL(t))
	event := b.event("sample-2027", registration.Test)
	b.exec(`BEGIN`)
	for range viewsAtOnce*2 + 150 {
		b.paid(event)
	}
	b.exec(`COMMIT`)
	b.audit("staff", "", "", "", "", "desk")
	l := b.ledgerOf("sample-2027")
	if n := viewsAtOnce*2 + 150; len(l.Orders) != n || len(l.Receipts) != n || len(l.Audit) != n*6+1 {
		t.Errorf("%d orders, %d receipts, %d audit rows, want %d, %d, %d", len(l.Orders), len(l.Receipts), len(l.Audit), n, n, n*6+1)
	}
	seen := map[any]bool{}
	for i, r := range l.Receipts {
		if seen[r["no"]] || (i > 0 && r["no"].(string) <= l.Receipts[i-1]["no"].(string)) {
			t.Fatalf("receipt %v comes twice or too late", r["no"])
		}
		seen[r["no"]] = true
	}
}

func TestMovementsAreTheMoneyOfTheLedger(t *testing.T) {
	onBoth(t, func(b *books) {
		h := newHall(b)
		var got []string
		sum := int64(0)
		err := b.EachMovement(b.t.Context(), "sample-2027", func(m Movement) error {
			got = append(got, m.Kind+" "+string(m.State)+" "+moneyText(m.Amount)+" "+m.ReceiptNo)
			if m.Kind == "refund" {
				sum -= m.Amount.Minor
			} else {
				sum += m.Amount.Minor
			}
			if m.OrderCode == "" || m.Channel != "korea" || m.At.IsZero() || m.GatewayID == "" || m.Mode != registration.Test {
				b.t.Errorf("movement %+v", m)
			}
			return nil
		})
		if err != nil {
			b.t.Fatal(err)
		}
		want := []string{
			"payment confirmed KRW 150,000 TEST-sample-2027-R-000001", "payment surplus KRW 150,000 ", "refund surplus KRW 150,000 ", "payment surplus KRW 150,000 ",
			"payment confirmed KRW 150,000 TEST-sample-2027-R-000002", "refund confirmed KRW 50,000 TEST-sample-2027-C-000001",
			"payment confirmed KRW 150,000 TEST-sample-2027-R-000003", "refund confirmed KRW 50,000 TEST-sample-2027-C-000002",
			"payment confirmed KRW 150,000 TEST-sample-2027-R-000004",
		}
		if !slices.Equal(got, want) {
			b.t.Errorf("got %q", got)
		}
		totals, err := b.Totals(b.t.Context(), OrderFilter{EventID: h.event, TestToo: true})
		if err != nil || len(totals) != 1 || totals[0].Net() != sum {
			b.t.Errorf("totals %v, %v, movements %d", totals, err, sum)
		}
	})
}
