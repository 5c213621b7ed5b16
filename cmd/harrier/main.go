// Command harrier is a self-hosted advanced-hunting service and its tools.
// This package is wiring only: flags override the environment, which overrides
// the configuration file.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/harrier-hunting/harrier/internal/hunt"
)

// cli is the command line. Every flag is also read from HARRIER_<FLAG> and
// from the JSON file named by --config.
type cli struct {
	Config kong.ConfigFlag `help:"JSON file with flag values." type:"path" env:"HARRIER_CONFIG"`

	Serve       serveCmd       `cmd:"" help:"Answer hunting queries over HTTP."`
	Query       queryCmd       `cmd:"" help:"Run a query against a server or a data directory."`
	Ingest      ingestCmd      `cmd:"" help:"Load telemetry files into a data directory."`
	Simulate    simulateCmd    `cmd:"" help:"Fill a data directory with seeded, realistic telemetry."`
	Token       tokenCmd       `cmd:"" help:"Print a bearer token of the embedded issuer."`
	Explain     explainCmd     `cmd:"" help:"Show what a query becomes: ast, plan or sql."`
	Fmt         fmtCmd         `cmd:"" help:"Format queries."`
	Check       checkCmd       `cmd:"" help:"Find mistakes in queries without running them."`
	Conformance conformanceCmd `cmd:"" help:"Run recorded vectors and count passed, refused and wrong."`
	Version     versionCmd     `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	k := kong.Parse(&c,
		kong.Name("harrier"),
		kong.Description("Advanced hunting over your own telemetry."),
		kong.UsageOnError(),
		kong.DefaultEnvars("HARRIER"),
		kong.Configuration(kong.JSON),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err := k.Run(); err != nil {
		os.Exit(report(err))
	}
}

// exitCode is an error that only sets the exit status.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// report prints an error for a person and returns the exit status: 2 for a
// query that was refused, 1 for everything else.
func report(err error) int {
	var code exitCode
	if errors.As(err, &code) {
		return int(code)
	}
	var q *hunt.QueryError
	if errors.As(err, &q) {
		fmt.Fprint(os.Stderr, q.Diagnostics.Render(q.Text))
		return 2
	}
	fmt.Fprintln(os.Stderr, "harrier:", err)
	return 1
}
