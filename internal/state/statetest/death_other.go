//go:build unix && !linux

package statetest

import "syscall"

func deathSignal() *syscall.SysProcAttr { return &syscall.SysProcAttr{} }
