package main

import (
	"bufio"
	"context"
	"fmt"
	"os"

	"golang.org/x/term"

	"github.com/harrier-hunting/harrier/internal/hunt"
)

type queryCmd struct {
	queryText
	storeFlags
	Server       string `help:"Ask this server, e.g. http://127.0.0.1:8645, instead of the data directory."`
	Nearest      bool   `help:"Ask the server for its regions, measure them, and use the one that answers fastest."`
	Token        string `help:"Bearer token for the server." secret:""`
	TokenCommand string `help:"Command that prints a bearer token, e.g. 'harrier token'."`
	Profile      string `help:"Limits of a query of the data directory." default:"unlimited"`
	Format       string `help:"table, json, csv or ndjson; default: a table on a terminal, else json." enum:"auto,table,json,csv,ndjson" default:"auto"`
}

// Run prints the answer on standard output, and warnings and diagnostics on
// standard error.
func (c *queryCmd) Run(ctx context.Context) error {
	text, err := c.read()
	if err != nil {
		return err
	}
	if len(text) > hunt.MaxQueryBytes {
		return fmt.Errorf("the query is longer than %d bytes", hunt.MaxQueryBytes)
	}
	rows, err := c.ask(ctx, text)
	if err != nil {
		return err
	}
	defer rows.close()
	if w := rows.warnings(); len(w) > 0 {
		fmt.Fprint(os.Stderr, w.Render(text))
	}
	out := bufio.NewWriterSize(os.Stdout, 64<<10)
	if err := c.print(out, rows); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if rows.truncated() {
		fmt.Fprintln(os.Stderr, "warning: there are more rows; the answer was cut at the limit of the profile")
	}
	return nil
}

func (c *queryCmd) ask(ctx context.Context, text string) (cursor, error) {
	if c.Server != "" {
		if c.Nearest {
			server, err := nearestServer(ctx, c.Server)
			if err != nil {
				return nil, err
			}
			c.Server = server
		}
		return askServer(ctx, c.Server, c.Token, c.TokenCommand, text)
	}
	return askStore(ctx, c.storeFlags, c.Profile, text)
}

// print writes the rows in the chosen format.
func (c *queryCmd) print(out *bufio.Writer, rows cursor) error {
	format, width := c.Format, 0
	if fd := int(os.Stdout.Fd()); term.IsTerminal(fd) {
		if format == "auto" {
			format = "table"
		}
		if w, _, err := term.GetSize(fd); err == nil {
			width = w
		}
	}
	switch format {
	case "table":
		left, err := printTable(out, rows, width)
		if len(left) > 0 {
			fmt.Fprintf(os.Stderr, "%d columns do not fit, from %s on: project fewer, or use --format json\n", len(left), left[0])
		}
		return err
	case "csv":
		return printCSV(out, rows)
	case "ndjson":
		return printLines(out, rows)
	}
	return printJSON(out, rows)
}
