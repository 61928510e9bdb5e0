package localpg

import "syscall"

// diesWithUs has the kernel send the signal to the child when we die, even by kill -9.
func diesWithUs(attr *syscall.SysProcAttr, signal syscall.Signal) { attr.Pdeathsig = signal }
