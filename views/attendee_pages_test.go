package views

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"foyer/registration"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
)

func init() {
	missing = func(l registration.Lang, key string) { panic("no " + string(l) + " text for " + key) }
}

func renderHTML(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func renderPage(t *testing.T, c templ.Component) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(renderHTML(t, c)))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// eachPage runs check on every attendee's page in each of its states and both languages.
func eachPage(t *testing.T, check func(t *testing.T, name string, doc *goquery.Document)) {
	for _, l := range bothLanguages {
		for name, c := range attendeePages(l) {
			t.Run(string(l)+"/"+name, func(t *testing.T) { check(t, name, renderPage(t, c)) })
		}
	}
}

// inBoth runs check on one page in both languages.
func inBoth(t *testing.T, name string, check func(t *testing.T, doc *goquery.Document)) {
	t.Helper()
	for _, l := range bothLanguages {
		c, ok := attendeePages(l)[name]
		if !ok {
			t.Fatalf("there is no page %s", name)
		}
		t.Run(string(l)+"/"+name, func(t *testing.T) { check(t, renderPage(t, c)) })
	}
}

func TestFormsPostAndHaveOneSubmitWithoutAName(t *testing.T) {
	eachPage(t, func(t *testing.T, _ string, doc *goquery.Document) {
		doc.Find("form").Each(func(_ int, f *goquery.Selection) {
			id := f.AttrOr("id", "")
			if f.AttrOr("method", "") != "post" || !strings.HasPrefix(f.AttrOr("action", ""), "/") {
				t.Errorf("form %q does not post to a path of ours", id)
			}
			if f.Find("[type=submit]").Length() != 1 || f.Find("[type=submit][name]").Length() != 0 {
				t.Errorf("form %q must have one submit button without a name", id)
			}
			if f.Find("button:not([type])").Length() > 0 {
				t.Errorf("form %q has a button that submits by accident", id)
			}
		})
	})
}

func TestFormContract(t *testing.T) {
	tests := map[string]struct {
		page, form string
		fields     []string // selectors within the form
	}{
		"category":       {"category", "#main", []string{`input[type=radio][name=category][value=student]`, `select[name="extra.banquet"]`, `input[name="extra.page"]`, `input[type=hidden][name=revision]`}},
		"person":         {"person", "#main", []string{`input[name=name][autocomplete=name]`, `input[name=email][type=email][autocomplete=email]`, `input[name=organization][autocomplete=organization]`}},
		"check":          {"check", "#main", []string{`input[type=checkbox][name="consent.order"][aria-required=true]`, `input[type=checkbox][name="consent.terms"][aria-required=true]`, `input[type=hidden][name=revision]`}},
		"pay":            {"order-ready", "#pay", []string{`input[type=radio][name=channel][value=korea]`, `input[type=radio][name=channel][value=overseas]`, `input[type=hidden][name=attempt]`}},
		"pay, one way":   {"order-single", "#pay", []string{`input[type=radio][name=channel][value=korea][checked]`}},
		"cancel":         {"order-ready", "#cancel", nil},
		"cancel, again":  {"cancel-paid", "#main", []string{`input[type=hidden][name=nonce]`}},
		"renew":          {"order-expired", "#renew", []string{`input[type=hidden][name=revision]`}},
		"find":           {"find", "#main", []string{`input[name=email][autocomplete=email]`}},
		"without script": {"pay", "#launch-fallback", nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			inBoth(t, tc.page, func(t *testing.T, doc *goquery.Document) {
				if doc.Find("form"+tc.form).Length() != 1 {
					t.Fatalf("no form %s", tc.form)
				}
				for _, s := range tc.fields {
					if doc.Find("form"+tc.form+" "+s).Length() != 1 {
						t.Errorf("form %s lacks %s", tc.form, s)
					}
				}
			})
		})
	}
}

func TestNothingIsChosenForTheAttendee(t *testing.T) {
	for _, name := range []string{"category", "check", "check-free", "order-ready", "order-failed"} {
		inBoth(t, name, func(t *testing.T, doc *goquery.Document) {
			if n := doc.Find("[checked]").Length(); n > 0 {
				t.Errorf("%d choices are made beforehand", n)
			}
			if n := doc.Find(`option[selected]:not([value="0"])`).Length(); n > 0 {
				t.Errorf("%d extras are taken beforehand", n)
			}
		})
	}
}

func TestRefusedFormsSayWhatToDo(t *testing.T) {
	for _, name := range []string{"category-refused", "person-refused", "check-refused", "find-error", "order-single"} {
		inBoth(t, name, func(t *testing.T, doc *goquery.Document) {
			prefix := T(registration.Lang(doc.Find("html").AttrOr("lang", "")), "error.prefix")
			if !strings.HasPrefix(doc.Find("title").Text(), prefix) {
				t.Errorf("the title is %q", doc.Find("title").Text())
			}
			summary := doc.Find("main .problems[tabindex='-1'][autofocus]")
			if summary.Length() != 1 || summary.NextAll().Filter("h1").Length()+summary.NextAll().Find("h1").Length() != 1 {
				t.Fatal("no summary that takes the focus above the heading")
			}
			summary.Find("a").Each(func(_ int, a *goquery.Selection) {
				id := strings.TrimPrefix(a.AttrOr("href", ""), "#")
				if doc.Find("input#"+id+", select#"+id).Length() != 1 {
					t.Errorf("the summary leads to %q, which is no field", id)
				}
				said := doc.Find("#" + id + "-error")
				if !strings.HasSuffix(a.Text(), strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(said.Text()), prefix))) || !strings.HasPrefix(said.Find(".visually-hidden").Text(), prefix) {
					t.Errorf("beside %s stands %q, in the summary %q", id, said.Text(), a.Text())
				}
				if doc.Find(`[aria-describedby~="`+id+`-error"]`).Length() == 0 {
					t.Errorf("nothing is described by the error of %s", id)
				}
			})
		})
	}
}

func TestRefusedFieldsKeepWhatWasTyped(t *testing.T) {
	inBoth(t, "person-refused", func(t *testing.T, doc *goquery.Document) {
		if doc.Find("#name").AttrOr("value", "") != hostile || doc.Find("#email").AttrOr("value", "") != "kim@" {
			t.Error("what was typed is lost")
		}
		if doc.Find("#email[aria-invalid=true]").Length() != 1 || doc.Find("#name[aria-invalid]").Length() != 0 {
			t.Error("the wrong fields are marked")
		}
	})
}

func TestSoldOutChoicesAreShownWithTheReason(t *testing.T) {
	inBoth(t, "category-chosen", func(t *testing.T, doc *goquery.Document) {
		gone := doc.Find(`input[name=category][value=member][disabled]`)
		label := doc.Find(`label[for="` + gone.AttrOr("id", "") + `"]`).Text()
		l := registration.Lang(doc.Find("html").AttrOr("lang", ""))
		if gone.Length() != 1 || !strings.Contains(label, T(l, "left.none")) {
			t.Errorf("the sold-out category says %q", label)
		}
		if doc.Find(`select[name="extra.guest"][disabled]`).Length() != 1 {
			t.Error("a sold-out extra can be chosen")
		}
		if doc.Find(`input[value=student][checked]:not([disabled])`).Length() != 1 {
			t.Error("the choice that was made is lost")
		}
		if !strings.Contains(doc.Find(".choice").Text(), T(l, "left.few", "n", 3)) {
			t.Error("few places are not told")
		}
	})
}

func TestPagesWithSecretAddressesAreNotPutInSearchEngines(t *testing.T) {
	for _, name := range []string{"order-ready", "order-paid", "pay"} {
		inBoth(t, name, func(t *testing.T, doc *goquery.Document) {
			if doc.Find(`meta[name=robots][content=noindex]`).Length() != 1 {
				t.Error("may be indexed")
			}
		})
	}
}

func TestPayPagesNameNobody(t *testing.T) {
	eachPage(t, func(t *testing.T, name string, doc *goquery.Document) {
		if !strings.HasPrefix(name, "pay") {
			return
		}
		html, err := doc.Html()
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"/o/", "K7Q4", person().Name, person().Email} {
			if strings.Contains(html, secret) {
				t.Errorf("the page shows %s", secret)
			}
		}
	})
}

func TestLaunchDataCannotBecomeMarkup(t *testing.T) {
	inBoth(t, "pay", func(t *testing.T, doc *goquery.Document) {
		var launch struct {
			Gateway string
			Call    map[string]string
		}
		data := doc.Find(`script#launch[type="application/json"]`).Text()
		if err := json.Unmarshal([]byte(data), &launch); err != nil {
			t.Fatal(err)
		}
		if launch.Gateway != "toss" || launch.Call["orderName"] != hostile {
			t.Errorf("the data came out as %+v", launch)
		}
		if doc.Find("#pay-window[data-return='/pay/token/return']").Length() != 1 {
			t.Error("the script does not know where to return to")
		}
	})
	inBoth(t, "pay-link", func(t *testing.T, doc *goquery.Document) {
		if doc.Find(`a#launch[href="https://pay.example.org/checkout"]`).Length() != 1 || doc.Find(`meta[http-equiv=refresh]`).AttrOr("content", "") != "0;url=https://pay.example.org/checkout" {
			t.Error("the way by link is incomplete")
		}
	})
}

func TestPriceChangeNamesBothPrices(t *testing.T) {
	for _, name := range []string{"category-chosen", "order-expired"} {
		inBoth(t, name, func(t *testing.T, doc *goquery.Document) {
			said := doc.Find(".notice.warn").Text()
			if !strings.Contains(said, "310,000") || !strings.Contains(said, "360,000") {
				t.Errorf("the notice says %q", said)
			}
		})
	}
}

func TestEventPageMarksTheCurrentPhaseAndTellsFewPlaces(t *testing.T) {
	inBoth(t, "event", func(t *testing.T, doc *goquery.Document) {
		l := registration.Lang(doc.Find("html").AttrOr("lang", ""))
		if head := doc.Find("thead th.now"); head.Length() != 1 || !strings.Contains(head.Text(), T(l, "phase.early")) {
			t.Errorf("marked as current: %q", head.Text())
		}
		if cell := doc.Find("tbody td.now").First().Text(); !strings.Contains(cell, "300,000") || !strings.Contains(cell, "USD 240.00") {
			t.Errorf("the current price of the first category is %q", cell)
		}
		rows := doc.Find(".matrix tbody").Text()
		if !strings.Contains(rows, T(l, "left.few", "n", 7)) || strings.Contains(rows, "100자리") || strings.Contains(rows, "100 places") {
			t.Error("places left are told wrongly")
		}
		if doc.Find(`a.button[href="/e/apsys-2027/register"]`).Length() != 1 {
			t.Error("no way to register")
		}
	})
	for _, name := range []string{"event-early", "event-full", "event-closed", "event-ended"} {
		inBoth(t, name, func(t *testing.T, doc *goquery.Document) {
			if doc.Find("a.button").Length() != 0 {
				t.Error("offers a registration that cannot be made")
			}
			if name != "event-full" && doc.Find(".now, .fees .tag.warn").Length() != 0 {
				t.Error("says that prices hold and places are left while nobody can register")
			}
		})
	}
}

func TestNothingIsSaidAboutPaymentOnAFreeOrder(t *testing.T) {
	inBoth(t, "check-free", func(t *testing.T, doc *goquery.Document) {
		l := registration.Lang(doc.Find("html").AttrOr("lang", ""))
		if doc.Find("[type=submit]").Text() != T(l, "check.submit.free") {
			t.Errorf("the button says %q", doc.Find("[type=submit]").Text())
		}
	})
}

func TestThePayerOfAGroupIsNotAskedForTheProofsOfOthers(t *testing.T) {
	for _, l := range bothLanguages {
		p := sampleOrderPage(l, registration.OrderAwaiting, "", "")
		p.Evidence = []OrderEvidence{{No: 1, Name: "Kim", Kind: "student_id", State: registration.EvidenceMissing, Open: true}}
		asked := T(l, "status.awaiting_approval.missing")
		if !strings.Contains(renderPage(t, Order(p)).Find("#status").Text(), asked) {
			t.Errorf("%s: one person is not asked for the proof", l)
		}
		p.Order.Registrations = append(p.Order.Registrations, p.Order.Registrations[0])
		if strings.Contains(renderPage(t, Order(p)).Find("#status").Text(), asked) {
			t.Errorf("%s: the payer of a group is asked for a proof", l)
		}
	}
}
