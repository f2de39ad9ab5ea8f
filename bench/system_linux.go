package main

import (
	"os"
	"syscall"
	"time"
	"unsafe"
)

// endWithParent makes a child end with this process, however that ends.
func endWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM} }

// flush brings a file's content to the disk.
func flush(f *os.File) error { return syscall.Fdatasync(int(f.Fd())) }

// processorTime asks the kernel for a process's clock, which is exact; /proc counts in hundredths of a second.
func processorTime(pid int) time.Duration {
	var t syscall.Timespec
	clock := ^pid<<3 | 2 // as clock_getcpuclockid makes it
	if _, _, errno := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, uintptr(clock), uintptr(unsafe.Pointer(&t)), 0); errno != 0 {
		return 0
	}
	return time.Duration(t.Nano())
}
