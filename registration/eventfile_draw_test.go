package registration

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"
)

// drawFile makes a random event file's meaning, such as reading it gives.
func drawFile(t *rapid.T) EventFile {
	zone := rapid.SampledFrom([]string{"Asia/Seoul", "UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"}).Draw(t, "zone")
	starts := Date{2027, time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(1, 28).Draw(t, "day")}
	e := Event{
		Slug: drawID(t, "slug"), Name: drawText(t, "name", true), Place: drawText(t, "place", false), About: drawText(t, "about", false),
		RefundRule: drawText(t, "rule", false), Starts: starts, Ends: starts, Timezone: zone, Mode: Test,
		Tax: rapid.SampledFrom([]Tax{TaxIncluded, TaxExempt, TaxNone}).Draw(t, "tax"), Statement: rapid.SampledFrom([]string{"", "2027", "KSES 2027", "학회: 예시"}).Draw(t, "statement"),
		Organizer: Organizer{Name: drawText(t, "society", false), BusinessNumber: drawWord(t, "number"), Phone: rapid.SampledFrom([]string{"", "+82-2-0000-0000", "02-000-0000"}).Draw(t, "phone"), Hosting: drawWord(t, "hosting")},
	}
	if rapid.Bool().Draw(t, "opens") {
		e.Opens = drawMoment(t, -1)
		e.Closes = drawMoment(t, 1)
	}
	e.Phases = []Phase{{ID: "regular", Name: phaseNames["regular"]}}
	if rapid.Bool().Draw(t, "phases") {
		e.Phases = []Phase{{ID: "early", Name: phaseNames["early"], Until: drawMoment(t, 0)}, {ID: "p2", Name: drawText(t, "phase", true), Until: drawMoment(t, 1)}}
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "categories") {
		c := Category{
			ID: fmt.Sprintf("c%d", i), Name: drawText(t, "category", true), Note: drawText(t, "note", false), Hidden: rapid.Bool().Draw(t, "hidden"),
			Evidence: "student_id", Approval: rapid.SampledFrom([]Approval{ApprovalDesk, ApprovalBefore, ApprovalAfter}).Draw(t, "approval"), Prices: map[string]Prices{},
		}
		for j, p := range e.Phases {
			if j == 0 || rapid.Bool().Draw(t, "sold") {
				c.Prices[p.ID] = drawPrices(t)
			}
		}
		e.Categories = append(e.Categories, c)
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "extras") {
		e.Extras = append(e.Extras, Extra{ID: fmt.Sprintf("x%d", i), Name: drawText(t, "extra", true), Price: drawPrices(t), Max: rapid.IntRange(1, 100).Draw(t, "max"),
			Categories: rapid.SampledFrom([][]string{nil, {"c0"}}).Draw(t, "extra for")})
	}
	if rapid.Bool().Draw(t, "closed") {
		e.State, e.StateText = rapid.SampledFrom([]EventState{StateDraft, StateClosed, StateCancelled}).Draw(t, "state"), drawText(t, "why", false)
		e.Texts = Texts{Terms: drawText(t, "terms", false), Privacy: drawText(t, "privacy", false)}
		e.Consents = []ConsentAsk{{ID: "photos", Label: drawText(t, "consent", true), Required: rapid.Bool().Draw(t, "needed")}}
	}
	drawQuestions(t, &e)
	drawRules(t, &e)
	f := EventFile{Event: e, Channels: drawChannels(t)}
	for _, c := range f.Channels {
		f.Event.Channels = append(f.Event.Channels, c.ChannelOffer)
	}
	return f
}

func drawQuestions(t *rapid.T, e *Event) {
	if rapid.Bool().Draw(t, "no questions") {
		return
	}
	places := rapid.Int64Range(0, 50).Draw(t, "option places")
	e.Questions = []Question{
		{ID: "bus", Label: drawText(t, "label", true), Kind: AskChoice, Per: PerPerson, Required: rapid.Bool().Draw(t, "required"), Options: []Option{
			{ID: "yes", Label: drawText(t, "option", true), Places: places}, {ID: "no", Label: drawText(t, "option", true)},
		}},
		{ID: "stop", Label: drawText(t, "label", true), Hint: drawText(t, "hint", false), Kind: AskText, Per: PerOrder, Max: rapid.Int64Range(0, 500).Draw(t, "max"),
			If: &Condition{Question: "bus", Is: []string{"yes"}}, Categories: []string{"c0"}},
		{ID: "n", Label: drawText(t, "label", true), Kind: AskNumber, Per: PerPerson, Min: rapid.Int64Range(0, 5).Draw(t, "min"), Max: rapid.Int64Range(5, 9).Draw(t, "max")},
	}
	e.Quotas = append(e.Quotas, Quota{ID: "hall", Places: rapid.Int64Range(0, 1000).Draw(t, "places"), Of: []string{"c0", "bus.yes"}})
	e.Quotas = append(e.Quotas, optionQuotas(e)...)
}

func drawRules(t *rapid.T, e *Event) {
	if rapid.Bool().Draw(t, "people") {
		ask := rapid.SampledFrom([]Ask{"", AskIfWanted, AskAlways})
		e.Person = PersonForm{PassportName: ask.Draw(t, "passport"), Affiliation: rapid.SampledFrom([]Ask{"", AskNot, AskAlways}).Draw(t, "affiliation"), Phone: ask.Draw(t, "phone"), Country: ask.Draw(t, "country")}
		e.Person.VerifyPhone = e.Person.Phone != "" && rapid.Bool().Draw(t, "verify")
		e.Groups = Groups{Max: rapid.IntRange(2, maxGroup).Draw(t, "max"), Replace: drawMoment(t, 1)}
	}
	if rapid.Bool().Draw(t, "voucher") {
		e.Vouchers = []Voucher{
			{Code: "12E4", Percent: rapid.Int64Range(1, 100).Draw(t, "percent"), Uses: rapid.Int64Range(0, 9).Draw(t, "uses"), Until: drawMoment(t, 2), Scope: []string{"c0"}, Note: drawWord(t, "note")},
			{Code: "OFF-0", Off: drawPrices(t), From: drawMoment(t, 0)},
			{Code: "FIXED", Fixed: drawPrices(t), PerPerson: rapid.Int64Range(0, 9).Draw(t, "per person")},
		}
		e.Vouchers[1].Off[KRW]++ // a code that takes nothing off is refused
	}
	if rapid.Bool().Draw(t, "approvals") {
		e.Approval = ApprovalRules{PayWithin: 36 * time.Hour, Until: drawMoment(t, 1)}
	}
	if rapid.Bool().Draw(t, "refunds") {
		e.Refunds = RefundPolicy{Steps: []RefundStep{{drawMoment(t, 0), 100}, {drawMoment(t, 1), rapid.Int64Range(0, 100).Draw(t, "share")}}, ByCategory: map[string][]RefundStep{"c0": {}}, Fee: drawPrices(t)}
		e.Unpaid = rapid.SampledFrom([]Unpaid{UnpaidKeeps, UnpaidReprice}).Draw(t, "unpaid")
		e.Changes = Changes{Cancel: drawMoment(t, 1), Order: drawMoment(t, 2), Transfer: drawMoment(t, 1)}
	}
}

func drawChannels(t *rapid.T) []ChannelSpec {
	all := []ChannelSpec{{
		ChannelOffer: ChannelOffer{ID: "korea", Gateway: "toss", Currency: KRW, Cards: rapid.SampledFrom([]string{"any", "domestic"}).Draw(t, "cards"), Methods: []string{"card", "virtual_account"}},
		Refs:         map[string]string{"secret_key": "${KEY}"}, APIURL: rapid.SampledFrom([]string{"", "http://127.0.0.1:9100", "https://gw.example.org"}).Draw(t, "api"),
		DepositTerm: time.Duration(rapid.Int64Range(1, 1e6).Draw(t, "term")) * time.Second, ConfirmWindow: time.Duration(rapid.Int64Range(0, 20).Draw(t, "window")) * 500 * time.Millisecond,
	}}
	if rapid.Bool().Draw(t, "account") {
		all = append(all, ChannelSpec{
			ChannelOffer: ChannelOffer{ID: "bank", Gateway: "transfer", Currency: KRW, Cards: "any", Methods: []string{"bank_transfer"}},
			Refs:         map[string]string{}, Account: BankAccount{Bank: "예시은행", Number: "0123", Holder: "[학회]"},
		})
	}
	return all
}

func drawID(t *rapid.T, label string) string {
	return rapid.OneOf(rapid.SampledFrom([]string{"null", "true", "yes", "2027", "0x1f", "1e3", "-", "_"}), rapid.StringMatching(`[a-z0-9_-]{1,20}`)).Draw(t, label)
}

// drawWord makes one word as reading gives it: without space around it.
func drawWord(t *rapid.T, label string) string {
	s := rapid.OneOf(
		rapid.SampledFrom([]string{"", "null", "~", "true", "no", "2027", "2027-07-22", "1.5", "a: b", "- a", "# a", "a #b", "{a}", "[a", "'", `"`, `\`, "*a", "&a", "!a", "%a", "@a", "${A}", "=1+1", "홍길동", "é", "한글", "👩‍🔬", "\u200fא", "a\u2028b", "a\tb", "a\u00a0b", "\ufeffa", "a\u0085b", "a\rb", ": ", "?", "a:"}),
		rapid.String(), rapid.StringMatching(`[a-z 가-힣,:#\n-]{0,60}`),
	).Draw(t, label)
	s = strings.TrimSpace(strings.ToValidUTF8(s, ""))
	if s == unfilled {
		return ""
	}
	return s
}

func drawText(t *rapid.T, label string, needed bool) Text {
	text := Text{Ko: drawWord(t, label), En: drawWord(t, label)}
	switch {
	case needed && text.Empty():
		text.En = "x"
	case rapid.Bool().Draw(t, "same") && !text.Empty():
		text.Ko = text.In(English)
		text.En = text.Ko
	}
	return text
}

func drawPrices(t *rapid.T) Prices {
	p := Prices{KRW: rapid.Int64Range(0, 1e6).Draw(t, "won")}
	if rapid.Bool().Draw(t, "dollars too") {
		p[USD] = rapid.Int64Range(0, MaxAmount).Draw(t, "dollars")
	}
	return p
}

// drawMoment makes a moment of a year of its own, so that moments of later years come later; also those that clocks show twice.
func drawMoment(t *rapid.T, year int) time.Time {
	begin := time.Date(2026+year, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	return time.Unix(begin+rapid.Int64Range(0, 360*24*3600).Draw(t, "moment"), 0).UTC()
}
