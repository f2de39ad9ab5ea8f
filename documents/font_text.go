package documents

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// noGlyph stands where the font has nothing to show, so that a reader sees that something is missing.
const noGlyph = '□'

// clean makes text printable: Hangul composed (file systems of some makers take it apart), one space for any white space,
// nothing invisible, a plainer letter where the font lacks an accent, and noGlyph where it lacks the character altogether.
// Line breaks stay.
func (f *font) clean(text string) string {
	var out strings.Builder
	space := false
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "\ufffd")) {
		switch {
		case r == '\n':
			out.WriteRune(r)
			space = true
		case unicode.IsSpace(r):
			if !space {
				out.WriteRune(' ')
			}
			space = true
		case unicode.In(r, unicode.Cc, unicode.Cf), unicode.In(r, unicode.Mn, unicode.Me) && !f.has(r):
		default:
			out.WriteString(f.nearest(r))
			space = false
		}
	}
	return strings.TrimSpace(out.String())
}

// nearest is r itself, or its compatibility form without the marks that the font lacks, or noGlyph.
func (f *font) nearest(r rune) string {
	if f.has(r) {
		return string(r)
	}
	var out strings.Builder
	for _, part := range norm.NFKD.String(string(r)) {
		switch {
		case f.has(part) && !unicode.Is(unicode.Mn, part):
			out.WriteRune(part)
		case !unicode.Is(unicode.Mn, part):
			return string(noGlyph)
		}
	}
	if out.Len() == 0 {
		return string(noGlyph)
	}
	return out.String()
}

// Unprintable gives the characters of a text that documents cannot show, each once; "" when it can be printed as it is.
// An error means that the font cannot be read.
func Unprintable(text string) (string, error) {
	text = norm.NFC.String(strings.ToValidUTF8(text, ""))
	if strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxLatin1 && (r < '가' || r > '힣') }) < 0 {
		return "", nil // without reading the font, for nearly everybody
	}
	f, err := receiptFont()
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for _, r := range text {
		if !strings.ContainsRune(out.String(), r) && f.clean(string(r)) == string(noGlyph) && r != noGlyph {
			out.WriteRune(r)
		}
	}
	return out.String(), nil
}

// wrap breaks clean text into lines of at most width millimetres at size points: between words, as Korean is read best that way
// too, and inside a word only when the word alone is too long.
func (f *font) wrap(text string, size, width float64) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			joined := strings.TrimPrefix(line+" "+word, " ")
			if f.measure(joined, size) <= width {
				line = joined
				continue
			}
			if line != "" {
				lines = append(lines, line)
			}
			var whole []string
			whole, line = f.split(word, size, width)
			lines = append(lines, whole...)
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// split cuts a word that is wider than width into full lines and the rest; a narrower word is all rest.
func (f *font) split(word string, size, width float64) (whole []string, rest string) {
	for _, r := range word {
		if rest != "" && f.measure(rest+string(r), size) > width {
			whole, rest = append(whole, rest), ""
		}
		rest += string(r)
	}
	return whole, rest
}
