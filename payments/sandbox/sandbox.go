package sandbox

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// Config is how a Sandbox is set up. The zero value keeps its books in memory and behaves like the real gateway.
type Config struct {
	// Now is the clock of sessions and time stamps; nil means time.Now. Waiting (slow answers, webhook retries) is in real time.
	Now func() time.Time
	// File is where the books are kept, one JSON value per line; "" keeps them in memory. One process at a time may use it.
	File string
	// Log gets webhook failures and refused keys; nil means nothing is logged.
	Log *slog.Logger
	// WebhookClient delivers webhooks; nil means a client that follows no redirect and waits 10 s, as the gateway does.
	WebhookClient *http.Client
	// WebhookRetries are the waits before each further try of a webhook that was not answered 200. nil means 1, 4, 16 and 64 s;
	// Toss waits 1, 4, 16, 64, 256, 1024 and 4096 minutes. An empty slice means one try.
	WebhookRetries []time.Duration
	// BaseURL is where browsers reach the sandbox, such as http://127.0.0.1:9100; "" means the address that each request came to.
	BaseURL string
	// SlowConfirm is how long a confirm with the slow test card takes; 0 means 8 s.
	SlowConfirm time.Duration
	// CancelGap is the time within which a second refund of one payment is refused; 0 means 1 s, below 0 means never.
	CancelGap time.Duration
}

// Sandbox is one simulated gateway with its books. It is safe for concurrent use.
type Sandbox struct {
	cfg      Config
	keeper   *keeper
	faults   faults
	hooks    *hooks
	dialects map[string]dialect
	handler  http.Handler

	closing   chan struct{}
	closeOnce sync.Once
	sweeper   sync.WaitGroup
}

// dialect is one gateway's way of speaking. The books, the faults, the console and the delivery of webhooks know only this much of it.
type dialect interface {
	// routes adds the gateway's API, script and window.
	routes(mux *http.ServeMux)
	// status is the gateway's own word for where p stands.
	status(p *Payment) string
	// merchant reads any of the gateway's keys; ok is false for a key that is not of this gateway or not a test key.
	merchant(key string) (id string, ok bool)
	// webhook is the message about p as it stands, or about what p is not when forged; ok is false when the gateway sends none.
	webhook(p *Payment, forged bool, now time.Time) (m message, ok bool)
	// newTransaction is a fresh id for a capture or a refund.
	newTransaction() string
}

// New opens the sandbox and reads its books from cfg.File.
// It fails when the file cannot be read, is not a sandbox's, or cannot be written.
func New(cfg Config) (*Sandbox, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	cfg.SlowConfirm = cmp.Or(cfg.SlowConfirm, 8*time.Second)
	cfg.CancelGap = cmp.Or(cfg.CancelGap, time.Second)
	k, err := openKeeper(cfg.File, cfg.Now)
	if err != nil {
		return nil, fmt.Errorf("open the sandbox's books: %w", err)
	}
	s := &Sandbox{cfg: cfg, keeper: k, dialects: map[string]dialect{}, closing: make(chan struct{})}
	s.hooks = newHooks(s)
	s.dialects[tossName] = newToss(s)
	s.dialects[stripeName] = newStripe(s)
	s.dialects[portoneV1Name] = newPortoneV1(s)
	s.dialects[portoneV2Name] = newPortoneV2(s)
	s.dialects[bootpayName] = newBootpay(s)
	s.dialects[allatName] = newAllat(s)
	s.handler = s.newHandler()
	s.sweeper.Go(s.sweepLoop)
	return s, nil
}

// Handler serves everything on one listener: the gateway's API, its script and window, the console and the control API.
func (s *Sandbox) Handler() http.Handler { return s.handler }

// Close stops webhook retries, ends slow answers early, waits for deliveries to stop and closes the books. A second call is harmless.
func (s *Sandbox) Close() error {
	var err error
	s.closeOnce.Do(func() {
		close(s.closing)
		s.hooks.stop()
		s.sweeper.Wait()
		err = s.keeper.close()
	})
	return err
}

// SetWebhook says where the webhooks of the merchant with that client or secret key go; key "" stands for every merchant
// without an address of its own, url "" sends none. A key that no dialect knows is logged and ignored.
// Calling it again replaces the address.
func (s *Sandbox) SetWebhook(key, url string) {
	if err := s.setWebhook(key, url); err != nil {
		s.cfg.Log.Warn("webhook address not taken", "error", err)
	}
}

func (s *Sandbox) setWebhook(key, url string) error {
	if url != "" && originOf(url) == "" {
		return fmt.Errorf("%q is not an http address", url)
	}
	id := ""
	if key != "" {
		found := false
		for _, d := range s.dialects {
			if m, ok := d.merchant(key); ok {
				id, found = m, true
			}
		}
		if !found {
			return errUnknownKey
		}
	}
	_, err := s.write(func(t *tx) { t.setHook(id, url) })
	return err
}

// Books is a snapshot of the books; changing it changes nothing here. Payments are in the order in which they began.
func (s *Sandbox) Books() Books {
	b := s.keeper.snapshot()
	for i := range b.Payments {
		b.Payments[i].Status = s.status(&b.Payments[i])
	}
	return b
}

// Arm makes the next f.Times matching requests go wrong (0 means 1). Faults are used up in the order in which they were armed
// and are forgotten when the sandbox stops.
func (s *Sandbox) Arm(f Fault) { s.faults.arm(f) }

func (s *Sandbox) status(p *Payment) string {
	if d := s.dialects[p.Dialect]; d != nil {
		return d.status(p)
	}
	return string(p.State)
}

// write changes the books and then, outside the lock, sends the webhooks that the change asks for.
func (s *Sandbox) write(fn func(*tx)) (*tx, error) {
	t, err := s.keeper.write(fn)
	if err != nil {
		s.cfg.Log.Error("books not written", "error", err)
		return nil, err
	}
	for _, p := range t.notices {
		s.hooks.announce(p)
	}
	return t, nil
}

// wait pauses for d, or less when the sandbox closes.
func (s *Sandbox) wait(d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.closing:
	}
}

// sweepLoop ends sessions whose time is over even when nobody asks for them, so that their webhooks go out.
func (s *Sandbox) sweepLoop() {
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-s.closing:
			return
		case <-tick.C:
			if _, err := s.write(func(t *tx) { t.expireDue() }); err != nil {
				s.cfg.Log.Error("sessions not ended", "error", err)
			}
		}
	}
}
