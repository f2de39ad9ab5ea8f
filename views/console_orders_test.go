package views

import (
	"net/url"
	"strings"
	"testing"

	"foyer/registration"

	"github.com/PuerkitoBio/goquery"
)

func TestExportLinksCarryTheFilterOfTheList(t *testing.T) {
	p := sampleFound(registration.English)
	links := renderStaff(t, ConsoleOrders(p)).Find(".console-export a")
	if links.Length() != 5 {
		t.Fatalf("%d export links", links.Length())
	}
	links.Each(func(i int, a *goquery.Selection) {
		u, err := url.Parse(a.AttrOr("href", ""))
		if err != nil {
			t.Fatal(err)
		}
		want := p.Filter.Values()
		want.Set("format", exportFormats[i%3][0])
		if i >= 3 {
			want.Set("list", "people")
		}
		if u.Path != "/console/apsys-2027/export" || u.Query().Encode() != want.Encode() {
			t.Errorf("link %s, want %s", u, want.Encode())
		}
	})
}

func TestSearchShowsWhatWasAskedFor(t *testing.T) {
	p := sampleFound(registration.Korean)
	f := renderStaff(t, ConsoleOrders(p)).Find("form#search")
	if got := f.Find("input[name=q]").AttrOr("value", ""); got != hostile {
		t.Errorf("q %q", got)
	}
	for name, want := range map[string]string{"state": "paid", "payment": "", "channel": "korea", "category": ""} {
		if got := f.Find("select[name="+name+"] option[selected]").AttrOr("value", ""); got != want {
			t.Errorf("%s %q, want %q", name, got, want)
		}
	}
}

func TestListWithoutRowsSaysWhy(t *testing.T) {
	l := registration.Korean
	none := renderStaff(t, ConsoleOrders(sampleEmpty(l, OrderFilter{}))).Find(".console-empty")
	if !strings.Contains(none.Text(), "https://register.example.org/e/apsys-2027") {
		t.Errorf("no address to pass on: %s", none.Text())
	}
	noMatch := renderStaff(t, ConsoleOrders(sampleEmpty(l, OrderFilter{Query: "x"}))).Find(".console-empty")
	if got := noMatch.Find("a").AttrOr("href", ""); got != ConsoleOrdersPath("apsys-2027") {
		t.Errorf("clear filters leads to %q", got)
	}
}

func TestTestMoneyIsCalledSo(t *testing.T) {
	l := registration.English
	p := sampleOrders(l)
	if got := renderStaff(t, ConsoleOrders(p)).Find(".console-sums").Text(); !strings.Contains(got, T(l, "console.orders.totals.test")) {
		t.Error("totals of test money do not say so")
	}
	p.Nav.Mode = registration.Live
	if got := renderStaff(t, ConsoleOrders(p)).Find(".console-sums").Text(); strings.Contains(got, T(l, "console.orders.totals.test")) {
		t.Error("totals of real money are called test money")
	}
}

func TestTotalsAddUp(t *testing.T) {
	got := renderStaff(t, ConsoleOrders(sampleOrders(registration.Korean))).Find(".console-total").First().Find("dd").Last().Text()
	if got != "219,800,000원" {
		t.Errorf("net %q", got)
	}
}

func TestAuditSpeaksInWords(t *testing.T) {
	l := registration.Korean
	for actor, want := range map[string]string{
		"attendee": "참가자", "system": "시스템", "gateway:korea": "PG(korea)", "staff:a@example.org": "a@example.org", "odd": "odd",
	} {
		if got := ActorText(l, actor); got != want {
			t.Errorf("ActorText(%q) = %q, want %q", actor, got, want)
		}
	}
	for state, want := range map[[2]string]string{
		{"order", "paid"}: "등록 완료", {"payment", "surplus"}: "등록 미반영", {"refund", "done"}: "환불 완료", {"receipt", "R-1"}: "R-1",
		{"staff", "admin"}: "관리자", {"event", "surplus"}: T(l, "console.attention.surplus.title"), {"order", "odd"}: "odd", {"order", ""}: "",
	} {
		if got := auditState(l, state[0], state[1]); got != want {
			t.Errorf("auditState(%q, %q) = %q, want %q", state[0], state[1], got, want)
		}
	}
}

func TestSignInNamesItsFields(t *testing.T) {
	doc := renderStaff(t, SignIn(SignInPage{Page: Page{Lang: registration.English}, Email: "a@example.org"}))
	f := doc.Find("form#main")
	for name, want := range map[string][2]string{"email": {"email", "username"}, "password": {"password", "current-password"}} {
		in := f.Find("input[name=" + name + "]")
		if in.AttrOr("type", "") != want[0] || in.AttrOr("autocomplete", "") != want[1] {
			t.Errorf("%s: type %s, autocomplete %s", name, in.AttrOr("type", ""), in.AttrOr("autocomplete", ""))
		}
	}
	if got := f.Find("input[name=password]").AttrOr("value", ""); got != "" {
		t.Errorf("the password came back: %q", got)
	}
}

func TestSignInLinkSignsInByPostOnly(t *testing.T) {
	doc := renderStaff(t, samplePages(registration.English)["link"])
	f := doc.Find("form#main")
	if f.AttrOr("method", "") != "post" || f.AttrOr("action", "") != SignInLinkPath || f.Find("input[name=token]").AttrOr("value", "") != "t0ken" {
		t.Error("the form does not post the token")
	}
	if doc.Find(`a[href*=t0ken]`).Length() != 0 {
		t.Error("the token is in an address")
	}
}

func TestGroupedWritesThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -999: "-999"} {
		if got := grouped(n); got != want {
			t.Errorf("grouped(%d) = %q, want %q", n, got, want)
		}
	}
}
