package registration

import (
	"strconv"
	"strings"
)

// ReadChoice reads the JSON of a cart without voucher and a person, {"cart": …, "person": …}, as encoding/json writes it, in a fraction of its
// time. ok is false for anything that is written otherwise, holds more, or holds an escaped character: encoding/json reads that.
func ReadChoice(text string) (c Cart, p Person, ok bool) {
	j := jsonReader{rest: text}
	j.skip(`{"cart":{"category":`)
	c.Category = j.text()
	j.skip(`,"extras":{`)
	c.Extras = map[string]int64{}
	for n := 0; !j.bad && !strings.HasPrefix(j.rest, "}"); n++ {
		if n > 0 {
			j.skip(",")
		}
		name := j.text()
		j.skip(":")
		c.Extras[name] = j.number()
	}
	j.skip(`}},"person":{"name":`)
	p.Name = j.text()
	for _, field := range []struct {
		key  string
		into *string
	}{
		{`,"family_name":`, &p.FamilyName}, {`,"given_name":`, &p.GivenName}, {`,"email":`, &p.Email}, {`,"affiliation":`, &p.Affiliation},
		{`,"phone":`, &p.Phone}, {`,"country":`, &p.Country},
	} {
		j.skip(field.key)
		*field.into = j.text()
	}
	for _, field := range []struct {
		key  string
		into *string
	}{{`,"affiliation_en":`, &p.AffiliationEn}, {`,"title":`, &p.Title}, {`,"badge_name":`, &p.BadgeName}} {
		if strings.HasPrefix(j.rest, field.key) { // left out while empty
			j.skip(field.key)
			*field.into = j.text()
		}
	}
	j.skip("}}")
	return c, p, !j.bad && j.rest == ""
}

// jsonReader goes through a text whose form is known; bad once it is another.
type jsonReader struct {
	rest string
	bad  bool
}

// skip passes what must come now.
func (j *jsonReader) skip(s string) {
	rest, found := strings.CutPrefix(j.rest, s)
	j.rest, j.bad = rest, j.bad || !found
}

// text reads a string without escapes.
func (j *jsonReader) text() string {
	j.skip(`"`)
	end := strings.IndexByte(j.rest, '"')
	if j.bad || end < 0 || strings.IndexByte(j.rest[:end], '\\') >= 0 {
		j.bad = true
		return ""
	}
	s := j.rest[:end]
	j.rest = j.rest[end+1:]
	return s
}

// number reads a whole number.
func (j *jsonReader) number() int64 {
	end := strings.IndexAny(j.rest, ",}")
	if j.bad || end < 0 {
		j.bad = true
		return 0
	}
	n, err := strconv.ParseInt(j.rest[:end], 10, 64)
	j.rest, j.bad = j.rest[end:], err != nil
	return n
}
