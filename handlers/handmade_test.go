package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// deskEvent stores the sample with a hidden category and a channel for money that only staff see.
func (s *site) deskEvent() {
	s.t.Helper()
	e := sampleEvent()
	e.Categories = append(e.Categories, registration.Category{ID: "speaker", Name: registration.Text{Ko: "초청 연사", En: "Speaker"}, Hidden: true,
		Prices: map[string]registration.Prices{"early": {registration.KRW: 100000}}})
	e.Quotas[0].Of = append(e.Quotas[0].Of, "speaker")
	s.withDesk(e)
}

// withDesk stores an event with a channel for money that only staff see.
func (s *site) withDesk(e registration.Event) {
	s.t.Helper()
	e.Channels = append(e.Channels, registration.ChannelOffer{ID: "desk", Gateway: "transfer", Currency: registration.KRW, Methods: []string{"bank_transfer", "on_site"}})
	card := payments.Channel{Key: "korea", Gateway: "toss", Mode: registration.Test, Currency: registration.KRW, Cards: "domestic", Methods: []string{"card"},
		Credentials: map[string]string{"client_key": "test_ck_demo", "secret_key": "test_sk_demo"}, APIURL: s.bank, ScriptURL: s.bank + "/v2/standard"}
	s.applyWith(e, card, payments.Channel{Key: "desk", Gateway: "transfer", Mode: registration.Test, Currency: registration.KRW, Cards: "any",
		Methods: []string{"bank_transfer", "on_site"}, Account: payments.Account{Bank: "예시은행", Number: "000-000-000000", Holder: "예시학회"}})
}

var newPath = "/console/" + slug + "/orders/new"

// states counts the orders in each state.
func (s *site) states() map[string]int {
	s.t.Helper()
	rows, err := s.store.Rows(s.t.Context(), `SELECT state, COUNT(*) FROM orders GROUP BY state`)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	n := map[string]int{}
	for rows.Next() {
		var state string
		var count int
		if err := rows.Scan(&state, &count); err != nil {
			s.t.Fatal(err)
		}
		n[state] = count
	}
	return n
}

func TestStaffMakeOrdersByHand(t *testing.T) {
	s := newSite(t)
	s.deskEvent()
	admin := s.staff(store.RoleAdmin, "")
	speaker := url.Values{"category": {"speaker"}, "name": {"홍길동"}, "email": {"gildong@example.org"}, "lang": {"ko"}}
	tests := map[string]struct {
		fields   url.Values
		state    string
		payments int
		mail     string
		total    string
	}{
		"invited":           {url.Values{"how": {"invited"}, "reason": {"기조 강연"}, "extra.banquet": {"1"}}, "paid", 0, "registered", `{"KRW":0}`},
		"link":              {url.Values{"how": {"link"}, "until": {"2027-05-01"}}, "pending", 0, "pay_link", `{"KRW":100000}`},
		"paid by transfer":  {url.Values{"how": {"paid"}, "way": {"desk.bank_transfer"}, "reason": {"3월 2일 입금 확인"}}, "paid", 1, "registered", `{"KRW":100000}`},
		"paid on site":      {url.Values{"how": {"paid"}, "way": {"desk.on_site"}, "reason": {"현금"}, "price.KRW": {"30,000"}}, "paid", 1, "registered", `{"KRW":30000}`},
		"link, other price": {url.Values{"how": {"link"}, "until": {"2027-07-23"}, "reason": {"협의"}, "price.KRW": {"70000"}}, "pending", 0, "pay_link", `{"KRW":70000}`},
	}
	for name, tc := range tests {
		before := s.count("payments")
		page := admin.get(newPath).want(200)
		fields := with(speaker, tc.fields)
		to := admin.submit(page, "main", fields).to()
		if again := admin.submit(page, "main", fields).to(); again != to {
			t.Errorf("%s: the same form leads to %s and %s", name, to, again)
		}
		var state, prices, id, actor string
		row := s.store.Row(t.Context(), `SELECT o.state, o.prices, o.id, a.actor FROM orders o JOIN audit a ON a.order_id = o.id AND a.what = 'order' AND a.from_state IS NULL
			WHERE o.code = $1`, to[strings.LastIndexByte(to, '/')+1:])
		if err := row.Scan(&state, &prices, &id, &actor); err != nil {
			t.Fatal(err)
		}
		if state != tc.state || prices != tc.total || s.count("payments")-before != tc.payments || !strings.HasPrefix(actor, "staff:") {
			t.Errorf("%s: the order is %s at %s by %s, with %d payments", name, state, prices, actor, s.count("payments")-before)
		}
		view, err := s.store.OrderView(t.Context(), s.event(slug).ID, to[strings.LastIndexByte(to, '/')+1:])
		if err != nil || len(view.Mails) == 0 || view.Mails[len(view.Mails)-1].Kind != tc.mail {
			t.Errorf("%s: the mails are %+v, %v", name, view.Mails, err)
		}
		if tc.payments == 1 && len(view.Receipts) != 1 {
			t.Errorf("%s: %d receipts", name, len(view.Receipts))
		}
		admin.get(to).want(200)
	}
	s.healthy()
}

func TestAnOrderByHandIsRefusedWithEverythingKept(t *testing.T) {
	s := newSite(t)
	s.deskEvent()
	good := url.Values{"category": {"speaker"}, "name": {"홍길동"}, "email": {"gildong@example.org"}, "lang": {"en"}, "how": {"invited"}, "reason": {"강연"}}
	tests := map[string]struct {
		change url.Values
		want   string
	}{
		"no category":      {url.Values{"category": {""}}, "category"},
		"unknown category": {url.Values{"category": {"<script>alert(1)</script>"}}, "category"},
		"no name":          {url.Values{"name": {""}}, "name"},
		"a card number":    {url.Values{"name": {"4242 4242 4242 4242"}}, "card number"},
		"no address":       {url.Values{"email": {"x"}}, "address"},
		"not a text":       {url.Values{"organization": {"\xff"}}, "read"},
		"no way":           {url.Values{"how": {""}}, "fee"},
		"no reason":        {url.Values{"reason": {""}}, "reason"},
		"long reason":      {url.Values{"reason": {strings.Repeat("가", 201)}}, "200"},
		"no day":           {url.Values{"how": {"link"}}, "day"},
		"a day gone":       {url.Values{"how": {"link"}, "until": {"2026-01-01"}}, "day"},
		"a day too late":   {url.Values{"how": {"link"}, "until": {"2027-07-24"}}, "day"},
		"unknown way":      {url.Values{"how": {"paid"}, "way": {"korea.card"}}, "money came"},
		"a price":          {url.Values{"price.KRW": {"-5"}}, "amount"},
		"a huge price":     {url.Values{"price.KRW": {"9000000000000000"}}, "1,000,000,000,000 or less"},
		"too many extras":  {url.Values{"extra.banquet": {"11"}}, "10"},
		"emoji quantity":   {url.Values{"extra.banquet": {"😀"}}, "10"},
	}
	admin := s.staff(store.RoleAdmin, "")
	for name, tc := range tests {
		page := admin.submit(admin.get(newPath).want(200), "main", with(good, tc.change)).want(http.StatusUnprocessableEntity)
		_, kept := page.form("main")
		if text := page.doc().Find("#problems").Text(); !strings.Contains(text, tc.want) || name != "no address" && kept.Get("email") != "gildong@example.org" {
			t.Errorf("%s: the page says %q and keeps %v", name, text, kept)
		}
		if strings.Contains(page.body, "4242 4242") {
			t.Errorf("%s: a card number is sent back", name)
		}
	}
	admin.post(newPath, with(good, url.Values{"nonce": {"<x>"}})).want(400)
	organizer := s.staff(store.RoleOrganizer, "")
	page := organizer.get(newPath).want(200)
	if strings.Contains(page.body, `name="price.KRW"`) || strings.Contains(page.body, `value="paid"`) {
		t.Error("an organizer is offered to set prices or to mark money as received")
	}
	organizer.submit(page, "main", with(good, url.Values{"how": {"paid"}, "way": {"desk.on_site"}})).want(http.StatusUnprocessableEntity)
	s.staff(store.RoleDesk, "").get(newPath).want(404)
	if n := s.count("orders"); n != 0 {
		t.Errorf("%d orders were made", n)
	}
}

func TestStaffCannotGoOverAQuota(t *testing.T) {
	s := newSite(t)
	s.deskEvent()
	admin := s.staff(store.RoleAdmin, "")
	fields := url.Values{"category": {"few"}, "name": {"홍길동"}, "email": {"gildong@example.org"}, "lang": {"ko"}, "how": {"invited"}, "reason": {"x"}}
	form := admin.get(newPath)
	to := admin.submit(form, "main", fields).to()
	if again := admin.submit(form, "main", fields).to(); again != to {
		t.Errorf("the form that took the last place leads to %s and %s", to, again)
	}
	page := admin.submit(admin.get(newPath), "main", fields).want(http.StatusConflict)
	if !strings.Contains(page.doc().Find("#problems").Text(), "Raise the quota") {
		t.Errorf("the page says %q", page.doc().Find("#problems").Text())
	}
	s.healthy()
}

// imports does the imports that wait, each process stopping after some rows when stop is above 0.
func (s *site) imports(stop int) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	done := 0
	look := func() {
		if done++; stop > 0 && done > stop {
			cancel()
		}
	}
	job := func(_ context.Context, j store.Job) error {
		return importJob(s.store, s.cashier, s.clock.Now, look)(ctx, j)
	}
	if _, err := s.store.RunDueJobs(s.t.Context(), map[string]store.JobFunc{store.JobImport: job}, store.RunOptions{}); err != nil && !errors.Is(err, context.Canceled) {
		s.t.Fatal(err)
	}
}

// people is a list of n people and some rows that cannot be taken.
func people(n int) string {
	var b strings.Builder
	b.WriteString("성명,이메일,소속,등록 구분,만찬,언어\n")
	for i := range n {
		fmt.Fprintf(&b, "홍길동 %d,person%d@example.org,예시대학교,학생,,\n", i, i)
	}
	b.WriteString("<script>alert(1)</script>,html@example.org,=1+1,학생,1,en\n이름,주소 아님,,학생,,\n이름,x@example.org,,없는 구분,,\n")
	return b.String()
}

func TestAListOfPeopleIsLookedAtAndTakenOverOnce(t *testing.T) {
	modes := map[string]struct {
		fields   url.Values
		state    string
		payments int
	}{
		"invited": {url.Values{"how": {"invited"}, "reason": {"초청"}}, "paid", 0},
		"link":    {url.Values{"how": {"link"}, "until": {"2027-06-01"}}, "pending", 0},
		"paid":    {url.Values{"how": {"paid"}, "way": {"desk.bank_transfer"}, "reason": {"입금 확인"}}, "paid", 31},
	}
	for name, tc := range modes {
		s := newSite(t)
		s.deskEvent()
		admin := s.staff(store.RoleAdmin, "")
		path := admin.send("/console/"+slug+"/import", "people.csv", people(30), nil).to()
		page := admin.get(path).want(200)
		text := page.doc().Text()
		if !strings.Contains(text, "Row 33") || !strings.Contains(text, "Row 34") || !strings.Contains(text, "Make 31 registrations") || page.doc().Find("script:contains(alert)").Length() > 0 {
			t.Errorf("%s: the preview says %s", name, text)
		}
		admin.submit(page, "main", nil).want(http.StatusUnprocessableEntity)
		if n := s.count("orders"); n != 0 {
			t.Fatalf("%s: the preview has made %d orders", name, n)
		}
		for range 2 {
			admin.submit(page, "main", with(url.Values{"lang": {"ko"}}, tc.fields)).to()
		}
		s.imports(0)
		if got := s.states(); got[tc.state] != 31 || len(got) != 1 || s.count("payments") != tc.payments {
			t.Errorf("%s: the orders are %v with %d payments", name, got, s.count("payments"))
		}
		if text := admin.get(path).want(200).doc().Text(); !strings.Contains(text, "33 of 33 rows are done, 31 registrations") {
			t.Errorf("%s: the result says %s", name, text)
		}
		again := admin.send("/console/"+slug+"/import", "people.csv", people(30), nil).to()
		page = admin.get(again).want(200)
		if n := page.doc().Find("#registered li").Length(); n != 31 || !strings.Contains(page.doc().Text(), "31 are registered already") || page.doc().Find("#rows li").Length() != 2 {
			t.Errorf("%s: %d people are said to have registered", name, n)
		}
		s.healthy()
	}
}

func TestAListThatIsUploadedTwiceRegistersNobodyTwice(t *testing.T) {
	s := newSite(t)
	s.deskEvent()
	admin := s.staff(store.RoleAdmin, "")
	upload := func() string { return admin.send("/console/"+slug+"/import", "people.csv", people(5), nil).to() }
	first, second := upload(), upload()
	how := url.Values{"lang": {"ko"}, "how": {"invited"}, "reason": {"초청"}}
	one, two := admin.get(first).want(200), admin.get(second).want(200)
	admin.submit(one, "main", how).to()
	if said := admin.submit(two, "main", how).want(http.StatusConflict).doc().Find("#problems").Text(); !strings.Contains(said, "Another list") {
		t.Errorf("the page says %q", said)
	}
	s.imports(0)
	admin.submit(two, "main", how).want(http.StatusUnprocessableEntity)
	s.imports(0)
	if n := s.count("orders"); n != 6 {
		t.Errorf("%d orders", n)
	}
}

func TestAnImportThatIsStoppedGoesOnWithoutASecondOrder(t *testing.T) {
	s := newSite(t)
	s.deskEvent()
	admin := s.staff(store.RoleAdmin, "")
	path := admin.send("/console/"+slug+"/import", "people.csv", people(60), nil).to()
	admin.submit(admin.get(path), "main", url.Values{"lang": {"ko"}, "how": {"paid"}, "way": {"desk.bank_transfer"}, "reason": {"입금 확인"}}).to()
	for _, stop := range []int{7, 13, 20} {
		s.imports(stop)
		admin.submit(admin.get(path).want(200), "resume", nil).to()
	}
	if text := admin.get(path).doc().Text(); !strings.Contains(text, "of 63 rows are done") {
		t.Errorf("the page does not tell how far it is: %s", text)
	}
	s.clock.Pass(store.MaxTries * 60e9)
	s.imports(0)
	if got := s.states(); got["paid"] != 61 || len(got) != 1 || s.count("receipts") != 61 || s.count("import_rows") != 63 {
		t.Errorf("orders %v, %d receipts, %d rows", got, s.count("receipts"), s.count("import_rows"))
	}
	s.healthy()
}

func TestRowsWithoutAPriceInTheirMoneyMakeNoOrder(t *testing.T) {
	s := newSite(t)
	s.deskEvent()
	e := *s.event(slug)
	for i := range e.Categories {
		if e.Categories[i].ID == "few" {
			for phase := range e.Categories[i].Prices {
				e.Categories[i].Prices[phase] = registration.Prices{registration.USD: 1000}
			}
		}
	}
	h := handMade{How: madePaid, Channel: "desk", Method: "bank_transfer", Reason: "x", Actor: "staff:a@example.org"}
	w := wanted{draftID: "import-1", person: registration.Person{Name: "홍길동", Email: "gildong@example.org"}, lang: registration.Korean, cart: registration.Cart{Category: "few"}}
	_, err := maker{s.store, s.cashier, s.clock.Now}.make(t.Context(), &e, w, h)
	if key, known := madeKey(err); !known || key != "handmade.channel.currency" || s.count("orders") != 0 {
		t.Errorf("%v, and %d orders keep places that nobody can pay", err, s.count("orders"))
	}
}

func TestRowsThatFindNoPlaceAreNamed(t *testing.T) {
	s := newSite(t)
	s.deskEvent()
	admin := s.staff(store.RoleOrganizer, "")
	path := admin.send("/console/"+slug+"/import", "people.csv", "name,email,category\nA,a@example.org,few\nB,b@example.org,few\nC,c@example.org,few\n", nil).to()
	page := admin.get(path).want(200)
	if !strings.Contains(page.doc().Text(), "2 places are missing") {
		t.Error("the preview does not tell that places are missing")
	}
	admin.submit(page, "main", url.Values{"lang": {"ko"}, "how": {"invited"}, "reason": {"x"}}).to()
	s.imports(0)
	if text := admin.get(path).want(200).doc().Text(); !strings.Contains(text, "2 rows to look at") || !strings.Contains(text, "Row 4: Few: too few places are left") || s.states()["paid"] != 1 {
		t.Errorf("orders %v; the result says %s", s.states(), text)
	}
	for name, content := range map[string]string{"empty": "", "no header": "a,b\n1,2\n", "binary": "\x00\x01"} {
		admin.send("/console/"+slug+"/import", name+".csv", content, nil).want(http.StatusUnprocessableEntity)
	}
	admin.get("/console/" + slug + "/import/nothing").want(404)
	s.healthy()
}
