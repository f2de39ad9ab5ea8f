package sandbox

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"golang.org/x/text/encoding/korean"
)

func toEUCKR(s string) string {
	out, err := korean.EUCKR.NewEncoder().String(s)
	if err != nil {
		return s
	}
	return out
}

func fromEUCKR(s string) string {
	out, err := korean.EUCKR.NewDecoder().String(s)
	if err != nil {
		return s
	}
	return out
}

var percentEncoded = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)

// allatForm reads a body as AllatPay does: percent-encoded, or raw as most of its client libraries write it. Values are in EUC-KR, or
// in UTF-8 for the twin addresses.
func allatForm(body []byte, utf8 bool) map[string]string {
	form, encoded := map[string]string{}, percentEncoded.Match(body)
	for _, field := range strings.Split(strings.TrimRight(string(body), "\r\n"), "&") {
		name, value, _ := strings.Cut(field, "=")
		if plain, err := url.QueryUnescape(value); encoded && err == nil {
			value = plain
		}
		if !utf8 {
			value = fromEUCKR(value)
		}
		form[name] = value
	}
	return form
}

// allatReply is an answer: lines of name=value, in their order.
type allatReply []string

func (r allatReply) body() []byte { return []byte(toEUCKR(strings.Join(r, "\n") + "\n")) }

// allatTexts are the messages of the reply codes that the sandbox gives. KG Allat's own table comes with the contract only; but for
// 0000, 0001 and 0606 these numbers stand for what they say here and nowhere else.
var allatTexts = map[string]string{
	"0000": "정상처리", "0001": "테스트 정상처리", "0606": "이미 처리된 주문입니다.",
	"3001": "상점 ID 또는 크로스키가 올바르지 않습니다.", "3002": "인증 데이터가 올바르지 않습니다.", "3003": "결제 금액이 일치하지 않습니다.",
	"3004": "카드 한도 초과", "3005": "사용할 수 없는 카드입니다.", "3006": "취소 가능 금액을 초과하였습니다.", "3007": "취소할 수 없는 거래입니다.",
	"3008": "요청 항목이 올바르지 않습니다.", "3009": "인증 유효 시간이 지났습니다.", "3010": "계약된 통화가 아닙니다.",
	"9999": "사용자가 결제를 취소하였습니다.",
}

// allatNo is a reply that says no.
func allatNo(code string) allatReply {
	return allatReply{"reply_cd=" + code, "reply_msg=" + allatTexts[code]}
}

// deliverAllat sends a reply, or what the fault makes of it.
func deliverAllat(w http.ResponseWriter, f Fault, r allatReply) {
	switch body := r.body(); f.Kind {
	case FaultLost, FaultHTML, FaultRedirect:
		f.deliver(w, answer{})
	case FaultError500:
		oldHTTP(w, http.StatusInternalServerError, []byte("<html><body>Error 500</body></html>"))
	case FaultTooMany:
		oldHTTP(w, http.StatusTooManyRequests, nil)
	case FaultHuge:
		oldHTTP(w, http.StatusOK, []byte("reply_cd=0000\nreply_msg="+strings.Repeat("x", hugeSize)+"\n"))
	case FaultTruncated:
		oldHTTP(w, http.StatusOK, body[:len(body)/4]) // half of it would still tell everything
	case FaultConflict:
		oldHTTP(w, http.StatusOK, allatNo("0606").body())
	case FaultSlow:
		oldHTTP(w, http.StatusOK, body)
	default:
		oldHTTP(w, http.StatusOK, body)
	}
}

// oldHTTP answers in HTTP/1.0: no length, the end of the connection is the end of the answer. What a client sent too much (the old ones
// end with two empty lines) is read first, because closing over unread bytes would cut the answer off.
func oldHTTP(w http.ResponseWriter, status int, body []byte) {
	const kind = "text/html;charset=EUC-KR"
	conn, buf, err := http.NewResponseController(w).Hijack()
	if err != nil { // HTTP/2 and recorders
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = w.Write(body)
		return
	}
	fmt.Fprintf(buf, "HTTP/1.0 %d %s\r\nContent-Type: %s\r\n\r\n", status, http.StatusText(status), kind)
	_, werr := buf.Write(body)
	if err := errors.Join(werr, buf.Flush()); err == nil {
		lingering(conn)
	}
	_ = conn.Close() // the books do not depend on it
}

// lingering waits for the other side to have read everything, but not long.
func lingering(conn net.Conn) {
	half, ok := conn.(interface{ CloseWrite() error })
	if ok && half.CloseWrite() == nil && conn.SetReadDeadline(time.Now().Add(time.Second)) == nil {
		_, _ = io.Copy(io.Discard, conn)
	}
}
