package sandbox_test

import "testing"

func TestPortoneAnswersFitTheirPublishedSchemas(t *testing.T) {
	s := readSchemas(t, "portone-v2.payment.openapi.json")
	g := start(t)
	fits := func(what, schema string, r reply) {
		t.Helper()
		for _, wrong := range s.check(map[string]any{"$ref": "#/components/schemas/" + schema}, map[string]any(r.json), what) {
			t.Error(wrong)
		}
	}
	fits("registered", "PreRegisterPaymentResponse", g.portone("POST", "/payments/order00001/pre-register", `{"totalAmount":150000}`))
	g.portoneWay("order00001", 150000)
	fits("ready", "Payment", g.portone("GET", "/payments/order00001", ""))
	g.portonePay("order00001", 150000, "kr")
	fits("paid", "Payment", g.portone("GET", "/payments/order00001", ""))
	fits("registered late", "PreRegisterPaymentError", g.portone("POST", "/payments/order00001/pre-register", `{}`))
	fits("cancelled", "CancelPaymentResponse", g.portone("POST", "/payments/order00001/cancel", `{"reason":"x","amount":50000}`))
	fits("partly back", "Payment", g.portone("GET", "/payments/order00001", ""))
	g.portone("POST", "/payments/order00001/cancel", `{"reason":"x"}`)
	fits("all back", "Payment", g.portone("GET", "/payments/order00001", ""))
	for _, body := range []string{`{}`, `{"reason":"x"}`} {
		fits("not cancelled", "CancelPaymentError", g.portone("POST", "/payments/order00001/cancel", body))
	}
	g.portonePay("order00002", 1000, "declined")
	fits("failed", "Payment", g.portone("GET", "/payments/order00002", ""))
	g.portonePay("order00003", 12050, "visa", "channelKey", "channel-key-test-demo-any-later", "currency", "USD")
	fits("requested", "CancelPaymentResponse", g.portone("POST", "/payments/order00003/cancel", `{"reason":"x"}`))
	fits("while requested", "Payment", g.portone("GET", "/payments/order00003", ""))
	g.portonePay("order00004", 1000, "kr", "channelKey", "channel-key-test-demo-broken")
	fits("the company says no", "PgProviderError", g.portone("POST", "/payments/order00004/cancel", `{"reason":"x"}`))
	g.portonePay("order00005", 1000, "account", "payMethod", "VIRTUAL_ACCOUNT")
	fits("an account", "Payment", g.portone("GET", "/payments/order00005", ""))
	g.control("deposit", `{"payment":"order00005"}`)
	fits("a deposit", "Payment", g.portone("GET", "/payments/order00005", ""))
	g.portonePay("order00006", 1000, "account", "payMethod", "VIRTUAL_ACCOUNT")
	fits("closed", "CloseVirtualAccountResponse", g.portone("POST", "/payments/order00006/virtual-account/close", ""))
	fits("a closed account", "Payment", g.portone("GET", "/payments/order00006", ""))
	g.portonePay("order00007", 1000, "transfer", "payMethod", "TRANSFER")
	fits("a transfer", "Payment", g.portone("GET", "/payments/order00007", ""))
	g.portonePay("order00008", 1000, "phone", "payMethod", "MOBILE")
	fits("a telephone bill", "Payment", g.portone("GET", "/payments/order00008", ""))
	fits("a list", "GetPaymentsResponse", g.portone("GET", "/payments", ""))
	fits("not found", "GetPaymentError", g.portone("GET", "/payments/order99999", ""))
	fits("unauthorized", "GetPaymentError", g.portone("GET", "/payments/order00001", "", "Authorization", "PortOne x"))
	fits("forbidden", "GetPaymentError", g.portone("GET", "/payments/order00001?storeId=store-other", ""))
	fits("tokens", "LoginViaApiSecretResponse", g.portone("POST", "/login/api-secret", `{"apiSecret":"portone-test-demo"}`))
}
