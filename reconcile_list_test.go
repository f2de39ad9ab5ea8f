package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/gatewaytest"
	"foyer/payments/sandbox"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// listed are the gateways that have a list of their own, with the requests that read it.
var listed = map[string]struct {
	kit   gatewaytest.Kit
	lists func(*http.Request) bool
}{
	"toss":      {gatewaytest.Toss, func(r *http.Request) bool { return r.URL.Path == "/v1/transactions" }},
	"portonev1": {gatewaytest.PortoneV1, func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/payments/status/") }},
	"portonev2": {gatewaytest.PortoneV2, func(r *http.Request) bool { return r.URL.Path == "/payments" && r.Method == http.MethodGet }},
	"stripe":    {gatewaytest.Stripe, func(r *http.Request) bool { return r.URL.Path == "/v1/charges" || r.URL.Path == "/v1/refunds" }},
}

// lens stands before the sandbox and changes what its lists say.
type lens struct {
	books http.Handler
	lists func(*http.Request) bool

	mu    sync.Mutex
	shows string // "", "nothing", "less" or "half"
	asked int    // lists since show
}

func (l *lens) show(what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.shows, l.asked = what, 0
}

// ServeHTTP passes everything on but lists.
func (l *lens) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !l.lists(r) {
		l.books.ServeHTTP(w, r)
		return
	}
	l.mu.Lock()
	l.asked++
	shows, asked := l.shows, l.asked
	l.mu.Unlock()
	switch shows {
	case "nothing":
		l.changed(w, r, emptyPage)
	case "less":
		l.changed(w, r, func(body []byte) []byte { return bytes.ReplaceAll(body, []byte("150000"), []byte("149000")) })
	case "half":
		if asked > 1 {
			panic(http.ErrAbortHandler) // the connection is cut
		}
		l.changed(w, r, fullPage)
	default:
		l.books.ServeHTTP(w, r)
	}
}

func (l *lens) changed(w http.ResponseWriter, r *http.Request, change func([]byte) []byte) {
	rec := httptest.NewRecorder()
	l.books.ServeHTTP(rec, r)
	maps.Copy(w.Header(), rec.Header())
	w.Header().Del("Content-Length")
	w.WriteHeader(rec.Code)
	_, _ = w.Write(change(rec.Body.Bytes()))
}

// emptyPage takes every row out of a list.
func emptyPage(body []byte) []byte {
	var in any
	if json.Unmarshal(body, &in) != nil {
		return body
	}
	switch list := in.(type) {
	case []any:
		in = []any{}
	case map[string]any:
		if inner, ok := list["response"].(map[string]any); ok {
			list = inner
		}
		for _, name := range []string{"list", "items", "data"} {
			if _, ok := list[name].([]any); ok {
				list[name] = []any{}
			}
		}
	}
	out, err := json.Marshal(in)
	if err != nil {
		return body
	}
	return out
}

// fullPage fills a page of Toss with accounts that wait for a deposit, so that there is a second one; the others ask for a second list
// in any case.
func fullPage(body []byte) []byte {
	var rows []map[string]any
	if json.Unmarshal(body, &rows) != nil || len(rows) == 0 {
		return body
	}
	for len(rows) < 1000 {
		row := maps.Clone(rows[0])
		row["status"], row["transactionKey"] = "WAITING_FOR_DEPOSIT", fmt.Sprint("waits", len(rows))
		rows = append(rows, row)
	}
	full, err := json.Marshal(rows)
	if err != nil {
		return body
	}
	return full
}

// listedHouse is a served event with one channel of a gateway, and its lens.
type listedHouse struct {
	*testHouse
	lens  *lens
	payer *gatewaytest.Payer
	kit   gatewaytest.Kit
	base  string
	staff *visitor
	day   string
}

func newListedHouse(t *testing.T, kit gatewaytest.Kit, lists func(*http.Request) bool) *listedHouse {
	t.Helper()
	l := &lens{books: books(t), lists: lists}
	bank := httptest.NewServer(l)
	t.Cleanup(func() { bank.CloseClientConnections(); bank.Close() })
	h := &listedHouse{testHouse: newTestHouse(t), lens: l, kit: kit, payer: &gatewaytest.Payer{T: t, Base: bank.URL}}
	h.env["FOYER_RECONCILE_FIRST"] = "1h"
	h.must("", "event", "apply", h.file("event.yaml", h.event(kit.Channel(kit.Contract(bank.URL)))))
	h.must("correct horse battery\n", "staff", "add", "admin@example.org", "--role", "admin")
	s := h.serve("serve")
	t.Cleanup(func() { s.end(t) })
	h.base, h.staff = s.base, newVisitor(t)
	action, fields := h.staff.form(h.staff.get(h.base+"/sign-in"), "main")
	fields.Set("email", "admin@example.org")
	fields.Set("password", "correct horse battery")
	h.staff.post(action, fields)
	return h
}

// books is a sandbox of its own.
func books(t *testing.T) http.Handler {
	t.Helper()
	sb, err := sandbox.New(sandbox.Config{CancelGap: -1, WebhookRetries: []time.Duration{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sb.Close(); err != nil {
			t.Error(err)
		}
	})
	return sb.Handler()
}

// event is an event file with this channel alone.
func (h *listedHouse) event(c payments.Channel) string {
	h.t.Helper()
	credentials, err := json.Marshal(c.Credentials)
	if err != nil {
		h.t.Fatal(err)
	}
	text := fmt.Sprintf(`event: {slug: listed-2027, name: Listed 2027, starts: 2027-07-22, ends: 2027-07-23, timezone: Asia/Seoul}
categories:
  - {id: student, name: Student, prices: {regular: {KRW: 150000}}}
channels:
  - {id: main, gateway: %s, currency: KRW, cards: %s, methods: [card], api_url: "%s", credentials: %s`, c.Gateway, c.Cards, c.APIURL, credentials)
	for name, value := range map[string]string{"script_url": c.ScriptURL, "pg": c.PG} {
		if value != "" {
			text += fmt.Sprintf(", %s: %q", name, value)
		}
	}
	return text + "}\n"
}

// paid registers somebody and pays.
func (h *listedHouse) paid() {
	h.t.Helper()
	v := newVisitor(h.t)
	order := v.register(h.base, "listed-2027", "student", nil)
	action, fields := v.form(v.get(order), "pay")
	fields.Set("channel", "main")
	handOver := v.get(v.post(action, fields).location)
	launch := payments.Launch{Href: handOver.doc.Find(`a.button`).AttrOr("href", "")}
	if text := handOver.doc.Find("script#launch").Text(); text != "" {
		var err error
		if launch, err = gatewaytest.ReadLaunch([]byte(text)); err != nil {
			h.t.Fatal(err)
		}
	}
	v.get(h.kit.Pay(h.payer, launch, h.kit.Card).To)
	l := h.ledger("listed-2027")
	if len(l.Orders) != 1 || l.Orders[0].State != "paid" {
		h.t.Fatalf("orders %+v, want one that is paid", l.Orders)
	}
	seoul := time.FixedZone("KST", 9*3600)
	h.day = time.Now().In(seoul).Format(time.DateOnly)
}

// stranger pays at the gateway under the same contract, and tells us nothing.
func (h *listedHouse) stranger() {
	h.t.Helper()
	g, err := adapters[h.kit.Gateway](h.kit.Channel(h.kit.Contract(h.payer.Base)), payments.NewTransport(10*time.Second))
	if err != nil {
		h.t.Fatal(err)
	}
	a := payments.Attempt{
		PaymentID: "p", OrderNo: "STRANGER000001", Amount: registration.Money{Minor: 7000, Cur: registration.KRW}, OrderName: "Stranger",
		Payer: registration.Person{Name: "Stranger", Email: "s@example.org", Phone: "+821000000000"}, StartedAt: time.Now(), Key: "K1", Lang: registration.English,
		Return: "http://127.0.0.1:9/return", Fail: "http://127.0.0.1:9/fail", Receive: "http://127.0.0.1:9/receive",
	}
	l, err := g.Begin(h.t.Context(), a)
	if err != nil {
		h.t.Fatal(err)
	}
	back, err := url.Parse(h.kit.Pay(h.payer, l, h.kit.Card).To)
	if err != nil {
		h.t.Fatal(err)
	}
	a.GatewayID = back.Query().Get(h.kit.Brought)
	if h.kit.Gateway == "stripe" {
		a.GatewayID = l.GatewayID
	}
	if out, err := g.Settle(h.t.Context(), a); err != nil || out.Status != payments.StatusCaptured {
		h.t.Fatalf("the stranger's payment: %+v, %v", out, err)
	}
}

// compare compares the day with the command, and then on the page, and gives what both say.
func (h *listedHouse) compare() (code int, printed string, shown page) {
	h.t.Helper()
	code, out, errs := h.do("", "reconcile", "--day", h.day, "--event", "listed-2027", "--channel", "main")
	action, fields := h.staff.form(h.staff.get(h.base+"/admin/listed-2027/channels/main/reconcile"), "main")
	fields.Set("day", h.day)
	return code, out + errs, h.staff.post(action, fields)
}

// want compares the day and checks what both tell of differences.
func (h *listedHouse) want(differences ...string) {
	h.t.Helper()
	code, printed, shown := h.compare()
	wanted := exitUnsettled
	if len(differences) == 0 {
		wanted = 0
	}
	if code != wanted || shown.status != http.StatusOK {
		h.t.Errorf("exit %d, page %d: %s", code, shown.status, printed)
	}
	words := map[string]string{
		"they have it and we do not": "reconcile.kind.only_theirs", "we have it and they do not": "reconcile.kind.only_ours", "amounts differ": "reconcile.kind.amounts",
	}
	for ours, theirs := range words {
		is, shows := slices.Contains(differences, ours), strings.Contains(shown.doc.Find("table").Text(), views.T(registration.Korean, theirs))
		if strings.Contains(printed, ours) != is || shows != is {
			h.t.Errorf("%q is told, want %v: %s / %s", ours, is, printed, shown.doc.Find("table").Text())
		}
	}
}

// waiting counts what is on the attention list.
func (h *listedHouse) waiting() int {
	h.t.Helper()
	var l struct{ Attention []any }
	if err := json.Unmarshal([]byte(h.must("", "ledger", "listed-2027", "--format", "json")), &l); err != nil {
		h.t.Fatal(err)
	}
	return len(l.Attention)
}

func TestADayIsComparedWithTheGatewaysOwnListOverHTTP(t *testing.T) {
	for name, g := range listed {
		t.Run(name, func(t *testing.T) {
			h := newListedHouse(t, g.kit, g.lists)
			h.paid()
			h.want()
			h.lens.show("less")
			h.want("amounts differ")
			h.lens.show("nothing")
			h.want("we have it and they do not")
			h.stranger()
			h.lens.show("half")
			h.refused()
			h.lens.show("")
			h.want("they have it and we do not")
			if n := h.waiting(); n != 1 {
				t.Errorf("%d on the attention list, want the stranger's money once", n)
			}
			h.must("", "doctor")
		})
	}
}

// refused compares a day whose list breaks off: both say so, and nothing of the half is believed.
func (h *listedHouse) refused() {
	h.t.Helper()
	before := h.acts()
	code, out, errs := h.do("", "reconcile", "--day", h.day, "--event", "listed-2027", "--channel", "main")
	if code == 0 || code == exitUnsettled || out != "" || !strings.Contains(errs, "listed-2027 main") {
		h.t.Errorf("a list that broke off: exit %d, %q, %q", code, out, errs)
	}
	h.lens.show("half")
	action, fields := h.staff.form(h.staff.get(h.base+"/admin/listed-2027/channels/main/reconcile"), "main")
	fields.Set("day", h.day)
	p := h.staff.post(action, fields)
	if p.status != http.StatusUnprocessableEntity || p.doc.Find("table").Length() != 0 || !strings.Contains(p.doc.Find("#problems").Text(), views.T(registration.Korean, "reconcile.unavailable")) {
		h.t.Errorf("a list that broke off: page %d %s", p.status, p.doc.Find("main").Text())
	}
	if n := h.waiting(); n != 0 || h.acts() != before {
		h.t.Errorf("%d on the attention list, %d comparisons written down after half a list, want %d", n, h.acts(), before)
	}
}

// acts counts comparisons in the audit.
func (h *listedHouse) acts() int {
	h.t.Helper()
	var l struct{ Audit []struct{ To string } }
	if err := json.Unmarshal([]byte(h.must("", "ledger", "listed-2027", "--format", "json")), &l); err != nil {
		h.t.Fatal(err)
	}
	n := 0
	for _, a := range l.Audit {
		if a.To == "compared" {
			n++
		}
	}
	return n
}

func TestRefundsThatWaitForAPersonAreNotCalledTriedAgain(t *testing.T) {
	said := unsettled(store.Unsettled{Refunds: 3, ByHand: 1})
	for _, want := range []string{"1 refund waits for a person", "2 refunds not done: tried again"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q lacks %q", said, want)
		}
	}
	if said := unsettled(store.Unsettled{Refunds: 1, ByHand: 1}); strings.Contains(said, "tried again") {
		t.Errorf("what staff transfer is told as %q", said)
	}
}
