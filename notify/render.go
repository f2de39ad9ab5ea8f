package notify

import (
	"bytes"
	"embed"
	html "html/template"
	"strings"
	text "text/template"

	"foyer/registration"
)

//go:embed templates/mail.txt templates/mail.html
var templateFiles embed.FS

var (
	textPart = text.Must(text.ParseFS(templateFiles, "templates/mail.txt"))
	htmlPart = html.Must(html.ParseFS(templateFiles, "templates/mail.html"))
)

// letter is what a mail says, before it becomes text and HTML. Both parts come from it, so they cannot disagree.
type letter struct {
	Lang     registration.Lang
	Title    string
	Test     string // the line that marks a test event; "" for a live one
	Greeting string
	Blocks   []block
	Footer   []string
}

// block is one paragraph, one list of facts, one table or one link.
type block struct {
	Text  string
	Facts []fact
	Table *table
	Link  *link
}

type fact struct{ Label, Value string }

type link struct{ Label, URL string }

type table struct {
	Caption            string
	Item, Count, Price string // column heads
	Rows               []row
}

type row struct {
	Name     string
	Quantity int64
	Amount   string
}

// say adds a paragraph; an empty one is left out.
func (l *letter) say(s string) {
	if s = oneLine(s); s != "" {
		l.Blocks = append(l.Blocks, block{Text: s})
	}
}

// list adds facts; those without a value are left out.
func (l *letter) list(facts ...fact) {
	var kept []fact
	for _, f := range facts {
		if f.Value = oneLine(f.Value); f.Value != "" {
			kept = append(kept, fact{oneLine(f.Label), f.Value})
		}
	}
	if len(kept) > 0 {
		l.Blocks = append(l.Blocks, block{Facts: kept})
	}
}

// attached names the files of a mail; without files it is left out.
func (l *letter) attached(lang registration.Lang, files []Attachment) {
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	if len(names) > 0 {
		l.say(fill(commonWords.Attached.In(lang), "files", strings.Join(names, ", ")))
	}
}

// offer adds a link; without an address it is left out.
func (l *letter) offer(label, url string) {
	if url = oneLine(url); url != "" {
		l.Blocks = append(l.Blocks, block{Link: &link{oneLine(label), url}})
	}
}

// foot adds a line at the end; an empty one is left out.
func (l *letter) foot(s string) {
	if s = oneLine(s); s != "" {
		l.Footer = append(l.Footer, s)
	}
}

// render gives the two parts. The templates are fixed and their data plain strings, so an error is a bug in the
// templates and panics.
func (l *letter) render() (plain, rich string) {
	var t, h bytes.Buffer
	if err := textPart.Execute(&t, l); err != nil {
		panic("mail text template: " + err.Error())
	}
	if err := htmlPart.Execute(&h, l); err != nil {
		panic("mail HTML template: " + err.Error())
	}
	return strings.TrimSpace(t.String()) + "\n", h.String()
}
