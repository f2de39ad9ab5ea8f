package notify

import "foyer/registration"

// Transferred tells whoever had a registration that it is somebody else's now. It has no link: the order is not theirs any more.
type Transferred struct {
	Addressing
	About
	Name string // of the person who comes instead
}

var transferredWords = struct{ Title, Done, NotYou registration.Text }{
	Title:  registration.Text{Ko: "{event} 등록이 다른 분께 이전되었습니다 ({code})", En: "Your registration has been passed on: {event} ({code})"},
	Done:   registration.Text{Ko: "{event} 등록이 {name} 님께 이전되었습니다. 이전에 받으신 주소와 QR 코드는 더 이상 사용할 수 없습니다.", En: "Your registration for {event} now belongs to {name}. The address and the QR code that you had no longer work."},
	NotYou: registration.Text{Ko: "직접 요청하지 않으셨다면 바로 주최 측에 문의해 주십시오.", En: "If you did not ask for this, please get in touch with the organizer at once."},
}

// Mail composes the notice.
func (t Transferred) Mail() Mail {
	w, lang := transferredWords, t.Lang
	l := startOrder(t.Addressing, t.About)
	l.say(t.fill(w.Done, lang, "name", oneLine(t.Name)))
	l.say(w.NotYou.In(lang))
	organizerFoot(l, t.Event)
	return t.finish(l, t.fill(w.Title, lang))
}
