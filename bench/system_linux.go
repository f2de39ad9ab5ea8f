package main

import (
	"os"
	"syscall"
)

// endWithParent makes a child end with this process, however that ends.
func endWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM} }

// flush brings a file's content to the disk.
func flush(f *os.File) error { return syscall.Fdatasync(int(f.Fd())) }
