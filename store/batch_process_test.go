package store

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
)

const envChild = "FOYER_TEST_CHILD_URL"

// childWrites is the other process of a test: it writes notes and says so, each after its commit, until it is killed.
func childWrites(url string) int {
	s, err := Open(context.Background(), Config{URL: url})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	for g := range 8 {
		wg.Go(func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("child-%d-%d", g, i)
				if err := s.Write(context.Background(), Locks{}, note(id)); err != nil {
					continue
				}
				mu.Lock()
				fmt.Println(id)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return 0
}

func TestNothingAnsweredIsLostWhenTheProcessIsKilled(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		exe, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(exe)
		cmd.Env = append(os.Environ(), envChild+"="+s.cfg.URL)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var acked []string
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			acked = append(acked, lines.Text())
			if len(acked)%50 == 1 { // this process writes at the same time
				mustWrite(t, s, Locks{}, note("parent-"+lines.Text()))
			}
			if len(acked) == 300 {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = cmd.Wait() // it was killed
		if len(acked) < 300 {
			t.Fatalf("the other process wrote %d notes only", len(acked))
		}
		for _, id := range acked {
			if !hasNote(t, s, id) {
				t.Errorf("%s was answered and is lost", id)
			}
		}
		mustWrite(t, s, Locks{}, note("after"))
	})
}
