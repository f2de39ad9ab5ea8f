package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/store"
)

// besides opens the house's database a second time, beside the server.
func (h *testHouse) besides() *store.Store {
	h.t.Helper()
	s, err := store.Open(context.WithoutCancel(h.t.Context()), store.Config{URL: h.env["FOYER_DATABASE_URL"]})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		if err := s.Close(); err != nil {
			h.t.Error(err)
		}
	})
	return s
}

// queue adds n jobs of a kind at once.
func queue(t *testing.T, s *store.Store, n int, j store.Job) {
	t.Helper()
	err := s.Write(t.Context(), store.Locks{}, func(tx *store.Tx) error {
		for range n {
			if err := tx.AddJob(j); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// newLink is the payload of a mail that any order can get any number of times.
func newLink(t *testing.T, s *store.Store, order string) []byte {
	t.Helper()
	code, _, _ := strings.Cut(strings.SplitN(order, "/o/", 2)[1], "/")
	o, err := s.OrderByCode(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(`{"kind":"` + payments.MailNewLink + `","order_id":"` + o.ID + `"}`)
}

// busyMailer is a server whose mail server takes no mail until the test says so, with a list of n mails that wait for it.
func busyMailer(t *testing.T, n int) (s *served, db *store.Store, mails *mailServer) {
	t.Helper()
	_, address := newGateway(t)
	h := newTestHouse(t)
	h.must("", "event", "apply", h.file("apsys.yaml", sampleEvent(t, address)))
	mails, h.env["FOYER_SMTP_URL"] = newMailServer(t)
	mails.gate = make(chan struct{})
	s = h.serve("serve")
	t.Cleanup(func() {
		close(mails.gate)
		s.end(t)
	})
	order := newVisitor(t).register(s.base, "apsys-2027", "student", nil)
	db = h.besides()
	queue(t, db, n, store.Job{Kind: store.JobMail, Payload: newLink(t, db, order)})
	for range mailsAtOnce {
		<-mails.held
	}
	return s, db, mails
}

func TestAMailServerThatStandsStillHoldsUpNoOtherWork(t *testing.T) {
	_, db, _ := busyMailer(t, 100)
	kinds := []string{store.JobClear, store.JobImport, store.JobLook, store.JobText, store.JobTold}
	for _, kind := range kinds {
		queue(t, db, 1, store.Job{Kind: kind, Payload: []byte("about/nothing")})
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		waiting, err := db.NeglectedJobs(t.Context(), 0, kinds)
		if err != nil {
			t.Fatal(err)
		}
		if len(waiting) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("jobs of kinds %q wait behind mails", waiting)
		}
	}
}

func TestAMailOfNowDoesNotWaitBehindALongListOfThem(t *testing.T) {
	s, _, mails := busyMailer(t, 400)
	v := newVisitor(t)
	action, fields := v.form(v.get(s.base+"/find"), "main")
	fields.Set("email", "gildong@example.org")
	v.post(action, fields)
	for range 5 * mailsAtOnce {
		mails.gate <- struct{}{}
		if m := mails.next(t); strings.Contains(m.subject, "요청하신") {
			return
		}
	}
	t.Errorf("%d mails of a list went first", 5*mailsAtOnce)
}
