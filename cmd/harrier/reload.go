package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"sync"

	"github.com/harrier-hunting/harrier/internal/api"
)

// reloads are the parts that can be read again, by name.
type reloads struct {
	log   *slog.Logger
	mu    sync.Mutex // one reload at a time
	names []string
	parts []api.Reloader
}

func (r *reloads) add(name string, part api.Reloader) {
	r.names, r.parts = append(r.names, name), append(r.parts, part)
}

// reload reads every part and takes over all of them, or none: what is wrong
// with each is in the error.
func (r *reloads) reload(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var faults []error
	var commits []func()
	for i, part := range r.parts {
		commit, err := part.Prepare(ctx)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", r.names[i], err))
			continue
		}
		commits = append(commits, commit)
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	for _, commit := range commits {
		commit()
	}
	r.log.Info("configuration reloaded", "parts", r.names)
	return nil
}

// onHangup reloads at each SIGHUP until the context ends. Systems without that
// signal have POST /api/harrier/reload.
func (r *reloads) onHangup(ctx context.Context) {
	signals := make(chan os.Signal, 1)
	if !notifyHangup(signals) {
		return
	}
	go func() {
		defer signal.Stop(signals)
		for {
			select {
			case <-ctx.Done():
				return
			case <-signals:
				if err := r.reload(ctx); err != nil {
					r.log.Error("reload failed; the old state goes on", "error", err)
				}
			}
		}
	}()
}

// policyReloader reads the access policy again.
type policyReloader struct{ source policySource }

// Prepare is api.Reloader.
func (p policyReloader) Prepare(context.Context) (func(), error) { return p.source.Prepare() }
