package registration

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sampleEnv is an environment with the keys of the sample file.
func sampleEnv(name string) (string, bool) {
	v, ok := map[string]string{"TOSS_CLIENT_KEY": "test_ck_sample", "TOSS_SECRET_KEY": "test_sk_sample", "EMPTY": ""}[name]
	return v, ok
}

func TestEventFileMistakesAreAllNamedWithTheirLines(t *testing.T) {
	for _, name := range []string{"mistakes", "live", "not-yaml", "empty", "two", "no-event", "paid-without-channel", "rules", "papers", "people", "waiting"} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", "eventfile", name+".yaml"))
			if err != nil {
				t.Fatal(err)
			}
			_, err = ParseEventFile(name+".yaml", data, sampleEnv)
			if err == nil {
				t.Fatal("the file was taken")
			}
			golden := filepath.Join("testdata", "eventfile", name+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(err.Error()+"\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, readErr := os.ReadFile(golden)
			if readErr != nil {
				t.Fatal(readErr)
			}
			if got := err.Error() + "\n"; got != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
			if strings.Contains(err.Error(), "live_sk_x") {
				t.Error("an error shows a credential")
			}
		})
	}
}
