package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// setupRoutes are the pages on which an event is made and changed.
func (o *office) setupRoutes() {
	o.clearingRoutes()
	const topic = "/console/:event/setup/:topic"
	o.page(views.ConsoleNewPath, private(o.signedIn(o.showNew)))
	o.echo.POST(views.ConsoleNewPath, private(o.signedIn(o.submitNew)))
	o.page(topic, private(o.at(store.Staff.MayEdit, o.showSetup)))
	o.echo.POST(topic, private(o.at(store.Staff.MayRefund, o.submitSetup)))
	o.page("/console/:event/leftovers", private(o.at(store.Staff.MayEdit, o.showLeftovers)))
}

// showSetup handles GET /console/{event}/setup/{topic}.
func (o *office) showSetup(v *visit) error {
	topic := topicOf(v.Param("topic"))
	if topic == nil {
		return registration.Fail(registration.CodeNotFound, "event.unknown")
	}
	stored, tree, err := o.setupTree(v)
	if err != nil {
		return err
	}
	form := newSetupForm(topic, v.event, tree, v.lang(), nil)
	form.kept = stored.Kept
	return o.renderSetup(v, http.StatusOK, form, stored, views.SetupPage{Saved: v.QueryParam("saved") != ""})
}

// setupTree reads the event as its file, and the file as a tree.
func (o *office) setupTree(v *visit) (store.StoredFile, registration.FileTree, error) {
	stored, err := o.cfg.Store.EventFile(v.Request().Context(), v.event.Slug)
	if err != nil {
		return stored, registration.FileTree{}, fmt.Errorf("read the event: %w", err)
	}
	data, err := registration.WriteEventFile(stored.EventFile)
	if err != nil {
		return stored, registration.FileTree{}, err
	}
	tree, err := registration.ReadFileTree(data)
	if err == nil && !tree.Has("phases") { // the one phase that a file need not name can be seen and followed by others
		only := registration.NewFileTree()
		only.Set("id", "regular")
		tree.SetItems("phases", []registration.FileTree{only})
	}
	return stored, tree, err
}

func (o *office) renderSetup(v *visit, status int, form *setupForm, stored store.StoredFile, page views.SetupPage) error {
	page.Page, page.Topic, page.MayEdit = v.page(views.SetupPath(v.event.Slug, form.topic.id)), form.topic.id, v.staff.MayRefund()
	if page.Version == "" {
		page.Version = strconv.FormatInt(stored.Version, 10)
	}
	for _, t := range setupTopics {
		page.Topics = append(page.Topics, t.id)
	}
	page.State, page.Preview = v.event.State, previews(v.event.WindowAt(o.cfg.Now()))
	page.Problems = form.problems
	page.Page.Error, page.Page.NoSwitch = len(form.problems) > 0, status != http.StatusOK || page.Checked != "" || page.Sure
	if form.topic.id == setupFile && page.File == "" && form.posted == nil {
		data, err := registration.WriteEventFile(stored.EventFile)
		if err != nil {
			return err
		}
		page.File = string(data)
	}
	if page.Fields == nil && page.Lists == nil {
		page.Fields, page.Lists = form.fields(), form.lists()
	}
	page.Doubts = form.doubts(&stored.Event)
	form.inOrder(page.Problems)
	nameProblems(&page)
	var err error
	if page.Nav, err = o.nav(v, "setup"); err != nil {
		return err
	}
	return o.render(v, status, views.Setup(page))
}

// readSetup reads a setup form, which may be longer than others.
func readSetup(v *visit) (url.Values, error) {
	body, err := readAll(v, maxSetup)
	if err != nil {
		return nil, err
	}
	posted, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, registration.Fail(registration.CodeInvalid, "form.text")
	}
	return posted, nil
}

// submitSetup handles POST /console/{event}/setup/{topic}: the changed event goes through the check of every event file.
func (o *office) submitSetup(v *visit) error {
	topic := topicOf(v.Param("topic"))
	if topic == nil {
		return registration.Fail(registration.CodeNotFound, "event.unknown")
	}
	posted, err := readSetup(v)
	if err != nil {
		return err
	}
	stored, tree, err := o.setupTree(v)
	if err != nil {
		return err
	}
	form := newSetupForm(topic, v.event, tree, v.lang(), posted)
	form.kept = stored.Kept
	page := views.SetupPage{Version: posted.Get("version")}
	if topic.id == setupFile {
		return o.submitFile(v, form, stored, page)
	}
	page.Fields, page.Lists = form.fields(), form.lists() // as typed, before the tree changes under them
	form.take()
	data, err := form.tree.Bytes()
	if err != nil {
		return err
	}
	return o.applySetup(v, form, stored, page, data)
}

// applySetup stores what a form has made of the event, or shows the form again with what is wrong.
func (o *office) applySetup(v *visit, form *setupForm, stored store.StoredFile, page views.SetupPage, data []byte) error {
	file, err := parseSetup(stored, data)
	if wrong, ok := errors.AsType[*registration.FileError](err); ok {
		form.fail(wrong.Problems)
	} else if err != nil {
		return err
	}
	if len(form.secrets) > 0 && err == nil {
		form.putSecrets(file.Channels)
	}
	version, err := strconv.ParseInt(page.Version, 10, 64)
	if err != nil || version != stored.Version {
		form.problems = append([]views.Problem{{Field: "main", Key: "setup.moved"}}, form.problems...)
		return o.renderSetup(v, http.StatusConflict, form, stored, page)
	}
	if len(form.problems) > 0 {
		return o.renderSetup(v, http.StatusUnprocessableEntity, form, stored, page)
	}
	if callsOff(form, &stored.Event, &file.Event) {
		page.Sure = true
		return o.renderSetup(v, http.StatusOK, form, stored, page)
	}
	_, err = o.cfg.Store.ApplyFile(v.Request().Context(), store.Incoming{
		File: file, Connect: o.cfg.Cashier.Connect, Actor: v.staff.Actor(), Version: version, Console: true,
	})
	if wrong, ok := errors.AsType[*registration.FileError](err); ok {
		form.fail(wrong.Problems)
		return o.renderSetup(v, http.StatusUnprocessableEntity, form, stored, page)
	}
	if isCode(err, registration.CodeConflict) {
		form.problems = []views.Problem{{Field: "main", Key: "setup.moved"}}
		return o.renderSetup(v, http.StatusConflict, form, stored, page)
	}
	if err != nil {
		return fmt.Errorf("store the event: %w", err)
	}
	return goTo(v, views.SetupPath(v.event.Slug, form.topic.id)+"?saved=1"+form.moved)
}

// callsOff reports whether a form cancels the event without having said once more that it is meant. A file shows its changes first anyway.
func callsOff(form *setupForm, stored, changed *registration.Event) bool {
	return changed.CalledOff() && !stored.CalledOff() && form.topic.id != setupFile && form.posted.Get("sure") == ""
}

// parseSetup reads a changed event file of the console. References that are stored stay as they are: the server's environment need not
// hold them. What only a file on the server may say is refused: other credentials and other addresses of gateways, and another slug.
func parseSetup(stored store.StoredFile, data []byte) (registration.EventFile, error) {
	file, err := registration.ParseEventFile("event.yaml", data, func(string) (string, bool) { return "kept", true })
	if err != nil {
		return file, err
	}
	wrong := &registration.FileError{Name: "event.yaml"}
	refuse := func(line int, path, say string) {
		wrong.Problems = append(wrong.Problems, registration.FileProblem{Line: line, Path: path, Say: say, Text: path + ": " + say})
	}
	if file.Event.Slug != stored.Event.Slug {
		refuse(1, "event.slug", "cannot be changed")
	}
	was := map[string]registration.ChannelSpec{}
	for _, c := range stored.Channels {
		was[c.ID] = c
	}
	for i, c := range file.Channels {
		old, path := was[c.ID], fmt.Sprintf("channels[%d]", i)
		for name := range c.Credentials {
			if c.Refs[name] == "" || c.Refs[name] != old.Refs[name] || c.Gateway != old.Gateway {
				refuse(c.Line, path+".credentials", "keys are entered on the channel's own page")
			}
		}
		if (c.APIURL != "" && c.APIURL != old.APIURL) || (c.ScriptURL != "" && c.ScriptURL != old.ScriptURL) {
			refuse(c.Line, path+".api_url", "addresses of a gateway can be changed by event apply only")
		}
	}
	if len(wrong.Problems) > 0 {
		return file, wrong
	}
	return file, nil
}

// submitFile is submitSetup for the file as a whole: what would change is shown first.
func (o *office) submitFile(v *visit, form *setupForm, stored store.StoredFile, page views.SetupPage) error {
	text := strings.ReplaceAll(form.posted.Get("file"), "\r\n", "\n")
	page.File = form.shownAgain("file")
	form.names = []string{"file"}
	if registration.HoldsCardNumber(text) {
		form.wrong("file", "form.nocard")
		return o.renderSetup(v, http.StatusUnprocessableEntity, form, stored, page)
	}
	file, err := parseSetup(stored, []byte(text))
	if wrong, ok := errors.AsType[*registration.FileError](err); ok {
		for _, w := range wrong.Problems {
			p := sayProblem(form.lang, w)
			p.Field, p.Of = "file", views.T(form.lang, "setup.line", "line", w.Line, "path", w.Path)
			form.problems = append(form.problems, p)
		}
		return o.renderSetup(v, http.StatusUnprocessableEntity, form, stored, page)
	}
	if err != nil {
		return err
	}
	digest := store.Hash(text)
	if form.posted.Get("checked") == digest {
		return o.applySetup(v, form, stored, page, []byte(text))
	}
	page.Checked = digest
	for _, c := range store.EventChanges(&stored.Event, &file.Event) {
		page.Changes = append(page.Changes, views.SetupChange{Path: c.Path, From: c.From, To: c.To})
	}
	return o.renderSetup(v, http.StatusOK, form, stored, page)
}
