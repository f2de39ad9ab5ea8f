package handlers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"foyer/documents"
	"foyer/registration"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// groupDraft is a group as far as it has been filled in. People is empty until the list has been taken.
type groupDraft struct {
	Payer   registration.Person `json:"payer"`
	Table   string              `json:"table"` // as it was pasted, or as the file had it
	People  []groupPerson       `json:"people,omitempty"`
	Voucher string              `json:"voucher,omitempty"`
}

// Limits of a list.
const (
	maxList     = 2 << 20   // of a post with a list
	maxKeptList = 256 << 10 // of a list that is kept while it has mistakes
)

// groupEvent is the event of a group's page; CodeNotFound when the event takes no groups.
func (s *Server) groupEvent(c echo.Context) (*registration.Event, error) {
	e, err := s.openEvent(c)
	if e != nil && e.Groups.Max == 0 {
		return nil, registration.Fail(registration.CodeNotFound, "event.unknown")
	}
	return e, err
}

// showGroup handles GET /e/{event}/register/group: who pays, and the list of the people.
func (s *Server) showGroup(c echo.Context) error {
	e, err := s.groupEvent(c)
	if err != nil {
		return s.closedOr(c, e, err)
	}
	d, err := s.openDraft(c, e, true)
	if err != nil {
		return err
	}
	if d.Group == nil {
		d.Group = &groupDraft{}
	}
	return s.renderGroup(c, http.StatusOK, e, d, nil, nil)
}

// submitGroup handles POST /e/{event}/register/group. What was typed is kept also when the list has mistakes.
func (s *Server) submitGroup(c echo.Context) error {
	e, err := s.groupEvent(c)
	if err != nil {
		return err
	}
	f, file, err := readListForm(c)
	if err != nil {
		return err
	}
	d, err := s.openDraft(c, e, false)
	if err != nil {
		return err
	}
	g := &groupDraft{Payer: registration.Person{Name: f.line("name"), Email: f.email("email"), Affiliation: f.line("organization")}}
	d.Group, d.Cart, d.Person, d.Answers, d.Papers = g, registration.Cart{}, registration.Person{}, nil, nil
	d.Proof, d.Files = registration.Proof{}, nil // people of a list hand theirs in on their own pages
	problems, err := problemsOf("register", formOf(g.Payer))
	if err != nil {
		return err
	}
	var wrong []views.Problem
	g.Voucher, wrong = typedVoucher(f)
	problems = append(problems, wrong...)
	given := answered(e, f)
	categories, listed := g.read(e, langOf(c), f, file)
	questions := onceOfGroup(e, categories, given)
	d.ForOrder, wrong = answerProblems(questions, given)
	problems = append(problems, firstOfEach(slices.Concat(opened(questions, given, f), wrong))...)
	if len(problems) == 0 && len(listed) == 0 {
		if problems, listed, err = s.groupFits(c, e, d); err != nil {
			return err
		}
	}
	if len(problems) > 0 || len(listed) > 0 {
		_, d.ForOrder = split(e, given) // also what turned out not to be asked
		return s.refuseGroup(c, e, d, problems, listed)
	}
	if err := s.saveDraft(c, e, d); err != nil {
		return err
	}
	return goTo(c, views.RegisterCheckPath(e.Slug))
}

// refuseGroup shows the page again with everything that was typed, and keeps it.
func (s *Server) refuseGroup(c echo.Context, e *registration.Event, d *draft, problems []views.Problem, listed []views.ListProblem) error {
	d.Group.People, d.Group.Payer, d.ForOrder = nil, shown(d.Group.Payer), withoutCards(d.ForOrder)
	if len(d.Group.Table) <= maxKeptList {
		if err := s.saveDraft(c, e, d); err != nil {
			return err
		}
	}
	return s.renderGroup(c, http.StatusUnprocessableEntity, e, d, problems, listed)
}

// read takes the list out of the form, of the file when there is one, and tells the categories of its people, as far as they can be read.
func (g *groupDraft) read(e *registration.Event, l registration.Lang, f form, file []byte) (categories []string, problems []views.ListProblem) {
	typed := ""
	if v := f["people"]; len(v) > 0 {
		typed = pasted(v[0])
	}
	data := []byte(typed)
	if len(file) > 0 {
		data = file
	}
	g.Table = typed
	rows, err := documents.ReadTable(data)
	if err != nil {
		key := tableKey(err)
		switch {
		case len(file) > 0:
		case errors.Is(err, documents.ErrTableEmpty):
			key = "group.empty"
		case errors.Is(err, documents.ErrTableKind):
			key = "group.table"
		}
		return nil, []views.ListProblem{{Key: key}}
	}
	if again := tableText(rows); len(file) > 0 || registration.HoldsCardNumber(typed) || strings.Count(again, "\n") != strings.Count(strings.TrimRight(typed, "\n"), "\n") {
		g.Table = again // rows as they are counted
	}
	people, problems := readList(e, l, rows, answered(e, f))
	for i := range people {
		categories = append(categories, people[i].Cart.Category)
	}
	if len(problems) == 0 {
		g.People = people
	}
	return categories, problems
}

// pasted is a pasted text without what is no text; line ends and tabs stay.
func pasted(text string) string {
	return strings.Map(func(r rune) rune {
		if (r < ' ' && r != '\n' && r != '\t') || r == '\ufffd' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}

// readListForm reads a form with a list, and the file when one came along: 413 when it is too long.
func readListForm(c echo.Context) (f form, file []byte, err error) {
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, maxList)
	kind, _, _ := strings.Cut(r.Header.Get(echo.HeaderContentType), ";")
	if strings.EqualFold(strings.TrimSpace(kind), echo.MIMEMultipartForm) {
		err = r.ParseMultipartForm(maxList)
	} else {
		err = r.ParseForm()
	}
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return nil, nil, echo.NewHTTPError(http.StatusRequestEntityTooLarge).SetInternal(err)
	}
	if err != nil {
		return nil, nil, echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	}
	if r.MultipartForm == nil {
		return form(r.PostForm), nil, nil
	}
	defer func() { err = errors.Join(err, r.MultipartForm.RemoveAll()) }()
	if part, _, missing := r.FormFile("file"); missing == nil {
		file, err = io.ReadAll(part)
		err = errors.Join(err, part.Close())
	}
	return form(maps.Clone(url.Values(r.MultipartForm.Value))), file, err
}

// groupQuotes prices each person of a group at now. A voucher counts for those whom it is worth something; it is refused when that is
// nobody. row is the one of the person whose choice cannot be priced, with the failure.
func (s *Server) groupQuotes(ctx context.Context, e *registration.Event, g *groupDraft) (quotes registration.Quotes, row int, err error) {
	v, err := s.voucher(ctx, e, g.Voucher)
	if err != nil {
		return nil, 0, err
	}
	if v != nil {
		if err := v.Usable(s.cfg.Now()); err != nil {
			return nil, 0, err
		}
	}
	for _, p := range g.People {
		q, err := e.PriceWith(p.Cart, v, s.cfg.Now())
		if hasKey(err, "voucher.scope") {
			q, err = e.Price(p.Cart, s.cfg.Now())
		}
		if err != nil {
			return nil, p.Row, err
		}
		quotes = append(quotes, q)
	}
	if used, _ := quotes.Voucher(); v != nil && used == nil {
		return nil, 0, registration.Fail(registration.CodeInvalid, "voucher.scope")
	}
	return quotes, 0, nil
}

// groupFits says why a group whose list is right cannot be registered like this: a price that does not exist, a code, places.
func (s *Server) groupFits(c echo.Context, e *registration.Event, d *draft) ([]views.Problem, []views.ListProblem, error) {
	ctx := c.Request().Context()
	quotes, row, err := s.groupQuotes(ctx, e, d.Group)
	if failed, ok := errors.AsType[*registration.Error](err); ok && failed.Code == registration.CodeInvalid {
		if row == 0 {
			return []views.Problem{{Field: "voucher", Key: failed.Key}}, nil, nil
		}
		return nil, []views.ListProblem{{Row: row, Key: failed.Key}}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if v, uses := quotes.Voucher(); v != nil && uses > v.PerOrder() {
		return []views.Problem{{Field: "voucher", Key: "voucher.many", Args: []any{"n", v.PerOrder(), "uses", uses}}}, nil, nil
	}
	listed, err := s.groupProofs(ctx, langOf(c), e, d.Group)
	if err != nil || len(listed) > 0 {
		return nil, listed, err
	}
	listed, err = s.groupMissing(ctx, e, d, quotes)
	return nil, listed, err
}

// groupMissing lists what the group wants more of than is left.
func (s *Server) groupMissing(ctx context.Context, e *registration.Event, d *draft, quotes registration.Quotes) ([]views.ListProblem, error) {
	free, err := s.cfg.Store.Left(ctx, e.ID)
	if err != nil {
		return nil, fmt.Errorf("count places: %w", err)
	}
	var list []views.ListProblem
	taken := quotes.Places(e, d.Group.answers(), d.ForOrder)
	for _, quota := range slices.Sorted(maps.Keys(taken)) {
		if left, counted := free[quota]; counted && taken[quota] > left && !registration.IsVoucherQuota(quota) {
			list = append(list, views.ListProblem{Quota: quota, Key: "group.full", Args: []any{"n", taken[quota], "left", max(left, 0)}})
		}
	}
	return list, nil
}

// answers are those of the people, in their order.
func (g *groupDraft) answers() []registration.Answers {
	var all []registration.Answers
	for _, p := range g.People {
		all = append(all, p.Answers)
	}
	return all
}

func (s *Server) renderGroup(c echo.Context, status int, e *registration.Event, d *draft, problems []views.Problem, listed []views.ListProblem) error {
	l := langOf(c)
	has, err := s.cfg.Store.HasVouchers(c.Request().Context(), e.ID)
	if err != nil {
		return err
	}
	page := views.RegisterGroupPage{
		Page: frame(c, e, views.RegisterGroupPath(e.Slug), "group.title"), Event: e, Now: s.cfg.Now(), Payer: d.Group.Payer, Table: d.Group.Table, AskVoucher: has,
		Voucher: d.Group.Voucher, Problems: problems, Listed: listed,
		Asked: groupQuestions(e, d.ForOrder, problems),
	}
	page.Page.Private, page.Page.Error = true, len(problems)+len(listed) > 0
	page.Needed, page.Possible = columnTitles(l, e)
	return s.render(c, status, views.RegisterGroup(page))
}

// showGroupSample handles GET /e/{event}/register/group/sample.csv: an empty list with the columns that the event takes.
func (s *Server) showGroupSample(c echo.Context) error {
	e, err := s.groupEvent(c)
	if err != nil {
		return s.closedOr(c, e, err)
	}
	needed, possible := columnTitles(langOf(c), e)
	return sendEmptyList(c, e, append(needed, possible...))
}

// sendEmptyList answers with a CSV file that has nothing but the titles of its columns.
func sendEmptyList(c echo.Context, e *registration.Event, titles []string) error {
	columns := make([]documents.Column, len(titles))
	for i, title := range titles {
		columns[i].Title = title
	}
	var file strings.Builder
	list, err := documents.NewCSV(&file, columns)
	if err != nil {
		return fmt.Errorf("write list: %w", err)
	}
	if err := list.Close(); err != nil {
		return fmt.Errorf("write list: %w", err)
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+e.Slug+`-list.csv"`)
	return c.Blob(http.StatusOK, exportTypes["csv"], []byte(file.String()))
}
