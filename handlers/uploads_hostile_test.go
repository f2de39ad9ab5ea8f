package handlers

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"foyer/registration"
)

func TestHostileUploadsAreRefusedWithThePage(t *testing.T) {
	s := newSite(t)
	s.apply(approvingEvent())
	b := s.browser()
	page := b.proofPage("pupil")
	action, fields := page.form("main")
	filled := with(fields, person)
	big := aPDF + strings.Repeat("x", registration.MaxFile)
	tests := map[string]struct {
		files []sent
		want  int
	}{
		"one byte too long":        {[]sent{{"evidence", "a.pdf", aPDF + strings.Repeat("x", registration.MaxFile-len(aPDF)+1)}}, 422},
		"six megabytes":            {[]sent{{"evidence", "a.pdf", big + strings.Repeat("y", 1<<20)}}, 422},
		"a program named .pdf":     {[]sent{{"evidence", "a.pdf", "MZ\x90\x00\x03"}}, 422},
		"a web page named .png":    {[]sent{{"evidence", "a.png", "<script>alert(1)</script>"}}, 422},
		"an empty file":            {[]sent{{"evidence", "a.pdf", ""}}, 422},
		"not even a name":          {[]sent{{"evidence", "", ""}}, 422},
		"many parts":               {many(150), 422},
		"too many parts":           {many(300), 400},
		"a file as a text field":   {[]sent{{"evidence", "a.pdf", aPDF}, {"name", "x.pdf", aPDF}}, 303},
		"exactly the limit":        {[]sent{{"evidence", "a.pdf", aPDF + strings.Repeat("x", registration.MaxFile-len(aPDF))}}, 303},
		"a picture that is a page": {[]sent{{"evidence", "a.html", aPNG + "<script>alert(1)</script>"}}, 303},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := b.multi(action, with(filled, url.Values{"remove.evidence": {"1"}}), tc.files...).want(tc.want)
			if tc.want == 422 && (got.doc().Find("#problems a").Length() != 1 || got.doc().Find("#email").AttrOr("value", "") != "gildong@example.org") {
				t.Errorf("the page lost something: %s", got.doc().Find("#problems").Text())
			}
		})
	}
	for name, raw := range map[string]string{
		"no boundary":   "multipart/form-data",
		"wrong bytes":   "multipart/form-data; boundary=x",
		"another type":  "application/json",
		"a JSON upload": "multipart/mixed; boundary=x",
	} {
		if got := b.do("POST", action, raw, "{}", nil); got.status != 400 && got.status != 422 {
			t.Errorf("%s: %d", name, got.status)
		}
	}
}

func many(n int) []sent {
	var all []sent
	for i := range n {
		all = append(all, sent{fmt.Sprintf("f%d", i), "a.pdf", "x"})
	}
	return all
}

func TestNamesOfFilesAreMadeSafe(t *testing.T) {
	pdf := registration.FileType{Media: "application/pdf", Ext: ".pdf"}
	for sent, want := range map[string]string{
		"학생증.pdf": "학생증.pdf", "\u1112\u1161\u11a8\u1109\u1162\u11bc\u110c\u1173\u11bc.pdf": "학생증.pdf", `C:\Users\x\a.PDF`: "a.pdf", "../../etc/passwd": "passwd.pdf",
		"a.exe": "a.exe.pdf", "": "file.pdf", "...": "file.pdf", "a\u202efdp.exe": "afdp.exe.pdf", "a\x00b.pdf": "ab.pdf", "a\"b\r\nX: y.pdf": "a_b X_ y.pdf",
		"\xff\xfe.pdf": "file.pdf", strings.Repeat("가", 300) + ".pdf": strings.Repeat("가", 80) + ".pdf", "a.jpeg": "a.pdf", "=cmd|' /C calc'!A0.pdf": "C calc'!A0.pdf", "=1+1.pdf": "=1+1.pdf",
	} {
		got := registration.FileName(sent, pdf)
		if got != want {
			t.Errorf("%q becomes %q, want %q", sent, got, want)
		}
		if head := attachment(got); strings.ContainsAny(head, "\r\n\x00") || strings.Count(head, `"`) != 2 {
			t.Errorf("%q gives the header %q", sent, head)
		}
	}
}
