package handlers

import (
	"context"
	"fmt"
	"net/http"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// fileEvidence is the field for a file of evidence; files that answer questions have the names of answers.
const fileEvidence = "evidence"

// fileFields lists the fields for files that a form about a category may hold.
func fileFields(e *registration.Event, category string) []string {
	var fields []string
	if e.Category(category).Wants() == registration.EvidenceStudentID {
		fields = append(fields, fileEvidence)
	}
	for _, q := range e.Questions {
		if q.Kind == registration.AskFile {
			fields = append(fields, "answer."+q.ID)
		}
	}
	return fields
}

// takeFiles keeps the files of a form with the draft, at once: a form that is refused for another reason does not lose them. It lists
// what is wrong with those that cannot be kept.
func (s *Server) takeFiles(c echo.Context, e *registration.Event, d *draft, f form, files uploads) (problems []views.Problem, err error) {
	changed := false
	for _, field := range fileFields(e, d.Cart.Category) {
		u := files[field]
		switch {
		case u != nil:
			file, wrong := u.file(field)
			if wrong != "" {
				problems = append(problems, views.Problem{Field: views.FieldID(field), Key: wrong})
				continue
			}
			if err := s.mayUpload(c); err != nil {
				return nil, err
			}
			if d.session.IsNew { // a file needs a draft to belong to
				if err := s.saveDraft(c, e, d); err != nil {
					return nil, err
				}
				d.session.IsNew = false
			}
			id, err := s.cfg.Store.KeepDraftFile(c.Request().Context(), d.id(), e.ID, file)
			if err != nil {
				return nil, fmt.Errorf("keep file: %w", err)
			}
			if d.Files == nil {
				d.Files = map[string]string{}
			}
			d.Files[field], changed = registration.FileAnswer(id, file.Name), true
		case f.raw("remove."+field) != "" && d.Files[field] != "":
			if err := s.cfg.Store.DropDraftFile(c.Request().Context(), d.id(), field); err != nil {
				return nil, err
			}
			delete(d.Files, field)
			changed = true
		}
	}
	if !changed {
		return problems, nil
	}
	return problems, s.saveDraft(c, e, d)
}

// withFiles adds the draft's files to answers.
func (d *draft) withFiles(e *registration.Event, given registration.Answers) registration.Answers {
	for _, q := range e.Questions {
		if file := d.Files["answer."+q.ID]; q.Kind == registration.AskFile && file != "" {
			given[q.ID] = []string{file}
		}
	}
	return given
}

// keptEvidence is the name of the draft's file of evidence, "" for none.
func (d *draft) keptEvidence() string {
	_, name, _ := registration.CutFileAnswer(d.Files[fileEvidence])
	return name
}

// takeProof reads what the form gives as evidence, and what is wrong with it.
func (s *Server) takeProof(ctx context.Context, e *registration.Event, d *draft, f form, name string) ([]views.Problem, error) {
	d.Proof = registration.Proof{}
	switch e.Category(d.Cart.Category).Wants() {
	case registration.EvidenceStudentID:
		d.Proof.File = d.Files[fileEvidence]
		d.Proof.Later = d.Proof.File == "" && f.raw("evidence_later") != ""
		if d.Proof.File == "" && !d.Proof.Later {
			return []views.Problem{{Field: fileEvidence, Key: "evidence.file.missing"}}, nil
		}
	case registration.EvidenceMemberNumber:
		number, wrong := memberNumber(f)
		d.Proof.Number = number
		if wrong == "" && name != "" {
			err := s.cfg.Store.MemberFits(ctx, e.ID, number, name)
			switch {
			case isCode(err, registration.CodeInvalid):
				wrong = "evidence.number.wrong"
			case err != nil:
				return nil, err
			}
		}
		if wrong != "" {
			return []views.Problem{{Field: "member_number", Key: wrong}}, nil
		}
	}
	return nil, nil
}

// proves reports whether the draft holds what its category asks for. A file must still be the draft's.
func (d *draft) proves(e *registration.Event) bool {
	switch e.Category(d.Cart.Category).Wants() {
	case registration.EvidenceStudentID:
		return d.Proof.Later || (d.Proof.File != "" && d.Proof.File == d.Files[fileEvidence])
	case registration.EvidenceMemberNumber:
		return d.Proof.Number != ""
	}
	return true
}

// shownProof is the evidence as the check page has shown it; nothing for a category without.
func (d *draft) shownProof() registration.Answers {
	if d.Proof == (registration.Proof{}) {
		return nil
	}
	return registration.Answers{fileEvidence: {d.Proof.File, d.Proof.Number}}
}

// categories are those of all people of the draft.
func (d *draft) categories() []string {
	if d.Group == nil {
		return []string{d.Cart.Category}
	}
	var all []string
	for _, p := range d.Group.People {
		all = append(all, p.Cart.Category)
	}
	return all
}

// waits reports whether an order of these categories would wait for staff: not where the member list decides at once.
func (s *Server) waits(ctx context.Context, e *registration.Event, categories []string) (bool, error) {
	for _, category := range categories {
		if e.ApprovalOf(category) != registration.ApprovalBefore {
			continue
		}
		if len(categories) > 1 || e.Category(category).Evidence != registration.EvidenceMemberNumber {
			return true, nil
		}
		n, err := s.cfg.Store.CountMembers(ctx, e.ID)
		return n == 0, err
	}
	return false, nil
}

// refuseProof shows the page about the person again, after somebody else has used the member number meanwhile or a file has gone.
func (s *Server) refuseProof(c echo.Context, k *checked, err error) error {
	if k.draft.Group != nil || !hasKey(err, "evidence.number.wrong") {
		return s.backTo(c, k.event, k.draft, err)
	}
	k.draft.changing = true
	return s.renderPerson(c, http.StatusConflict, k.event, k.draft, []views.Problem{{Field: "member_number", Key: "evidence.number.wrong"}})
}

// keepFiles gives keep the files of a form for those questions that it asks, and says what is wrong with others. A form that comes again
// only to be shown has none.
func (s *Server) keepFiles(c echo.Context, questions []registration.Question, f form, files uploads, keep func(*registration.Question, store.NewFile) error) (problems []views.Problem, err error) {
	for i := range questions {
		q := &questions[i]
		u := files["answer."+q.ID]
		if u == nil || q.Kind != registration.AskFile || f.onlyShow() {
			continue
		}
		file, wrong := u.file("answer." + q.ID)
		if wrong != "" {
			problems = append(problems, views.Problem{Field: views.FieldID("answer." + q.ID), Key: wrong})
			continue
		}
		if err := s.mayUpload(c); err != nil {
			return nil, err
		}
		if err := keep(q, file); err != nil {
			return nil, fmt.Errorf("keep file: %w", err)
		}
	}
	return problems, nil
}
