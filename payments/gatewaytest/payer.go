package gatewaytest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/payments"
)

// Payer is somebody with a browser in front of the sandbox at Base: it follows no redirect by itself.
type Payer struct {
	T    testing.TB
	Base string
}

// Back is what a browser brings from the gateway: the address with its query, and a form when it comes by POST. The zero Back is a
// browser that stays where it is.
type Back struct {
	To   string
	Form url.Values
}

// Page is one answer.
type Page struct {
	Status   int
	Body     []byte
	Location string // absolute
	Proto    string // such as HTTP/1.1
}

// Get reads an address.
func (p *Payer) Get(address string) Page { return p.exchange(http.MethodGet, address, nil) }

// Post sends a form.
func (p *Payer) Post(address string, form url.Values) Page {
	return p.exchange(http.MethodPost, address, form)
}

func (p *Payer) exchange(method, address string, form url.Values) Page {
	p.T.Helper()
	req, err := http.NewRequestWithContext(p.T.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		p.T.Fatalf("request: %v", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return p.do(req)
}

// window is where an address of the gateway leads in the end.
func (p *Payer) window(address string) string {
	p.T.Helper()
	for range 5 {
		page := p.Get(address)
		if page.Location == "" {
			break
		}
		address = page.Location
	}
	return address
}

// Tell posts JSON to the sandbox's control API and expects its consent.
func (p *Payer) Tell(path string, in any) {
	p.T.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		p.T.Fatalf("write: %v", err)
	}
	req, err := http.NewRequestWithContext(p.T.Context(), http.MethodPost, p.Base+"/_sandbox/api/"+path, bytes.NewReader(raw))
	if err != nil {
		p.T.Fatalf("request: %v", err)
	}
	if got := p.do(req); got.Status != http.StatusOK {
		p.T.Fatalf("%s %s: %d %s", path, raw, got.Status, got.Body)
	}
}

func (p *Payer) do(req *http.Request) Page {
	p.T.Helper()
	res, err := payments.NewTransport(20 * time.Second).Do(req)
	if err != nil {
		p.T.Fatalf("%s %s: %v", req.Method, req.URL, err)
	}
	body, err := io.ReadAll(res.Body)
	if cerr := res.Body.Close(); err != nil || cerr != nil {
		p.T.Fatalf("read %s: %v, %v", req.URL, err, cerr)
	}
	page := Page{Status: res.StatusCode, Body: body, Proto: res.Proto}
	if to, err := res.Location(); err == nil {
		page.Location = to.String()
	}
	return page
}

// Pay goes from a launch through the window with one choice.
func (k Kit) Pay(p *Payer, l payments.Launch, card string) Back {
	p.T.Helper()
	window, refused := k.Window(p, l)
	if window == "" {
		p.T.Fatalf("no window: %s", refused)
	}
	return k.press(p, l, window, card)
}

// press presses a button in an open window.
func (k Kit) press(p *Payer, l payments.Launch, window, card string) Back {
	p.T.Helper()
	if k.Choose != nil {
		return k.Choose(p, l, window, card)
	}
	return p.Click(window, card)
}

// Click presses a button in a window. A payer who stays in the window, or at the gateway, is brought back nowhere.
func (p *Payer) Click(window, card string) Back {
	p.T.Helper()
	page := p.Post(window, url.Values{"card": {card}})
	if page.Status >= http.StatusBadRequest {
		p.T.Fatalf("%s in %s: %d\n%s", card, window, page.Status, page.Body)
	}
	if strings.HasPrefix(page.Location, p.Base) {
		return Back{}
	}
	return Back{To: page.Location}
}

// ReadLaunch reads what a hand-over page gives to the gateway's script. Numbers keep their text.
func ReadLaunch(raw []byte) (l payments.Launch, err error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	err = dec.Decode(&l)
	return l, err
}

// Read reads a member of a launch's call by its path with dots, "" when it is not there.
func Read(l payments.Launch, path string) string {
	var at any = map[string]any(l.Call)
	for _, name := range strings.Split(path, ".") {
		m, ok := at.(map[string]any)
		if !ok {
			return ""
		}
		at = m[name]
	}
	switch v := at.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	return ""
}

// set changes a member of a launch's call by its path.
func set(call map[string]any, path string, value any) {
	head, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		call[head] = value
		return
	}
	if m, ok := call[head].(map[string]any); ok {
		set(m, rest, value)
	}
}

// calm forgets the faults that are still armed, and reports whether there were any.
func (p *Payer) calm() (were bool) {
	p.T.Helper()
	address := p.Base + "/_sandbox/api/faults"
	was := p.Get(address)
	p.exchange(http.MethodDelete, address, nil)
	return strings.TrimSpace(string(was.Body)) != "[]" && strings.TrimSpace(string(was.Body)) != "null"
}
