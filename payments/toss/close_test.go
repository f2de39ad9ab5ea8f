package toss_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/payments/toss"
	"foyer/registration"
)

// quick pays the deposit of an account just before it would be closed.
type quick struct {
	payments.Transport
	pay func()
}

func (q quick) Do(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/cancel") {
		q.pay()
	}
	return q.Transport.Do(r)
}

func TestAnAccountIsClosedUnlessThePayerIsQuicker(t *testing.T) {
	b := openBank(t, sandbox.Config{CancelGap: -1})
	c := b.contract("any", "any", registration.KRW)
	c.Methods = []string{"virtual_account"}
	issued := func(no string) (payments.AccountCloser, payments.Attempt) {
		g := connect(t, c)
		a := paidBy(no, payments.MethodVirtualAccount)
		a.PaymentID = no
		a = b.authenticated(t, g, a, "account")
		if _, err := g.Settle(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		return g.(payments.AccountCloser), a
	}
	want := func(out payments.Outcome, err error, status payments.Status) {
		t.Helper()
		if err != nil || out.Status != status {
			t.Errorf("%+v, %v, want %s", out, err, status)
		}
	}
	g, a := issued("close00001")
	for range 2 {
		out, err := g.CloseAccount(t.Context(), a)
		want(out, err, payments.StatusFailed)
	}
	g, a = issued("close00002")
	b.control(t, "deposit", a.OrderNo)
	out, err := g.CloseAccount(t.Context(), a)
	want(out, err, payments.StatusCaptured)

	_, a = issued("close00003")
	late, err := toss.New(c, quick{payments.NewTransport(5 * time.Second), func() { b.control(t, "deposit", a.OrderNo) }})
	if err != nil {
		t.Fatal(err)
	}
	out, err = late.(payments.AccountCloser).CloseAccount(t.Context(), a)
	want(out, err, payments.StatusCaptured)
	if out.Refunded.Minor != 0 {
		t.Errorf("%d went back", out.Refunded.Minor)
	}
}
