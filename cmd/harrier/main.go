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
// from the YAML file named by --config.
type cli struct {
	Config kong.ConfigFlag `help:"YAML or JSON file with flag values; see docs/operations.md." type:"path" env:"HARRIER_CONFIG"`

	Serve       serveCmd       `cmd:"" help:"Answer hunting queries over HTTP."`
	Query       queryCmd       `cmd:"" help:"Run a query against a server or a data directory."`
	Ingest      ingestCmd      `cmd:"" help:"Load telemetry files into a data directory."`
	Simulate    simulateCmd    `cmd:"" help:"Fill a data directory with seeded, realistic telemetry."`
	Token       tokenCmd       `cmd:"" help:"Print a bearer token of the embedded issuer."`
	User        userCmd        `cmd:"" help:"Manage the people who may sign in at the embedded issuer."`
	Policy      policyCmd      `cmd:"" help:"Manage the access policy in the state store."`
	Explain     explainCmd     `cmd:"" help:"Show what a query becomes: ast, plan or sql."`
	Fmt         fmtCmd         `cmd:"" help:"Format queries."`
	Check       checkCmd       `cmd:"" help:"Find mistakes in queries without running them."`
	Conformance conformanceCmd `cmd:"" help:"Run recorded vectors and count passed, refused and wrong."`
	Version     versionCmd     `cmd:"" help:"Print the version."`

	ConfigSchema configSchemaCmd `cmd:"" help:"Print the JSON schema of the file of --config."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	k := kong.Parse(&c, commandLine(kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)))...)
	c.Serve.restartable = restartable{args: os.Args[1:], started: settingTexts(k)}
	if err := k.Run(); err != nil {
		os.Exit(report(err))
	}
}

// commandLine says how arguments, the environment and the file become a cli.
func commandLine(more ...kong.Option) []kong.Option {
	return append([]kong.Option{
		kong.Name("harrier"),
		kong.Description("Advanced hunting over your own telemetry."),
		kong.DefaultEnvars("HARRIER"),
		kong.Configuration(readConfig),
	}, more...)
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
