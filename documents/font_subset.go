package documents

import (
	"encoding/binary"
	"slices"
)

// Flags of a part of a composite glyph (OpenType specification, "glyf" table).
const (
	partWords  = 0x0001 // offsets are words
	partScale  = 0x0008 // one scale follows
	partMore   = 0x0020 // another part follows
	partScales = 0x0040 // two scales follow
	partMatrix = 0x0080 // four numbers follow
)

// subset writes a small TrueType file with the glyphs of chars and nothing else. The PDF writer reads the whole font that it is
// given, twice per document; a hundred glyphs instead of fourteen thousand make a receipt an order of magnitude cheaper.
// chars must all be in the font. The same characters give the same bytes.
func (f *font) subset(chars []rune) []byte {
	chars = slices.Clone(chars)
	slices.Sort(chars)
	chars = slices.Compact(chars)
	old := []uint16{0}
	number := map[uint16]uint16{0: 0}
	add := func(g uint16) {
		if _, ok := number[g]; !ok {
			number[g] = uint16(len(old))
			old = append(old, g)
		}
	}
	for _, r := range chars {
		add(f.glyphs[r])
	}
	for i := 0; i < len(old); i++ { // grows while parts of composite glyphs are found
		parts(f.outline(old[i]), func(at []byte) { add(be16(at)) })
	}
	glyf, loca := f.cutOutlines(old, number)
	return assemble(map[string][]byte{
		"OS/2": f.table["OS/2"],
		"cmap": characterMap(chars, func(r rune) uint16 { return number[f.glyphs[r]] }),
		"glyf": glyf,
		"head": f.table["head"],
		"hhea": patch16(f.table["hhea"], 34, len(old)),
		"hmtx": f.cutMetrics(old),
		"loca": loca,
		"maxp": patch16(f.table["maxp"], 4, len(old)),
		"name": {0, 0, 0, 0, 0, 6},
		"post": append([]byte{0, 3, 0, 0}, f.table["post"][4:32]...),
	})
}

// outline is the drawing of one glyph; empty for a space.
func (f *font) outline(g uint16) []byte {
	loca := f.table["loca"][4*int(g):]
	return f.table["glyf"][be32(loca):be32(loca[4:])]
}

// parts calls visit with the place of each glyph number in a composite outline, and not at all for a simple one.
func parts(outline []byte, visit func(at []byte)) {
	if len(outline) < 10 || int16(be16(outline)) >= 0 {
		return
	}
	for rest := outline[10:]; ; {
		flags := be16(rest)
		visit(rest[2:4])
		rest = rest[4:]
		skip := 2
		if flags&partWords != 0 {
			skip = 4
		}
		switch {
		case flags&partScale != 0:
			skip += 2
		case flags&partScales != 0:
			skip += 4
		case flags&partMatrix != 0:
			skip += 8
		}
		if flags&partMore == 0 {
			return
		}
		rest = rest[skip:]
	}
}

// cutOutlines copies the outlines of the glyphs in old, with the numbers inside composite ones replaced.
func (f *font) cutOutlines(old []uint16, number map[uint16]uint16) (glyf, loca []byte) {
	for _, g := range old {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		outline := slices.Clone(f.outline(g))
		parts(outline, func(at []byte) { binary.BigEndian.PutUint16(at, number[be16(at)]) })
		glyf = append(glyf, outline...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
	}
	return glyf, binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
}

// cutMetrics copies width and left bearing of the glyphs in old.
func (f *font) cutMetrics(old []uint16) []byte {
	long := int(be16(f.table["hhea"][34:]))
	hmtx := f.table["hmtx"]
	out := make([]byte, 0, 4*len(old))
	for _, g := range old {
		width, bearing := hmtx[4*min(int(g), long-1):], 4*int(g)+2
		if int(g) >= long {
			bearing = 4*long + 2*(int(g)-long)
		}
		out = append(out, width[0], width[1], hmtx[bearing], hmtx[bearing+1])
	}
	return out
}

// characterMap writes a "cmap" table in format 4 with one segment per character. chars are sorted.
func characterMap(chars []rune, glyph func(rune) uint16) []byte {
	segments := len(chars) + 1
	words := func(b []byte, ws ...int) []byte {
		for _, w := range ws {
			b = binary.BigEndian.AppendUint16(b, uint16(w))
		}
		return b
	}
	out := words(nil, 0, 1, 3, 1, 0, 12, 4, 16+8*segments, 0, 2*segments, 0, 0, 0)
	for _, r := range chars {
		out = words(out, int(r))
	}
	out = words(out, 0xffff, 0)
	for _, r := range chars {
		out = words(out, int(r))
	}
	out = words(out, 0xffff)
	for _, r := range chars {
		out = words(out, int(glyph(r))-int(r))
	}
	out = words(out, 1)
	return append(out, make([]byte, 2*segments)...)
}

// assemble writes a TrueType file. Checksums are left at zero: no reader of embedded fonts looks at them.
func assemble(tables map[string][]byte) []byte {
	tags := make([]string, 0, len(tables))
	for tag := range tables {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	out := []byte{0, 1, 0, 0, 0, byte(len(tags)), 0, 0, 0, 0, 0, 0}
	at := len(out) + 16*len(tags)
	for _, tag := range tags {
		out = append(append(out, tag...), 0, 0, 0, 0)
		out = binary.BigEndian.AppendUint32(out, uint32(at))
		out = binary.BigEndian.AppendUint32(out, uint32(len(tables[tag])))
		at += (len(tables[tag]) + 3) &^ 3
	}
	for _, tag := range tags {
		out = append(out, tables[tag]...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	return out
}

// patch16 copies table with the number at offset replaced.
func patch16(table []byte, offset, value int) []byte {
	out := slices.Clone(table)
	binary.BigEndian.PutUint16(out[offset:], uint16(value))
	return out
}
