package documents

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

// quiet is the white margin of a QR code in modules, as ISO/IEC 18004 asks.
const quiet = 4

// modules is a QR code as a square of dark and light.
type modules struct {
	side int
	code barcode.Barcode
}

// encodeQR makes a code with medium error correction: a sixth of it may be damaged.
func encodeQR(text string) (modules, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return modules{}, fmt.Errorf("encode QR code: %w", err)
	}
	return modules{side: code.Bounds().Dx(), code: code}, nil
}

func (m modules) dark(x, y int) bool { return m.code.At(x, y) == color.Black }

// QR draws text as a QR code: a PNG of px by px pixels, black on white, with its quiet zone inside. Modules have whole pixels, so the
// code is as large as fits and centred. It is an error when text is too long for a QR code, or px too small for one pixel per module.
func QR(text string, px int) ([]byte, error) {
	m, err := encodeQR(text)
	if err != nil {
		return nil, err
	}
	scale := px / (m.side + 2*quiet)
	if scale < 1 {
		return nil, fmt.Errorf("QR code of %d modules in %d pixels", m.side+2*quiet, px)
	}
	img := image.NewPaletted(image.Rect(0, 0, px, px), color.Palette{color.White, color.Black})
	start := (px - m.side*scale) / 2
	for i := range m.side * scale * m.side * scale {
		x, y := i%(m.side*scale), i/(m.side*scale)
		if m.dark(x/scale, y/scale) {
			img.SetColorIndex(start+x, start+y, 1)
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil, fmt.Errorf("write QR code: %w", err)
	}
	return out.Bytes(), nil
}

// QRPath gives text as a QR code for an inline SVG: the d attribute of one path, in a square of side by side units that already has
// its quiet zone: viewBox "0 0 side side". The path needs no style, so it passes a strict content security policy.
func QRPath(text string) (d string, side int, err error) {
	m, err := encodeQR(text)
	if err != nil {
		return "", 0, err
	}
	var b strings.Builder
	for y := range m.side {
		for x := 0; x < m.side; x++ {
			from := x
			for x < m.side && m.dark(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	return b.String(), m.side + 2*quiet, nil
}

// QRSVG gives text as a QR code in an SVG document of its own, black on white.
func QRSVG(text string) (string, error) {
	d, side, err := QRPath(text)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">`+
		`<path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></svg>`, side, side, side, side, d), nil
}
