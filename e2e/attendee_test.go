package e2e

import (
	"strings"
	"testing"
	"time"
)

// words are what the attendee must read, in both languages.
var words = map[string]struct{ paid, declined, cancelled string }{
	"ko": {"등록이 완료되었습니다", "결제가 완료되지 않았습니다", "결제를 취소하셨습니다"},
	"en": {"You are registered", "Your payment did not go through", "You cancelled the payment"},
}

// toPayment fills the pages in the browser up to the choice of a channel.
func (b *tab) toPayment(email string, look bool) {
	b.t.Helper()
	check := func() {
		if look {
			b.accessible()
		}
	}
	check()
	b.open("/e/apsys-2027/register")
	check()
	b.click(`input[name=category][value=student]`)

	b.eval(`(() => { const f = document.querySelector('[name="extra.banquet"]'); f.value = "1"; f.dispatchEvent(new Event("change", {bubbles: true})); })()`)
	b.submit("main")
	b.comesTo("/e/apsys-2027/register/person")
	check()
	b.fill(`input[autocomplete=name]`, "홍길동")
	b.fill(`input[autocomplete=email]`, email)
	b.submit("main")
	b.comesTo("/e/apsys-2027/register/check")
	check()
	b.click(`input[name="consent.order"]`)
	b.click(`input[name="consent.terms"]`)
	b.submit("main")
	b.comesTo("/o/")
	check()
}

// chooses takes a channel and goes on to the gateway's window.
func (b *tab) chooses(channel string) {
	b.t.Helper()
	if b.has(`form#pay input[type=radio]`) {
		b.click(`form#pay input[value=` + channel + `]`)
	}
	b.submit("pay")
	b.comesTo(b.site.gateway.url)
}

// presses takes a test card in the window.
func (b *tab) presses(card string) { b.t.Helper(); b.click(`[data-testid="card-` + card + `"]`) }

func TestAnAttendeeRegistersAndPaysInABrowser(t *testing.T) {
	s := newSite(t)
	for lang, w := range words {
		for channel, card := range map[string]string{"korea": "kr", "overseas": "visa"} {
			t.Run(lang+" "+channel, func(t *testing.T) {
				b := s.browse(t, lang)
				email := lang + "-" + channel + "@example.org"
				b.toPayment(email, channel == "korea")
				b.chooses(channel)
				b.presses(card)
				b.comesTo("/o/")
				b.sees(w.paid)
				b.accessible()
				s.eventually("the mail with the receipt has come", 15*time.Second, func() bool { return len(s.mail.to(email)) == 1 })
				mail := s.mail.to(email)[0]
				for _, part := range []string{"application/pdf", "text/calendar"} {
					if !strings.Contains(mail, part) {
						t.Errorf("the mail has no %s", part)
					}
				}
			})
		}
	}
	s.sameBooks()
}

func TestADeclinedCardAndAClosedWindowLeaveAWayOn(t *testing.T) {
	s := newSite(t)
	for lang, w := range words {
		t.Run(lang, func(t *testing.T) {
			b := s.browse(t, lang)
			b.toPayment("wayon-"+lang+"@example.org", false)
			b.chooses("korea")
			b.presses("declined")
			b.comesTo("/o/")
			b.sees(w.declined)
			b.accessible()
			b.chooses("korea")
			b.presses("cancel")
			b.comesTo("/o/")
			b.sees(w.cancelled)
			b.accessible()
			b.chooses("korea")
			b.presses("kr")
			b.comesTo("/o/")
			b.sees(w.paid)
		})
	}
	s.sameBooks()
}

func TestALostAnswerIsToldAndThenThePageSaysPaid(t *testing.T) {
	s := newSite(t)
	b := s.browse(t, "ko")
	b.toPayment("lost@example.org", false)
	b.chooses("korea")
	b.presses("lost-answer")
	b.comesTo("/o/")
	b.sees(words["ko"].paid)
	s.sameBooks()
}

func TestBackReloadAndDoubleClickDoNoHarm(t *testing.T) {
	s := newSite(t)
	b := s.browse(t, "ko")
	b.toPayment("back@example.org", false)
	order := b.at()
	b.eval(`history.back()`)
	b.comesTo("/e/apsys-2027/register")
	b.open(order)
	if b.has(`form#pay input[type=radio]`) {
		b.click(`form#pay input[value=korea]`)
	}
	b.eval(`(() => { const btn = document.querySelector('form#pay button[type=submit]:not([name])'); btn.click(); btn.click(); })()`)
	b.comesTo(s.gateway.url)
	b.eval(`history.back()`)
	s.eventually("the browser is back at our pages", 10*time.Second, func() bool { return strings.HasPrefix(b.at(), "/") })
	b.open(order)
	b.chooses("korea")
	b.presses("kr")
	b.comesTo("/o/")
	b.sees(words["ko"].paid)
	b.eval(`location.reload()`)
	b.sees(words["ko"].paid)
	b.eval(`history.back()`)
	b.open(order)
	b.sees(words["ko"].paid)
	l := s.ledger()
	confirmed := 0
	for _, p := range l.Orders[0].Payments {
		if p.State == "confirmed" {
			confirmed++
		}
	}
	if len(l.Orders) != 1 || confirmed != 1 {
		t.Errorf("%d orders and %d confirmed payments, want one each", len(l.Orders), confirmed)
	}
	s.sameBooks()
}

func TestAReturnInAnotherBrowserIsToldWithoutANameAndPays(t *testing.T) {
	s := newSite(t)
	for lang := range words {
		t.Run(lang, func(t *testing.T) {
			c := newScript(s)
			order := c.register("student", nil)
			_, l := c.choose(order, "korea")
			b := s.browse(t, lang)
			b.open(c.window(l, "kr").To)
			b.sees(map[string]string{"ko": "결제", "en": "ayment"}[lang])
			b.accessible()
			if strings.Contains(b.text(), "홍길동") && !strings.HasPrefix(b.at(), "/o/") {
				t.Errorf("%s names the person:\n%s", b.at(), b.text())
			}
			if st := c.state(order); st.Order != "paid" {
				t.Errorf("status %+v, want paid", st)
			}
		})
	}
	s.sameBooks()
}

func TestStaffSeeExportAndRefundInABrowser(t *testing.T) {
	s := newSite(t)
	c := newScript(s)
	c.pay(c.register("student", nil), "korea", "kr")
	o := s.ledger().Orders[0]
	for _, lang := range []string{"ko", "en"} {
		t.Run(lang, func(t *testing.T) {
			b := s.browse(t, lang)
			b.open("/sign-in")
			b.accessible()
			b.fill(`input[autocomplete=username]`, "admin@example.org")
			b.fill(`input[autocomplete=current-password]`, "a-long-password-1")
			b.submit("main")
			b.comesTo("/console")
			b.accessible()
			b.open("/console/apsys-2027/orders")
			b.sees(o.Code)
			b.accessible()
			b.open("/console/apsys-2027/attention")
			b.accessible()
			b.open("/admin/apsys-2027/orders/" + o.Code)
			b.accessible()
			b.fill(`form[id="refund-`+o.Payments[0].ID+`"] [name=amount]`, "10000")
			b.fill(`form[id="refund-`+o.Payments[0].ID+`"] [name=reason]`, "행사 변경")
			b.click(`form[id="refund-` + o.Payments[0].ID + `"] button[type=submit]:not([name])`)
			s.eventually("the second step is shown", 10*time.Second, func() bool { return b.has("form#main") })
			b.accessible()
			b.submit("main")
			b.comesTo("/admin/apsys-2027/orders/" + o.Code)
			b.sees("10,000")
		})
	}
	s.sameBooks()
}
