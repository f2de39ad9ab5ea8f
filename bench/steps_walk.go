package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"

	"foyer/store"
)

// walker is somebody who registers, with the cookies of a browser.
type walker struct {
	client *http.Client // follows no redirect
	event  string       // address of the event's page
	form   string       // what the last page's form posts, once that page was read
}

// step is one request on the way from the event's page to an order.
type step struct {
	name string
	take func(*walker, context.Context) error
}

// steps are the whole way.
var steps = []step{
	{"event page", func(w *walker, ctx context.Context) error { return w.read(ctx, "") }},
	{"category page", func(w *walker, ctx context.Context) error { return w.read(ctx, "/register") }},
	{"category sent", func(w *walker, ctx context.Context) error {
		return w.send(ctx, "/register", categoryForm().Encode(), "/e/"+slug+"/register/person")
	}},
	{"person page", func(w *walker, ctx context.Context) error { return w.read(ctx, "/register/person") }},
	{"person sent", func(w *walker, ctx context.Context) error {
		return w.send(ctx, "/register/person", personForm(store.Token()[:12]).Encode(), "/e/"+slug+"/register/check")
	}},
	{"check page", func(w *walker, ctx context.Context) (err error) {
		w.form, err = lastForm(ctx, w.client, w.event+"/register/check")
		return err
	}},
	{"order made", func(w *walker, ctx context.Context) error { return w.send(ctx, "/register/check", w.form, "/o/") }},
}

// arrive gives n people who have seen nothing yet. They share connections.
func arrive(web *http.Transport, base string, n int) ([]*walker, error) {
	var people []*walker
	for range n {
		jar, err := cookiejar.New(nil)
		if err != nil {
			return nil, err
		}
		client := &http.Client{
			Transport: web, Jar: jar, Timeout: patience,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
		people = append(people, &walker{client: client, event: base + "/e/" + slug})
	}
	return people, nil
}

// read gets a page of the event.
func (w *walker) read(ctx context.Context, path string) error {
	_, err := fetch(ctx, w.client, http.MethodGet, w.event+path, "", http.StatusOK)
	return err
}

// send posts a form, whose answer must lead to a path that begins with to.
func (w *walker) send(ctx context.Context, path, form, to string) error {
	next, err := fetch(ctx, w.client, http.MethodPost, w.event+path, form, http.StatusSeeOther)
	if err != nil {
		return err
	}
	address, err := url.Parse(next)
	if err == nil && !strings.HasPrefix(address.Path, to) {
		err = fmt.Errorf("POST %s leads to %s", path, address.Path)
	}
	return err
}

// categoryForm is what the first page's form posts.
func categoryForm() url.Values { return url.Values{"category": {"student"}} }

// personForm is what the second page's form posts; name makes the person and the address different from all others.
func personForm(name string) url.Values {
	return url.Values{"name": {"홍길동 " + name}, "email": {name + "@example.org"}, "organization": {"가람대학교"}}
}
