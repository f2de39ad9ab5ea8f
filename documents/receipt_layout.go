package documents

import (
	"fmt"
	"strconv"
	"time"

	"foyer/registration"
)

// Where things stand on the page, in millimetres.
const (
	marginLeft  = 24.0  // captions begin here
	bodyLeft    = 62.0  // what they caption
	valueLeft   = 94.0  // second column inside the body
	quantityEnd = 148.0 // right edge of quantities
	sumEnd      = 136.0 // right edge of what sums are called
	bodyRight   = 186.0 // right edge of everything
	pageTop     = 28.0  // baseline of the running header
	pageBottom  = 273.0 // nothing but the foot below
)

// Type sizes in points, and the distance between baselines in millimetres.
const (
	sizeTitle  = 30.0
	sizeAmount = 22.0
	sizeLarge  = 13.0
	sizeBody   = 10.0
	sizeSmall  = 8.5
	leading    = 5.6
	hairline   = 0.15
)

// receiptLayout sets one receipt. y is the baseline of the next line.
type receiptLayout struct {
	sheet sheet
	r     Receipt
	words *receiptWords
	lang  registration.Lang
	y     float64
}

func newReceiptLayout(f *font, r Receipt) *receiptLayout {
	lang := registration.English
	if r.Lang == registration.Korean {
		lang = registration.Korean
	}
	return &receiptLayout{sheet: sheet{font: f}, r: r, words: receiptWordsIn(lang), lang: lang}
}

// build sets the whole receipt.
func (l *receiptLayout) build() {
	l.turn()
	l.title()
	l.payer()
	l.event()
	l.details()
	l.payment()
	l.issuer()
	for i, p := range l.sheet.pages {
		l.foot(p, i+1)
	}
}

// turn begins a page: the mark of test documents, then number and event.
func (l *receiptLayout) turn() {
	l.sheet.turn()
	s := &l.sheet
	if l.r.TestMode {
		s.turned(pageWidth/2+8, pageHeight/2+14, 66, 52, pale, "TEST · 시험용")
		s.frame(marginLeft, 11, bodyRight-marginLeft, 8.6, 0.5, danger)
		s.put(pageWidth/2, 16.6, 10.5, danger, centre, l.words.test)
	}
	s.put(bodyRight, pageTop, sizeBody, black, right, s.font.clean(l.r.Number))
	room := bodyRight - marginLeft - s.font.measure(s.font.clean(l.r.Number), sizeBody) - 8
	y := pageTop
	for i, text := range s.font.wrap(s.font.clean(l.r.Event.Name), sizeBody, room) {
		y = pageTop + float64(i)*leading
		s.put(marginLeft, y, sizeBody, accent, left, text)
	}
	y += 3.4
	s.rule(marginLeft, y, bodyRight, y, hairline, hair)
	s.rule(marginLeft, y, marginLeft+16, y, 0.7, accent)
	l.y = y + 13
}

// title sets what the document is, and the one amount that it is about.
func (l *receiptLayout) title() {
	s := &l.sheet
	l.y += 6
	caption := l.words.total
	if l.r.Kind == KindCorrection {
		caption = l.words.refund
	}
	s.put(marginLeft, l.y, sizeTitle, black, left, l.words.title(l.r.Kind))
	l.y += 9.5
	said := l.words.received
	if l.r.Kind == KindCorrection {
		said = l.words.returned
	}
	s.put(marginLeft, l.y, sizeBody, muted, left, said)
	s.put(bodyRight, l.y-9.5, l.amountSize(), accent, right, l.r.Total.Format(l.lang))
	s.put(bodyRight, l.y, sizeSmall, muted, right, caption)
	l.y += 7
}

// amountSize is the large size unless title and amount would meet.
func (l *receiptLayout) amountSize() float64 {
	f := l.sheet.font
	room := bodyRight - marginLeft - f.measure(l.words.title(l.r.Kind), sizeTitle) - 8
	if f.measure(l.r.Total.Format(l.lang), sizeAmount) > room {
		return sizeLarge
	}
	return sizeAmount
}

func (l *receiptLayout) payer() {
	p := l.r.Payer
	l.section(l.words.payer, 3)
	name := l.sheet.font.clean(p.Name)
	if name != "" {
		name += l.words.payerSuffix
	}
	l.text(name, sizeLarge, black)
	l.text(p.Affiliation, sizeBody, black)
	l.text(p.Email, sizeBody, muted)
}

func (l *receiptLayout) event() {
	e := l.r.Event
	l.section(l.words.event, 2)
	l.text(e.Name, sizeBody, black)
	l.text(days(e.Starts, e.Ends, l.lang), sizeBody, muted)
	l.text(e.Place, sizeBody, muted)
}

func (l *receiptLayout) payment() {
	l.section(l.words.payment, 5)
	l.pair(l.words.paid, days(l.r.Paid, l.r.Paid, l.lang))
	l.pair(l.words.method, l.r.Method)
	l.pair(l.words.card, l.r.Card)
	l.pair(l.words.approval, l.r.Approval)
	l.pair(l.words.order, l.r.OrderCode)
	if l.r.People > 0 {
		l.pair(l.words.people, strconv.Itoa(l.r.People)+l.words.peopleSuffix)
	}
	if l.r.Kind == KindCorrection {
		l.pair(l.words.original, l.r.Original)
		l.pair(l.words.reason, l.r.Reason)
	}
}

func (l *receiptLayout) issuer() {
	i := l.r.Issuer
	l.section(l.words.issuer, 6)
	l.pair(l.words.name, i.Name)
	l.pair(l.words.representative, i.Representative)
	l.pair(l.words.business, i.BusinessNumber)
	l.pair(l.words.address, i.Address)
	l.pair(l.words.phone, i.Phone)
	l.pair(l.words.email, i.Email)
	zone := l.r.Zone
	if zone == nil {
		zone = time.UTC
	}
	l.pair(l.words.issued, moment(l.r.Issued.In(zone), l.lang))
}

// foot sets the note that says what the document is good for, and the page number when there is more than one.
func (l *receiptLayout) foot(p *leaf, number int) {
	f := l.sheet.font
	y := 279.0
	p.rules = append(p.rules, ruleMark{marginLeft, y, bodyRight, y, hairline, hair})
	note := l.words.purpose
	if l.r.Kind == KindCorrection {
		note = l.words.purposeCorrection
	}
	p.texts = append(p.texts, textMark{x: marginLeft, y: y + 5, size: sizeSmall, text: note, ink: muted})
	if pages := len(l.sheet.pages); pages > 1 {
		text := fmt.Sprintf("%d / %d", number, pages)
		p.texts = append(p.texts, textMark{x: bodyRight - f.measure(text, sizeSmall), y: y + 5, size: sizeSmall, text: text, ink: muted})
	}
}

// section leaves a gap, draws a hairline and sets a caption in the margin, on a new page unless lines more fit on this one.
func (l *receiptLayout) section(caption string, lines int) {
	l.y += 3.4
	l.need(float64(lines)*leading + 8)
	l.sheet.rule(marginLeft, l.y, bodyRight, l.y, hairline, hair)
	l.y += 7
	l.sheet.put(marginLeft, l.y, sizeSmall, muted, left, caption)
}

// need turns the page unless height millimetres are left on it.
func (l *receiptLayout) need(height float64) {
	if l.y+height > pageBottom {
		l.turn()
	}
}

// text sets text in the body column, over as many lines as it takes.
func (l *receiptLayout) text(text string, size float64, c ink) {
	f := l.sheet.font
	for _, one := range f.wrap(f.clean(text), size, bodyRight-bodyLeft) {
		l.need(leading)
		l.sheet.put(bodyLeft, l.y, size, c, left, one)
		l.y += max(leading, size*0.5)
	}
}

// pair sets a label and its value; nothing when the value is empty.
func (l *receiptLayout) pair(label, value string) {
	f := l.sheet.font
	for i, one := range f.wrap(f.clean(value), sizeBody, bodyRight-valueLeft) {
		l.need(leading)
		if i == 0 {
			l.sheet.put(bodyLeft, l.y, sizeSmall, muted, left, label)
		}
		l.sheet.put(valueLeft, l.y, sizeBody, black, left, one)
		l.y += leading
	}
}
