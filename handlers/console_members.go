package handlers

import (
	"fmt"
	"net/http"

	"foyer/documents"
	"foyer/registration"
	"foyer/views"
)

// Bounds of what a preview shows.
const (
	membersShown  = 10
	memberFileMax = documents.MaxTable + 64<<10
)

// showMembers handles GET /console/{event}/members: how long the list is, and a form that brings another.
func (o *office) showMembers(v *visit) error {
	return o.renderMembers(v, http.StatusOK, nil, "")
}

func (o *office) renderMembers(v *visit, status int, preview *views.MemberPreview, wrong string) error {
	n, err := o.cfg.Store.CountMembers(v.Request().Context(), v.event.ID)
	if err != nil {
		return err
	}
	page := views.ConsoleMembersPage{
		Page: v.page(views.ConsoleMembersPath(v.event.Slug)), Count: n, Done: v.QueryParam("done") == "1", Preview: preview,
	}
	page.Page.NoSwitch = preview != nil
	if wrong != "" {
		page.Problems = []views.Problem{{Field: "file", Key: wrong}}
	}
	if page.Nav, err = o.nav(v, "evidence"); err != nil {
		return err
	}
	return o.render(v, status, views.ConsoleMembers(page))
}

// uploadMembers handles POST /console/{event}/members: the file is read, and what it would bring is shown. Nothing counts yet.
func (o *office) uploadMembers(v *visit) error {
	r := v.Request()
	r.Body = http.MaxBytesReader(v.Response(), r.Body, memberFileMax)
	name, data, err := uploaded(r)
	switch {
	case err != nil:
		return o.renderMembers(v, http.StatusUnprocessableEntity, nil, "reconcile.file_size")
	case name == "":
		return o.renderMembers(v, http.StatusUnprocessableEntity, nil, "reconcile.file_missing")
	}
	preview, _, wrong := readMembers(name, data)
	if wrong != "" {
		return o.renderMembers(v, http.StatusUnprocessableEntity, preview, wrong)
	}
	if preview.Upload, err = o.cfg.Store.KeepMemberFile(r.Context(), v.event.ID, preview.Name, data); err != nil {
		return fmt.Errorf("keep member list: %w", err)
	}
	return o.renderMembers(v, http.StatusOK, preview, "")
}

// readMembers reads a member list and says what it would bring, or the key of what is wrong with it.
func readMembers(name string, data []byte) (*views.MemberPreview, []registration.Member, string) {
	rows, err := documents.ReadTable(data)
	if err != nil {
		return nil, nil, tableKey(err)
	}
	list, lines, wrong, ok := registration.ReadMembers(rows)
	if !ok {
		return nil, nil, "console.members.columns"
	}
	p := &views.MemberPreview{Name: cleaned(name[:min(len(name), 200)], registration.CleanLine), Count: len(list), Wrong: wrong}
	for i, m := range list[:min(len(list), membersShown)] {
		p.Rows = append(p.Rows, views.MemberRow{Line: lines[i], Number: m.Number, Name: m.Name})
	}
	switch {
	case len(wrong) > 0:
		return p, nil, "console.members.mend"
	case len(list) == 0:
		return nil, nil, "console.members.empty"
	}
	return p, list, ""
}

// replaceMembers handles POST /console/{event}/members/replace: the list that was shown counts from now on. The same form again leads to
// the page of the list.
func (o *office) replaceMembers(v *visit) error {
	f, err := readForm(v)
	if err != nil {
		return err
	}
	ctx := v.Request().Context()
	name, data, err := o.cfg.Store.MemberFile(ctx, v.event.ID, f.line("upload"))
	if isCode(err, registration.CodeNotFound) {
		return goTo(v, views.ConsoleMembersPath(v.event.Slug))
	}
	if err != nil {
		return fmt.Errorf("read member list: %w", err)
	}
	preview, list, wrong := readMembers(name, data)
	if wrong != "" {
		return o.renderMembers(v, http.StatusUnprocessableEntity, preview, wrong)
	}
	if err := o.cfg.Store.ReplaceMembers(ctx, v.event.ID, list, v.staff.Actor()); err != nil {
		return fmt.Errorf("replace members: %w", err)
	}
	return goTo(v, views.ConsoleMembersPath(v.event.Slug)+"?done=1")
}
