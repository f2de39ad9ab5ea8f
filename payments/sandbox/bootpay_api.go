package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
)

// bootpayCall is one API request after its keys were accepted.
type bootpayCall struct {
	r        *http.Request
	op       Operation
	merchant bootpayMerchant
	body     []byte
	in       bootpayInput
	fault    Fault
}

// bootpayInput holds the members of all requests. The Go client always sends refund, with three empty strings.
type bootpayInput struct {
	ReceiptID string      `json:"receipt_id"`
	Price     json.Number `json:"cancel_price"`
	CancelID  string      `json:"cancel_id"`
	Username  string      `json:"cancel_username"`
	Message   string      `json:"cancel_message"`
}

func (c *bootpayCall) request(status int) Request {
	return Request{
		Dialect: bootpayName, Merchant: c.merchant.id, Operation: c.op, Method: c.r.Method, Path: c.r.URL.Path,
		Key: c.in.CancelID, Body: string(c.body), Status: status, Fault: c.fault.Kind,
	}
}

// bootpayWork does what a request asks for, inside one change of the books, and says what to answer.
type bootpayWork func(t *tx, c *bootpayCall) answer

// api serves one operation: keys, fault, work, answer, in that order.
func (g *bootpay) api(op Operation, do bootpayWork) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		m, code := g.authorize(r.Header.Get("Authorization"))
		if code != "" {
			bootpayError(code).send(w)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxRequest))
		c := &bootpayCall{r: r, op: op, merchant: m, body: body}
		if op == OpLookup {
			c.in.ReceiptID = r.PathValue("receipt")
		} else if err != nil || !readJSON(body, &c.in) {
			bootpayError("INVALID_REQUEST_PARAMS").send(w)
			return
		}
		c.fault = g.s.faults.take(bootpayName, op, m.id)
		if c.fault.before() {
			c.fault.deliver(w, g.spoil(c))
			return
		}
		a, fault := g.serve(c, do)
		fault.deliver(w, a)
	}
}

// serve carries the request out and gives the answer with the fault that it is to be delivered with. It goes on when the caller
// has hung up, as the gateway would.
func (g *bootpay) serve(c *bootpayCall, do bootpayWork) (answer, Fault) {
	if c.op == OpConfirm {
		if !g.claim(c.in.ReceiptID) {
			g.note(c, http.StatusBadRequest)
			return bootpayError("RC_NOT_CONFIRM_READY"), c.fault
		}
		defer g.release(c.in.ReceiptID)
	}
	quirk := g.quirk(c)
	g.s.wait(c.fault.waitBefore())
	g.s.wait(quirk.waitBefore())
	var a answer
	_, err := g.s.write(func(t *tx) {
		a = do(t, c)
		if slices.Contains([]FaultKind{FaultError500, FaultConflict, FaultTooMany}, c.fault.Kind) {
			a = bootpayFault(c)
		}
		if c.r.Method != http.MethodGet {
			t.record(c.request(a.status))
		}
	})
	if err != nil {
		return bootpayError("INTERNAL_SERVER_ERROR"), Fault{}
	}
	g.s.wait(c.fault.waitAfter())
	if quirk.Kind == FaultLost && a.status == http.StatusOK {
		return a, quirk
	}
	return a, c.fault
}

// spoil notes a request that has no effect, and gives the answer for the faults that have one in Bootpay's words.
func (g *bootpay) spoil(c *bootpayCall) answer {
	a := bootpayFault(c)
	status := a.status
	if c.fault.Kind == FaultLost {
		status = 0
	}
	g.note(c, status)
	return a
}

// note writes down a request that changed nothing.
func (g *bootpay) note(c *bootpayCall, status int) {
	if c.r.Method == http.MethodGet {
		return
	}
	if _, err := g.s.write(func(t *tx) { t.record(c.request(status)) }); err != nil {
		g.s.cfg.Log.Error("request not noted", "error", err)
	}
}

// bootpayFault is what a spoiled request is told.
func bootpayFault(c *bootpayCall) answer {
	switch c.fault.Kind {
	case FaultTooMany:
		a := bootpayError("TOO_MANY_REQUESTS")
		a.status = http.StatusTooManyRequests
		return a
	case FaultHTML:
		return answer{status: http.StatusBadGateway}
	case FaultRedirect:
		return answer{status: http.StatusTemporaryRedirect}
	case FaultHuge:
		return answer{status: http.StatusOK}
	case FaultConflict:
		if c.op == OpConfirm {
			return bootpayError("RC_NOT_CONFIRM_READY")
		}
		return bootpayError("RC_CANCEL_SERVER_ERROR")
	case FaultLost, FaultError500, FaultTruncated, FaultSlow:
	}
	switch c.op {
	case OpConfirm:
		return bootpayError("RC_CONFIRM_CRITICAL_FAILED")
	case OpCancel:
		return bootpayError("RC_CANCEL_CRITICAL_ERROR")
	case OpLookup, OpCheckout:
	}
	return bootpayError("INTERNAL_SERVER_ERROR")
}

// bootpayTexts are the messages of the codes that are answered, with their HTTP status.
var bootpayTexts = map[string]struct {
	status int
	text   string
}{
	"TOKEN_KEY_INVALID":          {http.StatusUnauthorized, "토큰이 올바르지 않거나 만료되었습니다."},
	"APP_KEY_NOT_FOUND":          {http.StatusBadRequest, "존재하지 않는 키입니다. 모의 결제는 bootpay_로 시작하는 키만 받습니다."},
	"APP_KEY_NOT_REST":           {http.StatusBadRequest, "REST API용 키가 아닙니다."},
	"APP_SK_NOT_MATCHED":         {http.StatusBadRequest, "키의 짝이 맞지 않습니다."},
	"INVALID_REQUEST_PARAMS":     {http.StatusBadRequest, "잘못된 요청입니다."},
	"RC_NOT_FOUND":               {http.StatusNotFound, "영수증을 찾을 수 없습니다."},
	"RC_NOT_CONFIRM_READY":       {http.StatusBadRequest, "승인할 수 있는 상태가 아닙니다."},
	"RC_CONFIRM_FAILED":          {http.StatusBadRequest, "결제 승인이 거절되었습니다."},
	"RC_CONFIRM_CRITICAL_FAILED": {http.StatusInternalServerError, "승인 중 통신 오류가 발생하였습니다."},
	"RC_ALREADY_CANCELLED":       {http.StatusBadRequest, "이미 취소된 결제입니다."},
	"RC_CANCEL_SERVER_ERROR":     {http.StatusInternalServerError, "결제 취소가 거절되었습니다."},
	"RC_CANCEL_CRITICAL_ERROR":   {http.StatusInternalServerError, "취소 중 통신 오류가 발생하였습니다."},
	"INTERNAL_SERVER_ERROR":      {http.StatusInternalServerError, "서버 오류가 발생하였습니다."},
	"TOO_MANY_REQUESTS":          {http.StatusTooManyRequests, "요청이 너무 많습니다."},
}

// bootpayError is the answer for a code: flat, with an HTTP status of 400 and up.
func bootpayError(code string) answer {
	t := bootpayTexts[code]
	return jsonAnswer(t.status, struct {
		Code    string `json:"error_code"`
		Message string `json:"message"`
	}{code, t.text})
}
