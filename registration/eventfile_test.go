package registration

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func parse(t *testing.T, yaml string) EventFile {
	t.Helper()
	f, err := ParseEventFile("event.yaml", []byte(yaml), sampleEnv)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func seoul(t *testing.T, s string) time.Time {
	t.Helper()
	loc, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02T15:04:05", s, loc)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

func TestTheDocumentedSampleParsesAsPrinted(t *testing.T) {
	data, err := os.ReadFile("testdata/eventfile/sample.yaml")
	if err != nil {
		t.Fatal(err)
	}
	got := parse(t, string(data))
	offer := ChannelOffer{ID: "korea", Gateway: "toss", Currency: KRW, Cards: "domestic", Methods: []string{"card"}}
	want := EventFile{
		Event: Event{
			Slug: "apsys-2027", Name: Text{"APSys 2027 학술대회", "APSys 2027"}, Starts: Date{2027, 7, 22}, Ends: Date{2027, 7, 23},
			Timezone: "Asia/Seoul", Mode: Test, Tax: TaxIncluded,
			Phases: []Phase{
				{ID: "early", Name: Text{"조기", "Early"}, Until: seoul(t, "2027-06-30T23:59:59")},
				{ID: "regular", Name: Text{"일반", "Regular"}},
			},
			Categories: []Category{{
				ID: "student", Name: Text{"학생", "Student"}, Evidence: "student_id",
				Prices: map[string]Prices{"early": {KRW: 150000, USD: 12000}, "regular": {KRW: 200000, USD: 16000}},
			}},
			Extras:   []Extra{{ID: "banquet", Name: Text{"만찬", "Banquet"}, Price: Prices{KRW: 50000, USD: 4000}, Max: 10}},
			Quotas:   []Quota{{ID: "hall", Places: 300, Of: []string{"student"}}},
			Channels: []ChannelOffer{offer},
		},
		Channels: []ChannelSpec{{
			ChannelOffer: offer, Line: 24,
			Credentials: map[string]string{"client_key": "test_ck_sample", "secret_key": "test_sk_sample"},
			Refs:        map[string]string{"client_key": "${TOSS_CLIENT_KEY}", "secret_key": "${TOSS_SECRET_KEY}"},
			APIURL:      "http://127.0.0.1:9100", ScriptURL: "http://127.0.0.1:9100/v2/standard",
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheSampleParsesWithItsOrganizerFilledIn(t *testing.T) {
	data, err := os.ReadFile("testdata/eventfile/sample.yaml")
	if err != nil {
		t.Fatal(err)
	}
	before, after, _ := strings.Cut(string(data), "organizer: {name: …, business_number: …, representative: …, address: …, phone: …, email: …}")
	got := parse(t, before+`organizer: {name: {ko: 예시학회, en: Example Society}, business_number: 000-00-00000, representative: 홍길동, address: 서울, phone: 02-000-0000, email: office@example.org}`+after)
	want := Organizer{
		Name: Text{"예시학회", "Example Society"}, BusinessNumber: "000-00-00000", Representative: "홍길동",
		Address: "서울", Phone: "02-000-0000", Email: "office@example.org",
	}
	if diff := cmp.Diff(want, got.Event.Organizer); diff != "" {
		t.Error(diff)
	}
}

const small = `
event: {slug: s, name: S, starts: 2027-07-22, ends: 2027-07-22, timezone: Asia/Seoul}
`

func TestAFreeEventNeedsNoChannelAndNoPhases(t *testing.T) {
	got := parse(t, small+"categories: [{id: guest, name: Guest, prices: {regular: {KRW: 0}}}]\nvouchers:\nchannels: []\n").Event
	if len(got.Phases) != 1 || got.Phases[0].ID != "regular" || !got.Phases[0].Until.IsZero() {
		t.Errorf("phases %+v, want one open-ended regular phase", got.Phases)
	}
	if got.Mode != Test || got.Tax != TaxIncluded {
		t.Errorf("mode %q and tax %q, want test and included", got.Mode, got.Tax)
	}
}

func TestMomentsAreInTheZoneOfTheEventUnlessTheySayOtherwise(t *testing.T) {
	tests := map[string]struct {
		opens, closes         string
		wantOpens, wantCloses string // Asia/Seoul
	}{
		"wall clock":       {"2027-01-02T09:00:00", "2027-06-30T23:59:59", "2027-01-02T09:00:00", "2027-06-30T23:59:59"},
		"without seconds":  {"2027-01-02T09:00", "2027-06-30 18:00", "2027-01-02T09:00:00", "2027-06-30T18:00:00"},
		"with an offset":   {"2027-01-02T00:00:00Z", "2027-06-30T14:59:59+00:00", "2027-01-02T09:00:00", "2027-06-30T23:59:59"},
		"whole days":       {"2027-01-02", "2027-06-30", "2027-01-02T00:00:00", "2027-06-30T23:59:59"},
		"part of a second": {"2027-01-02T09:00:00.5", "2027-06-30T23:59:59.999", "2027-01-02T09:00:00", "2027-06-30T23:59:59"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			e := parse(t, small+"registration: {opens: "+tc.opens+", closes: "+tc.closes+"}\n"+
				"categories: [{id: g, name: G, prices: {regular: {KRW: 0}}}]\n").Event
			if !e.Opens.Equal(seoul(t, tc.wantOpens)) || !e.Closes.Equal(seoul(t, tc.wantCloses)) {
				t.Errorf("from %v to %v, want from %s to %s", e.Opens, e.Closes, tc.wantOpens, tc.wantCloses)
			}
		})
	}
}

func TestOptionalKeysAreRead(t *testing.T) {
	got := parse(t, `
event:
  slug: s
  name: 학술대회
  place: {ko: 서울, en: Seoul}
  about: About it
  refund_rule: {ko: 규정}
  tax: exempt
  statement: SYMPOSIUM
  starts: 2027-07-22
  ends: 2027-07-23
  timezone: Asia/Seoul
phases: [{id: onsite, until: 2027-07-23}]
categories: [{id: g, name: G, note: {en: Bring it}, evidence: member_number, prices: {onsite: {KRW: 1000}}}]
extras: [{id: dinner, name: Dinner, note: Hall A, price: {KRW: 0}, max: 2}]
channels:
  - {id: c, gateway: toss, currency: KRW, confirm_window: 5s}
`)
	e := got.Event
	if e.Place.En != "Seoul" || e.About != (Text{"About it", "About it"}) || e.RefundRule.In(English) != "규정" || e.Statement != "SYMPOSIUM" || e.Tax != TaxExempt {
		t.Errorf("event %+v", e)
	}
	if e.Phases[0].Name.En != "On site" || !e.Phases[0].Until.Equal(seoul(t, "2027-07-23T23:59:59")) {
		t.Errorf("phase %+v", e.Phases[0])
	}
	if e.Categories[0].Note.En != "Bring it" || e.Categories[0].Evidence != "member_number" || e.Extras[0].Max != 2 || e.Extras[0].Note.Ko != "Hall A" {
		t.Errorf("category %+v, extra %+v", e.Categories[0], e.Extras[0])
	}
	c := got.Channels[0]
	if c.Cards != "any" || len(c.Methods) != 1 || c.Methods[0] != "card" || c.ConfirmWindow != 5*time.Second || len(c.Credentials) != 0 {
		t.Errorf("channel %+v", c)
	}
}

func TestAnUnsetOrEmptyReferenceNamesItsVariable(t *testing.T) {
	for _, name := range []string{"NOBODY_HAS_THIS", "EMPTY"} {
		_, err := ParseEventFile("e.yaml", []byte(small+`
categories: [{id: g, name: G, prices: {regular: {KRW: 1000}}}]
channels:
  - id: c
    gateway: toss
    currency: KRW
    credentials: {client_key: test_ck_x, secret_key: "${`+name+`}"}
`), sampleEnv)
		var file *FileError
		if !errors.As(err, &file) || len(file.Problems) != 1 || file.Problems[0].Line != 9 || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAReferenceOutsideCredentialsIsText(t *testing.T) {
	got := parse(t, "event: {slug: s, name: 'A ${TOSS_SECRET_KEY}', starts: 2027-07-22, ends: 2027-07-22, timezone: UTC}\n"+
		"categories: [{id: g, name: G, prices: {regular: {KRW: 0}}}]\n")
	if got.Event.Name.En != "A ${TOSS_SECRET_KEY}" {
		t.Errorf("name %q: a reference was resolved where none may be", got.Event.Name.En)
	}
}

func TestNoEventFileMakesTheParserPanic(t *testing.T) {
	for _, data := range []string{"", "a", "[]", "- a", "null", "event: &a {slug: *a, name: *a}", "event: []\ncategories: {}\nchannels: 3", "event: {? [a] : b}", "<<: {event: 1}", "\x00", "categories: [1, [], null]\nchannels: [null, {credentials: []}]\nextras: [{price: [1]}]\nquotas: [{of: {a: 1}}]"} {
		if _, err := ParseEventFile("e.yaml", []byte(data), sampleEnv); err == nil {
			t.Errorf("%q was taken", data)
		}
	}
}

func TestWhatAChannelSaysOfDepositsFitsItsMethods(t *testing.T) {
	const category = "categories: [{id: g, name: G, prices: {regular: {KRW: 1000}}}]\nchannels: [{id: c, currency: KRW, "
	got := parse(t, small+category+`gateway: transfer, methods: [bank_transfer, on_site], deposit_term: 72h, account: {bank: 예시은행, number: 000-000-000000, holder: 예시학회}}]`)
	c := got.Channels[0]
	if c.DepositTerm != 72*time.Hour || c.Account != (BankAccount{"예시은행", "000-000-000000", "예시학회"}) {
		t.Errorf("channel %+v", c)
	}
	for rest, want := range map[string]string{
		"gateway: transfer, methods: [bank_transfer]}]":                        "account: is missing",
		"gateway: transfer, methods: [bank_transfer], account: {bank: A}}]":    "account.number: is missing",
		"gateway: transfer, methods: [on_site], deposit_term: 72h}]":           "deposit_term: is for channels",
		"gateway: toss, account: {bank: A, number: '1', holder: B}}]":          "account: is for channels",
		"gateway: toss, methods: [virtual_account], deposit_term: 'a while'}]": "a while",
	} {
		if _, err := ParseEventFile("e.yaml", []byte(small+category+rest), sampleEnv); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", rest, err, want)
		}
	}
}
