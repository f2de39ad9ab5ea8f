package main

import (
	"context"
	"errors"
	"log/slog"

	"foyer/notify"
	"foyer/registration"
	"foyer/store"
)

// texts checks the setting of messages to telephones.
func (s settings) texts(c *complaints, log *slog.Logger) notify.TextSender {
	sender, err := notify.NewTextSender(s.SMSURL, log)
	c.note(err)
	return sender
}

// codeJob does the jobs that send a code to a telephone. A code that is over is not sent: nobody waits for it any more.
func codeJob(s *store.Store, sender notify.TextSender) store.JobFunc {
	return func(ctx context.Context, j store.Job) error {
		m, err := s.CodeToSend(ctx, string(j.Payload))
		if e, known := errors.AsType[*registration.Error](err); known && e.Code == registration.CodeNotFound {
			return nil
		}
		if err != nil {
			return err
		}
		e, err := s.EventByID(ctx, m.EventID)
		if err != nil {
			return err
		}
		err = sender.Send(ctx, notify.Text{To: m.Phone, Body: notify.CodeText(e.Name.In(m.Lang), m.Code, m.Lang)})
		if errors.Is(err, notify.ErrPermanent) {
			return store.Never(err)
		}
		return err
	}
}
