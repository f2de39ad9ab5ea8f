package notify

import "foyer/registration"

// StaffNotice tells an event's organizer that something waits on the attention list. It carries no attendee's
// data; the link leads to the console, behind the sign-in.
type StaffNotice struct {
	Addressing
	Event *registration.Event
	Kind  string // what it is, in the mail's language
	Code  string // the order's code; "" when it is about no order
	Link  string // the page in the console
}

var staffWords = struct{ Title, TitleNoOrder, Intro, Kind, Open registration.Text }{
	Title:        registration.Text{Ko: "확인이 필요합니다: {event} ({code})", En: "Needs your attention: {event} ({code})"},
	TitleNoOrder: registration.Text{Ko: "확인이 필요합니다: {event}", En: "Needs your attention: {event}"},
	Intro:        registration.Text{Ko: "담당자의 확인이 필요한 일이 있습니다.", En: "Something needs a decision by the organizer."},
	Kind:         registration.Text{Ko: "내용", En: "What"},
	Open:         registration.Text{Ko: "관리 화면에서 보기", En: "Open it in the console"},
}

// Mail composes the notice.
func (s StaffNotice) Mail() Mail {
	w, lang := staffWords, s.Lang
	l := s.start()
	l.Greeting = commonWords.GreetingNoName.In(lang) // the addressee is an office, not a person
	if s.Event.Mode != registration.Live {
		l.Test = commonWords.TestStaffLine.In(lang)
	}
	title := w.Title
	if s.Code == "" {
		title = w.TitleNoOrder
	}
	name := s.Event.Name.In(lang)
	l.say(w.Intro.In(lang))
	l.list(
		fact{commonWords.Event.In(lang), name},
		fact{w.Kind.In(lang), s.Kind},
		fact{commonWords.Code.In(lang), s.Code},
	)
	l.offer(w.Open.In(lang), s.Link)
	l.foot("Foyer")
	return s.finish(l, fill(title.In(lang), "event", name, "code", s.Code))
}
