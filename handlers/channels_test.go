package handlers

import (
	"bytes"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

const channelPath = "/admin/" + slug + "/channels/korea"

func TestKeysAreReplacedAndNeverShown(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleOwner, "")
	page := b.get(channelPath).want(200)
	for _, text := range []string{"test_ck_demo", "test_sk_demo"} {
		if strings.Contains(page.body, text) {
			t.Errorf("the page shows %s", text)
		}
	}
	if !strings.Contains(page.body, s.url+"/webhooks/"+slug+"/korea") || !strings.Contains(page.body, "Set on") {
		t.Error("the page lacks webhook address or the date of the keys")
	}
	b.submit(page, "keys", nil).want(422)
	if refused := b.submit(page, "keys", url.Values{"key.secret_key": {"live_sk_wrong"}}).want(422); strings.Contains(refused.body, "live_sk_wrong") {
		t.Error("a refused key is shown again")
	}
	if to := b.submit(page, "keys", url.Values{"key.secret_key": {"test_sk_other"}, "key.client_key": {"test_ck_other"}}).to(); to != channelPath+"?done=keys" {
		t.Errorf("replacing leads to %s", to)
	}
	ch, err := s.store.ChannelByKey(t.Context(), s.event(slug).ID, "korea")
	if err != nil || ch.Credentials["secret_key"] != "test_sk_other" {
		t.Errorf("stored: %v, %v", ch.Credentials, err)
	}
	audit := b.get("/console/" + slug + "/audit").want(200)
	if !strings.Contains(audit.body, "client_key, secret_key") || strings.Contains(audit.body, "test_sk") {
		t.Error("the audit lacks the names of the keys, or holds one")
	}
}

func TestChannelPagesAreForThoseWhoMoveMoney(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleOrganizer, "")
	for _, path := range []string{"/admin/" + slug + "/channels", channelPath, channelPath + "/reconcile"} {
		b.get(path).want(404)
	}
	for _, path := range []string{"/keys", "/test", "/check", "/reconcile", "/reconcile/file", "/reconcile/columns"} {
		b.post(channelPath+path, url.Values{}).want(404)
	}
	if strings.Contains(b.get("/console/"+slug+"/orders").want(200).body, "/channels") {
		t.Error("an organizer is shown a way to the channels")
	}
}

func TestATestCallSaysWhetherTheKeysAreValid(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleAdmin, "")
	page := b.get(channelPath).want(200)
	if page = b.get(b.submit(page, "test", nil).to()).want(200); !strings.Contains(page.body, ">OK<") {
		t.Errorf("good keys: %.3000s", page.body)
	}
	if s.acts("test_call") != 1 {
		t.Error("the test call is not in the audit")
	}
	b.post("/webhooks/"+slug+"/korea", url.Values{}).want(400)
	if page = b.get(channelPath).want(200); !strings.Contains(page.body, "Not readable") {
		t.Error("the last webhook is not told")
	}
	b.post(channelPath+"/check", url.Values{}).want(409)
}

// upload posts a settlement file.
func (b *browser) upload(day, name, data string) answer {
	b.s.t.Helper()
	return b.send(channelPath+"/reconcile/file", name, data, url.Values{"day": {day}})
}

// send posts a form with a file.
func (b *browser) send(path, name, data string, fields url.Values) answer {
	b.s.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write([]byte(data))
	}
	for field, values := range fields {
		if err == nil {
			err = w.WriteField(field, values[0])
		}
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		b.s.t.Fatal(err)
	}
	return b.do("POST", path, w.FormDataContentType(), body.String(), nil)
}

func TestASettlementFileIsComparedAndLeadsToWhatDiffers(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	b := s.staff(store.RoleAdmin, "")
	b.upload("2027-03-01", "day.html", "<html></html>").want(422)
	b.upload("2027-03-01", "empty.csv", "").want(422)
	b.upload("2027-03-01", "large.csv", strings.Repeat("a", 6<<20)).want(422)
	file := "주문번호,승인번호,결제금액,거래일시\n" + p.OrderNo + ",1,\"149,000\",2027-03-01 18:00:00\nSHOP-<b>,2,\"7,000\",2027-03-01 18:00:00\n"
	columns := b.upload("2027-03-01", "day.csv", file).want(200)
	page := b.submit(columns, "columns", nil).want(200)
	if !strings.Contains(page.body, "Amounts differ") || !strings.Contains(page.body, "Only theirs") || !strings.Contains(page.body, order) || strings.Contains(page.body, "SHOP-<b>") {
		t.Errorf("the result: %s", page.doc().Find("table").Text())
	}
	list := b.get("/console/" + slug + "/attention").want(200)
	if !strings.Contains(list.body, "KRW 7,000") {
		t.Error("money that nobody knows is not on the attention list")
	}
	entry := list.doc().Find("form.console-inline").AttrOr("id", "")
	b.submit(list, entry, nil).want(422)
	if to := b.submit(list, entry, url.Values{"reason": {"다른 가게"}}).to(); to != "/console/"+slug+"/attention?saved=closed" {
		t.Errorf("closing leads to %s", to)
	}
	if n, err := s.store.CountAttention(t.Context(), s.event(slug).ID); n != 0 || err != nil {
		t.Errorf("%d entries are left, %v", n, err)
	}
	wrong := b.submit(columns, "columns", url.Values{"column.amount": {"0"}}).want(422)
	if !strings.Contains(wrong.body, "Line 2: the amount cannot be read.") {
		t.Errorf("a wrong column: %s", wrong.doc().Find("#problems").Text())
	}
	b.submit(columns, "columns", url.Values{"column.amount": {"-1"}}).want(422)
	s.healthy()
}

func TestALiveEventOpensOnlyWhenItIsReady(t *testing.T) {
	s := newSite(t)
	e := sampleEvent()
	e.Slug, e.Mode = "live-2027", registration.Live
	a := store.Applied{Event: e, Actor: "system", Merchants: map[string]string{"korea": "m", "abroad": "m"}}
	for _, key := range []string{"korea", "abroad"} {
		a.Channels = append(a.Channels, payments.Channel{
			Key: key, Gateway: "toss", Mode: registration.Live, Currency: registration.KRW, Cards: "any", Methods: []string{"card"},
			Credentials: map[string]string{"client_key": "live_ck_x", "secret_key": "live_sk_x"},
		})
	}
	if err := s.store.Apply(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	visitor, owner := s.browser(), s.staff(store.RoleOwner, "")
	if page := visitor.get("/e/live-2027").want(200); !strings.Contains(page.body, "Registration is not open yet") || strings.Contains(page.body, "/register") {
		t.Error("the event's page offers to register")
	}
	if to := visitor.get("/e/live-2027/register").to(); to != "/e/live-2027" {
		t.Errorf("the form leads to %s", to)
	}
	visitor.post("/e/live-2027/register", url.Values{"category": {"student"}}).want(409)
	list := owner.get("/admin/live-2027/channels").want(200)
	for _, text := range []string{"Organizer&#39;s business number", "Organizer&#39;s representative", "Organizer&#39;s telephone", "korea: go-live check", "abroad: go-live check"} {
		if !strings.Contains(list.body, text) {
			t.Errorf("the checklist lacks %q", text)
		}
	}
	if strings.Contains(list.body, "Organizer&#39;s email") || strings.Contains(list.body, "Refund rule") {
		t.Error("the checklist names what is there")
	}
	tags := owner.get("/console").want(200).doc().Find("li:has(a[href='/console/live-2027/orders']) .console-tags").Text()
	if !strings.Contains(tags, "Not ready") || strings.Contains(tags, "Open") {
		t.Errorf("the list of events calls it %q", tags)
	}
	if page := owner.get("/admin/live-2027/channels/korea").want(200); !strings.Contains(page.body, "KRW 100") || page.doc().Find("form#main button").Length() != 1 {
		t.Error("the channel's page lacks its go-live check")
	}
}
