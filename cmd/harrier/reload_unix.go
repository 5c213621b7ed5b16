//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

func notifyHangup(c chan<- os.Signal) bool {
	signal.Notify(c, syscall.SIGHUP)
	return true
}
