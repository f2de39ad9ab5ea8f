package notify

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	netmail "net/mail"
	"net/textproto"
	"regexp"
	"strings"

	"foyer/registration"

	gomail "github.com/wneessen/go-mail"
)

var messageIDForm = regexp.MustCompile(`^[A-Za-z0-9._-]+@[A-Za-z0-9._-]+$`)

// message turns m into the form that goes over the wire. A bad recipient is permanent; a bad sender is a
// setting that somebody can correct, so that error is not.
func message(m Mail) (*gomail.Msg, error) {
	to, err := mailbox(m.To.Name, m.To.Email)
	if err != nil {
		return nil, fmt.Errorf("recipient: %w: %w", err, ErrPermanent)
	}
	from, err := mailbox(m.From.Name, m.From.Email)
	if err != nil {
		return nil, fmt.Errorf("sender: %w", err)
	}
	if !messageIDForm.MatchString(m.MessageID) {
		return nil, errors.New("the mail has no usable message id")
	}
	msg := gomail.NewMsg(gomail.WithEncoding(encodingFor(m.Lang)), gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(from)
	msg.ToMailAddress(to)
	if m.ReplyTo.Email != "" {
		reply, err := mailbox(m.ReplyTo.Name, m.ReplyTo.Email)
		if err != nil {
			return nil, fmt.Errorf("reply address: %w", err)
		}
		msg.ReplyToMailAddress(reply)
	}
	setHeaders(msg, m)
	setBody(msg, m)
	return msg, nil
}

// encodingFor picks base64 for Korean (a third of the size) and quoted-printable for English (readable in the raw).
func encodingFor(l registration.Lang) gomail.Encoding {
	if l == registration.Korean {
		return gomail.EncodingB64
	}
	return gomail.EncodingQP
}

func setHeaders(msg *gomail.Msg, m Mail) {
	msg.Subject(oneLine(m.Subject))
	msg.SetMessageIDWithValue(m.MessageID)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: keeps holiday replies from answering
	if m.Lang != "" {
		msg.SetGenHeader("Content-Language", oneLine(string(m.Lang)))
	}
}

func setBody(msg *gomail.Msg, m Mail) {
	msg.SetBodyString(gomail.TypeTextPlain, crlf(m.Text))
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, crlf(m.HTML))
	}
	files := make([]*gomail.File, 0, len(m.Attachments))
	for _, a := range m.Attachments {
		files = append(files, attachment(a))
	}
	msg.SetAttachments(files)
}

// attachment writes its headers itself, so that a Hangul file name is encoded as RFC 2231 asks.
func attachment(a Attachment) *gomail.File {
	name := strings.NewReplacer("/", "_", `\`, "_").Replace(oneLine(a.Name))
	h := textproto.MIMEHeader{}
	h.Set("Content-Type", contentType(a.ContentType))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	return &gomail.File{Name: name, Enc: gomail.EncodingB64, Header: h, Writer: func(w io.Writer) (int64, error) {
		return io.Copy(w, bytes.NewReader(a.Data))
	}}
}

// contentType gives s in its canonical form, or "application/octet-stream" when s is not a media type.
func contentType(s string) string {
	kind, params, err := mime.ParseMediaType(s)
	if err != nil || !isASCII(kind) {
		return "application/octet-stream"
	}
	if form := mime.FormatMediaType(kind, params); form != "" {
		return form
	}
	return "application/octet-stream"
}

// crlf gives s the line ends that mail has on the wire.
func crlf(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
}

// needsUTF8 reports whether an address of the message has letters beyond ASCII, which a server must agree to take.
func needsUTF8(msg *gomail.Msg) bool {
	for _, list := range [][]*netmail.Address{msg.GetFrom(), msg.GetTo(), msg.GetReplyTo()} {
		for _, a := range list {
			if !isASCII(a.Address) {
				return true
			}
		}
	}
	return false
}
