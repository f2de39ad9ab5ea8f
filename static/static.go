// Package static holds the style sheet, scripts and icon of the pages, embedded, compressed once, and addressed by
// their content so that browsers may keep them for ever.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"path"
	"strings"
)

//go:embed *.css *.js *.svg
var files embed.FS

// Prefix is where the files are served.
const Prefix = "/static/"

// file is one file in the forms in which it is sent.
type file struct {
	data, gz    []byte
	contentType string
}

var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

var (
	urls   = map[string]string{} // by plain name
	byName = map[string]file{}   // by hashed name
)

func init() {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err)
	}
	w, err := gzip.NewWriterLevel(nil, gzip.BestCompression)
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		add(e.Name(), w)
	}
}

func add(name string, w *gzip.Writer) {
	data, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	ext := path.Ext(name)
	sum := sha256.Sum256(data)
	hashed := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
	urls[name] = Prefix + hashed
	byName[hashed] = file{data: data, gz: compress(data, w), contentType: contentTypes[ext]}
}

// compress uses one writer for all files: each of its own would take 0.8 MB of memory when the program starts.
func compress(data []byte, w *gzip.Writer) []byte {
	var b bytes.Buffer
	w.Reset(&b)
	if _, err := w.Write(data); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// URL gives the address of a file by its plain name: "app.css" is at "/static/app.0123456789.css". The address changes
// with the content. A name that does not exist is a programming error and panics.
func URL(name string) string {
	u, ok := urls[name]
	if !ok {
		panic(fmt.Sprintf("static: there is no %s", name))
	}
	return u
}

// File gives the file with this hashed name, the last part of its URL: as it is, and compressed with gzip. The slices
// are shared and must not be changed. It may be kept for ever (Cache-Control: immutable). ok is false for any other
// name, an old hash included.
func File(name string) (data, gz []byte, contentType string, ok bool) {
	f, ok := byName[name]
	return f.data, f.gz, f.contentType, ok
}
