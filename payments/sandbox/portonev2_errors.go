package sandbox

import "net/http"

// portoneV2Statuses are the HTTP statuses of the error types, as of November 2026; others are a 409.
var portoneV2Statuses = map[string]int{
	"INVALID_REQUEST":       http.StatusBadRequest,
	"UNAUTHORIZED":          http.StatusUnauthorized,
	"FORBIDDEN":             http.StatusForbidden,
	"PAYMENT_NOT_FOUND":     http.StatusNotFound,
	"NOT_FOUND":             http.StatusNotFound,
	"TOO_MANY_REQUESTS":     http.StatusTooManyRequests,
	"INTERNAL_SERVER_ERROR": http.StatusInternalServerError,
	"PG_PROVIDER":           http.StatusBadGateway,
}

// portoneV2Failure is the body of an error answer. What the company behind PortOne said is in there for PG_PROVIDER only.
type portoneV2Failure struct {
	Type      string `json:"type"`
	Message   string `json:"message"`
	PgCode    string `json:"pgCode,omitempty"`
	PgMessage string `json:"pgMessage,omitempty"`
}

func portoneV2Fail(kind string) answer {
	status, ok := portoneV2Statuses[kind]
	if !ok {
		status = http.StatusConflict
	}
	return jsonAnswer(status, portoneV2Failure{Type: kind, Message: "The sandbox refuses: " + kind + "."})
}

// portoneV2PgFail is a refusal of the company behind PortOne.
func portoneV2PgFail(code string) answer {
	return jsonAnswer(http.StatusBadGateway, portoneV2Failure{
		Type: "PG_PROVIDER", Message: "The sandbox refuses: PG_PROVIDER.", PgCode: code, PgMessage: tossText(code, false),
	})
}
