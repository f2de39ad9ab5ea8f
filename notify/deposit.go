package notify

import (
	"time"

	"foyer/registration"
)

// Deposit tells where to transfer the money, how much and until when, as soon as the account is known. What is paid at the desk, or
// later by an institution, has no account.
type Deposit struct {
	Addressing
	About
	Amount                     registration.Money
	Bank, AccountNumber, Owner string    // "" when there is no account
	Deadline                   time.Time // UTC; zero when there is none
	OwnAccount                 bool      // the account is the organizer's: the payer's name must tell which order it is
	OnSite                     bool      // the money is brought to the desk
}

var depositWords = struct {
	Title, OnSiteTitle, LaterTitle, Account, OnSite, Later            registration.Text
	Bank, Number, Owner, Amount, Until, PayerLabel, Exact, PayerExact registration.Text
}{
	Title:       registration.Text{Ko: "{event} 입금 안내 ({code})", En: "Please transfer the fee: {event} ({code})"},
	OnSiteTitle: registration.Text{Ko: "{event} 현장 결제 안내 ({code})", En: "Please pay at the desk: {event} ({code})"},
	LaterTitle:  registration.Text{Ko: "{event} 후불 결제 안내 ({code})", En: "Payment by your institution: {event} ({code})"},
	Account:     registration.Text{Ko: "아래 계좌로 입금하시면 등록이 완료되고, 확인 메일을 보내 드립니다.", En: "Transfer the amount to the account below to complete your registration. We confirm it by mail."},
	OnSite:      registration.Text{Ko: "행사장 등록 데스크에서 등록비를 결제해 주십시오. 그때까지 자리를 확보해 둡니다.", En: "Please pay the fee at the registration desk. Your place is held until then."},
	Later:       registration.Text{Ko: "등록비는 소속 기관에서 나중에 납부하는 것으로 접수되었습니다. 자리는 확보되어 있습니다.", En: "We have noted that your institution pays the fee later. Your place is held."},
	Bank:        registration.Text{Ko: "은행", En: "Bank"},
	Number:      registration.Text{Ko: "계좌번호", En: "Account no."},
	Owner:       registration.Text{Ko: "예금주", En: "Account holder"},
	Amount:      registration.Text{Ko: "입금할 금액", En: "Amount"},
	Until:       registration.Text{Ko: "입금 기한", En: "Deadline"},
	PayerLabel:  registration.Text{Ko: "입금자명", En: "Payer's name"},
	Exact:       registration.Text{Ko: "금액이 다르면 입금되지 않습니다. 정확한 금액을 입금해 주십시오.", En: "The bank accepts this exact amount only."},
	PayerExact:  registration.Text{Ko: "누구의 입금인지 알 수 있도록 입금자명에 이름과 등록 번호를 적어 주십시오. 담당자가 확인하면 등록이 완료됩니다.", En: "Please put your name and registration number in the payer's name, so that we can tell whose payment it is. Your registration is complete once we have seen it."},
}

// Mail composes the notice.
func (d Deposit) Mail() Mail {
	w, lang := depositWords, d.Lang
	l := startOrder(d.Addressing, d.About)
	title := w.LaterTitle
	switch {
	case d.AccountNumber != "":
		title = w.Title
		l.say(w.Account.In(lang))
	case d.OnSite:
		title = w.OnSiteTitle
		l.say(w.OnSite.In(lang))
	default:
		l.say(w.Later.In(lang))
	}
	amount := w.Amount
	if d.AccountNumber == "" {
		amount = commonWords.Amount
	}
	facts := []fact{
		{commonWords.Event.In(lang), d.Event.Name.In(lang)},
		{commonWords.Code.In(lang), d.Code},
		{w.Bank.In(lang), oneLine(d.Bank)},
		{w.Number.In(lang), oneLine(d.AccountNumber)},
		{w.Owner.In(lang), oneLine(d.Owner)},
		{amount.In(lang), d.Amount.Format(lang)},
	}
	if d.AccountNumber != "" {
		facts = append(facts, fact{w.Until.In(lang), deadline(d.Deadline, d.Event.Location(), lang)})
	}
	if d.OwnAccount {
		facts = append(facts, fact{w.PayerLabel.In(lang), oneLine(d.To.Name + " " + d.Code)})
	}
	l.list(facts...)
	switch {
	case d.OwnAccount:
		l.say(w.PayerExact.In(lang))
	case d.AccountNumber != "":
		l.say(w.Exact.In(lang))
	}
	return finishOrder(d.Addressing, d.About, l, title)
}
