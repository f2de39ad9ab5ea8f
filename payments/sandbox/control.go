package sandbox

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"foyer/registration"
)

var (
	errNoPayment = errors.New("no such payment")
	errAmount    = errors.New("amount is not between 1 and what can still be refunded")
	errNoDeposit = errors.New("the payment waits for no deposit")
	errDeposited = errors.New("there is no deposit of this payment that a bank could take back")
	errFinished  = errors.New("the payment's session is over already")
	errHow       = errors.New("how must be again, twice, late or forged")
)

// maxLate bounds how long a webhook can be held back.
const maxLate = time.Hour

// controlRoutes adds the JSON twin of the console.
func (s *Sandbox) controlRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /_sandbox/api/books", func(w http.ResponseWriter, _ *http.Request) {
		jsonAnswer(http.StatusOK, s.Books()).send(w)
	})
	mux.HandleFunc("GET /_sandbox/api/faults", func(w http.ResponseWriter, _ *http.Request) {
		jsonAnswer(http.StatusOK, s.faults.list()).send(w)
	})
	mux.HandleFunc("DELETE /_sandbox/api/faults", func(w http.ResponseWriter, _ *http.Request) {
		s.faults.clear()
		jsonAnswer(http.StatusOK, struct{}{}).send(w)
	})
	mux.HandleFunc("POST /_sandbox/api/faults", control(func(in Fault) error {
		if err := s.checkFault(in); err != nil {
			return err
		}
		s.Arm(in)
		return nil
	}))
	mux.HandleFunc("POST /_sandbox/api/webhooks", control(func(in struct {
		Key string `json:"key"`
		URL string `json:"url"`
	}) error {
		return s.setWebhook(in.Key, in.URL)
	}))
	mux.HandleFunc("POST /_sandbox/api/webhook", control(func(in struct {
		Payment string `json:"payment"`
		How     How    `json:"how"`
		Seconds int    `json:"seconds"`
	}) error {
		return s.sendWebhook(in.Payment, in.How, in.Seconds)
	}))
	mux.HandleFunc("POST /_sandbox/api/refund", control(func(in struct {
		Payment string `json:"payment"`
		Amount  int64  `json:"amount"`
		Reason  string `json:"reason"`
	}) error {
		return s.refundOutside(in.Payment, in.Amount, in.Reason)
	}))
	mux.HandleFunc("POST /_sandbox/api/deposit", control(func(in struct {
		Payment string `json:"payment"`
	}) error {
		return s.deposit(in.Payment)
	}))
	mux.HandleFunc("POST /_sandbox/api/deposit-cancel", control(func(in struct {
		Payment string `json:"payment"`
	}) error {
		return s.cancelDeposit(in.Payment)
	}))
	mux.HandleFunc("POST /_sandbox/api/nightly", control(func(struct{}) error {
		_, err := s.nightly()
		return err
	}))
	mux.HandleFunc("POST /_sandbox/api/expire", control(func(in struct {
		Payment string `json:"payment"`
	}) error {
		return s.expireNow(in.Payment)
	}))
}

// control reads one strict JSON object, does what it asks for and answers {} or {"error": …}.
func control[T any](do func(T) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in T
		dec := json.NewDecoder(io.LimitReader(r.Body, maxRequest))
		dec.DisallowUnknownFields()
		err := dec.Decode(&in)
		if err == nil {
			err = do(in)
		}
		switch {
		case err == nil:
			jsonAnswer(http.StatusOK, struct{}{}).send(w)
		case errors.Is(err, errNoPayment):
			jsonAnswer(http.StatusNotFound, map[string]string{"error": err.Error()}).send(w)
		default:
			jsonAnswer(http.StatusBadRequest, map[string]string{"error": err.Error()}).send(w)
		}
	}
}

// sendWebhook sends a webhook about a payment by hand. seconds counts for HowLate only.
func (s *Sandbox) sendWebhook(name string, how How, seconds int) error {
	var delay time.Duration
	switch how {
	case HowAgain, HowTwice, HowForged:
	case HowLate:
		delay = min(time.Duration(max(seconds, 1))*time.Second, maxLate)
	default:
		return errHow
	}
	var p *Payment
	if _, err := s.write(func(t *tx) { p = t.find(name) }); err != nil {
		return err
	}
	if p == nil {
		return errNoPayment
	}
	return s.hooks.send(p, how, delay)
}

// refundOutside gives money back as if somebody had done it in the gateway's own console; 0 is all that is left.
func (s *Sandbox) refundOutside(name string, minor int64, reason string) error {
	return s.change(name, func(t *tx, p *Payment) error {
		if minor == 0 {
			minor = p.Left()
		}
		if minor <= 0 || minor > p.Left() {
			return errAmount
		}
		t.refund(p, Refund{ID: s.dialects[p.Dialect].newTransaction(), Amount: minor, Reason: reason, Outside: true})
		return nil
	})
}

// expireNow ends an unfinished session before its time.
func (s *Sandbox) expireNow(name string) error {
	return s.change(name, func(t *tx, p *Payment) error {
		if !p.open() {
			return errFinished
		}
		t.expire(p)
		return nil
	})
}

func (s *Sandbox) change(name string, fn func(*tx, *Payment) error) error {
	var refused error
	_, err := s.write(func(t *tx) {
		p := t.find(name)
		if p == nil {
			refused = errNoPayment
			return
		}
		refused = fn(t, p)
	})
	return errors.Join(err, refused)
}

// parseAmount reads an amount from a console form; "" is 0.
func parseAmount(p *Payment, typed string) (int64, error) {
	if typed == "" {
		return 0, nil
	}
	m, err := registration.ParseMoney(typed, p.Currency)
	if err != nil || m.Minor == 0 {
		return 0, errAmount
	}
	return m.Minor, nil
}
