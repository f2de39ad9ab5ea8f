package notify

import (
	"time"

	"foyer/registration"
)

// Waiting is a mail to somebody on a waiting list. State says which: on the list, a place is kept, or that time is over.
type Waiting struct {
	Addressing
	Event *registration.Event
	State registration.WaitingState // InLine, WaitingOffered or WaitingLapsed; for others there is no mail
	Wants string                    // what they wait for, in the mail's language
	Until time.Time                 // end of the offer, UTC
	Link  string                    // the entry's private address
}

var waitingWords = struct {
	Listed, ListedBody, Offered, OfferedBody, Lapsed, LapsedBody, Wants, Until, Open, Take, Secret registration.Text
}{
	Listed:      registration.Text{Ko: "{event} 대기 신청이 접수되었습니다", En: "You are on the waiting list: {event}"},
	ListedBody:  registration.Text{Ko: "대기자 명단에 올려 드렸습니다. 자리가 나면 순서대로 이 주소로 알려 드립니다. 아래 주소에서 순서를 확인하거나 명단에서 빠지실 수 있습니다.", En: "You are on the waiting list. When a place becomes free we will write to this address, in the order of the list. The link below shows where you are in line, and lets you leave the list."},
	Offered:     registration.Text{Ko: "{event} 자리가 났습니다", En: "There is a place for you: {event}"},
	OfferedBody: registration.Text{Ko: "기다리시던 자리가 났습니다. 아래 기한까지 자리를 확보해 두었으니 그때까지 등록을 마쳐 주십시오. 기한이 지나면 다음 분께 넘어갑니다.", En: "A place that you were waiting for has become free. It is kept for you until the time below; please register by then. After that it goes to the next person."},
	Lapsed:      registration.Text{Ko: "{event} 확보해 둔 자리의 기한이 지났습니다", En: "Your offer has ended: {event}"},
	LapsedBody:  registration.Text{Ko: "확보해 둔 자리의 기한이 지나 다음 분께 넘어갔습니다. 행사 페이지에서 다시 대기하실 수 있습니다.", En: "The place that was kept for you has gone to the next person, because its time was over. You can join the list again on the event page."},
	Wants:       registration.Text{Ko: "항목", En: "For"},
	Until:       registration.Text{Ko: "기한", En: "Until"},
	Open:        registration.Text{Ko: "대기 상태 보기", En: "Open your waiting-list page"},
	Take:        registration.Text{Ko: "등록하러 가기", En: "Register now"},
	Secret:      registration.Text{Ko: "이 주소를 아는 사람은 누구나 대신 등록하거나 명단에서 빠질 수 있으므로 다른 사람에게 알려 주지 마십시오.", En: "Anybody who knows the link can take your place or leave the list for you, so please do not pass it on."},
}

// Mail composes it; ok is false when there is nothing to say any more.
func (w Waiting) Mail() (m Mail, ok bool) {
	title, body, button := registration.Text{}, registration.Text{}, waitingWords.Open
	switch w.State {
	case registration.InLine:
		title, body = waitingWords.Listed, waitingWords.ListedBody
	case registration.WaitingOffered:
		title, body, button = waitingWords.Offered, waitingWords.OfferedBody, waitingWords.Take
	case registration.WaitingLapsed:
		title, body = waitingWords.Lapsed, waitingWords.LapsedBody
	case registration.WaitingTaken, registration.WaitingLeft:
		return Mail{}, false
	}
	about := About{Event: w.Event}
	l := startOrder(w.Addressing, about)
	l.say(body.In(w.Lang))
	l.list(w.facts()...)
	l.offer(button.In(w.Lang), w.Link)
	l.say(waitingWords.Secret.In(w.Lang))
	organizerFoot(l, w.Event)
	return w.finish(l, about.fill(title, w.Lang)), true
}

func (w Waiting) facts() []fact {
	facts := []fact{
		{commonWords.Event.In(w.Lang), w.Event.Name.In(w.Lang)},
		{commonWords.Dates.In(w.Lang), days(w.Event.Starts, w.Event.Ends, w.Lang)},
		{waitingWords.Wants.In(w.Lang), w.Wants},
	}
	if w.State == registration.WaitingOffered {
		facts = append(facts, fact{waitingWords.Until.In(w.Lang), deadline(w.Until, w.Event.Location(), w.Lang)})
	}
	return facts
}
