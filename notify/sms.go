package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"foyer/payments"
	"foyer/registration"
)

// Text is one short message to one telephone.
type Text struct {
	To   string // E.164, such as +821012345678
	Body string
}

// TextSender delivers short messages to telephones.
type TextSender interface {
	// Reaches reports whether messages can be sent to a number in E.164. It makes no call.
	Reaches(number string) bool
	// Company is the key of the company that messages go through, such as solapi; "" when they leave the program through nobody.
	Company() string
	// Send delivers t and returns nil when it was taken for delivery. An error that wraps ErrPermanent stays however often it is
	// tried; any other may pass. A second call sends a second message. No error holds the text.
	Send(ctx context.Context, t Text) error
}

// smsForms closes every complaint about the setting. The value itself is never shown: it holds a secret.
const smsForms = "; use log: (messages are lines of the log) or solapi://KEY:SECRET@api.solapi.com?from=021234567"

// NewTextSender makes a sender from the value of FOYER_SMS_URL: "log:" writes messages into log, solapi:// sends them through Solapi.
// Anything else is an error of one sentence that names FOYER_SMS_URL and shows no part of the value.
func NewTextSender(value string, log *slog.Logger) (TextSender, error) {
	if value == "log:" {
		return textLog{log}, nil
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "solapi" {
		return nil, errors.New("FOYER_SMS_URL starts with neither log: nor solapi://" + smsForms)
	}
	s, err := newSolapi(u)
	if err != nil {
		return nil, fmt.Errorf("FOYER_SMS_URL %w%s", err, smsForms)
	}
	return s, nil
}

// textLog writes messages into the log, for rehearsals: whoever reads the log reads the codes.
type textLog struct{ log *slog.Logger }

func (textLog) Reaches(string) bool { return true }

func (textLog) Company() string { return "" }

func (t textLog) Send(ctx context.Context, m Text) error {
	t.log.InfoContext(ctx, "text message", "to", m.To, "text", m.Body)
	return nil
}

// smsBytes is how long a Korean short message may be, Hangul counting two.
const smsBytes = 90

// CodeText is the message with a code that proves that somebody has a telephone. It fits into one short message.
func CodeText(event, code string, l registration.Lang) string {
	before, after := "인증번호 ", " (5분 안에 입력해 주십시오)"
	if l == registration.English {
		before, after = "Your code is ", ". It is good for 5 minutes."
	}
	room := smsBytes - koreanBytes(before+code+after) - len("[] ")
	if name := payments.Cut(strings.NewReplacer("[", "", "]", "").Replace(event), room, koreanSize); name != "" {
		before = "[" + name + "] " + before
	}
	return before + code + after
}

// koreanSize is how many bytes a character takes in a Korean short message.
func koreanSize(r rune) int {
	if r < 0x80 {
		return 1
	}
	return 2
}

func koreanBytes(s string) (n int) {
	for _, r := range s {
		n += koreanSize(r)
	}
	return n
}
