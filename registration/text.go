package registration

// Lang is a language that every text of Foyer exists in.
type Lang string

// The two languages.
const (
	Korean  Lang = "ko"
	English Lang = "en"
)

// Text is one organizer text in both languages; either may be empty.
type Text struct {
	Ko string `yaml:"ko" json:"ko"`
	En string `yaml:"en" json:"en"`
}

// In gives the text in language l, or in the other one when it was not written in l.
func (t Text) In(l Lang) string {
	if (l == Korean && t.Ko != "") || t.En == "" {
		return t.Ko
	}
	return t.En
}

// Empty reports whether the text was written in neither language.
func (t Text) Empty() bool { return t.Ko == "" && t.En == "" }
