package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatIsExportedIsTheSameFileInAnEmptyInstallation(t *testing.T) {
	files, err := filepath.Glob("docs/examples/*.yaml")
	if err != nil || len(files) < 3 {
		t.Fatalf("found %v: %v", files, err)
	}
	for _, name := range append(files, "registration/testdata/eventfile/sample.yaml") {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var exported [2]string
			for i, text := range []string{string(data), ""} {
				h := newTestHouse(t)
				h.env["TOSS_USD_CLIENT_KEY"], h.env["TOSS_USD_SECRET_KEY"] = h.env["TOSS_CLIENT_KEY"], h.env["TOSS_SECRET_KEY"]
				if i == 1 {
					text = exported[0]
				}
				h.must("", "event", "apply", h.file("e.yaml", text))
				exported[i] = h.must("", "event", "export", slugOf(text))
			}
			if exported[0] != exported[1] {
				t.Errorf("exported first:\n%s\nand from the second installation:\n%s", exported[0], exported[1])
			}
			if strings.Contains(exported[0], "test_sk") || !strings.Contains(exported[0], "${TOSS_SECRET_KEY}") {
				t.Errorf("credentials are not written as references:\n%s", exported[0])
			}
		})
	}
}

func slugOf(file string) string {
	_, rest, _ := strings.Cut(file, "slug: ")
	slug, _, _ := strings.Cut(rest, "\n")
	return slug
}

func TestCredentialsWithoutReferenceAreLeftOutAndNamed(t *testing.T) {
	h := newTestHouse(t)
	text := strings.NewReplacer("${TOSS_CLIENT_KEY}", h.env["TOSS_CLIENT_KEY"], "${TOSS_SECRET_KEY}", h.env["TOSS_SECRET_KEY"]).Replace(sampleEvent(t, "http://127.0.0.1:9"))
	h.must("", "event", "apply", h.file("e.yaml", text))
	code, out, errs := h.do("", "event", "export", "apsys-2027")
	if code != 0 || strings.Contains(out+errs, h.env["TOSS_SECRET_KEY"]) || !strings.Contains(errs, "korea: left out: client_key, secret_key") {
		t.Errorf("exit %d, %q, %q", code, out, errs)
	}
	if again := h.must("", "event", "apply", h.file("again.yaml", out)); !strings.Contains(again, "nothing changed") {
		t.Errorf("applied again: %q", again)
	}
	if code, _, errs := h.do("", "event", "export", "nobody"); code != exitSettings || !strings.Contains(errs, `no event "nobody"`) {
		t.Errorf("an unknown event: exit %d, %q", code, errs)
	}
}
