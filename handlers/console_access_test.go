package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// staffRequest is one address of the staff's pages with what posts to it.
type staffRequest struct {
	method, path string
	fields       url.Values
	roles        map[store.Role]int // status by role; 404 for the others
}

// staffRequests lists every address of the staff's pages about one event and one paid order of it.
func staffRequests(event, order, payment string) map[string]staffRequest {
	see := map[store.Role]int{store.RoleOwner: 200, store.RoleAdmin: 200, store.RoleOrganizer: 200}
	lead := map[store.Role]int{store.RoleOwner: 303, store.RoleAdmin: 303, store.RoleOrganizer: 303}
	step := map[store.Role]int{store.RoleOwner: 200, store.RoleAdmin: 200}
	refused := map[store.Role]int{store.RoleOwner: 422, store.RoleAdmin: 422}
	moved := map[store.Role]int{store.RoleOwner: 303, store.RoleAdmin: 303}
	reason := url.Values{"reason": {"고객 요청"}, "amount": {"1000"}}
	return map[string]staffRequest{
		"event":          {"GET", "/console/" + event, nil, lead},
		"orders":         {"GET", "/console/" + event + "/orders", nil, see},
		"export":         {"GET", "/console/" + event + "/export?format=json", nil, see},
		"attention":      {"GET", "/console/" + event + "/attention", nil, see},
		"audit":          {"GET", "/console/" + event + "/audit", nil, see},
		"order":          {"GET", order, nil, see},
		"check refund":   {"POST", order + "/refund/" + payment, reason, step},
		"confirm refund": {"POST", order + "/refund/" + payment + "/confirm", nil, refused},
		"check cancel":   {"POST", order + "/cancel", reason, step},
		"confirm cancel": {"POST", order + "/cancel/confirm", nil, refused},
		"look up":        {"POST", order + "/lookup/" + payment, nil, moved},
		"renew link":     {"POST", order + "/link", nil, moved},
		"mail again":     {"POST", order + "/mail", url.Values{"kind": {payments.MailRegistered}}, lead},
		"close":          {"POST", order + "/attention/none", reason, moved},
	}
}

func (b *browser) ask(r staffRequest) answer {
	b.s.t.Helper()
	if r.method == http.MethodPost {
		return b.post(r.path, r.fields)
	}
	return b.get(r.path)
}

func TestStaffPagesByRole(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	other := s.otherEvent()
	roles := []store.Role{store.RoleOwner, store.RoleAdmin, store.RoleOrganizer, store.RoleDesk}
	inside, outside := map[store.Role]*browser{}, map[store.Role]*browser{}
	for _, role := range roles {
		inside[role], outside[role] = s.staff(role, slug), s.staff(role, other)
	}
	for name, r := range staffRequests(slug, order, p.ID) {
		t.Run(name, func(t *testing.T) {
			for _, role := range roles {
				want := r.roles[role]
				if want == 0 {
					want = http.StatusNotFound
				}
				if a := inside[role].ask(r); a.status != want {
					t.Errorf("%s of the event: %d, want %d", role, a.status, want)
				} else if a.header.Get("Cache-Control") != "no-store" || !strings.Contains(a.header.Get("X-Robots-Tag"), "noindex") {
					t.Errorf("%s: headers %v", role, a.header)
				}
				if a := outside[role].ask(r); a.status != http.StatusNotFound {
					t.Errorf("%s of another event: %d, want 404", role, a.status)
				}
			}
			signedOut := s.browser().ask(r)
			if to := signedOut.to(); !strings.HasPrefix(to, "/sign-in?next=") || strings.Contains(signedOut.body, "홍길동") {
				t.Errorf("signed out: leads to %s", to)
			}
		})
	}
	if refunds := s.count("refunds"); refunds != 0 {
		t.Errorf("%d refunds were made on the way", refunds)
	}
}

func TestForeignEventLooksLikeNone(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	b := s.staff(store.RoleAdmin, s.otherEvent())
	same := strings.NewReplacer(slug, "no-event", p.ID, "none")
	for name, r := range staffRequests(slug, order, p.ID) {
		none := r
		none.path = same.Replace(r.path)
		foreign, missing := b.ask(r), b.ask(none)
		if foreign.status != missing.status || stable(foreign) != stable(missing) {
			t.Errorf("%s: a foreign event's answer differs from that of an event that does not exist:\n%s\n%s", name, stable(foreign), stable(missing))
		}
	}
}

// stable is an error page without what changes from one request to the next: its number, and its own address.
func stable(a answer) string {
	doc := a.doc()
	doc.Find("a[href*='lang=']").Remove()
	return strings.ReplaceAll(doc.Text(), a.header.Get(requestID), "")
}

func TestOrganizersSeeNoMoneyButtons(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	page := s.staff(store.RoleOrganizer, slug).get(order).want(200)
	if n := page.doc().Find("main form:not(.console-signout, .admin-again, [id^=person-])").Length(); n != 0 {
		t.Errorf("%d forms on the page", n)
	}
	if !strings.Contains(page.body, p.GatewayID) || !strings.Contains(page.body, "홍길동") {
		t.Error("the page lacks payment or person")
	}
	if n := page.doc().Find("a[href*='/receipt/']").Length(); n != 0 {
		t.Errorf("%d links to receipts, which open from the attendee's page alone", n)
	}
	if page := s.staff(store.RoleAdmin, slug).get(order).want(200); page.doc().Find("form#refund-"+p.ID+", form#cancel").Length() != 2 {
		t.Error("an administrator lacks a form")
	}
}

func TestRoleChangeCountsOnTheNextRequest(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	b, email := s.browser(), s.hire(store.RoleAdmin, "")
	b.signIn(email, password).want(303)
	page := b.get(order).want(200)
	change := func(column, value string) {
		t.Helper()
		err := s.store.Write(t.Context(), store.Locks{}, func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE staff SET `+column+` = $1 WHERE email = $2`, value, email)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	change("role", "organizer")
	b.submit(page, "refund-"+p.ID, url.Values{"reason": {"x"}}).want(404)
	b.get(order).want(200)
	change("role", "desk")
	b.get(order).want(404)
	change("role", "owner")
	b.get(order).want(200)
	change("event_id", s.event(s.otherEvent()).ID)
	b.get(order).want(404)
}

func TestNewPasswordEndsSessions(t *testing.T) {
	s := newSite(t)
	b, email := s.browser(), s.hire(store.RoleAdmin, "")
	b.signIn(email, password).want(303)
	b.get("/console").want(200)
	if err := s.store.AddStaff(t.Context(), email, store.RoleAdmin, "", password+"!"); err != nil {
		t.Fatal(err)
	}
	if to := b.get("/console").to(); to != "/sign-in" {
		t.Errorf("leads to %s", to)
	}
}

func TestSessionsEndAfterTheirLife(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleOrganizer, "")
	s.clock.Pass(sessionLife - 1e9)
	b.get("/console").want(200)
	s.clock.Pass(2e9)
	b.get("/console").want(303)
}

func TestStaffPostsOfOtherSitesAreRefused(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	b := s.staff(store.RoleOwner, "")
	for name, header := range map[string]http.Header{
		"by fetch metadata": {"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}},
		"by origin":         {"Origin": {"https://evil.example"}},
		"sister site":       {"Sec-Fetch-Site": {"same-site"}},
	} {
		for _, path := range []string{order + "/refund/" + p.ID + "/confirm", order + "/cancel/confirm", "/sign-out", "/sign-in", "/sign-in/link"} {
			if a := b.do("POST", path, "application/x-www-form-urlencoded", "reason=x&amount=1000", header); a.status != http.StatusForbidden {
				t.Errorf("%s, %s: %d", name, path, a.status)
			}
		}
	}
	b.get("/console").want(200)
	if s.count("refunds") != 0 {
		t.Error("money moved")
	}
}

func TestReadingStaffPagesChangesNothing(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	b := s.staff(store.RoleOwner, "")
	before := s.count("audit") + s.count("jobs") + s.count("sessions")
	for name, r := range staffRequests(slug, order, p.ID) {
		if name == "export" {
			continue // who takes a list out is written down
		}
		for _, method := range []string{"GET", "HEAD", "OPTIONS"} {
			b.do(method, r.path, "", "", nil)
		}
	}
	if after := s.count("audit") + s.count("jobs") + s.count("sessions"); after != before {
		t.Errorf("%d rows before, %d after", before, after)
	}
	if o, err := s.store.Order(t.Context(), p.OrderID); err != nil || o.State != registration.OrderPaid {
		t.Errorf("order: %v, %v", o, err)
	}
}
