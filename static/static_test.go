package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"regexp"
	"strings"
	"testing"
)

func TestFilesAreFoundByTheirContent(t *testing.T) {
	named := regexp.MustCompile(`^/static/[a-z]+\.[0-9a-f]{10}\.(css|js|svg)$`)
	for name, url := range urls {
		if !named.MatchString(url) {
			t.Errorf("%s is at %s", name, url)
		}
		data, gz, kind, ok := File(strings.TrimPrefix(url, Prefix))
		if !ok || kind == "" || len(data) == 0 {
			t.Fatalf("%s cannot be read back", name)
		}
		r, err := gzip.NewReader(bytes.NewReader(gz))
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := io.ReadAll(r); err != nil || !bytes.Equal(plain, data) {
			t.Errorf("%s: compressed form differs (%v)", name, err)
		}
	}
	for _, name := range []string{"app.css", "app.0000000000.css", "../static.go", ""} {
		if _, _, _, ok := File(name); ok {
			t.Errorf("%q was found", name)
		}
	}
}

func TestAttendeesFilesStayWithinTheirWeight(t *testing.T) {
	weigh := func(names ...string) (sum int) {
		for _, n := range names {
			sum += len(byName[strings.TrimPrefix(URL(n), Prefix)].gz)
		}
		return sum
	}
	if n := weigh("app.css"); n > 12<<10 {
		t.Errorf("style: %d bytes compressed", n)
	}
	if n := weigh("form.js", "total.js", "status.js", "copy.js", "pay.js", "receive.js"); n > 8<<10 {
		t.Errorf("scripts: %d bytes compressed", n)
	}
	if n := weigh("favicon.svg"); n > 3<<10 {
		t.Errorf("icon: %d bytes compressed", n)
	}
}

func TestStyleTakesNothingFromElsewhere(t *testing.T) {
	for name := range urls {
		if !strings.HasSuffix(name, ".css") {
			continue
		}
		data, _, _, _ := File(strings.TrimPrefix(URL(name), Prefix))
		if bytes.Contains(data, []byte("url(")) || bytes.Contains(data, []byte("@import")) {
			t.Errorf("%s loads something else", name)
		}
	}
}
