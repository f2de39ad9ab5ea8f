//go:build !linux

package pgtest

import "syscall"

// sameGroup runs the server under cred, out of reach of the terminal's interrupt.
func sameGroup(cred *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: cred, Setpgid: true}
}
