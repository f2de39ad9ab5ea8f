package notify

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"foyer/registration"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var both = []registration.Lang{registration.Korean, registration.English}

func sampleEvent(mode registration.Mode) *registration.Event {
	return &registration.Event{
		Slug: "apsys-2027", Mode: mode, Timezone: "Asia/Seoul",
		Name:   registration.Text{Ko: "APSys 2027 학술대회", En: "APSys 2027"},
		Place:  registration.Text{Ko: "부산 전시 컨벤션 센터", En: "Busan Exhibition Center"},
		Starts: registration.Date{Year: 2027, Month: time.July, Day: 22},
		Ends:   registration.Date{Year: 2027, Month: time.July, Day: 23},
		Organizer: registration.Organizer{
			Name: registration.Text{Ko: "시험학회", En: "Example Society"}, Phone: "02-0000-0000", Email: "office@example.org",
		},
	}
}

func sampleAddressing(l registration.Lang) Addressing {
	to := registration.Person{Name: "홍길동", Email: "gildong@example.com"}
	if l == registration.English {
		to.Name = "Gildong Hong"
	}
	from := Address{Name: "시험학회", Email: "office@example.org"}
	return Addressing{To: to, Lang: l, From: from, ReplyTo: from, MessageID: MessageID("job-1", from)}
}

func sampleAbout(mode registration.Mode) About {
	return About{Event: sampleEvent(mode), Code: "K7Q4-M2XD", Link: "https://foyer.example/o/K7Q4-M2XD/s3cret"}
}

func sampleRegistered(l registration.Lang, mode registration.Mode) Registered {
	return Registered{
		Addressing: sampleAddressing(l), About: sampleAbout(mode),
		Registrations: []registration.Registration{{
			Person: registration.Person{Name: sampleAddressing(l).To.Name, Affiliation: "Example University"},
			Lines: []registration.Line{
				{Kind: registration.LineCategory, Name: registration.Text{Ko: "학생", En: "Student"}, Quantity: 1, Unit: registration.Prices{registration.KRW: 150000, registration.USD: 12000}},
				{Kind: registration.LineExtra, Name: registration.Text{Ko: "만찬", En: "Banquet"}, Quantity: 2, Unit: registration.Prices{registration.KRW: 50000, registration.USD: 4000}},
			},
		}},
		Total: registration.Money{Minor: 250000, Cur: registration.KRW}, Method: "카드", ReceiptNo: "apsys-2027-R-000001",
		PaidAt:      time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC),
		Attachments: []Attachment{{Name: "영수증.pdf", ContentType: "application/pdf", Data: []byte("%PDF-1.7")}},
	}
}

func sampleFree(l registration.Lang) Registered {
	r := sampleRegistered(l, registration.Live)
	r.Total, r.Method, r.ReceiptNo, r.PaidAt, r.Attachments = registration.Money{}, "", "", time.Time{}, nil
	for i := range r.Registrations[0].Lines {
		r.Registrations[0].Lines[i].Unit = registration.Prices{}
	}
	return r
}

func sampleDeposit(l registration.Lang, own bool) Deposit {
	return Deposit{
		Addressing: sampleAddressing(l), About: sampleAbout(registration.Live), Amount: registration.Money{Minor: 250000, Cur: registration.KRW},
		Bank: "예시은행", AccountNumber: "000-0000-0000-00", Owner: "시험학회", Deadline: time.Date(2026, 12, 3, 14, 59, 0, 0, time.UTC), OwnAccount: own,
	}
}

var samplePapers = []registration.Paper{{Number: "12", Title: "예시에 관한 연구"}, {Number: "A-7", Title: "<b>Examples</b> & more"}}

func sampleWaiting(l registration.Lang, s registration.WaitingState) Mail {
	m, _ := Waiting{
		Addressing: sampleAddressing(l), Event: sampleEvent(registration.Live), State: s, Wants: "Student + Banquet",
		Until: time.Date(2026, 12, 3, 14, 59, 0, 0, time.UTC), Link: "https://foyer.example/w/K7Q4-M2XD/s3cret",
	}.Mail()
	return m
}

// samples gives one mail of each kind, by the name of its golden file.
func samples(l registration.Lang) map[string]Mail {
	a, live, test := sampleAddressing(l), sampleAbout(registration.Live), sampleAbout(registration.Test)
	won := func(n int64) registration.Money { return registration.Money{Minor: n, Cur: registration.KRW} }
	links, _ := Links{Addressing: a, Found: []Found{
		{Event: live.Event.Name, Mode: registration.Live, Code: "K7Q4-M2XD", Link: live.Link},
		{Event: live.Event.Name, Mode: registration.Test, Code: "A2B3-C4D5", Link: "https://foyer.example/o/A2B3-C4D5/other"},
	}}.Mail()
	dollars := sampleRegistered(l, registration.Test)
	instead := sampleFree(l)
	instead.Agrees = true
	dollars.Total, dollars.Method = registration.Money{Minor: 20000, Cur: registration.USD}, "Card"
	return map[string]Mail{
		"registered":       sampleRegistered(l, registration.Live).Mail(),
		"registered_test":  dollars.Mail(),
		"registered_free":  sampleFree(l).Mail(),
		"registered_agree": instead.Mail(),
		"own_link_agree":   OwnLink{Addressing: a, About: live, Payer: "예시대학교", Category: "Member", Agrees: true}.Mail(),
		"links":            links,
		"refunded":         Refunded{Addressing: a, About: live, Amount: won(250000), Method: "카드", CorrectionNo: "apsys-2027-C-000001", ReceiptNo: "apsys-2027-R-000001", State: registration.OrderCancelled}.Mail(),
		"refunded_partial": Refunded{Addressing: a, About: live, Amount: won(50000), Partial: true, CorrectionNo: "apsys-2027-C-000001", State: registration.OrderPaid}.Mail(),
		"refunded_account": Refunded{Addressing: a, About: live, Amount: won(250000), Account: true, CorrectionNo: "apsys-2027-C-000001", State: registration.OrderCancelled}.Mail(),
		"own_link":         OwnLink{Addressing: a, About: live, Payer: "예시대학교", Category: "Member"}.Mail(),
		"own_link_proof":   OwnLink{Addressing: a, About: test, Payer: "예시대학교", Category: "Member", ProofUntil: time.Date(2026, 12, 3, 14, 59, 0, 0, time.UTC)}.Mail(),
		"replaced":         Replaced{Addressing: a, About: test, Payer: "예시대학교"}.Mail(),
		"person_cancelled": Replaced{Addressing: a, About: test, Payer: "예시대학교", Gone: true}.Mail(),
		"approval_waits":   Approval{Addressing: a, About: live, Kind: ApprovalWaits, Wanted: true, Until: time.Date(2026, 12, 3, 14, 59, 0, 0, time.UTC)}.Mail(),
		"approval_people":  Approval{Addressing: a, About: live, Kind: ApprovalWaits, Wanted: true, People: true, Until: time.Date(2026, 12, 3, 14, 59, 0, 0, time.UTC)}.Mail(),
		"approval_given":   Approval{Addressing: a, About: live, Kind: ApprovalGiven, Prices: registration.Prices{registration.KRW: 150000, registration.USD: 12000}, Until: time.Date(2026, 12, 3, 14, 59, 0, 0, time.UTC)}.Mail(),
		"approval_refused": Approval{Addressing: a, About: live, Kind: ApprovalRefused, Reason: "재학 기간이 지났습니다. <b>2026</b>"}.Mail(),
		"approval_asks":    Approval{Addressing: a, About: test, Kind: ApprovalAsks, Reason: "사진이 흐립니다.", Until: time.Date(2026, 12, 3, 14, 59, 0, 0, time.UTC)}.Mail(),
		"proof":            Proof{Addressing: a, About: live, Payer: "예시대학교", Until: time.Date(2026, 12, 3, 14, 59, 0, 0, time.UTC)}.Mail(),
		"proof_again":      Proof{Addressing: a, About: test, Payer: "예시대학교", Different: true, Reason: "사진이 흐립니다."}.Mail(),
		"refused_person":   RefusedPerson{Addressing: a, About: live, Person: "김영희", Payer: "예시대학교", Reason: "재학 기간이 지났습니다.", Totals: []registration.Money{won(250000)}}.Mail(),
		"moved_person":     RefusedPerson{Addressing: a, About: test, Person: "김영희", Payer: "예시대학교", Category: "Member", Reason: "재학 기간이 지났습니다."}.Mail(),
		"refused_own":      RefusedPerson{Addressing: a, About: About{Event: live.Event, Code: live.Code}, Own: true, Person: "김영희", Payer: "예시대학교", Reason: "재학 기간이 지났습니다."}.Mail(),
		"moved_alone":      RefusedPerson{Addressing: a, About: live, Own: true, Person: "김영희", Payer: "김영희", Category: "Member", Reason: "재학 기간이 지났습니다.", Totals: []registration.Money{won(250000), {Minor: 20000, Cur: registration.USD}}}.Mail(),
		"new_link":         NewLink{Addressing: a, About: live}.Mail(),
		"transferred":      Transferred{Addressing: a, About: live, Name: "김영희"}.Mail(),
		"amended":          Amended{Addressing: a, About: live, Holds: sampleRegistered(l, registration.Live).Registrations[0].Lines, Total: won(250000), Paid: won(50000), ReceiptNo: "apsys-2027-R-000002"}.Mail(),
		"amended_refund":   Amended{Addressing: a, About: test, Holds: sampleRegistered(l, registration.Live).Registrations[0].Lines, Total: won(250000), Refund: won(30000)}.Mail(),
		"amended_asks":     Amended{Addressing: a, About: live, Holds: sampleRegistered(l, registration.Live).Registrations[0].Lines, Total: won(250000), Asks: true}.Mail(),
		"amended_account":  Amended{Addressing: a, About: live, Holds: sampleRegistered(l, registration.Live).Registrations[0].Lines, Total: won(250000), Refund: won(30000), Account: true}.Mail(),
		"amend_due_group": AmendDue{Addressing: a, About: live, Moves: []registration.Move{{Name: "김예시", Before: sampleRegistered(l, registration.Live).Registrations[0].Lines[:1],
			After: sampleRegistered(l, registration.Live).Registrations[0].Lines}}, Due: []registration.Money{won(50000)}, Until: time.Date(2026, 12, 3, 14, 59, 0, 0, time.UTC)}.Mail(),
		"amend_due":         AmendDue{Addressing: a, About: live, Holds: sampleRegistered(l, registration.Live).Registrations[0].Lines, Due: []registration.Money{won(50000), {Minor: 4000, Cur: registration.USD}}, Until: time.Date(2026, 12, 3, 14, 59, 0, 0, time.UTC), Reason: "학생증을 확인할 수 없음"}.Mail(),
		"amend_over":        AmendOver{Addressing: a, About: live, Holds: sampleRegistered(l, registration.Live).Registrations[0].Lines}.Mail(),
		"amend_over_lapsed": AmendOver{Addressing: a, About: test, Holds: sampleRegistered(l, registration.Live).Registrations[0].Lines, Lapsed: true}.Mail(),
		"cancelled":         Cancelled{Addressing: a, About: live, Paid: true}.Mail(),
		"cancelled_unpaid":  Cancelled{Addressing: a, About: live}.Mail(),
		"cancelled_off":     Cancelled{Addressing: a, About: sampleCalledOff(live), Refund: won(250000)}.Mail(),
		"cancelled_refund":  Cancelled{Addressing: a, About: test, Refund: won(250000)}.Mail(),
		"cancelled_account": Cancelled{Addressing: a, About: test, Refund: won(250000), Account: true}.Mail(),
		"surplus_account":   SurplusRefund{Addressing: a, About: test, Amount: won(250000), Reason: SurplusOver, Account: true}.Mail(),
		"surplus_twice":     SurplusRefund{Addressing: a, About: live, Amount: won(250000), Reason: SurplusTwice}.Mail(),
		"surplus_places":    SurplusRefund{Addressing: a, About: test, Amount: won(250000), Reason: SurplusPlaces}.Mail(),
		"staff":             StaffNotice{Addressing: a, Event: live.Event, Kind: "surplus", Code: live.Code, Link: "https://foyer.example/console/apsys-2027/attention"}.Mail(),
		"staff_no_order":    StaffNotice{Addressing: a, Event: test.Event, Kind: "recount", Link: "https://foyer.example/console/apsys-2027/attention"}.Mail(),
		"surplus_amount":    SurplusRefund{Addressing: a, About: live, Amount: registration.Money{Minor: 1234550, Cur: registration.USD}, Reason: SurplusAmount, Method: "Card"}.Mail(),
		"surplus_off":       SurplusRefund{Addressing: a, About: live, Amount: won(250000), Reason: SurplusCalledOff}.Mail(),
		"surplus_cancelled": SurplusRefund{Addressing: a, About: live, Amount: won(1000), Reason: SurplusOver}.Mail(),
		"waiting":           sampleWaiting(l, registration.InLine),
		"waiting_offer":     sampleWaiting(l, registration.WaitingOffered),
		"waiting_lapsed":    sampleWaiting(l, registration.WaitingLapsed),
		"deposit":           sampleDeposit(l, false).Mail(),
		"deposit_own":       sampleDeposit(l, true).Mail(),
		"deposit_on_site":   Deposit{Addressing: a, About: live, Amount: won(250000), OnSite: true}.Mail(),
		"deposit_later":     Deposit{Addressing: a, About: live, Amount: won(250000)}.Mail(),
		"pay_link":          PayLink{Addressing: a, About: live, Prices: registration.Prices{registration.KRW: 250000, registration.USD: 20000}, Until: time.Date(2027, 5, 1, 14, 59, 59, 0, time.UTC)}.Mail(),
		"papers":            PapersMissing{Addressing: a, Event: live.Event, Papers: samplePapers, Deadline: time.Date(2027, 5, 1, 14, 59, 59, 0, time.UTC), Link: "https://foyer.example/e/apsys-2027"}.Mail(),
		"papers_over":       PapersMissing{Addressing: a, Event: test.Event, Papers: samplePapers[:1], Over: true}.Mail(),
		"surplus_other":     SurplusRefund{Addressing: a, About: live, Amount: won(1000)}.Mail(),
	}
}

func TestMailsReadAsTheirGoldenFiles(t *testing.T) {
	for _, l := range both {
		for name, m := range samples(l) {
			t.Run(name+"."+string(l), func(t *testing.T) {
				got := "Subject: " + m.Subject + "\n\n" + m.Text + "\n========== HTML\n" + m.HTML
				file := filepath.Join("testdata", name+"."+string(l)+".golden")
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			})
		}
	}
}

func TestEveryWordingExistsInBothLanguagesWithTheSamePlaceholders(t *testing.T) {
	placeholder := regexp.MustCompile(`\{[a-z]+\}`)
	hangul := regexp.MustCompile(`\p{Hangul}`)
	for _, words := range []any{commonWords, registeredWords, linksWords, refundedWords, cancelledWords, surplusWords, staffWords} {
		v := reflect.ValueOf(words)
		for i := range v.NumField() {
			name, w := v.Type().Field(i).Name, v.Field(i).Interface().(registration.Text)
			ko, en := placeholder.FindAllString(w.Ko, -1), placeholder.FindAllString(w.En, -1)
			slices.Sort(ko)
			slices.Sort(en)
			if w.Ko == "" || w.En == "" || !slices.Equal(ko, en) || hangul.MatchString(w.En) {
				t.Errorf("%s: ko %q, en %q", name, w.Ko, w.En)
			}
		}
	}
}

func TestNoPlaceholderIsLeftInAnyMail(t *testing.T) {
	left := regexp.MustCompile(`\{[a-z]+\}|%!|ZgotmplZ`)
	for _, l := range both {
		for name, m := range samples(l) {
			if found := left.FindString(m.Subject + m.Text + m.HTML); found != "" {
				t.Errorf("%s.%s holds %q", name, l, found)
			}
		}
	}
}

func TestMailOfATestEventSaysSoInSubjectAndBothParts(t *testing.T) {
	for _, l := range both {
		mark, line := commonWords.TestMark.In(l)+" ", commonWords.TestLine.In(l)
		for mode, want := range map[registration.Mode]bool{registration.Test: true, registration.Live: false} {
			m := sampleRegistered(l, mode).Mail()
			if got := strings.HasPrefix(m.Subject, mark); got != want {
				t.Errorf("%s %s: subject %q", l, mode, m.Subject)
			}
			if got := strings.Contains(m.Text, line); got != want {
				t.Errorf("%s %s: text part marked = %v", l, mode, got)
			}
			if got := strings.Contains(m.HTML, line); got != want {
				t.Errorf("%s %s: HTML part marked = %v", l, mode, got)
			}
		}
	}
}

func TestLinksOfTestEventsOnlyAreMarkedInTheSubject(t *testing.T) {
	m, ok := Links{Addressing: sampleAddressing(registration.English), Found: []Found{{Code: "A2B3-C4D5", Mode: registration.Test, Link: "https://foyer.example/o"}}}.Mail()
	if !ok || !strings.HasPrefix(m.Subject, "[TEST] ") {
		t.Errorf("subject %q, ok %v", m.Subject, ok)
	}
}

func TestNothingFoundMakesNoMail(t *testing.T) {
	if m, ok := (Links{Addressing: sampleAddressing(registration.Korean)}).Mail(); ok {
		t.Errorf("got %q", m.Subject)
	}
}

func TestHTMLPartIsAccessibleAndLoadsNothing(t *testing.T) {
	for _, l := range both {
		for name, m := range samples(l) {
			doc, err := goquery.NewDocumentFromReader(strings.NewReader(m.HTML))
			if err != nil {
				t.Fatal(err)
			}
			if lang, _ := doc.Find("html").Attr("lang"); lang != string(l) {
				t.Errorf("%s.%s: lang %q", name, l, lang)
			}
			if doc.Find("title").Text() != m.Subject || doc.Find("h1").Text() != m.Subject {
				t.Errorf("%s.%s: title and heading do not say %q", name, l, m.Subject)
			}
			if n := doc.Find("img, script, link, iframe, form, style, [src], [background]").Length(); n != 0 {
				t.Errorf("%s.%s: %d elements that load or run something", name, l, n)
			}
			if doc.Find("table").Length() != doc.Find("table:has(th[scope])").Length() {
				t.Errorf("%s.%s: a table without heads", name, l)
			}
		}
	}
}

func TestHostileNamesStayText(t *testing.T) {
	r := sampleRegistered(registration.English, registration.Live)
	evil := "<script>alert(1)</script>\r\nBcc: victim@example.com\u202E {code} {{.Lang}}"
	r.To.Name, r.Registrations[0].Person.Name, r.Event.Name.En = evil, evil, "Conf\r\nX-Evil: 1"
	r.Link = "javascript:alert(1)"
	m := r.Mail()
	if strings.ContainsAny(m.Subject, "\r\n") {
		t.Errorf("subject has a line break: %q", m.Subject)
	}
	if !strings.Contains(m.Text, "{code} {{.Lang}},") || strings.Contains(m.Text, "\nBcc:") || strings.Contains(m.Text, "\u202E") {
		t.Errorf("text part: %q", m.Text)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(m.HTML))
	if err != nil {
		t.Fatal(err)
	}
	if doc.Find("script").Length() != 0 || doc.Find(`a[href^="javascript"]`).Length() != 0 {
		t.Errorf("HTML part runs code:\n%s", m.HTML)
	}
}

func TestSubjectOfADecomposedNameIsComposed(t *testing.T) {
	c := Cancelled{Addressing: sampleAddressing(registration.Korean), About: sampleAbout(registration.Live)}
	c.Event.Name.Ko = "\u1112\u1161\u11ab" // 한 as three letters, as some systems store it
	if got := c.Mail().Subject; !strings.HasPrefix(got, "한 등록이") {
		t.Errorf("subject %q", got)
	}
}

// sampleCalledOff is the same of an event that does not take place.
func sampleCalledOff(a About) About {
	e := *a.Event
	e.State, e.StateText = registration.StateCancelled, registration.Text{Ko: "태풍으로 행사를 열지 못하게 되었습니다.", En: "A typhoon keeps us from holding it."}
	a.Event = &e
	return a
}
