package views

import (
	"fmt"
	"time"

	"foyer/payments"
	"foyer/registration"

	"github.com/a-h/templ"
)

var (
	seoulNow  = time.Date(2027, 6, 10, 15, 12, 0, 0, seoul)
	bothCards = []registration.ChannelOffer{
		{ID: "korea", Gateway: "toss", Currency: registration.KRW, Cards: "domestic", Methods: []string{"card"}},
		{ID: "overseas", Gateway: "toss", Currency: registration.USD, Cards: "overseas", Methods: []string{"card"}},
	}
)

func pair(won, cents int64) registration.Prices {
	return registration.Prices{registration.KRW: won, registration.USD: cents}
}

func text(ko, en string) registration.Text { return registration.Text{Ko: ko, En: en} }

func sampleEvent() *registration.Event {
	return &registration.Event{
		ID: "e1", Slug: "apsys-2027", Name: text("APSys 2027 학술대회", "APSys 2027"), Timezone: "Asia/Seoul",
		Place:      text("서울 코엑스 컨퍼런스룸 (남)", "COEX Conference Rooms (South), Seoul"),
		About:      text("운영체제와 분산 시스템을 다루는 아시아·태평양 지역 워크숍입니다.\n\n논문마다 저자 한 명 이상이 등록해야 합니다.", "A workshop on operating and distributed systems in Asia and the Pacific.\n\nAt least one author of each paper must register."),
		RefundRule: text("2027년 7월 1일까지 취소하면 전액, 7월 15일까지는 50%를 환불합니다. 그 뒤에는 환불하지 않습니다.", "Full refund until 1 July 2027, 50 % until 15 July, none after that."),
		Starts:     registration.Date{Year: 2027, Month: 7, Day: 22}, Ends: registration.Date{Year: 2027, Month: 7, Day: 23},
		Mode: registration.Test, Tax: registration.TaxExempt, Statement: "토스_한국시스템학회",
		Organizer: registration.Organizer{
			Name: text("한국시스템학회", "Korean Systems Society"), BusinessNumber: "000-00-00000", Representative: "홍길동",
			Address: "서울특별시 예시구 예시로 1", Phone: "02-0000-0000", Email: "office@example.org",
		},
		Phases: []registration.Phase{
			{ID: "early", Until: time.Date(2027, 6, 30, 23, 59, 59, 0, seoul)},
			{ID: "regular", Until: time.Date(2027, 7, 20, 23, 59, 59, 0, seoul)},
			{ID: "onsite"},
		},
		Categories: []registration.Category{
			{ID: "member", Name: text("정회원", "Member"), Evidence: "member_number", Prices: map[string]registration.Prices{"early": pair(300000, 24000), "regular": pair(350000, 28000), "onsite": pair(400000, 32000)}},
			{ID: "nonmember", Name: text("비회원", "Non-member"), Prices: map[string]registration.Prices{"early": pair(400000, 32000), "regular": pair(450000, 36000), "onsite": pair(500000, 40000)}},
			{ID: "student", Name: text("학생", "Student"), Note: text("전일제 대학원생과 학부생", "Full-time graduate and undergraduate students"), Evidence: "student_id", Prices: map[string]registration.Prices{"early": pair(150000, 12000), "regular": pair(200000, 16000)}},
		},
		Extras: []registration.Extra{
			{ID: "banquet", Name: text("만찬", "Banquet"), Note: text("7월 22일 저녁", "Evening of 22 July"), Price: pair(50000, 4000), Max: 1},
			{ID: "guest", Name: text("동반자", "Accompanying person"), Price: pair(80000, 6400), Max: 3},
			{ID: "page", Name: text("추가 논문 쪽", "Extra paper page"), Price: pair(100000, 8000), Max: 20},
		},
		Channels: bothCards,
	}
}

func freeEvent() *registration.Event {
	e := sampleEvent()
	e.Mode, e.Extras, e.Channels = registration.Live, nil, nil
	e.Categories = []registration.Category{{ID: "all", Name: text("참가자", "Participant"), Prices: map[string]registration.Prices{"early": {registration.KRW: 0}}}}
	return e
}

func eventFrame(l registration.Lang, e *registration.Event, path, key string) Page {
	return Page{Lang: l, Title: T(l, key), Path: path, Event: e.Name, Slug: e.Slug, Organizer: &e.Organizer, Test: e.Mode == registration.Test}
}

func person() registration.Person {
	return registration.Person{Name: "제갈성춘향", Email: "seoyeon.kim.with.a.long.name@student.example.ac.kr", Affiliation: "한국과학기술원 전산학부"}
}

// attendeePages gives every attendee's page in its states, by a name that can stand in a file name.
func attendeePages(l registration.Lang) map[string]templ.Component {
	all := map[string]templ.Component{
		"events": EventList(EventListPage{Page: Page{Lang: l, Title: T(l, "events.title"), Path: "/"}, Events: []EventCard{
			{Slug: "apsys-2027", Name: sampleEvent().Name, Place: sampleEvent().Place, Starts: sampleEvent().Starts, Ends: sampleEvent().Ends, Window: registration.WindowOpen, Closes: sampleEvent().ClosesAt(), Zone: seoul, Test: true},
			{Slug: "winter", Name: text("한국시스템학회 2027 동계 학술발표회 및 정기총회", "KSS Winter Meeting 2027"), Starts: registration.Date{Year: 2027, Month: 12, Day: 30}, Ends: registration.Date{Year: 2028, Month: 1, Day: 2}, Window: registration.WindowEarly, Opens: seoulNow, Zone: seoul},
			{Slug: "old", Name: text(hostile, hostile), Starts: sampleEvent().Starts, Ends: sampleEvent().Starts, Window: registration.WindowEnded, Zone: seoul},
		}}),
		"events-none": EventList(EventListPage{Page: Page{Lang: l, Title: T(l, "events.title"), Path: "/"}}),
		"find":        Find(FindPage{Page: Page{Lang: l, Title: T(l, "find.title"), Path: FindPath}}),
		"find-error":  Find(FindPage{Page: Page{Lang: l, Title: T(l, "find.title"), Path: FindPath, Error: true}, Email: hostile, Problems: []Problem{{Field: "email", Key: "register.email.mail"}}}),
		"found":       Found(FoundPage{Page: Page{Lang: l, Title: T(l, "found.title"), Path: FindPath}, Email: "kim@example.org"}),
		"privacy":     Privacy(LegalPage{Page: eventFrame(l, sampleEvent(), PrivacyPath("apsys-2027"), "layout.privacy"), Event: sampleEvent()}),
		"closed":      Closed(ClosedPage{Page: eventFrame(l, sampleEvent(), EventPath("apsys-2027"), "register.closed.title"), Event: sampleEvent(), Key: "register.closed"}),
		"full":        Closed(ClosedPage{Page: eventFrame(l, sampleEvent(), EventPath("apsys-2027"), "register.full.title"), Event: sampleEvent(), Key: "register.full"}),
	}
	for _, status := range []int{400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503} {
		all[fmt.Sprint("error-", status)] = Error(ErrorPage{Page: Page{Lang: l, Title: T(l, fmt.Sprintf("http.%d.title", status)), Path: "/"}, Status: status, RequestID: "01JD4Z", RetryAfter: status / 429})
	}
	for _, more := range []map[string]templ.Component{eventPages(l), registerPages(l), orderPages(l), payPages(l)} {
		for name, c := range more {
			all[name] = c
		}
	}
	return all
}

func eventPages(l registration.Lang) map[string]templ.Component {
	page := func(now time.Time, left Left, e *registration.Event) templ.Component {
		return EventHome(EventHomePage{Page: eventFrame(l, e, EventPath(e.Slug), "event.fees"), Event: e, Now: now, Left: left})
	}
	early := sampleEvent()
	early.Opens = seoulNow.AddDate(0, 0, 3)
	return map[string]templ.Component{
		"event":         page(seoulNow, Left{"student": 7, "member": 100}, sampleEvent()),
		"event-regular": page(seoulNow.AddDate(0, 1, 0), nil, sampleEvent()),
		"event-early":   page(seoulNow, nil, early),
		"event-closing": page(time.Date(2027, 7, 20, 9, 0, 0, 0, seoul), nil, sampleEvent()),
		"event-soldout": page(seoulNow, Left{"student": 0, "banquet": 0}, sampleEvent()),
		"event-full":    page(seoulNow, Left{"student": 0, "member": 0, "nonmember": 0}, sampleEvent()),
		"event-closed":  page(time.Date(2027, 7, 22, 9, 0, 0, 0, seoul), nil, sampleEvent()),
		"event-ended":   page(time.Date(2027, 7, 25, 9, 0, 0, 0, seoul), nil, sampleEvent()),
		"event-free":    page(seoulNow, nil, freeEvent()),
	}
}

func registerPages(l registration.Lang) map[string]templ.Component {
	e := sampleEvent()
	first := RegisterCategoryPage{Page: eventFrame(l, e, RegisterPath(e.Slug), "register.category.title"), Event: e, Now: seoulNow, Revision: "early"}
	first.Page.Script = []string{"total.js"}
	chosen := first
	chosen.Category, chosen.Extras, chosen.Total = "student", map[string]string{"banquet": "1", "guest": "2"}, pair(360000, 28800)
	chosen.Changed = &PriceChange{Old: pair(310000, 24800), New: pair(360000, 28800)}
	chosen.Left = Left{"student": 3, "member": 0, "guest": 0}
	wrong := first
	wrong.Page.Error, wrong.Extras = true, map[string]string{"page": "many"}
	wrong.Problems = []Problem{{Field: "category", Key: "register.category.choose"}, {Field: "extra-page", Key: "register.extra.quantity", Args: []any{"max", 20}}}
	frame := eventFrame(l, e, RegisterPersonPath(e.Slug), "register.person.title")
	refused := frame
	refused.Error = true
	check := sampleCheck(l, e)
	asked := check
	asked.Page.Error, asked.Order = true, true
	asked.Problems = []Problem{{Field: "consent-terms", Key: "consent.terms.missing"}}
	free := sampleCheck(l, freeEvent())
	free.Quote = registration.Quote{Phase: "early", Lines: []registration.Line{{Kind: registration.LineCategory, ID: "all", Name: text("참가자", "Participant"), Quantity: 1, Unit: registration.Prices{registration.KRW: 0}}}, Prices: registration.Prices{registration.KRW: 0}}
	free.Person.Affiliation = ""
	return map[string]templ.Component{
		"category":         RegisterCategory(first),
		"category-chosen":  RegisterCategory(chosen),
		"category-refused": RegisterCategory(wrong),
		"person":           RegisterPerson(RegisterPersonPage{Page: frame, Event: e}),
		"person-again":     RegisterPerson(RegisterPersonPage{Page: frame, Event: e, Person: person(), Restored: true, Changing: true}),
		"person-refused": RegisterPerson(RegisterPersonPage{Page: refused, Event: e, Person: registration.Person{Name: hostile, Email: "kim@"}, Problems: []Problem{
			{Field: "email", Key: "register.email.mail"}, {Field: "organization", Key: "register.organization.max", Args: []any{"n", "120"}}}}),
		"check":         RegisterCheck(check),
		"check-refused": RegisterCheck(asked),
		"check-free":    RegisterCheck(free),
	}
}

func sampleCheck(l registration.Lang, e *registration.Event) RegisterCheckPage {
	return RegisterCheckPage{Page: eventFrame(l, e, RegisterCheckPath(e.Slug), "check.title"), Event: e, Quote: registration.Quote{Phase: "early", Lines: twoLines(), Prices: pair(310000, 24800)},
		Person: person(), Hold: 20 * time.Minute, Revision: "r1"}
}

func twoLines() []registration.Line {
	return []registration.Line{
		{Kind: registration.LineCategory, ID: "student", Name: text("학생", "Student"), Quantity: 1, Unit: pair(150000, 12000)},
		{Kind: registration.LineExtra, ID: "guest", Name: text("동반자", "Accompanying person"), Quantity: 2, Unit: pair(80000, 6400)},
	}
}

func sampleOrderPage(l registration.Lang, state registration.OrderState, pay payments.State, reason string) OrderPage {
	e := sampleEvent()
	p := OrderPage{
		Page: eventFrame(l, e, OrderPath("K7Q4-M2XD", "SECRET"), "order.title"), Event: e, Path: OrderPath("K7Q4-M2XD", "SECRET"), Now: seoulNow, Next: "1",
		Order: &registration.Order{Code: "K7Q4-M2XD", State: state, Payer: person(), Prices: pair(310000, 24800), HoldUntil: seoulNow.Add(18 * time.Minute),
			Registrations: []registration.Registration{{Person: person(), Lines: twoLines()}}},
		Charged:  pair(310000, 24800),
		Offers:   []PayOffer{{Channel: bothCards[0], Amount: krw(310000)}, {Channel: bothCards[1], Amount: usd(24800)}},
		Timeline: []OrderStep{{At: seoulNow, Key: "timeline.order.pending"}},
	}
	if pay != "" {
		p.Attempt = &OrderAttempt{No: 1, OrderNo: "F0123456789ABCDEF", State: pay, Reason: reason, Started: seoulNow, PayPath: "/pay/token", Amount: krw(310000), Channel: bothCards[0]}
	}
	p.Page.Private, p.Page.Script = true, []string{"status.js"}
	return p
}

func orderPages(l registration.Lang) map[string]templ.Component {
	pending, expired := registration.OrderPending, registration.OrderExpired
	ready := sampleOrderPage(l, pending, "", "")
	ready.Cancel = true
	single := sampleOrderPage(l, pending, "", "")
	single.Offers, single.Problems, single.Page.Error = single.Offers[:1], []Problem{{Field: "channel", Key: "order.channel.choose"}}, true
	dim := sampleOrderPage(l, pending, "", "")
	dim.Offers[1].Unavailable = RefusedGateway
	gone := sampleOrderPage(l, expired, payments.Abandoned, "")
	gone.Renew = &OrderRenewal{Old: pair(310000, 24800), New: pair(360000, 28800), Revision: "r2"}
	same := sampleOrderPage(l, expired, "", "")
	same.Renew = &OrderRenewal{Old: pair(310000, 24800), New: pair(310000, 24800), Revision: "r2"}
	full := sampleOrderPage(l, expired, "", "")
	full.Renew = &OrderRenewal{Refused: RefusedFull}
	surplus := sampleOrderPage(l, expired, payments.Surplus, "")
	surplus.Received, surplus.Refunds = krw(310000), []OrderRefund{{Amount: krw(310000), State: payments.RefundSending, At: seoulNow, Auto: true}}
	return map[string]templ.Component{
		"order-ready":      Order(ready),
		"order-single":     Order(single),
		"order-dim":        Order(dim),
		"order-handed":     Order(sampleOrderPage(l, pending, payments.Started, "")),
		"order-confirming": Order(sampleOrderPage(l, pending, payments.Confirming, "")),
		"order-unknown":    Order(sampleOrderPage(l, pending, payments.Unknown, "")),
		"order-failed":     Order(sampleOrderPage(l, pending, payments.Failed, "payment.declined.limit")),
		"order-reported":   Order(sampleOrderPage(l, pending, payments.Started, "something.new")),
		"order-stopped":    Order(sampleOrderPage(l, pending, payments.Started, reasonStopped)),
		"order-deposit":    Order(sampleOrderPage(l, pending, payments.AwaitingDeposit, "")),
		"order-paid":       Order(samplePaid(l, registration.OrderPaid)),
		"order-cancelled":  Order(samplePaid(l, registration.OrderCancelled)),
		"order-expired":    Order(gone),
		"order-lapsed":     Order(same),
		"order-nothing":    Order(full),
		"order-surplus":    Order(surplus),
		"order-answers":    OrderAnswers(OrderAnswersPage{Page: ready.Page, Path: ready.Path, Asked: QuestionList{Questions: ready.Event.Questions}}),
		"cancel-paid":      OrderCancel(OrderCancelPage{Page: ready.Page, Event: ready.Event, Order: ready.Order, Path: ready.Path, Refund: krw(310000), Nonce: "n"}),
		"cancel-unpaid":    OrderCancel(OrderCancelPage{Page: ready.Page, Event: ready.Event, Order: ready.Order, Path: ready.Path, Nonce: "n"}),
	}
}

func samplePaid(l registration.Lang, state registration.OrderState) OrderPage {
	p := sampleOrderPage(l, state, payments.Confirmed, "")
	p.Order.Currency, p.Charged, p.Received = registration.KRW, registration.Prices{registration.KRW: 310000}, krw(310000)
	p.Papers = []OrderPaper{{Kind: "receipt", No: "TEST-apsys-2027-R-000001", Path: p.Path + "/receipts/TEST-apsys-2027-R-000001.pdf", Amount: krw(310000), At: seoulNow}}
	p.Calendar, p.QR, p.Cancel, p.Notice = p.Path+"/calendar.ics", p.Path+"/qr.png", state == registration.OrderPaid, NoticeAlreadyPaid
	p.Timeline = append(p.Timeline, OrderStep{At: seoulNow, Key: TimelineKey("payment", "confirming", "confirmed"), Amount: krw(310000)}, OrderStep{At: seoulNow, Key: TimelineKey("order", "pending", "paid")})
	if state == registration.OrderCancelled {
		p.Notice, p.Refunded = NoticeCancelled, krw(200000)
		p.Refunds = []OrderRefund{{Amount: krw(200000), State: payments.RefundDone, At: seoulNow}, {Amount: krw(110000), State: payments.RefundUnknown, At: seoulNow}}
		p.Papers = append(p.Papers, OrderPaper{Kind: "correction", No: "TEST-apsys-2027-C-000001", Path: "/x.pdf", Amount: krw(200000), At: seoulNow})
	}
	return p
}

func payPages(l registration.Lang) map[string]templ.Component {
	e := sampleEvent()
	pay := PayPage{Page: eventFrame(l, e, "/pay/token", "pay.title"), Path: "/pay/token", Back: "/pay/token/fail", Channel: bothCards[0], Amount: krw(310000), Order: e.Name.In(l), Fallback: true,
		Launch: payments.Launch{Gateway: "toss", Script: "https://js.example.org/v2", OrderNo: "F0123456789ABCDEF", Call: map[string]any{"orderName": hostile}}}
	pay.Page.Script, pay.Page.Private = []string{"pay.js"}, true
	link := pay
	link.Launch, link.Href, link.Page.Refresh = nil, "https://pay.example.org/checkout", "https://pay.example.org/checkout"
	over := pay
	over.Over = true
	all := map[string]templ.Component{"pay": Pay(pay), "pay-link": Pay(link), "pay-over": Pay(over)}
	for _, s := range []payments.State{payments.Started, payments.Confirming, payments.AwaitingDeposit, payments.Confirmed, payments.Failed, payments.Abandoned, payments.Expired, payments.Unknown, payments.Surplus} {
		all["paystatus-"+string(s)] = PayStatus(PayStatusPage{Page: Page{Lang: l, Title: T(l, "pay.title"), Path: "/pay/token/status", Script: []string{"status.js"}}, State: s, Path: "/pay/token/status"})
	}
	all["paystatus-stopped"] = PayStatus(PayStatusPage{Page: Page{Lang: l, Title: T(l, "pay.title"), Path: "/pay/token/status"}, State: payments.Started, Stopped: true, Path: "/pay/token/status"})
	return all
}
