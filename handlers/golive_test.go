package handlers

import (
	"bytes"
	"encoding/base64"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/allat"
	"foyer/payments/bootpay"
	"foyer/payments/gatewaytest"
	"foyer/payments/portonev1"
	"foyer/payments/portonev2"
	"foyer/payments/sandbox"
	"foyer/payments/stripe"
	"foyer/payments/toss"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// liveGateway is a gateway whose live contract a test goes through, with the card that it takes.
type liveGateway struct {
	adapter  payments.Adapter
	kit      gatewaytest.Kit
	contract payments.Channel // without addresses: a live channel has none
	settles  sandbox.Operation
}

// liveGateways are the gateways with live contracts of the sandbox. Keys that tell their mode are those of a test contract with
// the mode changed: bridge changes them back.
var liveGateways = map[string]liveGateway{
	"toss": {toss.New, gatewaytest.Toss, payments.Channel{
		Cards: "domestic", Credentials: map[string]string{"client_key": "live_ck_kit", "secret_key": "live_sk_kit"},
	}, sandbox.OpConfirm},
	"portonev1": {portonev1.New, gatewaytest.PortoneV1, payments.Channel{
		Cards: "domestic", PG: "html5_inicis.live", Credentials: gatewaytest.PortoneV1.Strange("").Credentials,
	}, sandbox.OpLookup},
	"portonev2": {portonev2.New, gatewaytest.PortoneV2, payments.Channel{
		Cards: "domestic", Credentials: gatewaytest.PortoneV2.Strange("").Credentials,
	}, sandbox.OpLookup},
	"stripe": {stripe.New, gatewaytest.Stripe, payments.Channel{
		Cards: "overseas", Credentials: map[string]string{"secret_key": "sk_live_kit", "webhook_secret": "whsec_kit"},
	}, sandbox.OpLookup},
	"bootpay": {bootpay.New, gatewaytest.Bootpay, payments.Channel{
		Cards: "domestic", Credentials: gatewaytest.Bootpay.Strange("").Credentials,
	}, sandbox.OpConfirm},
	"allat": {allat.New, gatewaytest.Allat, payments.Channel{
		Cards: "domestic", Credentials: gatewaytest.Allat.Strange("").Credentials,
	}, sandbox.OpConfirm},
}

// bridge stands between a live channel and the sandbox, which knows test keys only: whatever host is called, the sandbox answers, and
// what tells the modes apart is changed on the way, in both directions.
type bridge struct {
	to   string // the sandbox's address
	next *http.Client
}

// secure is the address that the sandbox's own stands for where a gateway leads the payer's browser somewhere: https, as it must be.
const secure = "https://gateway.example"

func (b *bridge) Do(r *http.Request) (*http.Response, error) {
	out := r.Clone(r.Context())
	at, err := url.Parse(b.to)
	if err != nil {
		return nil, err
	}
	out.URL.Scheme, out.URL.Host, out.Host = at.Scheme, at.Host, ""
	out.URL.Path = strings.ReplaceAll(out.URL.Path, "cs_live_", "cs_test_")
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		body = bytes.ReplaceAll(body, []byte("cs_live_"), []byte("cs_test_"))
		out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	out.Header.Set("Authorization", testKey(r.Header.Get("Authorization")))
	res, err := b.next.Do(out)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err // an answer that was cut is cut for the adapter, too
	}
	text := strings.NewReplacer("cs_test_", "cs_live_", `"livemode":false`, `"livemode":true`, b.to, secure).Replace(string(body))
	res.Body, res.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
	return res, nil
}

// testKey changes the live key of an Authorization header into the one that the sandbox knows.
func testKey(auth string) string {
	if kind, ok := strings.CutPrefix(auth, "Bearer sk_live_"); ok {
		return "Bearer sk_test_" + kind
	}
	if pair, ok := strings.CutPrefix(auth, "Basic "); ok {
		if plain, err := base64.StdEncoding.DecodeString(pair); err == nil {
			plain = bytes.Replace(plain, []byte("live_sk_"), []byte("test_sk_"), 1)
			return "Basic " + base64.StdEncoding.EncodeToString(plain)
		}
	}
	return auth
}

const liveSlug = "live-2027"

// liveSite is a live event with everything that card companies demand and one live channel.
func liveSite(t *testing.T, g liveGateway) *site {
	t.Helper()
	between := &bridge{next: payments.NewTransport(5 * time.Second)}
	var cashier *payments.Cashier
	s := newSite(t, func(cfg *Config) {
		made := cfg.Cashier.Config
		made.Adapters, made.Transport = maps.Clone(adapters), between
		made.Adapters[g.kit.Gateway] = g.adapter
		cashier = payments.NewCashier(cfg.Store, made)
		cfg.Cashier = cashier
	})
	s.cashier, between.to = cashier, s.bank
	e := sampleEvent()
	e.Slug, e.Mode = liveSlug, registration.Live
	e.Organizer = registration.Organizer{
		Name: registration.Text{Ko: "표본학회", En: "Sample Society"}, BusinessNumber: "000-00-00000", Representative: "홍길동",
		Address: "서울특별시 예시구 예시로 1", Phone: "02-0000-0000", Email: "office@example.org",
	}
	ch := g.contract
	ch.Key, ch.Gateway, ch.Mode, ch.Currency, ch.Methods = "korea", g.kit.Gateway, registration.Live, registration.KRW, []string{"card"}
	e.Channels = []registration.ChannelOffer{{ID: ch.Key, Gateway: ch.Gateway, Currency: ch.Currency, Cards: ch.Cards, Methods: ch.Methods}}
	if _, err := g.adapter(withAddress(ch, s.bank), between); err == nil {
		t.Error("a live channel takes an api_url")
	}
	gw, err := g.adapter(ch, between)
	if err != nil {
		t.Fatal(err)
	}
	err = s.store.Apply(t.Context(), store.Applied{
		Event: e, Actor: "system", Channels: []payments.Channel{ch}, Merchants: map[string]string{ch.Key: gw.Capabilities().Merchant},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func withAddress(ch payments.Channel, address string) payments.Channel {
	ch.APIURL = address
	return ch
}

const liveChannel = "/admin/" + liveSlug + "/channels/korea"

// check begins a go-live check, pays it in the gateway's window with a card, and comes back.
func (s *site) check(owner *browser, g liveGateway, card string) payments.Payment {
	s.t.Helper()
	handOver := owner.submit(owner.get(liveChannel).want(200), "main", nil).to()
	owner.get(handOver).want(200)
	p := s.newest()
	payer := &gatewaytest.Payer{T: s.t, Base: s.bank}
	raw := strings.NewReplacer("live_ck_", "test_ck_", "cs_live_", "cs_test_", secure, s.bank).Replace(string(p.Launch))
	l, err := gatewaytest.ReadLaunch([]byte(raw))
	if err != nil {
		s.t.Fatal(err)
	}
	switch back := g.kit.Pay(payer, l, card); {
	case back.To == "":
	case back.Form != nil:
		owner.post(back.To, back.Form)
	default:
		owner.get(back.To)
	}
	p, err = s.store.Payment(s.t.Context(), p.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// goOn lets the reconciler finish what it can, a quarter of an hour later.
func (s *site) goOn() {
	s.t.Helper()
	for range 3 {
		s.clock.Pass(5 * time.Minute)
		if _, err := s.cashier.Reconcile(s.t.Context(), true); err != nil {
			s.t.Fatal(err)
		}
	}
}

// opened reports whether the live event takes registrations.
func (s *site) opened() bool {
	s.t.Helper()
	visitor := s.browser()
	shown := strings.Contains(visitor.get("/e/"+liveSlug).want(200).body, "/e/"+liveSlug+"/register")
	posted := visitor.post("/e/"+liveSlug+"/register", url.Values{"category": {"student"}}).status
	if taken := posted == http.StatusSeeOther; taken != shown {
		s.t.Errorf("the page offers to register: %v, the form answers %d", shown, posted)
	}
	return shown
}

// books are what the sandbox has taken and given back in all.
func (s *site) books() (captured, refunded int64) {
	for _, p := range s.gateway.Books().Payments {
		captured, refunded = captured+p.Captured, refunded+p.Refunded
	}
	return captured, refunded
}

// wantChecked compares the box, the event's doors and the gateway's books.
func (s *site) wantChecked(owner *browser, passed bool) {
	s.t.Helper()
	list := owner.get("/admin/" + liveSlug + "/channels").want(200)
	missing := views.T(registration.English, "channels.ready.missing")
	if waits := strings.Contains(list.doc().Find("section .admin-effects").Text(), missing); waits == passed {
		s.t.Errorf("the check is still to do: %v", waits)
	}
	if s.opened() != passed {
		s.t.Errorf("the event is open: %v", !passed)
	}
	if captured, refunded := s.books(); captured != refunded {
		s.t.Errorf("the gateway took %d and gave %d back", captured, refunded)
	}
	if n := s.count("receipts"); n != 0 {
		s.t.Errorf("a check has %d receipts", n)
	}
	s.healthy()
}

// eachLive runs a case for every gateway.
func eachLive(t *testing.T, run func(s *site, owner *browser, g liveGateway)) {
	for name, g := range liveGateways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := liveSite(t, g)
			run(s, s.staff(store.RoleOwner, ""), g)
		})
	}
}

func TestAGoLiveCheckChargesTheSmallestAmountAndGivesItBack(t *testing.T) {
	eachLive(t, func(s *site, owner *browser, g liveGateway) {
		s.wantChecked(owner, false)
		p := s.check(owner, g, g.kit.Card)
		gw, ch, err := s.cashier.Gateway(s.t.Context(), p.ChannelID)
		if err != nil {
			s.t.Fatal(err)
		}
		if least := payments.CheckAmount(gw.Capabilities(), ch.Currency); p.Captured != least || p.Mode != registration.Live {
			s.t.Errorf("%+v was charged in %s mode, want %+v", p.Captured, p.Mode, least)
		}
		s.goOn()
		s.wantChecked(owner, true)
		if captured, _ := s.books(); captured != p.Amount.Minor {
			s.t.Errorf("the gateway took %d, want %d", captured, p.Amount.Minor)
		}
	})
}

func TestADeclinedGoLiveCheckTicksNothingAndMayBeDoneAgain(t *testing.T) {
	eachLive(t, func(s *site, owner *browser, g liveGateway) {
		if p := s.check(owner, g, "declined"); p.State.HasMoney() {
			s.t.Fatalf("payment is %s", p.State)
		}
		s.goOn()
		s.wantChecked(owner, false)
		s.check(owner, g, g.kit.Card)
		s.goOn()
		s.wantChecked(owner, true)
	})
}

func TestALostAnswerInAGoLiveCheckIsLookedUp(t *testing.T) {
	eachLive(t, func(s *site, owner *browser, g liveGateway) {
		s.gateway.Arm(sandbox.Fault{Kind: sandbox.FaultLost, Operation: g.settles, After: true})
		p := s.check(owner, g, g.kit.Card)
		if p.State.HasMoney() {
			s.t.Fatalf("payment is %s although the answer was lost", p.State)
		}
		if p.Gateway == "allat" {
			s.declareCheck(owner, p)
		}
		s.goOn()
		s.wantChecked(owner, true)
	})
}

// declareCheck has the owner say that the money came, where no gateway can be asked. Before, nothing is ticked.
func (s *site) declareCheck(owner *browser, p payments.Payment) {
	s.t.Helper()
	s.goOn()
	if s.opened() {
		s.t.Error("a check of which nothing is known has opened the event")
	}
	id := s.gateway.Books().Payments[0].ID
	_, err := s.cashier.Declare(s.t.Context(), p.ID, payments.Declaration{
		Captured: true, Amount: p.Amount, GatewayID: id, Reason: "seen in the gateway's console", Actor: "staff:owner@example.org",
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestALostRefundOfAGoLiveCheckIsTakenUpAgain(t *testing.T) {
	eachLive(t, func(s *site, owner *browser, g liveGateway) {
		s.gateway.Arm(sandbox.Fault{Kind: sandbox.FaultLost, Operation: sandbox.OpCancel, After: true})
		p := s.check(owner, g, g.kit.Card)
		s.goOn()
		if p.Gateway == "allat" {
			r := s.refunds(p)[0]
			if s.opened() || r.State != payments.RefundUnknown {
				s.t.Errorf("refund is %s, the event is open: %v", r.State, s.opened())
			}
			if _, err := s.cashier.DeclareRefund(s.t.Context(), r.ID, true, "seen in the gateway's console", "staff:owner@example.org"); err != nil {
				s.t.Fatal(err)
			}
		}
		s.wantChecked(owner, true)
		if _, refunded := s.books(); refunded != p.Amount.Minor {
			s.t.Errorf("the gateway gave %d back, want %d once", refunded, p.Amount.Minor)
		}
	})
}
