package views

import (
	"net/url"
	"slices"
)

// SavedWords are what a staff page can say that it has just done.
var SavedWords = []string{
	"person", "papers", "cancelled", "refund", "declared", "account", "closed", "look", "mail", "link", "change", "due", "withdrawn",
	"accepted", "again", "refused", "out", "moved", "difference", "offered", "removed", "paused", "resumed",
}

// SavedPath is the address of a staff page, with or without a query, that says once what was done.
func SavedPath(path, word string) string {
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	q := u.Query()
	q.Set("saved", word)
	u.RawQuery = q.Encode()
	return u.String()
}

// SavedWord is the word of an address, "" for one that is none of ours.
func SavedWord(q url.Values) string {
	if word := q.Get("saved"); slices.Contains(SavedWords, word) {
		return word
	}
	return ""
}
