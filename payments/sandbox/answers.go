package sandbox

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// answer is what an API request is told.
type answer struct {
	status int
	body   []byte
}

func jsonAnswer(status int, v any) answer {
	body, err := json.Marshal(v)
	if err != nil {
		panic("sandbox: answer is not JSON: " + err.Error()) // our own structs only
	}
	return answer{status, body}
}

func (a answer) send(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the caller may be gone; the books do not depend on it
}

const proxyPage = `<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>`

const hugeSize = 2 << 20

// deliver sends a, or what the fault makes of it. error500 and conflict have the dialect's own wording and are in a already.
func (f Fault) deliver(w http.ResponseWriter, a answer) {
	switch f.Kind {
	case FaultLost:
		cut(w)
	case FaultTooMany:
		w.Header().Set("Retry-After", "1")
		a.send(w)
	case FaultHTML:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = w.Write([]byte(proxyPage))
	case FaultTruncated:
		a.body = a.body[:len(a.body)/2]
		a.send(w)
	case FaultHuge:
		answer{http.StatusOK, []byte(`{"padding":"` + strings.Repeat("x", hugeSize) + `"}`)}.send(w)
	case FaultRedirect:
		w.Header().Set("Location", "https://elsewhere.invalid/")
		w.WriteHeader(http.StatusTemporaryRedirect)
	case FaultError500, FaultConflict, FaultSlow:
		a.send(w)
	default:
		a.send(w)
	}
}

// cut breaks the connection. A few bytes go out first: an HTTP client that has seen none may quietly send a request with an
// idempotency key again, and nobody would ever meet the lost answer.
func cut(w http.ResponseWriter) {
	conn, buf, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2 and recorders: ends the stream without an answer
	}
	_, _ = buf.WriteString("HTTP/1.1 2")
	_ = buf.Flush()
	_ = conn.Close()
}
