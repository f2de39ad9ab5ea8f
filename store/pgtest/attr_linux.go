package pgtest

import "syscall"

// sameGroup runs the server under cred and makes it end with this process, however that ends.
func sameGroup(cred *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: cred, Setpgid: true, Pdeathsig: syscall.SIGQUIT}
}
