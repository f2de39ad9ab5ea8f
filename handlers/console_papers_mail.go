package handlers

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"foyer/notify"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// addresseesShown is how many addresses the page before the mails shows.
const addresseesShown = 200

// showPaperMail handles GET /console/{event}/papers/mail: who would be written to, and what.
func (o *office) showPaperMail(v *visit) error {
	return o.renderPaperMail(v, http.StatusOK, nil)
}

func (o *office) renderPaperMail(v *visit, status int, problems []views.Problem) error {
	people, err := o.cfg.Store.UncoveredContacts(v.Request().Context(), v.event.ID)
	if err != nil {
		return err
	}
	page := views.PaperMailPage{
		Page: v.page(views.ConsolePapersMailPath(v.event.Slug)), Problems: problems, More: max(len(people)-addresseesShown, 0),
		Subject: map[registration.Lang]string{}, Text: map[registration.Lang]string{},
	}
	now := o.cfg.Now()
	for i, a := range people {
		if a.Due(now) {
			page.Due++
		} else {
			page.Later++
		}
		if i < addresseesShown {
			page.People = append(page.People, views.PaperWriting{Name: a.Name, Email: a.Email, Papers: numbersOf(a.Papers), Mailed: a.MailAt})
		}
	}
	if page.Due > 0 {
		for _, l := range []registration.Lang{registration.Korean, registration.English} {
			m := o.paperSample(v, l, people[0])
			page.Subject[l], page.Text[l] = m.Subject, m.Text
		}
	}
	if page.Nav, err = o.nav(v, "papers"); err != nil {
		return err
	}
	return o.render(v, status, views.PaperMail(page))
}

// paperSample is the mail as its first reader would get it.
func (o *office) paperSample(v *visit, l registration.Lang, a store.PaperAddressee) notify.Mail {
	return notify.PapersMissing{
		Addressing: notify.Addressing{To: registration.Person{Name: a.Name, Email: a.Email}, Lang: l}, Event: v.event, Papers: a.Papers,
		Deadline: v.event.Papers.Deadline, Over: !v.event.Papers.OpenAt(o.cfg.Now()), Link: Links{Base: o.cfg.BaseURL}.Event(v.event.Slug),
	}.Mail()
}

func numbersOf(papers []registration.Paper) string {
	var numbers []string
	for _, p := range papers {
		numbers = append(numbers, p.Number)
	}
	return strings.Join(numbers, ", ")
}

// submitPaperMail handles POST /console/{event}/papers/mail: one mail for each address, none twice within a day.
func (o *office) submitPaperMail(v *visit) error {
	f, err := readForm(v)
	if err != nil {
		return err
	}
	lang := registration.Lang(f.raw("lang"))
	if lang != registration.Korean && lang != registration.English {
		return o.renderPaperMail(v, http.StatusUnprocessableEntity, []views.Problem{{Field: "lang-ko", Key: "papers.mail.lang_missing"}})
	}
	n, err := o.cfg.Store.MailPapers(v.Request().Context(), v.event, lang, v.staff.Actor())
	if err != nil {
		return fmt.Errorf("mail contact authors: %w", err)
	}
	return goTo(v, views.ConsolePapersPath(v.event.Slug)+"?mailed="+strconv.Itoa(n))
}
