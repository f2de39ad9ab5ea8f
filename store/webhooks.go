package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"time"

	"foyer/registration"
)

// JobLook is the kind of job that looks a payment up; its key and its payload are the payment's id.
const JobLook = "look"

// JobTold is the kind of job that writes down what a notification says, for gateways that cannot be asked; its key is the payment's id.
const JobTold = "told"

// WebhookLife is how long the body of a webhook is kept.
const WebhookLife = 90 * 24 * time.Hour

// maxWebhook bounds what is kept of a webhook's body.
const maxWebhook = 64 << 10

// KeepWebhook stores a notification of a gateway and, when it is about a payment that we know, queues one look-up of it, in
// one transaction. eventKey is the gateway's id of the notification; without one its body stands for it. fresh is false for
// a repeat, which changes nothing, unless the payment has become known only now. Headers and body are kept without secrets and card
// numbers. candidate is the gateway's id that the notification names: a payment that no browser brought one for is looked up by it.
// told, when not nil, is the payload of a JobTold that is queued in the place of the look-up.
func (s *Store) KeepWebhook(ctx context.Context, channelID, eventKey string, headers map[string][]string, body []byte, paymentID, candidate string, told []byte) (fresh bool, err error) {
	if eventKey = clip(eventKey, 300); eventKey == "" {
		eventKey = "body:" + Hash(string(body))
	}
	keptHeaders, keptBody := toJSON(plainHeaders(headers)), redacted(body)
	var locks Locks
	if paymentID != "" && candidate != "" {
		locks.Payments = []string{paymentID}
	}
	err = s.Write(ctx, locks, func(tx *Tx) error {
		n, err := tx.Exec(`INSERT INTO webhooks (id, channel_id, event_key, received_at, headers, body, payment_id) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (channel_id, event_key) DO NOTHING`, newID(), channelID, eventKey, ms(tx.Now()), keptHeaders, keptBody, null(paymentID))
		if err != nil {
			return fmt.Errorf("keep webhook: %w", err)
		}
		fresh = n > 0
		if !fresh && paymentID != "" {
			if n, err = tx.Exec(`UPDATE webhooks SET payment_id = $3 WHERE channel_id = $1 AND event_key = $2 AND payment_id IS NULL`,
				channelID, eventKey, paymentID); err != nil {
				return fmt.Errorf("name the payment of a webhook: %w", err)
			}
		}
		if paymentID == "" || n == 0 {
			return nil
		}
		if told != nil {
			return tx.AddJob(Job{Kind: JobTold, Key: paymentID, Payload: told})
		}
		if candidate != "" {
			if _, err = tx.Exec(`UPDATE payments SET candidate = $2 WHERE id = $1 AND candidate = '' AND gateway_id IS NULL`, paymentID, clip(candidate, 300)); err != nil {
				return fmt.Errorf("keep what a webhook names: %w", err)
			}
		}
		return tx.AddJob(Job{Kind: JobLook, Key: paymentID, Payload: []byte(paymentID)})
	})
	return fresh, err
}

// PruneWebhooks deletes what was received more than WebhookLife ago, a thousand at most, and says how many.
func (s *Store) PruneWebhooks(ctx context.Context) (n int64, err error) {
	err = s.Write(ctx, Locks{}, func(tx *Tx) (err error) {
		n, err = tx.Exec(`DELETE FROM webhooks WHERE id IN (SELECT id FROM webhooks WHERE received_at < $1 LIMIT 1000)`,
			ms(tx.Now().Add(-WebhookLife)))
		return err
	})
	return n, err
}

// plainHeaders leaves out the headers that let somebody in, and shortens what is left.
func plainHeaders(headers map[string][]string) map[string][]string {
	kept := map[string][]string{}
	for name, values := range headers {
		name = textproto.CanonicalMIMEHeaderKey(name)
		if name == "Authorization" || name == "Proxy-Authorization" || name == "Cookie" || secretName(name) || len(kept) == 50 {
			continue
		}
		for _, v := range values {
			kept[name] = append(kept[name], clip(v, 1024))
		}
	}
	return kept
}

// clip shortens text to at most n bytes of valid UTF-8 that both engines can keep.
func clip(text string, n int) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text[:min(n, len(text))], ""), "\x00", "")
}

// secretWords are what names of secret members contain, in lower case and without separators.
var secretWords = []string{
	"secret", "privatekey", "apikey", "impkey", "crosskey", "password", "passwd", "credential", "accesstoken", "refreshtoken", "accesskey", "authorization",
}

// secretName reports whether a member, field or header of that name may hold a secret.
func secretName(name string) bool {
	name = strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == '.' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToLower(name))
	return slices.ContainsFunc(secretWords, func(w string) bool { return strings.Contains(name, w) })
}

const blackBar = "[redacted]"

// redacted is a webhook's body as it may be kept: JSON or a form without secrets; of anything else only the size.
func redacted(body []byte) string {
	if text, err := redactJSON(body); err == nil {
		return clip(text, maxWebhook)
	}
	if form, err := url.ParseQuery(string(body)); err == nil && bytes.ContainsRune(body, '=') {
		for name, values := range form {
			for i := range values {
				values[i] = redactText(name, values[i])
			}
		}
		return clip(form.Encode(), maxWebhook)
	}
	return fmt.Sprintf("[%d bytes that are neither JSON nor a form]", len(body))
}

// redactText is a member's text without secrets; JSON inside the text is looked through too.
func redactText(name, text string) string {
	if secretName(name) && text != "" {
		return blackBar
	}
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		if inner, err := redactJSON([]byte(text)); err == nil && strings.Contains(inner, blackBar) {
			return inner
		}
	}
	if registration.HoldsCardNumber(text) {
		return blackBar
	}
	return text
}

var errNotJSON = errors.New("not one JSON value")

// redactJSON writes a JSON value again, its members in the same order, with every secret one replaced.
func redactJSON(body []byte) (string, error) {
	if !json.Valid(body) {
		return "", errNotJSON
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var out strings.Builder
	if err := redactValue(dec, &out, ""); err != nil {
		return "", err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return "", errNotJSON
	}
	return out.String(), nil
}

// redactValue copies the next value of dec, the member of that name.
func redactValue(dec *json.Decoder, out *strings.Builder, name string) error {
	tok, err := dec.Token()
	if err != nil {
		return err
	}
	switch v := tok.(type) {
	case json.Delim:
		if secretName(name) {
			out.WriteString(toJSON(blackBar))
			out = &strings.Builder{} // what is inside goes nowhere
		}
		return redactInside(dec, out, v, name)
	case string:
		out.WriteString(toJSON(redactText(name, v)))
	default: // number, true, false, null
		if n, ok := v.(json.Number); (secretName(name) && v != nil) || (ok && registration.HoldsCardNumber(n.String())) {
			v = blackBar
		}
		out.WriteString(toJSON(v))
	}
	return nil
}

// redactInside copies the members of an object or the elements of an array up to its end.
func redactInside(dec *json.Decoder, out *strings.Builder, open json.Delim, name string) error {
	out.WriteString(open.String())
	for first := true; dec.More(); first = false {
		if !first {
			out.WriteByte(',')
		}
		if open == '{' {
			key, err := dec.Token()
			if err != nil {
				return err
			}
			name, _ = key.(string)
			out.WriteString(toJSON(name) + ":")
		}
		if err := redactValue(dec, out, name); err != nil {
			return err
		}
	}
	end, err := dec.Token()
	out.WriteString(fmt.Sprint(end))
	return err
}
