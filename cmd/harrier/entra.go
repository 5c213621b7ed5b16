package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/auth/directory"
)

// entraFlags trust Microsoft Entra ID, and say as whom its directory is asked
// for the groups of people who are in too many for a token.
type entraFlags struct {
	Entra           string `help:"Accept tokens of Microsoft Entra ID from this sign-in host, e.g. login.microsoftonline.com."`
	EntraClientID   string `help:"Application that asks Microsoft Graph for the groups of people who are in more than 200; see docs/identity.md. Without it they are refused."`
	EntraSecretFile string `help:"File with a client secret of --entra-client-id; read again when it is needed." type:"path"`
	EntraGraph      string `help:"Address of Microsoft Graph; default: that of --entra's cloud."`
}

// graphs are the addresses of Microsoft Graph by sign-in host:
// https://learn.microsoft.com/graph/deployments. Two clouds share the second
// host; the other's is https://dod-graph.microsoft.us.
var graphs = map[string]string{
	"login.microsoftonline.com":        "https://graph.microsoft.com",
	"login.microsoftonline.us":         "https://graph.microsoft.us",
	"login.partner.microsoftonline.cn": "https://microsoftgraph.chinacloudapi.cn",
	"login.chinacloudapi.cn":           "https://microsoftgraph.chinacloudapi.cn",
}

// maxSecret is of a file with a secret; Entra's are 40 bytes.
const maxSecret = 4096

// entraIssuers are what --entra trusts.
func (c *entraFlags) entraIssuers(log *slog.Logger) ([]auth.TrustedIssuer, error) {
	if c.Entra == "" {
		if c.EntraClientID != "" || c.EntraSecretFile != "" || c.EntraGraph != "" {
			return nil, errors.New("--entra-client-id, --entra-secret-file and --entra-graph go with --entra")
		}
		return nil, nil
	}
	trusted := auth.Entra(c.Entra)
	if c.EntraClientID == "" && c.EntraSecretFile == "" && c.EntraGraph == "" {
		return trusted, nil
	}
	if c.EntraClientID == "" || c.EntraSecretFile == "" {
		return nil, errors.New("to ask Microsoft Graph for groups give both --entra-client-id and --entra-secret-file")
	}
	graph := c.EntraGraph
	if graph == "" {
		graph = graphs[strings.ToLower(c.Entra)]
	}
	if graph == "" {
		return nil, fmt.Errorf("--entra %s: which Microsoft Graph belongs to it is not known: give --entra-graph", c.Entra)
	}
	if _, err := c.entraSecret(); err != nil {
		return nil, err // rather than with the first of those people
	}
	dir, err := directory.Open(directory.Options{
		Login: "https://" + c.Entra, Graph: graph, AppID: c.EntraClientID, Secret: c.entraSecret, Log: log,
	})
	if err != nil {
		return nil, err
	}
	for i := range trusted {
		trusted[i].Groups = dir.Groups
	}
	return trusted, nil
}

func (c *entraFlags) entraSecret() (string, error) {
	f, err := os.Open(c.EntraSecretFile)
	if err != nil {
		return "", fmt.Errorf("--entra-secret-file: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	if err != nil {
		return "", fmt.Errorf("--entra-secret-file: %w", err)
	}
	data = bytes.TrimSpace(data)
	if len(data) == 0 || len(data) > maxSecret || bytes.ContainsAny(data, "\r\n") {
		return "", fmt.Errorf("--entra-secret-file: %s is to hold a client secret, on one line", c.EntraSecretFile)
	}
	return string(data), nil
}
