package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/ingest"
)

type ingestCmd struct {
	storeFlags
	Files  []string `arg:"" help:"Files, folders or archives: Defender Streaming API records or Windows event JSON." type:"existingpath"`
	Rebase string   `help:"Shift a recording so that its last event happens then: 'now' or an RFC 3339 time."`
	Quiet  bool     `help:"No progress bar." short:"q"`
}

// Run loads the files and prints what came of them.
func (c *ingestCmd) Run(ctx context.Context) error {
	rebase, err := rebaseTime(c.Rebase)
	if err != nil {
		return err
	}
	cat, err := catalog.Builtin()
	if err != nil {
		return err
	}
	store, err := c.open(slog.New(slog.DiscardHandler), false)
	if err != nil {
		return err
	}
	defer store.Close()
	opts := ingest.Options{Catalog: cat, Rebase: rebase}
	if !c.Quiet && term.IsTerminal(int(os.Stderr.Fd())) {
		opts.Progress = progress("reading")
	}
	report, err := ingest.Files(ctx, opts, store, c.Files...)
	fmt.Print(report.String())
	if err != nil {
		return err
	}
	return store.Close()
}

func rebaseTime(text string) (time.Time, error) {
	switch text {
	case "":
		return time.Time{}, nil
	case "now":
		return time.Now().UTC(), nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, fmt.Errorf("--rebase %q: give 'now' or a time such as 2026-11-01T12:00:00Z", text)
	}
	return t, nil
}

// progress draws a bar of bytes on standard error.
func progress(what string) func(done, total int64) {
	var bar *progressbar.ProgressBar
	return func(done, total int64) {
		if bar == nil {
			bar = progressbar.DefaultBytes(total, what)
		}
		if done >= total {
			_ = bar.Finish()
			return
		}
		_ = bar.Set64(done)
	}
}
