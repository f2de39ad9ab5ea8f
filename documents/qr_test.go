package documents

import (
	"bytes"
	"image/color"
	"image/png"
	"strings"
	"testing"
)

// finder is the corner pattern of a QR code with one light module around it.
var finder = []string{
	"#######.",
	"#.....#.",
	"#.###.#.",
	"#.###.#.",
	"#.###.#.",
	"#.....#.",
	"#######.",
	"........",
}

func TestQRHasFindersAndQuietZone(t *testing.T) {
	for _, px := range []int{37, 200, 201, 512} {
		data, err := QR("https://example.com/c/8JX2", px)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if s := img.Bounds().Size(); s.X != px || s.Y != px {
			t.Fatalf("%v pixels, want %d", s, px)
		}
		m, err := encodeQR("https://example.com/c/8JX2")
		if err != nil {
			t.Fatal(err)
		}
		scale := px / (m.side + 2*quiet)
		start := (px - m.side*scale) / 2
		if start < quiet*scale {
			t.Errorf("%d px: quiet zone of %d pixels at %d per module", px, start, scale)
		}
		dark := func(x, y int) bool {
			return color.GrayModel.Convert(img.At(start+x*scale, start+y*scale)).(color.Gray).Y == 0
		}
		for y, line := range finder {
			for x, want := range line {
				if dark(x, y) != (want == '#') || dark(m.side-1-x, y) != (want == '#') || dark(x, m.side-1-y) != (want == '#') {
					t.Fatalf("%d px: finder pattern is broken at %d, %d", px, x, y)
				}
			}
		}
		for i := range px {
			for _, at := range [][2]int{{i, 0}, {i, px - 1}, {0, i}, {px - 1, i}} {
				if color.GrayModel.Convert(img.At(at[0], at[1])).(color.Gray).Y != 255 {
					t.Fatalf("%d px: dark pixel at the edge %v", px, at)
				}
			}
		}
	}
}

func TestQRPathDrawsEveryDarkModule(t *testing.T) {
	d, side, err := QRPath("체크인 8JX2")
	if err != nil {
		t.Fatal(err)
	}
	m, err := encodeQR("체크인 8JX2")
	if err != nil {
		t.Fatal(err)
	}
	if side != m.side+8 {
		t.Errorf("side %d for %d modules", side, m.side)
	}
	want := 0
	for y := range m.side {
		for x := range m.side {
			if m.dark(x, y) {
				want++
			}
		}
	}
	got := 0
	for run := range strings.SplitSeq(strings.TrimSuffix(d, "z"), "z") {
		got += runLength(t, run)
	}
	if got != want {
		t.Errorf("%d modules are drawn, want %d", got, want)
	}
}

// runLength reads the length of one "M4 4h7v1h-7".
func runLength(t *testing.T, run string) int {
	t.Helper()
	_, rest, ok := strings.Cut(run, "h")
	digits, _, okEnd := strings.Cut(rest, "v1h-")
	if !ok || !okEnd {
		t.Fatalf("run %q", run)
	}
	n := 0
	for _, r := range digits {
		n = n*10 + int(r-'0')
	}
	return n
}

func TestQRSVGGolden(t *testing.T) {
	svg, err := QRSVG("https://example.com/c/8JX2")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "qr.svg", svg+"\n")
}

func TestQRRefusesWhatDoesNotFit(t *testing.T) {
	if _, err := QR("x", 20); err == nil {
		t.Error("20 pixels are too few")
	}
	if _, err := QR(strings.Repeat("가", 3000), 1000); err == nil {
		t.Error("3000 syllables are too many")
	}
	if _, err := QRSVG(strings.Repeat("가", 3000)); err == nil {
		t.Error("3000 syllables are too many")
	}
}
