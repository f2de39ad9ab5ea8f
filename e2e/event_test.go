package e2e

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"foyer/payments/gatewaytest"
)

// eventFile is an event in test mode whose channels lead to an outside server.
func eventFile(gateway string) string {
	return strings.ReplaceAll(eventHead+`channels:
  - id: korea
    gateway: toss
    currency: KRW
    cards: domestic
    methods: [card]
    credentials: {client_key: test_ck_e2e, secret_key: test_sk_e2e}
    api_url: GATEWAY
    script_url: GATEWAY/v2/standard
  - id: overseas
    gateway: toss
    currency: USD
    cards: overseas
    methods: [card]
    credentials: {client_key: test_ck_e2eusd, secret_key: test_sk_e2eusd}
    api_url: GATEWAY
    script_url: GATEWAY/v2/standard
`, "GATEWAY", gateway)
}

// kitFile is the same event with the one channel of a kit, "main".
func kitFile(kit gatewaytest.Kit, gateway string) string {
	c := kit.Channel(kit.Contract(gateway))
	file := &strings.Builder{}
	fmt.Fprintf(file, "%schannels:\n  - id: %s\n    gateway: %s\n    currency: %s\n    cards: %s\n    methods: [%s]\n    api_url: %s\n",
		eventHead, c.Key, c.Gateway, c.Currency, c.Cards, strings.Join(c.Methods, ", "), c.APIURL)
	if c.ScriptURL != "" {
		fmt.Fprintf(file, "    script_url: %s\n", c.ScriptURL)
	}
	file.WriteString("    credentials:\n")
	for _, name := range slices.Sorted(maps.Keys(c.Credentials)) {
		fmt.Fprintf(file, "      %s: %q\n", name, c.Credentials[name])
	}
	return file.String()
}

const eventHead = `
event:
  slug: apsys-2027
  name: {ko: APSys 2027 학술대회, en: APSys 2027}
  place: {ko: 서울 컨벤션홀, en: "Convention Hall, Seoul"}
  starts: 2027-07-22
  ends: 2027-07-23
  timezone: Asia/Seoul
  mode: test
  refund_rule: {ko: 행사 30일 전까지 전액 환불합니다., en: Full refund until 30 days before the event.}
organizer: {name: {ko: 표본학회, en: Sample Society}, business_number: 000-00-00000, representative: 홍길동, address: 서울, phone: 02-000-0000, email: office@example.org}
phases:
  - {id: early, until: 2027-06-30T23:59:59}
  - {id: regular}
categories:
  - id: student
    name: {ko: 학생, en: Student}
    evidence: student_id
    prices: {early: {KRW: 150000, USD: 12000}, regular: {KRW: 200000, USD: 16000}}
  - id: member
    name: {ko: 정회원, en: Member}
    prices: {early: {KRW: 300000, USD: 24000}, regular: {KRW: 400000, USD: 32000}}
extras:
  - {id: banquet, name: {ko: 만찬, en: Banquet}, price: {KRW: 50000, USD: 4000}}
quotas:
  - {id: hall, places: 300, of: [student, member]}
vouchers: []
questions: []
`
