package documents

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
)

// Most elements, in "<" signs, of the parts of an XLSX file by what they are: an element takes hundreds of bytes of memory once it is read,
// and a hundred kilobytes can hold millions of them.
const (
	maxSheetMarks  = 4_000_000 // of all sheets; they are read row by row
	maxStringMarks = 1_200_000
	maxOtherMarks  = 300_000
)

// boundXLSX fails with ErrTableSize for a file that would unfold into more than fits, and with ErrTableKind for one that is no archive.
// What the archive says about its sizes is not believed.
func boundXLSX(data []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrTableKind, err)
	}
	room := int64(maxUnzipped)
	marks := map[string]int{"worksheet": maxSheetMarks, "sst": maxStringMarks, "": maxOtherMarks}
	for _, part := range archive.File {
		if part.UncompressedSize64 > maxUnzipped {
			return ErrTableSize
		}
		kind, n, size, err := measured(part, room)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrTableKind, err)
		}
		room -= size
		marks[kind] -= n
		if room < 0 || marks[kind] < 0 {
			return ErrTableSize
		}
	}
	return nil
}

// measured tells what a part is, how many elements it has at most, and how long it is; beyond room it is not read.
func measured(part *zip.File, room int64) (kind string, marks int, size int64, err error) {
	r, err := part.Open()
	if err != nil {
		return "", 0, 0, err
	}
	defer func() { _ = r.Close() }()
	var head bytes.Buffer
	kind = rootKind(io.TeeReader(io.LimitReader(r, 64<<10), &head))
	all := io.MultiReader(&head, r)
	buf := make([]byte, 32<<10)
	for {
		n, err := all.Read(buf)
		marks += bytes.Count(buf[:n], []byte("<"))
		if size += int64(n); size > room || err == io.EOF {
			return kind, marks, size, nil
		}
		if err != nil {
			return "", 0, 0, err
		}
	}
}

// rootKind is the name of the outermost element where that is a sheet's or that of a table of strings, else "".
func rootKind(r io.Reader) string {
	d := xml.NewDecoder(r)
	for {
		token, err := d.RawToken()
		if err != nil {
			return ""
		}
		if e, is := token.(xml.StartElement); is {
			if e.Name.Local == "worksheet" || e.Name.Local == "sst" {
				return e.Name.Local
			}
			return ""
		}
	}
}
