package e2e

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// membersCSV is the list of a society's members.
const membersCSV = "회원번호,성명\n2019-0042,김철수\n2020-0117,Jane Roe\n"

// members are two of them, by the language in which they register.
var members = map[string]struct{ number, name string }{"ko": {"2019 0042", "김철수"}, "en": {"2020-0117", "Jane Roe"}}

func TestTheSocietyTakesMembersStudentsAndLaboratoriesInBothLanguages(t *testing.T) {
	s := exampleSite(t, "society.yaml", "kses-spring-2027")
	staff := s.staffIn(t, "ko")
	staff.uploadsMembers()
	inBothLanguages(t, func(t *testing.T, lang string) {
		t.Run("a member is on the list", func(t *testing.T) { memberRegisters(t, s, lang) })
		t.Run("a student sends a picture and staff accept it", func(t *testing.T) { studentRegisters(t, s, staff, lang) })
		t.Run("a laboratory registers four people", func(t *testing.T) { laboratoryRegisters(t, s, lang) })
	})
	s.sameBooks()
}

// role is what the society asks of everybody.
func role(name, email string, more map[string]string) map[string]string {
	all := map[string]string{"~name": name, "~email": email, "~organization": "예시대학교", "answer.role": "audience"}
	for k, v := range more {
		all[k] = v
	}
	return all
}

func memberRegisters(t *testing.T, s *site, lang string) {
	b := s.browse(t, lang)
	b.looks("event")
	b.takes("regular-member", map[string]int{"dinner": 1})
	b.tells(role(members[lang].name, "member-"+lang+"@example.org", map[string]string{"member_number": "1999-0001"}))
	b.submit("main")
	b.refused("number-refused")
	b.fill(`form#main [name=member_number]`, members[lang].number)
	b.goesOn()
	b.looks("order")
	b.paysBy("card", "kr")
	b.sees(words[lang].paid)
	b.says("evidence.state.accepted")
	b.looks("paid")
	if p := newScript(s).get(b.eval(`document.querySelector('a[href*="/receipt/"]').href`)); p.status != http.StatusOK || !strings.HasPrefix(p.html, "%PDF") {
		t.Errorf("the receipt: status %d", p.status)
	}
}

func studentRegisters(t *testing.T, s *site, staff *tab, lang string) {
	b := s.browse(t, lang)
	b.takes("undergraduate", nil)
	b.tells(role("성춘향", "student-"+lang+"@example.org", map[string]string{"evidence": picture(t)}))
	b.looks("evidence")
	b.goesOn()
	b.says("status.awaiting_approval")
	b.looks("awaiting")
	order := b.at()
	staff.speaks(lang)
	staff.open("/console/kses-spring-2027/evidence")
	staff.sees("성춘향")
	staff.looks("evidence-queue")
	staff.click(`form[id^="accept-"] button[type=submit]`)
	staff.says("console.evidence.empty.given")
	staff.looks("evidence-empty")
	s.eventually("the student is told", 15*time.Second, func() bool { return len(s.mail.to("student-"+lang+"@example.org")) == 2 })
	b.open(order)
	b.says("evidence.state.accepted")
	b.paysBy("card", "kr")
	b.sees(words[lang].paid)
}

// laboratory is a list of four, as it is copied from a spreadsheet, with one thing wrong.
func laboratory(lang string) string {
	return strings.NewReplacer(", ", "\t", "LANG", lang).Replace(`성명, 이메일, 등록 구분, 간친회, 소속
홍길동, lab1-LANG@example.org, 비회원, 1, 예시대학교
임꺽정, lab2-LANG@example.org, 비회원 학생, 1, 예시대학교
장길산, lab3-LANG@example.org, 비회원 박사, , 예시대학교
황진이, lab4-LANG@example.org, 비회원 학생, , 예시대학교`)
}

func laboratoryRegisters(t *testing.T, s *site, lang string) {
	b := s.browse(t, lang)
	b.open("/e/kses-spring-2027/register")
	b.click(`a[href$="/register/group"]`)
	b.comesTo("/e/kses-spring-2027/register/group")
	b.looks("group")
	b.tells(map[string]string{"~name": "예시대학교 연구실", "~email": "lab-" + lang + "@example.org"})
	b.sets(`[name=people]`, laboratory(lang))
	b.submit("main")
	b.refused("group-refused")
	b.sets(`[name=people]`, strings.Replace(laboratory(lang), "비회원 박사", "비회원 학생", 1))
	b.submit("main")
	b.comesTo("/e/kses-spring-2027/register/check")
	b.looks("group-check")
	b.agrees()
	b.looks("group-order")
	b.paysBy("card", "kr")
	b.sees(words[lang].paid)
	order := b.at()
	mine := "lab3-" + lang + "@example.org"
	s.eventually("everybody of the list has a mail", 15*time.Second, func() bool { return len(s.mail.to(mine)) == 1 })
	own := s.browse(t, lang)
	own.open(link(t, s.mail.to(mine)[0], "/p/"))
	own.looks("own")
	own.submit("main")
	own.refused("own-refused")
	own.tells(map[string]string{"answer.role": "poster"})
	own.click(`input[name="consent.terms"]`)
	own.submit("main")
	own.says("own.saved")
	own.looks("own-saved")
	b.open(order)
	b.click(`a[href$="/people"]`)
	b.says("people.title")
	b.looks("people")
	b.click(`table.roster a`)
	b.says("people.link")
	b.looks("people-one")
}

// uploadsMembers brings the list of members in.
func (b *tab) uploadsMembers() {
	b.t.Helper()
	b.open("/console/" + b.site.slug + "/members")
	b.looks("members-empty")
	b.hands(`form#main [name=file]`, written(b.t, "members.csv", []byte(membersCSV)))
	b.submit("main")
	b.sees("2019-0042")
	b.looks("members-preview")
	b.submit("main")
	b.comesTo("/console/" + b.site.slug + "/members")
	b.looks("members")
}

// picture is a photograph of a student card.
func picture(t *testing.T) string {
	t.Helper()
	var data bytes.Buffer
	if err := png.Encode(&data, image.NewGray(image.Rect(0, 0, 320, 200))); err != nil {
		t.Fatal(err)
	}
	return written(t, "student card.png", data.Bytes())
}

// written is a file of a visitor.
func written(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
