package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"net/url"

	"foyer/handlers"
	"foyer/notify"
	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// mailConfig is how mails leave. Without a sender they stay in the job table.
type mailConfig struct {
	sender notify.Sender
	from   *mail.Address // nil: the organizer of each event
}

// mail checks the settings of mail.
func (s settings) mail(c *complaints) mailConfig {
	var m mailConfig
	var err error
	m.from, err = s.mailFrom()
	c.note(err)
	if s.SMTPURL != "" {
		m.sender, err = notify.NewSMTP(s.SMTPURL)
		c.note(err)
	}
	return m
}

// mailer does the jobs that send mails.
type mailer struct {
	mailConfig
	store *store.Store
	links handlers.Links
	texts notify.TextSender // nil: codes to telephones wait for a process that can send them
}

// deliver does one mail job. A mail that no longer fits (its order is not paid any more, nobody has an order at that address) is not sent.
func (m *mailer) deliver(ctx context.Context, j store.Job) error {
	var what store.Mail
	if err := json.Unmarshal(j.Payload, &what); err != nil {
		return store.Never(fmt.Errorf("read mail job: %w", err))
	}
	message, ok, err := m.compose(ctx, j.ID, what)
	if e, known := errors.AsType[*registration.Error](err); known && e.Code == registration.CodeNotFound {
		return store.Never(err)
	}
	if err != nil || !ok {
		return err
	}
	err = m.sender.Send(ctx, message)
	if errors.Is(err, notify.ErrPermanent) {
		return store.Never(err)
	}
	return err
}

// compose writes the mail; ok is false when there is nothing to send.
func (m *mailer) compose(ctx context.Context, job string, what store.Mail) (message notify.Mail, ok bool, err error) {
	if what.Kind == mailLinks {
		return m.composeLinks(ctx, job, what)
	}
	if what.Kind == store.MailPapers {
		return m.composePapers(ctx, job, what)
	}
	if waitingMails[what.Kind] != "" {
		return m.composeWaiting(ctx, job, what)
	}
	l, err := m.read(ctx, job, what)
	if err != nil {
		return notify.Mail{}, false, err
	}
	switch what.Kind {
	case payments.MailRegistered:
		return l.registered()
	case payments.MailDeposit:
		return l.deposit()
	case payments.MailRefunded:
		return l.refunded(what.RefundID)
	case payments.MailSurplus:
		return l.surplus(what.RefundID)
	case payments.MailCancelled:
		return l.cancelled()
	case payments.MailTransferred:
		return l.transferred(what), true, nil
	case payments.MailAmended:
		return l.amended(ctx, m.store)
	case payments.MailAmendDue:
		return l.amendDue(ctx, m.store)
	case payments.MailAmendOver:
		return l.amendOver(ctx, m.store, what.Note)
	case store.MailPayLink:
		return l.payLink()
	case payments.MailPerson:
		return m.person(ctx, l, what.Registration)
	case payments.MailReplaced, payments.MailPersonGone:
		return l.replaced(what), true, nil
	case payments.MailNewLink:
		return l.newLink(), true, nil
	case store.MailProof:
		return m.proof(ctx, l, what.Registration)
	case store.MailRefusedPerson:
		return m.refusedPerson(ctx, l, what)
	case store.MailEvidence:
		if l.group() {
			return m.proof(ctx, l, what.Registration)
		}
		return m.approval(ctx, l, what.Kind)
	case store.MailAwaiting, store.MailApproved, store.MailNotApproved:
		return m.approval(ctx, l, what.Kind)
	case payments.MailAttention:
		return l.attention(what.Note)
	}
	return notify.Mail{}, false, store.Never(fmt.Errorf("mail of unknown kind %q", what.Kind))
}

// mailLinks is the kind of the mail with the links of an address.
const mailLinks = "links"

// composeLinks lists the orders of an e-mail address.
func (m *mailer) composeLinks(ctx context.Context, job string, what store.Mail) (notify.Mail, bool, error) {
	orders, err := m.store.OrdersOf(ctx, what.Email)
	if err != nil || len(orders) == 0 {
		return notify.Mail{}, false, err
	}
	lang := registration.Lang(what.Lang)
	var list []notify.Found
	var newest *registration.Event
	for _, o := range orders {
		e, err := m.store.EventByID(ctx, o.EventID)
		if err != nil {
			return notify.Mail{}, false, err
		}
		if newest == nil {
			newest = e
		}
		list = append(list, notify.Found{Event: e.Name, Mode: e.Mode, Code: o.Code, Link: m.orderLink(o)})
	}
	to := registration.Person{Email: what.Email}
	message, ok := notify.Links{Addressing: m.addressing(job, newest, to, lang), Found: list}.Mail()
	return message, ok, nil
}

// orderLink is the private address of an order.
func (m *mailer) orderLink(o *registration.Order) string {
	return m.links.Order(o.Code, m.store.Keys().OrderSecret(o.ID, o.SecretVersion))
}

// addressing says who a mail of an event comes from and goes to.
func (m *mailer) addressing(job string, e *registration.Event, to registration.Person, lang registration.Lang) notify.Addressing {
	organizer := notify.Address{Name: e.Organizer.Name.In(lang), Email: e.Organizer.Email}
	a := notify.Addressing{To: to, Lang: lang, From: organizer}
	switch {
	case m.from != nil:
		a.From = notify.Address{Name: m.from.Name, Email: m.from.Address}
		if a.From.Name == "" {
			a.From.Name = organizer.Name
		}
	case organizer.Email == "":
		a.From.Email = noReply(m.links.Base)
	}
	if organizer.Email != "" && organizer.Email != a.From.Email {
		a.ReplyTo = organizer
	}
	a.MessageID = notify.MessageID(job, a.From)
	return a
}

// noReply is a sender for events whose organizer has no e-mail address.
func noReply(base string) string {
	host := "localhost"
	if u, err := url.Parse(base); err == nil && u.Hostname() != "" && !loopbackHost(u.Hostname()) {
		host = u.Hostname()
	}
	return "no-reply@" + host
}
