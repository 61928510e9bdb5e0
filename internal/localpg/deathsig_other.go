//go:build !linux

package localpg

import "syscall"

// diesWithUs does nothing where the kernel has no such thing: a server that is
// left behind is stopped by the next start.
func diesWithUs(*syscall.SysProcAttr, syscall.Signal) {}
