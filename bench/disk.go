package main

import (
	"errors"
	"os"
	"path/filepath"
	"time"
)

// diskFlushes counts how often a second 4 KiB in a file that has its size already can be overwritten and flushed: the limit of every
// durable commit on this disk.
func diskFlushes(dir string, span time.Duration) (perSecond float64, err error) {
	f, err := os.Create(filepath.Join(dir, "disk"))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	const blocks = 256
	block := make([]byte, 4096)
	for i := range blocks {
		if _, err := f.WriteAt(block, int64(i)*4096); err != nil {
			return 0, err
		}
	}
	if err := f.Sync(); err != nil {
		return 0, err
	}
	n, start := 0, time.Now()
	for ; time.Since(start) < span; n++ {
		block[0]++
		if _, err := f.WriteAt(block, int64(n%blocks)*4096); err != nil {
			return 0, err
		}
		if err := flush(f); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(start).Seconds(), nil
}
