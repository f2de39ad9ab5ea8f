package sandbox_test

import (
	"net/http"
	"testing"
)

func TestPortoneV1AnswersFitTheirPublishedSchemas(t *testing.T) {
	s := readSchemas(t, "portone-v1.payment.swagger.json")
	g := start(t)
	fits := func(what, schema string, r reply) {
		t.Helper()
		if r.status != http.StatusOK || len(r.json) != 3 {
			t.Errorf("%s: %d %s", what, r.status, r.raw)
		}
		for _, wrong := range s.check(map[string]any{"$ref": "#/definitions/" + schema}, r.json["response"], what) {
			t.Error(wrong)
		}
	}
	read := func(id string) reply { return g.iamport("GET", "/payments/"+id+"?include_sandbox=true", "") }
	fits("token", "AuthAnnotation", g.iamport("POST", "/users/getToken", `{"imp_key":"imp-key-test-demo","imp_secret":"imp-secret-test-demo"}`))
	fits("registered", "PaymentPrepareAnnotation", g.iamport("POST", "/payments/prepare", `{"merchant_uid":"order00001","amount":150000,"currency":"KRW"}`))
	fits("registered, read", "PaymentPrepareAnnotation", g.iamport("GET", "/payments/prepare/order00001", ""))
	ready := g.iamportWay("order00001", "150000").text("imp_uid")
	fits("ready", "PaymentAnnotation", read(ready))
	card := g.iamportPay("order00001", "150000", "kr").Get("imp_uid")
	fits("paid", "PaymentAnnotation", read(card))
	fits("partly back", "PaymentAnnotation", g.iamport("POST", "/payments/cancel", `{"imp_uid":"`+card+`","amount":50000,"checksum":150000,"reason":"x"}`))
	fits("all back", "PaymentAnnotation", g.iamport("POST", "/payments/cancel", `{"merchant_uid":"order00001","reason":"x"}`))
	fits("all tries", "PagedPaymentAnnotation", g.iamport("GET", "/payments/findAll/order00001", ""))
	fits("the newest", "PaymentAnnotation", g.iamport("GET", "/payments/find/order00001", ""))
	fits("by state", "PagedPaymentAnnotation", g.iamport("GET", "/payments/status/all", ""))
	fits("failed", "PaymentAnnotation", read(g.iamportPay("order00002", "1000", "declined").Get("imp_uid")))
	vbank := g.iamportPay("order00003", "1000", "vbank", "pay_method", "vbank").Get("imp_uid")
	fits("an account", "PaymentAnnotation", read(vbank))
	want(t, "deposit", g.control("deposit", `{"payment":"order00003"}`).status, 200)
	fits("paid in", "PaymentAnnotation", read(vbank))
	fits("dollars", "PaymentAnnotation", read(g.iamportPay("order00004", "14.2", "visa", "pg", "eximbay", "currency", "USD").Get("imp_uid")))
}
