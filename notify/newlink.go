package notify

import "foyer/registration"

// NewLink gives the new private address of an order whose old one has ended.
type NewLink struct {
	Addressing
	About
}

var newLinkWords = struct{ Title, Done, Secret registration.Text }{
	Title:  registration.Text{Ko: "{event} 등록 내역의 주소가 바뀌었습니다 ({code})", En: "Your registration has a new link: {event} ({code})"},
	Done:   registration.Text{Ko: "등록 내역을 보실 수 있는 주소가 바뀌었습니다. 이전 주소로는 더 이상 보실 수 없습니다.", En: "Your registration has a new link. The link you had before no longer works."},
	Secret: registration.Text{Ko: "주소를 아는 사람은 누구나 등록 내역을 볼 수 있으므로 다른 사람에게 알려 주지 마십시오.", En: "Anybody who knows the link can see the registration, so please do not pass it on."},
}

// Mail composes the notice.
func (n NewLink) Mail() Mail {
	w, lang := newLinkWords, n.Lang
	l := startOrder(n.Addressing, n.About)
	l.say(w.Done.In(lang))
	l.list(n.facts(lang)...)
	l.say(w.Secret.In(lang))
	return finishOrder(n.Addressing, n.About, l, w.Title)
}
