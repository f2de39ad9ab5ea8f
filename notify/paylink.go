package notify

import (
	"strings"
	"time"

	"foyer/registration"
)

// PayLink tells somebody that a registration was made for them, what it costs, and until when it can be paid.
type PayLink struct {
	Addressing
	About
	Prices registration.Prices // in each currency in which it can be paid
	Until  time.Time           // UTC
}

var payLinkWords = struct{ Title, Made, How, Pay registration.Text }{
	Title: registration.Text{Ko: "{event} 등록비 결제 안내 ({code})", En: "Please pay for your registration: {event} ({code})"},
	Made:  registration.Text{Ko: "주최 측에서 등록을 접수해 두었습니다. 아래 기한까지 등록비를 결제하시면 등록이 완료됩니다.", En: "The organizer has registered you. Your registration is complete once the fee is paid."},
	How:   registration.Text{Ko: "아래 주소에서 내용을 확인하고 결제해 주십시오. 등록하지 않으시려면 그대로 두시면 됩니다.", En: "The page below shows the details and lets you pay. If you do not wish to register, you need not do anything."},
	Pay:   registration.Text{Ko: "확인하고 결제하기", En: "See and pay"},
}

// Mail composes the notice.
func (p PayLink) Mail() Mail {
	w, lang := payLinkWords, p.Lang
	l := startOrder(p.Addressing, p.About)
	l.say(w.Made.In(lang))
	l.list(append(p.facts(lang), fact{commonWords.Amount.In(lang), each(sums(p.Prices), lang)}, fact{commonWords.PayUntil.In(lang), deadline(p.Until, p.Event.Location(), lang)})...)
	l.say(w.How.In(lang))
	return finishTo(p.Addressing, p.About, l, w.Title, w.Pay)
}

// sums are prices as one sum for each currency.
func sums(p registration.Prices) (all []registration.Money) {
	for _, cur := range p.Currencies() {
		all = append(all, registration.Money{Minor: p[cur], Cur: cur})
	}
	return all
}

// each names sums of which one is to be paid.
func each(all []registration.Money, lang registration.Lang) string {
	var texts []string
	for _, m := range all {
		texts = append(texts, m.Format(lang))
	}
	return strings.Join(texts, " / ")
}
