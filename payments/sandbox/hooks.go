package sandbox

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// message is one webhook, ready to be sent. Header is made anew for each try.
type message struct {
	Event  string // what the timeline calls it, such as the status it reports
	Body   []byte
	Type   string // content type; "" for JSON
	Header func(at time.Time, retried int) http.Header
	Taken  func(answer []byte) bool // nil: an answer of 200 is enough
}

// How says in which way the console sends a webhook.
type How string

// The ways of sending a webhook by hand.
const (
	HowAgain  How = "again"  // what holds now, under a new transmission id
	HowTwice  How = "twice"  // the same message, two at the same time
	HowLate   How = "late"   // what holds now, some seconds later
	HowForged How = "forged" // claims what is not so
)

var webhookWait = []time.Duration{time.Second, 4 * time.Second, 16 * time.Second, 64 * time.Second}

// lastWords is how long a delivery on the wire may still take when the sandbox closes.
const lastWords = 2 * time.Second

var (
	errNoWebhook  = errors.New("no webhook address is set for this merchant")
	errNoMessage  = errors.New("the gateway sends no webhook for this status")
	errUnknownKey = errors.New("not a test key of any gateway here")
)

// hooks delivers webhooks beside the requests that cause them. When the sandbox closes, retries and late ones are dropped.
type hooks struct {
	s      *Sandbox
	client *http.Client
	waits  []time.Duration
	slots  chan struct{} // bounds deliveries on the wire

	ctx    context.Context
	cancel context.CancelFunc

	mu      sync.Mutex
	stopped bool
	running sync.WaitGroup
}

func newHooks(s *Sandbox) *hooks {
	h := &hooks{s: s, client: s.cfg.WebhookClient, waits: s.cfg.WebhookRetries, slots: make(chan struct{}, 32)}
	if h.client == nil {
		h.client = &http.Client{
			Timeout:       10 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	if h.waits == nil {
		h.waits = webhookWait
	}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	return h
}

func (h *hooks) stop() {
	h.mu.Lock()
	h.stopped = true
	h.mu.Unlock()
	timer := time.AfterFunc(lastWords, h.cancel)
	h.running.Wait()
	timer.Stop()
	h.cancel()
}

// announce sends the webhook that a change of p causes, if its merchant wants webhooks and the gateway sends one.
func (h *hooks) announce(p *Payment) {
	if err := h.send(p, HowAgain, 0); err != nil && !errors.Is(err, errNoWebhook) && !errors.Is(err, errNoMessage) {
		h.s.cfg.Log.Warn("webhook not sent", "payment", p.ID, "error", err)
	}
}

// send starts the delivery of a webhook about p and does not wait for it.
// It returns errNoWebhook and errNoMessage when there is nothing to send.
func (h *hooks) send(p *Payment, how How, delay time.Duration) error {
	d := h.s.dialects[p.Dialect]
	url := h.s.keeper.webhook(p.Merchant)
	if d == nil || url == "" {
		return errNoWebhook
	}
	all := messages(d, p, how == HowForged, h.s.cfg.Now())
	if len(all) == 0 {
		return errNoMessage
	}
	copies := 1
	if how == HowTwice {
		copies = 2
	}
	for _, m := range all {
		for range copies {
			h.start(func() { h.deliver(p.ID, url, m, delay) })
		}
	}
	return nil
}

// messages are what a gateway sends about p: one webhook, and another beside it where the gateway has two kinds for one thing.
func messages(d dialect, p *Payment, forged bool, now time.Time) []message {
	var all []message
	if m, ok := d.webhook(p, forged, now); ok {
		all = append(all, m)
	}
	if two, ok := d.(interface {
		beside(p *Payment, forged bool, now time.Time) (message, bool)
	}); ok {
		if m, ok := two.beside(p, forged, now); ok {
			all = append(all, m)
		}
	}
	return all
}

func (h *hooks) isStopped() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.stopped
}

func (h *hooks) start(fn func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.stopped {
		h.running.Go(fn)
	}
}

// deliver tries until the answer is 200 or the schedule ends.
func (h *hooks) deliver(payment, url string, m message, delay time.Duration) {
	h.s.wait(delay)
	for try := 0; ; try++ {
		if h.isStopped() && (try > 0 || delay > 0) {
			return
		}
		err := h.post(url, m, try)
		result := "200"
		if err != nil {
			result = err.Error()
		}
		h.note(payment, m.Event+" → "+result)
		if err == nil || try >= len(h.waits) {
			return
		}
		h.s.wait(h.waits[try])
	}
}

func (h *hooks) post(url string, m message, try int) (err error) {
	h.slots <- struct{}{}
	defer func() { <-h.slots }()
	req, err := http.NewRequestWithContext(h.ctx, http.MethodPost, url, bytes.NewReader(m.Body))
	if err != nil {
		return err
	}
	req.Header = m.Header(h.s.cfg.Now(), try)
	req.Header.Set("Content-Type", cmp.Or(m.Type, "application/json"))
	res, err := h.client.Do(req)
	if err != nil {
		return errors.New("no answer")
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	said, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	switch {
	case err != nil:
		return errors.New("answer cut short")
	case res.StatusCode != http.StatusOK:
		return fmt.Errorf("%d", res.StatusCode)
	case m.Taken != nil && !m.Taken(said):
		return errors.New("200, but not taken for a receipt")
	}
	return nil
}

func (h *hooks) note(payment, text string) {
	_, err := h.s.write(func(t *tx) {
		if p := t.payment(payment); p != nil {
			p.note(t.now, "webhook", text)
			t.save(p)
		}
	})
	if err != nil {
		h.s.cfg.Log.Error("webhook not noted", "payment", payment, "error", err)
	}
}
