package documents

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
)

func TestFontIsTheOneWeKnow(t *testing.T) {
	const want = "6d0af5258997aec7354a6e340fc2325ba321c410ca48b3af858c8c3d6e92a324"
	data, err := pretendard()
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	if got := hex.EncodeToString(sum[:]); got != want {
		t.Errorf("checksum of the font is %s, want %s", got, want)
	}
}

func TestFontHasEveryHangulSyllable(t *testing.T) {
	f := mustFont(t)
	for r := '가'; r <= '힣'; r++ {
		if !f.has(r) {
			t.Fatalf("no glyph for %c", r)
		}
	}
}

func TestFiguresHaveOneWidth(t *testing.T) {
	f := mustFont(t)
	for r := '0'; r <= '9'; r++ {
		if a, b := f.measure(string(r), 10), f.measure("0", 10); a != b {
			t.Errorf("%c is %.3f mm wide, 0 is %.3f mm", r, a, b)
		}
	}
}

func TestSubsetKeepsOutlinesAndWidths(t *testing.T) {
	f := mustFont(t)
	chars := []rune("영수증 Ễ250,000원")
	cut := f.subset(chars)
	// The subset has a format 4 character map only, so its glyphs are compared by number: sorted characters follow glyph 0.
	small := &font{table: map[string][]byte{}, upem: f.upem}
	for i := range int(be16(cut[4:])) {
		entry := cut[12+16*i:]
		small.table[string(entry[:4])] = cut[be32(entry[8:]) : be32(entry[8:])+be32(entry[12:])]
	}
	small.readWidths()
	next := uint16(1)
	seen := map[uint16]bool{}
	for _, r := range sorted(chars) {
		g := f.glyphs[r]
		if seen[g] {
			continue
		}
		seen[g] = true
		if small.width[next] != f.width[g] {
			t.Errorf("%c: width %d, want %d", r, small.width[next], f.width[g])
		}
		if a, b := len(small.outline(next)), len(f.outline(g)); a < b || a > b+3 {
			t.Errorf("%c: outline of %d bytes, want %d", r, a, b)
		}
		next++
	}
	if len(cut) > 20_000 {
		t.Errorf("subset takes %d bytes", len(cut))
	}
}

func TestWrapKeepsWordsWhole(t *testing.T) {
	f := mustFont(t)
	text := "Institut für Verteilte Systeme 예시대학교 컴퓨터공학부\n둘째 줄"
	for width := 5.0; width < 120; width += 3 {
		for _, l := range f.wrap(text, 10, width) {
			if one := len([]rune(l)) == 1; !one && f.measure(l, 10) > width {
				t.Errorf("%q is wider than %.0f mm", l, width)
			}
		}
	}
	got := f.wrap(text, 10, 60)
	want := []string{"Institut für Verteilte Systeme", "예시대학교 컴퓨터공학부", "둘째 줄"}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("wrapped to %q, want %q", got, want)
	}
}

func TestUnprintableNamesWhatTheFontLacks(t *testing.T) {
	for text, want := range map[string]string{
		"홍길동 Hong, Gîldong": "", "Nguyễn Văn An": "", "Иванов": "", "やまだ": "", "뷁쀍 NFD \u1112\u1169\u11bc": "",
		"洪吉童 홍길동": "洪吉童", "山山 田": "山田", "王小明": "王小明", "😀": "😀",
	} {
		if got, err := Unprintable(text); err != nil || got != want {
			t.Errorf("%q: %q (%v), want %q", text, got, err, want)
		}
	}
}
