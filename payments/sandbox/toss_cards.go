package sandbox

// Card is the card that a payer used. Number is masked for good: the sandbox never sees a whole one.
type Card struct {
	Value    string `json:"value"` // of the button in the window
	Brand    string `json:"brand"`
	Number   string `json:"number"`
	Issuer   string `json:"issuer"` // the gateway's code of the issuer
	Country  string `json:"country"`
	Overseas bool   `json:"overseas"`
}

// tossCards are the cards that can be approved. Issuer codes are Toss's: 61 Hyundai, 4V, 4M, 4J and 7A for cards issued abroad.
var tossCards = map[string]Card{
	"kr":         {"kr", "Korean card", "48902300****406*", "61", "KR", false},
	"visa":       {"visa", "Visa", "42424200****424*", "4V", "US", true},
	"mastercard": {"mastercard", "Mastercard", "52008200****821*", "4M", "DE", true},
	"jcb":        {"jcb", "JCB", "35660000****050*", "4J", "JP", true},
	"amex":       {"amex", "American Express", "37828200****000*", "7A", "US", true},
}

// The buttons of the window that are not simply a card.
const (
	choiceDeclined       = "declined"
	choiceDeclinedWindow = "declined-window"
	choiceWrongPlace     = "wrong-place"
	choiceCancel         = "cancel"
	choiceLeave          = "leave"
	choiceLostAnswer     = "lost-answer"
	choiceSlow           = "slow"
)

// overseasContract reports whether p's window takes cards issued abroad and no others.
func overseasContract(p *Payment) bool {
	return p.Session.OverseasOnly || (!p.Session.AnyCard && p.Currency != "KRW")
}

// fits reports whether the contract behind p takes the card.
func fits(p *Payment, c Card) bool {
	if p.Session.AnyCard && !p.Session.OverseasOnly {
		return true
	}
	return c.Overseas == overseasContract(p)
}

// cardFor is the card that a choice stands for in p's window; ok is false when the choice is none of the buttons.
func cardFor(p *Payment, choice string) (c Card, ok bool) {
	home, away := tossCards["kr"], tossCards["visa"]
	if overseasContract(p) {
		home, away = away, home
	}
	switch choice {
	case choiceWrongPlace:
		return away, true
	case choiceDeclined, choiceDeclinedWindow, choiceLostAnswer, choiceSlow, choiceCancel, choiceLeave:
		return home, true
	}
	c, ok = tossCards[choice]
	return c, ok
}
