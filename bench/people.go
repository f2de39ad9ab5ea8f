package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"

	"foyer/store"

	"github.com/PuerkitoBio/goquery"
)

// person is somebody who has come to the last page of the form.
type person struct {
	draft []byte // as the pages have kept it
	event string // id of the event that it is for
	form  string // what the last page's form posts
}

// draftCookie holds the draft's token.
const draftCookie = "foyer_draft"

// meet walks n people through the real pages, up to the check page and not further.
func meet(ctx context.Context, s *store.Store, base string, n int) ([]person, error) {
	var people []person
	for range n {
		p, err := walk(ctx, s, base)
		if err != nil {
			return nil, fmt.Errorf("walk through the form: %w", err)
		}
		people = append(people, p)
	}
	return people, nil
}

func walk(ctx context.Context, s *store.Store, base string) (person, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return person{}, err
	}
	client := &http.Client{Jar: jar}
	name := store.Token()[:12] // e-mail addresses come in no order
	page, err := submit(ctx, client, base+"/e/"+slug+"/register", categoryForm())
	if err != nil {
		return person{}, err
	}
	page, err = submit(ctx, client, page, personForm(name))
	if err != nil {
		return person{}, err
	}
	form, err := lastForm(ctx, client, page)
	if err != nil {
		return person{}, err
	}
	here, err := url.Parse(page)
	if err != nil {
		return person{}, err
	}
	for _, c := range jar.Cookies(here) {
		if c.Name == draftCookie {
			data, event, err := s.Draft(ctx, c.Value)
			return person{data, event, form}, err
		}
	}
	return person{}, errors.New("there is no draft")
}

// submit posts a form and gives the address of the page that it leads to.
func submit(ctx context.Context, client *http.Client, address string, fields url.Values) (next string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(fields.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := client.Do(r)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	next = res.Request.URL.String()
	if res.StatusCode != http.StatusOK || next == address {
		return "", fmt.Errorf("%s answers %d and leads to %s", address, res.StatusCode, next)
	}
	return next, nil
}

// lastForm reads the check page's form and ticks its consents.
func lastForm(ctx context.Context, client *http.Client, address string) (form string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	res, err := client.Do(r)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	page, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		return "", err
	}
	fields := url.Values{}
	page.Find("form#main input[name]").Each(func(_ int, in *goquery.Selection) {
		fields.Set(in.AttrOr("name", ""), in.AttrOr("value", ""))
	})
	if fields.Get("revision") == "" || fields.Get("consent.order") == "" {
		return "", fmt.Errorf("the form of %s has the fields %v", address, fields)
	}
	return fields.Encode(), nil
}

// ready is a draft that waits for its last post.
type ready struct {
	token string
	who   int
}

// prepare saves n drafts, copies of those that the pages have made, each under a token of its own.
func prepare(ctx context.Context, s *store.Store, people []person, n int) ([]ready, error) {
	const savers = 64
	drafts := make([]ready, n)
	failed := make([]error, savers)
	var wg sync.WaitGroup
	for saver := range savers {
		wg.Go(func() {
			for i := saver; i < n && failed[saver] == nil; i += savers {
				d := ready{store.TimedToken(), rand.IntN(len(people))}
				p := people[d.who]
				failed[saver] = s.SaveDraft(ctx, d.token, p.event, p.draft, store.DraftLife)
				drafts[i] = d
			}
		})
	}
	wg.Wait()
	for _, err := range failed {
		if err != nil {
			return nil, fmt.Errorf("save drafts: %w", err) // the others are no different
		}
	}
	return drafts, nil
}
