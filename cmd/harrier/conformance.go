package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/conformance"
	"github.com/harrier-hunting/harrier/internal/engine/duckdb"
	"github.com/harrier-hunting/harrier/internal/quota"
)

type conformanceCmd struct {
	Files   []string      `arg:"" help:"JSON Lines files of vectors." type:"existingfile"`
	JSON    bool          `help:"Print every result with its rows as JSON." name:"json"`
	Only    string        `help:"Run only vectors whose id contains this text."`
	Verbose bool          `help:"List refused and wrong vectors." short:"v"`
	Timeout time.Duration `help:"Time for one vector." default:"30s"`
}

// Run runs the vectors on an empty store in memory. Exit status 1 on any
// wrong answer.
func (c *conformanceCmd) Run(ctx context.Context) error {
	cat, err := catalog.Builtin()
	if err != nil {
		return err
	}
	store, err := duckdb.Open(duckdb.Config{Catalog: cat, MemoryLimit: "4GB", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer store.Close()
	svc, err := service(store, "local", slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	run := local(svc, "local", quota.Profile{Name: "unlimited"})
	report := conformance.Report{Results: []conformance.Result{}}
	for _, name := range c.Files {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		err = conformance.Read(bufio.NewReader(f), func(v conformance.Vector) error {
			if !strings.Contains(v.ID, c.Only) {
				return ctx.Err()
			}
			vctx, cancel := context.WithTimeout(ctx, c.Timeout)
			defer cancel()
			report.Add(conformance.Run(vctx, v, run))
			return ctx.Err()
		})
		f.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := c.print(report); err != nil {
		return err
	}
	if report.Summary.Wrong > 0 {
		return exitCode(1)
	}
	return nil
}

func (c *conformanceCmd) print(r conformance.Report) error {
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(r)
	}
	if c.Verbose {
		for _, x := range r.Results {
			if x.Outcome != conformance.Passed {
				fmt.Printf("%s %s: %s\n", x.Outcome, x.ID, x.Detail)
			}
		}
	}
	fmt.Printf("passed %d, refused %d, wrong %d\n", r.Summary.Passed, r.Summary.Refused, r.Summary.Wrong)
	return nil
}
