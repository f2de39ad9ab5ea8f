package store

import (
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
)

func TestWebhookIsKeptOnceAndAsksForOneLookUp(t *testing.T) {
	onBoth(t, func(b *books) {
		ctx, event := b.t.Context(), b.event("sample-2027", registration.Test)
		order, _ := b.order(event, sample{state: registration.OrderPending})
		payment := b.payment(event, order, try{state: payments.Started})
		keep := func(key, payment string) bool {
			b.t.Helper()
			fresh, err := b.KeepWebhook(ctx, event+"/korea", key, map[string][]string{"Authorization": {"Basic x"}, "X-Id": {"7"}}, []byte(`{"secret":"s","n":1}`), payment, "", nil)
			if err != nil {
				b.t.Fatal(err)
			}
			return fresh
		}
		if !keep("one", payment) || keep("one", payment) || !keep("two", payment) {
			b.t.Error("a repeat was taken for new, or something new for a repeat")
		}
		b.wantText(`SELECT key FROM jobs WHERE kind = 'look' AND state = 'open'`, payment)
		b.wantText(`SELECT headers || body FROM webhooks ORDER BY id LIMIT 1`, `{"X-Id":["7"]}{"secret":"[redacted]","n":1}`)
		if !keep("three", "") || keep("three", "") {
			b.t.Error("a webhook about nothing known was not kept once")
		}
	})
}

func TestRepeatThatFindsItsPaymentAsksForALookUp(t *testing.T) {
	onBoth(t, func(b *books) {
		ctx, event := b.t.Context(), b.event("sample-2027", registration.Test)
		for i, payment := range []string{"", "payment", "payment"} {
			fresh, err := b.KeepWebhook(ctx, event+"/korea", "", nil, []byte(`{"a":1}`), payment, "", nil)
			if err != nil || fresh != (i == 0) {
				b.t.Errorf("%d: %v, %v", i, fresh, err)
			}
		}
		b.wantText(`SELECT key FROM jobs WHERE kind = 'look'`, "payment")
	})
}

func TestOldWebhooksArePruned(t *testing.T) {
	onBoth(t, func(b *books) {
		ctx, event := b.t.Context(), b.event("sample-2027", registration.Test)
		if _, err := b.KeepWebhook(ctx, event+"/korea", "one", nil, []byte(`{}`), "", "", nil); err != nil {
			b.t.Fatal(err)
		}
		b.now = b.now.Add(WebhookLife)
		if n, err := b.PruneWebhooks(ctx); n != 0 || err != nil {
			b.t.Errorf("too early: %d, %v", n, err)
		}
		b.now = b.now.Add(time.Second)
		if n, err := b.PruneWebhooks(ctx); n != 1 || err != nil {
			b.t.Errorf("pruned %d, %v", n, err)
		}
	})
}

func TestSecretsLeaveNoTrace(t *testing.T) {
	tests := map[string]struct{ body, want string }{
		"plain":               {`{"a": 1.50, "b": [true, null, "x"]}`, `{"a":1.50,"b":[true,null,"x"]}`},
		"order is kept":       {`{"z":1,"a":{"y":2,"b":3}}`, `{"z":1,"a":{"y":2,"b":3}}`},
		"nested":              {`{"data":{"secret":"s3"},"list":[{"private_key":"k"}]}`, `{"data":{"secret":"[redacted]"},"list":[{"private_key":"[redacted]"}]}`},
		"any spelling":        {`{"clientSecret":"s","API-Key":"k","imp_key":"k","Secret_Key":7,"PASSWORD":true}`, `{"clientSecret":"[redacted]","API-Key":"[redacted]","imp_key":"[redacted]","Secret_Key":"[redacted]","PASSWORD":"[redacted]"}`},
		"whole objects":       {`{"secrets":{"deep":{"er":"s"}},"n":1}`, `{"secrets":"[redacted]","n":1}`},
		"lists of them":       {`{"secrets":["s","t"]}`, `{"secrets":"[redacted]"}`},
		"twice the same name": {`{"a":{"secret":"s"},"a":2}`, `{"a":{"secret":"[redacted]"},"a":2}`},
		"JSON inside text":    {`{"payload":"{\"secret\":\"s\"}"}`, `{"payload":"{\"secret\":\"[redacted]\"}"}`},
		"null stays null":     {`{"secret":null}`, `{"secret":null}`},
		"card numbers":        {`{"memo":"4111 1111 1111 1111","n":4111111111111111,"t":1767225600000}`, `{"memo":"[redacted]","n":"[redacted]","t":1767225600000}`},
		"form":                {`private_key=abc&receipt_id=7`, `private_key=%5Bredacted%5D&receipt_id=7`},
		"neither":             {"\x00secret", `[7 bytes that are neither JSON nor a form]`},
		"two values":          {`{} {"secret":"s"}`, `[17 bytes that are neither JSON nor a form]`},
	}
	for name, tc := range tests {
		if got := redacted([]byte(tc.body)); got != tc.want {
			t.Errorf("%s: got %s, want %s", name, got, tc.want)
		}
	}
}

func TestHugeBodyIsCutAtAWholeLetter(t *testing.T) {
	got := redacted([]byte(`{"a":"` + strings.Repeat("가", maxWebhook) + `"}`))
	if len(got) > maxWebhook || len(got) < maxWebhook-3 || strings.ContainsRune(got, '�') {
		t.Errorf("%d bytes, end %q", len(got), got[len(got)-6:])
	}
}

func TestHeadersThatLetSomebodyInAreNotKept(t *testing.T) {
	got := plainHeaders(map[string][]string{
		"authorization": {"x"}, "Cookie": {"x"}, "Proxy-Authorization": {"x"}, "X-Api-Key": {"x"}, "Webhook-Signature": {"v1,abc"},
	})
	if len(got) != 1 || got["Webhook-Signature"][0] != "v1,abc" {
		t.Errorf("kept %v", got)
	}
}
