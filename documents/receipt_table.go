package documents

import (
	"strconv"

	"foyer/registration"
)

// details sets the table of what was paid for, and its sums.
func (l *receiptLayout) details() {
	s := &l.sheet
	l.section(l.words.details, 4)
	if len(l.r.Lines) > 0 {
		s.put(bodyLeft, l.y, sizeSmall, muted, left, l.words.item)
		s.put(quantityEnd, l.y, sizeSmall, muted, right, l.words.quantity)
		s.put(bodyRight, l.y, sizeSmall, muted, right, l.words.amount)
		l.y += leading + 0.8
	}
	for _, one := range l.r.Lines {
		l.line(one)
	}
	l.sums()
}

// line sets one line of the table; a long description goes on below itself.
func (l *receiptLayout) line(one ReceiptLine) {
	s := &l.sheet
	texts := s.font.wrap(s.font.clean(one.Description), sizeBody, quantityEnd-bodyLeft-14)
	if len(texts) == 0 {
		texts = []string{""}
	}
	for i, text := range texts {
		l.need(leading)
		s.put(bodyLeft, l.y, sizeBody, black, left, text)
		if i == 0 {
			s.put(quantityEnd, l.y, sizeBody, black, right, strconv.Itoa(one.Quantity))
			s.put(bodyRight, l.y, sizeBody, black, right, one.Amount.Format(l.lang))
		}
		l.y += leading
	}
	l.y += 0.8
}

// sums sets the total with its tax. Only won are split: the tax on a fee in another currency is reckoned of its value in won on the day of
// supply, which the receipt does not know; its note says that the tax is in the sum, and its rate.
func (l *receiptLayout) sums() {
	s := &l.sheet
	l.need(4 * leading)
	if len(l.r.Lines) > 0 {
		s.rule(bodyLeft, l.y-leading*0.55, bodyRight, l.y-leading*0.55, hairline, muted)
		l.y += leading * 0.45
	}
	note := l.words.tax(l.r.Tax)
	if l.r.Tax == registration.TaxIncluded && l.r.Total.Cur == registration.KRW {
		supply, vat := l.r.vat()
		l.sum(l.words.supply, supply, sizeBody)
		l.sum(l.words.vat, vat, sizeBody)
	}
	caption := l.words.total
	if l.r.Kind == KindCorrection {
		caption = l.words.refund
	}
	l.y += 1
	if note != "" {
		s.put(bodyLeft, l.y, sizeSmall, muted, left, note)
	}
	l.sum(caption, l.r.Total, sizeLarge)
}

func (l *receiptLayout) sum(label string, m registration.Money, size float64) {
	l.sheet.put(sumEnd, l.y, sizeSmall, muted, right, label)
	l.sheet.put(bodyRight, l.y, size, black, right, m.Format(l.lang))
	l.y += leading
}
