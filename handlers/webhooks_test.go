package handlers

import (
	"encoding/json"
	"strings"
	"testing"

	"foyer/payments"
)

func TestWebhookAnswers(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.start(b.register("student"), "korea")
	p := s.newest()
	about := func(orderNo string) string {
		text, err := json.Marshal(map[string]any{"eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2027-03-01T18:00:00.000000",
			"data": map[string]string{"paymentKey": "tgen_x", "orderId": orderNo, "status": "DONE", "secret": "do not keep"}})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	here := "/webhooks/" + slug + "/korea"
	tests := map[string]struct {
		path, body string
		status     int
		rows, jobs int // more of them
	}{
		"about a payment":                  {here, about(p.OrderNo), 200, 1, 1},
		"at another channel's address":     {"/webhooks/" + slug + "/abroad", about(p.OrderNo), 200, 1, 0},
		"about a payment that is not ours": {here, about("FOTHER0000000"), 200, 1, 0},
		"of an event type of no interest":  {here, `{"eventType":"SOMETHING_NEW","data":{}}`, 200, 1, 0},
		"not JSON":                         {here, "<xml/>", 400, 0, 0},
		"empty":                            {here, "", 400, 0, 0},
		"longer than 64 KiB":               {here, about(strings.Repeat("x", 64<<10)), 413, 0, 0},
		"to an unknown channel":            {"/webhooks/" + slug + "/nowhere", about(p.OrderNo), 404, 0, 0},
		"to an unknown event":              {"/webhooks/nothing/korea", about(p.OrderNo), 404, 0, 0},
		"to an odd address":                {"/webhooks/" + slug + "/%00%ff", about(p.OrderNo), 404, 0, 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			rows, jobs := s.count("webhooks"), s.count("jobs")
			b.do("POST", tc.path, "application/json", tc.body, nil).want(tc.status)
			b.do("POST", tc.path, "application/json", tc.body, nil).want(tc.status)
			if got := s.count("webhooks") - rows; got != tc.rows {
				t.Errorf("%d more rows after the same message twice, want %d", got, tc.rows)
			}
			if got := s.count("jobs") - jobs; got != tc.jobs {
				t.Errorf("%d more look-ups, want %d", got, tc.jobs)
			}
			s.looks()
		})
	}
	var kept string
	if err := s.store.Row(t.Context(), "SELECT body FROM webhooks WHERE payment_id IS NOT NULL LIMIT 1").Scan(&kept); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(kept, "do not keep") {
		t.Errorf("kept body holds a secret: %s", kept)
	}
}

func TestAForgedWebhookPaysNothing(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order := b.register("student")
	b.start(order, "korea")
	body := `{"eventType":"PAYMENT_STATUS_CHANGED","data":{"paymentKey":"tgen_forged","orderId":"` + s.newest().OrderNo + `","status":"DONE"}}`
	b.do("POST", "/webhooks/"+slug+"/korea", "application/json", body, nil).want(200)
	if n := s.looks(); n != 1 {
		t.Errorf("%d look-ups, want 1", n)
	}
	if got := b.status(order); got["order"] != "pending" {
		t.Errorf("status %v", got)
	}
}

func TestAWebhookFindsMoneyWhoseReturnNeverCame(t *testing.T) {
	s := newSite(t)
	s.gateway.SetWebhook("test_ck_demo", s.url+"/webhooks/"+slug+"/korea")
	b := s.browser()
	order := b.register("student")
	b.get(b.window(b.start(order, "korea"), "lost-answer")).want(303)
	if p := s.newest(); p.State != payments.Unknown {
		t.Fatalf("payment is %s after a lost answer", p.State)
	}
	body := `{"eventType":"PAYMENT_STATUS_CHANGED","data":{"orderId":"` + s.newest().OrderNo + `","status":"DONE"}}`
	b.do("POST", "/webhooks/"+slug+"/korea", "application/json", body, nil).want(200)
	s.looks()
	if got := b.status(order); got["order"] != "paid" {
		t.Errorf("status %v", got)
	}
}
