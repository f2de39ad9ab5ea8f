package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// Goals of a start and of a first visit.
const (
	maxStart  = 100 // ms, from the start of the process to its first page
	maxWeight = 60  // KB, of all that a browser without a cache takes
)

// startup measures how soon the program shows the event's page on the database that the registrations have left, and what a first
// visit of that page weighs.
func (b *bench) startup(ctx context.Context) error {
	var starts []float64
	for n := range b.plan.starts {
		took, err := b.firstPage(ctx, n == 0)
		if err != nil {
			return err
		}
		starts = append(starts, milliseconds(took))
	}
	b.report.add(figure{
		What: "start to first page", Value: median(starts), Unit: "ms", Goal: maxStart,
		Note: fmt.Sprintf("%d starts, %s, on the database of the registrations above", len(starts), spread(starts)),
	})
	return nil
}

func (b *bench) firstPage(ctx context.Context, weigh bool) (took time.Duration, err error) {
	start := time.Now()
	s, err := b.serve(ctx, "web")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	page := "http://" + s.addr + "/e/" + slug
	v := newVisitor()
	defer v.client.CloseIdleConnections()
	if _, err := v.get(ctx, page); err != nil {
		return 0, err
	}
	took = time.Since(start)
	if weigh {
		err = b.weigh(ctx, page)
	}
	return took, err
}

// weigh adds up the bytes of the event's page and of every file that it names, as they are transferred, headers included.
func (b *bench) weigh(ctx context.Context, page string) error {
	v := newVisitor()
	defer v.client.CloseIdleConnections()
	body, err := v.get(ctx, page)
	if err != nil {
		return err
	}
	onlyPage := v.read.Load()
	base, err := url.Parse(page)
	if err != nil {
		return err
	}
	files := filesOf(body)
	for _, file := range files {
		address, err := base.Parse(file)
		if err != nil {
			return err
		}
		if _, err := v.get(ctx, address.String()); err != nil {
			return err
		}
	}
	b.report.add(figure{
		What: "first load of the event's page", Value: float64(v.read.Load()) / 1000, Unit: "KB", Goal: maxWeight,
		Note: fmt.Sprintf("gzip, headers included; the page %.1f KB and %d files", float64(onlyPage)/1000, len(files)),
	})
	return nil
}

// filesOf lists the files that a browser fetches together with a page.
func filesOf(body *goquery.Document) []string {
	var files []string
	body.Find(`link[rel="stylesheet"][href], link[rel="icon"][href], script[src], img[src]`).Each(func(_ int, tag *goquery.Selection) {
		if file := tag.AttrOr("href", tag.AttrOr("src", "")); !strings.HasPrefix(file, "data:") {
			files = append(files, file)
		}
	})
	return files
}

// visitor is a browser without a cache that counts what it receives.
type visitor struct {
	client *http.Client
	read   *atomic.Int64 // bytes from the network
}

func newVisitor() visitor {
	v := visitor{read: &atomic.Int64{}}
	var d net.Dialer
	v.client = &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := d.DialContext(ctx, network, addr)
			return counted{conn, v.read}, err
		},
	}}
	return v
}

// counted is a connection whose bytes are counted as they come in.
type counted struct {
	net.Conn
	n *atomic.Int64
}

// Read counts what the connection gives.
func (c counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// get reads a whole answer. The client asks for gzip by itself.
func (v visitor) get(ctx context.Context, address string) (body *goquery.Document, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	res, err := v.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %d", address, res.StatusCode)
	}
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	return goquery.NewDocumentFromReader(strings.NewReader(string(text)))
}
