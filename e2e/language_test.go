package e2e

import "testing"

// TestWhatWasTypedStaysWhenTheLanguageChangesInABrowser changes the language of forms that nobody has posted yet.
func TestWhatWasTypedStaysWhenTheLanguageChangesInABrowser(t *testing.T) {
	s := newSite(t)
	b := s.browse(t, "ko")
	b.open("/e/apsys-2027/register")
	b.click(`input[name=category][value=student]`)
	b.eval(`(() => { document.querySelector('[name="extra.banquet"]').value = "2"; })()`)
	b.click(`.masthead-links a[hreflang=en]`)
	b.sees("Student")
	if got := b.eval(`document.querySelector('[name=category]:checked')?.value + " " + document.querySelector('[name="extra.banquet"]').value`); got != "student 2" {
		t.Errorf("chosen after the switch: %s", got)
	}
	b.submit("main")
	b.comesTo("/e/apsys-2027/register/person")
	b.fill(`input[autocomplete=name]`, "홍길동")
	b.fill(`input[autocomplete=email]`, "hong@")
	b.click(`.masthead-links a[hreflang=ko]`)
	b.sees("성명")
	if got := b.eval(`document.querySelector('[autocomplete=name]').value + " " + document.querySelector('[autocomplete=email]').value`); got != "홍길동 hong@" {
		t.Errorf("typed after the switch: %s", got)
	}
	b.open("/e/apsys-2027/register/person")
	if got := b.eval(`document.querySelector('[autocomplete=name]').value`); got != "" {
		t.Errorf("the browser keeps %q", got)
	}
}
