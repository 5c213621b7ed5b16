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
	"github.com/harrier-hunting/harrier/internal/simulate"
)

type simulateCmd struct {
	storeFlags
	Seed    uint64 `help:"Which of many histories; the same seed, size and end make the same rows." default:"1"`
	Devices int    `help:"Devices of the simulated company." default:"50"`
	Days    int    `help:"Length of the time window in days." default:"30"`
	Events  int64  `help:"Rows over all tables, about." default:"300000"`
	End     string `help:"End of the time window, an RFC 3339 time; now without it."`
	Quiet   bool   `help:"No progress bar." short:"q"`
}

// Run fills the data directory and prints what was made, and where the
// attacks are.
func (c *simulateCmd) Run(ctx context.Context) error {
	end, err := simulationEnd(c.End, time.Now())
	if err != nil {
		return err
	}
	cat, err := catalog.Builtin()
	if err != nil {
		return err
	}
	opts := simulate.Options{Catalog: cat, Seed: c.Seed, Devices: c.Devices, Days: c.Days, Events: c.Events, End: end}
	if err := opts.Check(); err != nil {
		return err
	}
	store, err := c.open(slog.New(slog.DiscardHandler), false)
	if err != nil {
		return err
	}
	defer store.Close()
	if counts, err := store.Counts(ctx); err != nil {
		return err
	} else if len(counts) > 0 && c.End == "" {
		// The same history with another end would put every event there twice.
		return fmt.Errorf("%s holds rows already: give another --data, or the --end of the run to complete", c.Data)
	}
	if !c.Quiet && term.IsTerminal(int(os.Stderr.Fd())) {
		opts.Progress = rowProgress("simulating")
	}
	report, err := simulate.Run(ctx, opts, store)
	fmt.Print(report.String())
	if err != nil {
		return err
	}
	return store.Close()
}

// simulationEnd reads --end. Now is cut to the second, so that the report can
// name it.
func simulationEnd(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return now.UTC().Truncate(time.Second), nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, fmt.Errorf("--end %q: give a time such as 2026-11-01T12:00:00Z", text)
	}
	return t.UTC(), nil
}

// rowProgress draws a bar of rows on standard error.
func rowProgress(what string) func(done, total int64) {
	var bar *progressbar.ProgressBar
	return func(done, total int64) {
		if bar == nil {
			bar = progressbar.Default(total, what)
		}
		if done >= total {
			_ = bar.Finish()
			return
		}
		_ = bar.Set64(done)
	}
}
