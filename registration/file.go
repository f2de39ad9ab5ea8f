package registration

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// MaxFile is the longest file that attendees can hand in, in bytes.
const MaxFile = 5 << 20

// FileType is a kind of file that attendees can hand in.
type FileType struct {
	Media string // such as application/pdf
	Ext   string // with its dot
}

// fileTypes are the kinds that are taken, by the bytes with which they begin.
var fileTypes = []struct {
	FileType
	magic string
}{
	{FileType{"application/pdf", ".pdf"}, "%PDF-"},
	{FileType{"image/png", ".png"}, "\x89PNG\r\n\x1a\n"},
	{FileType{"image/jpeg", ".jpg"}, "\xff\xd8\xff"},
}

// FileTypeOf says what a file is by its content; ok is false for one that is not taken. Its name says nothing.
func FileTypeOf(data []byte) (t FileType, ok bool) {
	for _, known := range fileTypes {
		if bytes.HasPrefix(data, []byte(known.magic)) {
			return known.FileType, true
		}
	}
	return FileType{}, false
}

// Image reports whether a browser shows the file as a picture.
func (t FileType) Image() bool { return strings.HasPrefix(t.Media, "image/") }

// maxFileName is the longest name that is kept, in characters.
const maxFileName = 80

// FileName is the name under which a file is kept and given out: the last part of the name that the browser sent, as one clean line
// without characters that a file system or a header could misread, and ending as its type does.
func FileName(sent string, t FileType) string {
	sent = strings.ToValidUTF8(sent[strings.LastIndexAny(sent, `/\`)+1:], "")
	name, _ := CleanLine(sent)
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"/\|?*;%&#`+"`", r) {
			return '_'
		}
		return r
	}, name)
	for _, ext := range []string{".pdf", ".png", ".jpg", ".jpeg"} {
		if len(name) >= len(ext) && strings.EqualFold(name[len(name)-len(ext):], ext) {
			name = name[:len(name)-len(ext)]
			break
		}
	}
	if utf8.RuneCountInString(name) > maxFileName {
		name = string([]rune(name)[:maxFileName])
	}
	name = strings.Trim(name, ". ")
	if name == "" {
		name = "file"
	}
	return name + t.Ext
}

// FileAnswer is how a file stands among answers: the id of its row and its name.
func FileAnswer(id, name string) string { return id + "/" + name }

// CutFileAnswer reads what FileAnswer wrote.
func CutFileAnswer(answer string) (id, name string, ok bool) {
	id, name, ok = strings.Cut(answer, "/")
	return id, name, ok && len(id) == 36
}

// WithoutFiles takes out the answers to questions for files: a file belongs to one order only.
func (a Answers) WithoutFiles(e *Event) Answers {
	kept := Answers{}
	for id, values := range a {
		if q := e.Question(id); q == nil || q.Kind != AskFile {
			kept[id] = values
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}

// Files lists the ids of the files among answers to the event's questions.
func (a Answers) Files(e *Event) []string {
	var ids []string
	for _, q := range e.Questions {
		if q.Kind != AskFile {
			continue
		}
		for _, v := range a[q.ID] {
			if id, _, ok := CutFileAnswer(v); ok {
				ids = append(ids, id)
			}
		}
	}
	return ids
}
