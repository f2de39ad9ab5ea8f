package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"foyer/store"
)

// Groups: how many people one post registers, and the goal of that post in ms.
const (
	groupSize = 200
	maxGroup  = 100
)

// groups measures the post that makes one order of two hundred people, which come from a list that was pasted.
func (b *bench) groups(ctx context.Context) (err error) {
	s, err := b.serve(ctx, "web")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	var posts []float64
	for range b.plan.starts {
		took, err := registerGroup(ctx, "http://"+s.addr)
		if err != nil {
			return err
		}
		posts = append(posts, milliseconds(took))
	}
	b.report.add(figure{
		What: "a group of 200 in one post", Value: median(posts), Unit: "ms", Goal: maxGroup,
		Note: fmt.Sprintf("%d groups one after the other, %s, answer and disk included", len(posts), spread(posts)),
	})
	return nil
}

// registerGroup pastes a list, goes to the check page, and measures the post that makes the order.
func registerGroup(ctx context.Context, base string) (took time.Duration, err error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return 0, err
	}
	client := &http.Client{Jar: jar}
	defer client.CloseIdleConnections()
	name := store.Token()[:12]
	rows := []string{"name,email,category"}
	for i := range groupSize {
		rows = append(rows, fmt.Sprintf("참가자 %d,%s-%d@example.org,student", i+1, name, i))
	}
	page, err := submit(ctx, client, base+"/e/"+slug+"/register/group", url.Values{
		"name": {"가람대학교"}, "email": {name + "@example.org"}, "people": {strings.Join(rows, "\n")},
	})
	if err != nil {
		return 0, err
	}
	form, err := lastForm(ctx, client, page)
	if err != nil {
		return 0, err
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, page, strings.NewReader(form))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	start := time.Now()
	res, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	took = time.Since(start)
	if to := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, "/o/") {
		err = fmt.Errorf("a group's order: %d, leads to %q", res.StatusCode, to)
	}
	return took, errors.Join(err, res.Body.Close())
}
