package gatewaytest

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
)

// Fake is a real HTTP server that answers an adapter with what a test wrote down, byte for byte.
type Fake struct {
	*httptest.Server
	// Always are headers of every answer.
	Always http.Header

	t    testing.TB
	mu   sync.Mutex
	seen []Seen
}

// Seen is one request as it came over the wire.
type Seen struct {
	Line   string // method and path
	Whole  string // method, path and query
	Query  url.Values
	Header http.Header
	Body   string
}

// Form reads the body as a form; what is none is empty.
func (s Seen) Form() url.Values {
	form, err := url.ParseQuery(s.Body)
	if err != nil {
		return nil
	}
	return form
}

// Reply is one prepared answer.
type Reply struct {
	Status int
	Body   string
	Kind   string // content type; application/json when empty
	Header http.Header
	Raw    func(w http.ResponseWriter) // writes the answer in place of the rest
	Next   *Reply                      // takes its place once it was given
}

// Then gives r once, and after it next.
func (r Reply) Then(next Reply) Reply {
	r.Next = &next
	return r
}

// NewFake serves the replies by "METHOD path"; a request for anything else gets missing.
func NewFake(t testing.TB, replies map[string]Reply, missing Reply) *Fake {
	t.Helper()
	f := &Fake{t: t, Always: http.Header{}}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		line := r.Method + " " + r.URL.EscapedPath()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read request: %v", err)
		}
		f.mu.Lock()
		f.seen = append(f.seen, Seen{Line: line, Whole: r.Method + " " + r.URL.RequestURI(), Query: r.URL.Query(), Header: r.Header, Body: string(body)})
		re, ok := replies[line]
		if ok && re.Next != nil {
			replies[line] = *re.Next
		}
		f.mu.Unlock()
		if !ok {
			re = missing
		}
		f.Send(w, re)
	}))
	t.Cleanup(f.Close)
	return f
}

// Send writes an answer.
func (f *Fake) Send(w http.ResponseWriter, re Reply) {
	if re.Raw != nil {
		re.Raw(w)
		return
	}
	if re.Kind == "" {
		re.Kind = "application/json"
	}
	w.Header().Set("Content-Type", re.Kind)
	maps.Copy(w.Header(), f.Always)
	maps.Copy(w.Header(), re.Header)
	w.WriteHeader(re.Status)
	if _, err := io.WriteString(w, re.Body); err != nil {
		f.t.Logf("write answer: %v", err)
	}
}

// Requests are what came so far.
func (f *Fake) Requests() []Seen {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Seen(nil), f.seen...)
}

// Lines are the methods and paths of what came so far.
func (f *Fake) Lines() []string { return f.each(func(s Seen) string { return s.Line }) }

// WholeLines are the methods, paths and queries of what came so far.
func (f *Fake) WholeLines() []string { return f.each(func(s Seen) string { return s.Whole }) }

func (f *Fake) each(of func(Seen) string) (all []string) {
	for _, s := range f.Requests() {
		all = append(all, of(s))
	}
	return all
}

// Only gives the one request that came.
func (f *Fake) Only(t testing.TB) Seen {
	t.Helper()
	all := f.Requests()
	if len(all) != 1 {
		t.Fatalf("%d requests came, want 1: %+v", len(all), all)
	}
	return all[0]
}

// Last gives the last request that came.
func (f *Fake) Last(t testing.TB) Seen {
	t.Helper()
	all := f.Requests()
	if len(all) == 0 {
		t.Fatal("no request came")
	}
	return all[len(all)-1]
}

// Broken sends raw bytes and hangs up.
func Broken(t testing.TB, raw string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Errorf("take the connection: %v", err)
			return
		}
		if _, err := io.WriteString(conn, raw); err != nil {
			t.Errorf("write: %v", err)
		}
		if err := conn.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
}
