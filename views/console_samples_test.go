package views

import (
	"fmt"
	"maps"
	"time"

	"foyer/payments"
	"foyer/registration"

	"github.com/a-h/templ"
)

// hostile is what somebody with bad intentions would call themselves.
const hostile = `<script>alert("1")</script>'"&`

var seoul = time.FixedZone("KST", 9*60*60)

func krw(n int64) registration.Money { return registration.Money{Minor: n, Cur: registration.KRW} }

func usd(n int64) registration.Money { return registration.Money{Minor: n, Cur: registration.USD} }

func at(day, hour int) time.Time { return time.Date(2027, 6, day, hour, 12, 0, 0, seoul) }

func samplePage(l registration.Lang, path string) Page {
	return Page{Lang: l, Path: path, Staff: &StaffBar{Email: "minji.park@example.org", Role: "admin"}}
}

func sampleNav(here string) ConsoleNav {
	return ConsoleNav{
		Event: "apsys-2027", Name: registration.Text{Ko: "APSys 2027 학술대회", En: "APSys 2027"},
		Mode: registration.Test, Zone: seoul, At: here, Attention: 3,
	}
}

// samplePages gives every staff page in its states, by a name that can stand in a file name.
func samplePages(l registration.Lang) map[string]templ.Component {
	pages := map[string]templ.Component{
		"signin":            SignIn(SignInPage{Page: Page{Lang: l, Path: SignInPath}, Next: "/console/apsys-2027/orders"}),
		"signin-refused":    SignIn(SignInPage{Page: Page{Lang: l, Path: SignInPath}, Email: "minji@example.org", Problems: []Problem{{Field: "email", Key: "signin.refused"}}}),
		"signin-missing":    SignIn(SignInPage{Page: Page{Lang: l, Path: SignInPath}, Problems: []Problem{{Field: "email", Key: "signin.email_missing"}, {Field: "password", Key: "signin.password_missing"}}}),
		"signin-out":        SignIn(SignInPage{Page: Page{Lang: l, Path: SignInPath}, SignedOut: true}),
		"signin-wait":       SignIn(SignInPage{Page: Page{Lang: l, Path: SignInPath}, Wait: at(3, 15), Zone: seoul}),
		"link":              SignInLink(SignInLinkPage{Page: Page{Lang: l, Path: SignInLinkPath}, Email: "minji.park@example.org", Token: "t0ken"}),
		"link-gone":         SignInLink(SignInLinkPage{Page: Page{Lang: l, Path: SignInLinkPath}, Gone: true}),
		"events":            ConsoleEvents(ConsoleEventsPage{Page: samplePage(l, ConsolePath), Events: sampleEvents()}),
		"events-none":       ConsoleEvents(ConsoleEventsPage{Page: samplePage(l, ConsolePath)}),
		"orders":            ConsoleOrders(sampleOrders(l)),
		"orders-found":      ConsoleOrders(sampleFound(l)),
		"orders-none":       ConsoleOrders(sampleEmpty(l, OrderFilter{})),
		"orders-nomatch":    ConsoleOrders(sampleEmpty(l, OrderFilter{Query: hostile})),
		"attention":         ConsoleAttention(ConsoleAttentionPage{Page: samplePage(l, ConsoleAttentionPath("apsys-2027")), Nav: sampleNav("attention"), Items: sampleAttention()}),
		"attention-none":    ConsoleAttention(ConsoleAttentionPage{Page: samplePage(l, ConsoleAttentionPath("apsys-2027")), Nav: sampleNav("attention")}),
		"audit":             ConsoleAudit(ConsoleAuditPage{Page: samplePage(l, ConsoleAuditPath("apsys-2027")), Nav: sampleNav("audit"), Entries: sampleTimeline(), Next: "/console/apsys-2027/audit?before=7"}),
		"order":             AdminOrder(sampleOrder(l)),
		"order-readonly":    AdminOrder(sampleReadOnly(l)),
		"order-refused":     AdminOrder(sampleRefused(l)),
		"order-pending":     AdminOrder(samplePending(l)),
		"order-new":         AdminOrder(AdminOrderPage{Page: samplePage(l, ""), Nav: sampleNav(""), Code: "K7Q4-M2XD", State: registration.OrderPending, Lang: l, Money: AdminMoney{Charged: []registration.Money{krw(150000), usd(12000)}}}),
		"refund":            AdminRefund(sampleRefund(l)),
		"refund-problem":    AdminRefund(sampleSurplusRefund(l)),
		"cancel":            AdminCancel(sampleCancel(l, krw(110000))),
		"cancel-withoutpay": AdminCancel(sampleCancel(l)),
	}
	maps.Copy(pages, setupPages(l))
	return pages
}

func sampleEvents() []ConsoleEvent {
	return []ConsoleEvent{
		{Slug: "apsys-2027", Name: registration.Text{Ko: "APSys 2027 학술대회", En: "APSys 2027"}, Starts: registration.Date{Year: 2027, Month: 7, Day: 22},
			Ends: registration.Date{Year: 2027, Month: 7, Day: 23}, Mode: registration.Test, Window: registration.WindowOpen, Paid: 1284, Pending: 37, Attention: 3},
		{Slug: "kiise-2027", Name: registration.Text{Ko: "한국정보과학회 2027 동계 학술발표회 및 정기총회", En: "KIISE Winter Conference and General Meeting 2027"}, Starts: registration.Date{Year: 2027, Month: 12, Day: 20},
			Ends: registration.Date{Year: 2027, Month: 12, Day: 22}, Mode: registration.Live, Window: registration.WindowEarly},
	}
}

func sampleOrders(l registration.Lang) ConsoleOrdersPage {
	return ConsoleOrdersPage{
		Page: samplePage(l, ConsoleOrdersPath("apsys-2027")), Nav: sampleNav("orders"),
		Channels:   []ConsoleOption{{"korea", "korea"}, {"overseas", "overseas"}},
		Categories: []ConsoleOption{{"student", "학생"}, {"member", "정회원"}},
		Rows:       sampleRows(), Found: 1284, All: 1284, PageSize: 50, Next: "/console/apsys-2027/orders?after=x",
		Totals: []ConsoleTotal{{krw(221450000), krw(1650000)}, {usd(4812000), usd(12000)}},
	}
}

func sampleRows() []ConsoleOrder {
	return []ConsoleOrder{
		{Code: "K7Q4-M2XD", Standing: payments.StandingPaid, Name: "김서연", Affiliation: "한국과학기술원 전산학부", Email: "seoyeon.kim@example.ac.kr", Category: "학생", Amount: []registration.Money{krw(150000)}, PaidAt: at(2, 14)},
		{Code: "P3RT-9WKA", Standing: payments.StandingPartlyRefunded, Name: "Nguyễn Thị Minh Khai", Others: 2, Affiliation: "Hanoi University of Science and Technology", Email: "minhkhai.nguyen.thi.long.address@student.hust.example.vn", Category: "Student", Amount: []registration.Money{usd(36000)}, PaidAt: at(2, 11)},
		{Code: "T8XC-4HNM", Standing: payments.StandingUnknown, Name: "제갈성춘향가나다라마바사아자차카", Affiliation: "서울대학교", Email: "j@example.org", Category: "정회원", Amount: []registration.Money{krw(350000)}},
		{Code: "W2ZV-7QJD", Standing: payments.StandingPending, Name: "이", Email: "lee@example.org", Category: "정회원", Amount: []registration.Money{krw(350000), usd(28000)}},
		{Code: "C5MY-3KTF", Standing: payments.StandingExpired, Name: "박도윤", Affiliation: "ETRI", Email: "doyun@example.org", Category: "정회원", Amount: []registration.Money{krw(350000)}},
		{Code: "H9QR-6XNA", Standing: payments.StandingCancelledRefunded, Name: "عبد الله", Affiliation: "KAUST", Email: "a@example.org", Category: "Author", Amount: []registration.Money{usd(30000)}, PaidAt: at(1, 9)},
		{Code: "D4VB-8WMC", Standing: payments.StandingPaid, Name: hostile, Affiliation: hostile, Email: hostile, Category: "정회원", Amount: []registration.Money{krw(1350000)}, PaidAt: at(1, 8)},
	}
}

func sampleFound(l registration.Lang) ConsoleOrdersPage {
	p := sampleOrders(l)
	p.Filter = OrderFilter{Query: hostile, State: "paid", Channel: "korea"}
	p.Rows, p.Found, p.Totals = p.Rows[:1], 1, nil
	p.ShowTest, p.Previous, p.Next = "/console/apsys-2027/orders?q=a&test=1", "/console/apsys-2027/orders?q=a&before=x", ""
	return p
}

func sampleEmpty(l registration.Lang, f OrderFilter) ConsoleOrdersPage {
	p := sampleOrders(l)
	p.Filter, p.Rows, p.Found, p.All, p.Totals = f, nil, 0, 0, nil
	p.PublicURL = "https://register.example.org/e/apsys-2027"
	return p
}

func sampleAttention() []AttentionItem {
	list := make([]AttentionItem, 0, len(attentionKinds)+1)
	for i, k := range append([]string{"something_new"}, attentionKinds...) {
		list = append(list, AttentionItem{
			ID: fmt.Sprint("n", i), Open: k == "payment_unknown" || k == "refund_unknown", Kind: k, Since: at(i+1, 9), Code: "K7Q4-M2XD", Name: hostile, Email: "seoyeon.kim@example.ac.kr", Phone: "+82 10-1234-5678",
			Amount: krw(150000), PG: "korea · toss · FYabc123", Note: "NOT_CANCELABLE_AMOUNT",
		})
	}
	return list
}
