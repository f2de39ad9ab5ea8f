package documents

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"
)

// packed is the font as it was published, gzipped: the binary is smaller by more than a megabyte for it.
//
//go:embed fonts/Pretendard-Regular.ttf.gz
var packed []byte

// receiptFont reads the embedded font once per process; receipts share it, and it is never written to.
var receiptFont = sync.OnceValues(func() (*font, error) {
	data, err := pretendard()
	if err != nil {
		return nil, err
	}
	return parseFont(data)
})

// pretendard unpacks the font file.
func pretendard() ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errFont, err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errFont, err)
	}
	return data, nil
}

// errFont is wrapped by every complaint about the embedded font file.
var errFont = errors.New("font file")

// tabularZero is where Pretendard keeps its figures of equal width, 0 to 9 from here on.
const tabularZero = '\ue071'

// font is a TrueType font, taken apart far enough to measure text and to cut out the glyphs of one document.
type font struct {
	table  map[string][]byte // by tag
	glyphs [1 << 16]uint16   // glyph by character; 0: the font has none
	width  []uint16          // advance by glyph, in thousandths of the type size
	upem   int               // units per em
}

// parseFont reads the tables of a TrueType font. Figures are mapped to those of equal width, so that columns of money line up.
func parseFont(data []byte) (*font, error) {
	f := &font{table: make(map[string][]byte)}
	if len(data) < 12 || be32(data) != 0x00010000 {
		return nil, fmt.Errorf("%w: not TrueType", errFont)
	}
	for i := range int(be16(data[4:])) {
		entry := data[12+16*i:]
		start, size := be32(entry[8:]), be32(entry[12:])
		f.table[string(entry[:4])] = data[start : start+size : start+size]
	}
	for _, tag := range []string{"OS/2", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "post"} {
		if len(f.table[tag]) == 0 {
			return nil, fmt.Errorf("%w: no table %q", errFont, tag)
		}
	}
	if be16(f.table["head"][50:]) != 1 {
		return nil, fmt.Errorf("%w: short glyph offsets", errFont)
	}
	f.upem = int(be16(f.table["head"][18:]))
	f.readWidths()
	if err := f.readCharacters(); err != nil {
		return nil, err
	}
	for i := range uint16(10) {
		if g := f.glyphs[tabularZero+rune(i)]; g != 0 {
			f.glyphs['0'+rune(i)] = g
		}
	}
	return f, nil
}

// readWidths rounds as the PDF will say them, so that text set flush right ends exactly where it should.
func (f *font) readWidths() {
	count, long := int(be16(f.table["maxp"][4:])), int(be16(f.table["hhea"][34:]))
	f.width = make([]uint16, count)
	for g := range f.width {
		units := be16(f.table["hmtx"][4*min(g, long-1):])
		f.width[g] = uint16(math.Round(float64(units) * 1000 / float64(f.upem)))
	}
}

// readCharacters reads the format 12 character map, leaving out what lies beyond the basic plane.
func (f *font) readCharacters() error {
	cmap := f.table["cmap"]
	for i := range int(be16(cmap[2:])) {
		sub := cmap[be32(cmap[8+8*i:]):]
		if be16(sub) != 12 {
			continue
		}
		for j := range int(be32(sub[12:])) {
			group := sub[16+12*j:]
			first, last, glyph := be32(group), be32(group[4:]), be32(group[8:])
			for r := first; r <= last && r < 1<<16; r++ {
				f.glyphs[r] = uint16(glyph + r - first)
			}
		}
		return nil
	}
	return fmt.Errorf("%w: no character map", errFont)
}

// has reports whether the font can show r.
func (f *font) has(r rune) bool { return r >= 0 && r < 1<<16 && f.glyphs[r] != 0 }

// measure is the width of text in millimetres when set at size points.
func (f *font) measure(text string, size float64) float64 {
	sum := 0
	for _, r := range text {
		if f.has(r) {
			sum += int(f.width[f.glyphs[r]])
		}
	}
	return float64(sum) / 1000 * size * mmPerPoint
}

// mmPerPoint is the length of a typographic point.
const mmPerPoint = 25.4 / 72

func be16(b []byte) uint16 { return binary.BigEndian.Uint16(b) }
func be32(b []byte) uint32 { return binary.BigEndian.Uint32(b) }
