package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// floors are the packages from the ground up: an import never goes up, and neighbours on one floor do not know each other.
var floors = [][]string{
	{"registration"},
	{"payments"},
	{"payments/toss", "payments/stripe", "payments/bootpay", "payments/portonev1", "payments/portonev2", "payments/allat", "payments/transfer", "payments/sandbox"},
	{"store", "documents", "notify"},
	{"static"},
	{"views"},
	{"handlers"},
	{""},
}

// testOnly are packages of tests and tools; they may import anything, and nothing imports them but tests.
var testOnly = []string{"store/pgtest", "store/storetest", "payments/gatewaytest", "e2e", "bench", "tools"}

func floorOf(pkg string) int {
	for i, floor := range floors {
		for _, p := range floor {
			if p == pkg {
				return i
			}
		}
	}
	return -1
}

func isTestOnly(pkg string) bool {
	for _, p := range testOnly {
		if pkg == p || strings.HasPrefix(pkg, p+"/") {
			return true
		}
	}
	return false
}

// TestImportsNeverGoUp reads every file's imports and holds the house's floors.
func TestImportsNeverGoUp(t *testing.T) {
	files := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		files++
		checkImports(t, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Fatalf("only %d files were read", files)
	}
}

func checkImports(t *testing.T, path string) {
	t.Helper()
	pkg := filepath.ToSlash(filepath.Dir(path))
	if pkg == "." {
		pkg = ""
	}
	if isTestOnly(pkg) {
		return
	}
	from := floorOf(pkg)
	if from < 0 {
		t.Errorf("%s: package %q stands on no floor; add it to the table", path, pkg)
		return
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		checkImport(t, path, pkg, from, name)
	}
}

func checkImport(t *testing.T, path, pkg string, from int, name string) {
	t.Helper()
	if strings.HasPrefix(name, "github.com/labstack/echo") && pkg != "handlers" && pkg != "" {
		t.Errorf("%s imports echo, which only handlers and main may know", path)
	}
	other, ours := strings.CutPrefix(name, "foyer/")
	if !ours {
		return
	}
	switch to := floorOf(other); {
	case isTestOnly(other):
		t.Errorf("%s imports %s, which is for tests", path, other)
	case to < 0:
		t.Errorf("%s imports %s, which stands on no floor", path, other)
	case to >= from && other != pkg:
		t.Errorf("%s: %q (floor %d) must not import %s (floor %d)", path, pkg, from, other, to)
	}
}
