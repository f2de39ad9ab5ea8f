package documents

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// A4 in millimetres.
const (
	pageWidth  = 210.0
	pageHeight = 297.0
)

// ink is a colour as 0xRRGGBB.
type ink uint32

// The palette of printed documents; they are always light.
const (
	black  ink = 0x1c1b19 // text
	muted  ink = 0x57554f // captions
	accent ink = 0x1b4d5c // one deep teal
	hair   ink = 0xd9d6cf // hairlines
	danger ink = 0xa3261b // test documents
	pale   ink = 0xf3dfdb // their mark across the page
)

// rgb is the colour as red, green and blue, 0 to 255.
func (c ink) rgb() (r, g, b int) { return int(c >> 16), int(c >> 8 & 0xff), int(c & 0xff) }

// align says where the x of a text lies.
type align int

const (
	left align = iota
	centre
	right
)

// textMark is one line of clean text with its baseline at (x, y), turned by angle degrees around that point.
type textMark struct {
	x, y, size, angle float64
	text              string
	ink               ink
}

// ruleMark is a straight line of the given thickness, in millimetres.
type ruleMark struct {
	x1, y1, x2, y2, thick float64
	ink                   ink
}

// leaf is one page: the rules are drawn first.
type leaf struct {
	rules []ruleMark
	texts []textMark
}

// sheet collects what will stand on the pages before any of it is written, so that the font can be cut to the characters used.
type sheet struct {
	font  *font
	pages []*leaf
}

// turn begins a page and makes it the current one.
func (s *sheet) turn() { s.pages = append(s.pages, &leaf{}) }

func (s *sheet) page() *leaf { return s.pages[len(s.pages)-1] }

// put sets one line of clean text on the current page; nothing for empty text.
func (s *sheet) put(x, y, size float64, c ink, a align, text string) {
	if text == "" {
		return
	}
	switch a {
	case centre:
		x -= s.font.measure(text, size) / 2
	case right:
		x -= s.font.measure(text, size)
	case left:
	}
	p := s.page()
	p.texts = append(p.texts, textMark{x: x, y: y, size: size, text: text, ink: c})
}

// turned sets clean text around its middle (x, y), turned by angle degrees.
func (s *sheet) turned(x, y, size, angle float64, c ink, text string) {
	p := s.page()
	p.texts = append(p.texts, textMark{x: x, y: y, size: size, angle: angle, text: text, ink: c})
}

// rule draws a line on the current page.
func (s *sheet) rule(x1, y1, x2, y2, thick float64, c ink) {
	p := s.page()
	p.rules = append(p.rules, ruleMark{x1, y1, x2, y2, thick, c})
}

// frame draws an unfilled box.
func (s *sheet) frame(x, y, w, h, thick float64, c ink) {
	s.rule(x, y, x+w, y, thick, c)
	s.rule(x, y+h, x+w, y+h, thick, c)
	s.rule(x, y, x, y+h, thick, c)
	s.rule(x+w, y, x+w, y+h, thick, c)
}

// about is what a PDF says of itself. at must not be zero: it stands for the clock that a PDF writer would ask.
type about struct {
	title, subject, author, lang string
	at                           time.Time
}

// write makes the PDF. The same sheet gives the same bytes.
func (s *sheet) write(w io.Writer, a about) error {
	if a.at.IsZero() {
		return errors.New("document without a date")
	}
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(a.at)
	pdf.SetModificationDate(a.at)
	pdf.SetTitle(a.title, true)
	pdf.SetSubject(a.subject, true)
	pdf.SetAuthor(a.author, true)
	pdf.SetCreator("Foyer", true)
	pdf.SetLang(a.lang)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.AddUTF8FontFromBytes(family, "", s.font.subset(s.characters()))
	for _, p := range s.pages {
		pdf.AddPage()
		p.draw(pdf, s.font)
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return fmt.Errorf("write PDF: %w", err)
	}
	_, err := w.Write(out.Bytes())
	return err
}

// family is the name under which the PDF knows the font.
const family = "pretendard"

func (s *sheet) characters() []rune {
	var all []rune
	for _, p := range s.pages {
		for _, t := range p.texts {
			all = append(all, []rune(t.text)...)
		}
	}
	return all
}

func (p *leaf) draw(pdf *fpdf.Fpdf, f *font) {
	for _, r := range p.rules {
		pdf.SetDrawColor(r.ink.rgb())
		pdf.SetLineWidth(r.thick)
		pdf.Line(r.x1, r.y1, r.x2, r.y2)
	}
	for _, t := range p.texts {
		pdf.SetFont(family, "", t.size)
		pdf.SetTextColor(t.ink.rgb())
		if t.angle == 0 {
			pdf.Text(t.x, t.y, t.text)
			continue
		}
		pdf.TransformBegin()
		pdf.TransformRotate(t.angle, t.x, t.y)
		pdf.Text(t.x-f.measure(t.text, t.size)/2, t.y, t.text)
		pdf.TransformEnd()
	}
}
