package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/hunt"
)

// queryPath is the operation that `harrier query` uses.
const queryPath = "/api/advancedqueries/run"

// maxErrorBody bounds what is read of an error.
const maxErrorBody = 1 << 20

// remoteRows are rows that a server sends, decoded as they arrive.
type remoteRows struct {
	body   io.ReadCloser
	dec    *json.Decoder
	cols   []column
	raw    json.RawMessage
	values map[string]json.RawMessage
	parsed bool // values belong to raw
	warned diag.List
	cut    bool
}

// askServer sends the query and reads the answer up to its first row.
func askServer(ctx context.Context, server, token, tokenCommand, text string) (cursor, error) {
	target, err := serverURL(server)
	if err != nil {
		return nil, err
	}
	if token == "" {
		if token, err = runTokenCommand(ctx, tokenCommand); err != nil {
			return nil, err
		}
	}
	body, err := json.Marshal(map[string]string{"Query": text})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		defer res.Body.Close()
		return nil, serverError(res, text)
	}
	r := &remoteRows{body: res.Body, dec: json.NewDecoder(res.Body), cut: res.Header.Get("X-Harrier-Truncated") != ""}
	for _, v := range res.Header.Values("X-Harrier-Warning") {
		var d finding
		if json.Unmarshal([]byte(v), &d) == nil {
			r.warned = append(r.warned, d.diagnostic(diag.Warning, text))
		}
	}
	if err := r.start(); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

// serverURL refuses to send a token over a network in clear.
func serverURL(server string) (string, error) {
	u, err := url.Parse(server)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", fmt.Errorf("--server %q: give an address such as http://%s", server, defaultListen)
	}
	ip := net.ParseIP(u.Hostname())
	if u.Scheme == "http" && u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return "", fmt.Errorf("--server %q: a token must not be sent in clear; use https", server)
	}
	return strings.TrimRight(server, "/") + queryPath, nil
}

// runTokenCommand runs a command line without a shell.
func runTokenCommand(ctx context.Context, line string) (string, error) {
	words := strings.Fields(line)
	if len(words) == 0 {
		return "", errors.New("a server wants a token: give --token, HARRIER_TOKEN or --token-command")
	}
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("token command: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// start reads {"Schema":[…],"Results":[ and stops before the first row.
func (r *remoteRows) start() error {
	if err := r.expect(json.Delim('{')); err != nil {
		return err
	}
	for {
		name, err := r.dec.Token()
		if err != nil {
			return badAnswer(err)
		}
		switch name {
		case "Schema":
			err = r.dec.Decode(&r.cols)
		case "Results":
			if r.cols == nil {
				return badAnswer(errors.New("the rows come before the schema"))
			}
			return r.expect(json.Delim('['))
		default:
			err = r.dec.Decode(&r.raw)
		}
		if err != nil {
			return badAnswer(err)
		}
	}
}

func (r *remoteRows) expect(want json.Delim) error {
	t, err := r.dec.Token()
	if err == nil && t != want {
		err = fmt.Errorf("%v where %v should be", t, want)
	}
	if err != nil {
		return badAnswer(err)
	}
	return nil
}

func badAnswer(err error) error {
	return fmt.Errorf("the server's answer cannot be read (is it a hunting API?): %w", err)
}

func (r *remoteRows) columns() []column { return r.cols }

func (r *remoteRows) next() (bool, error) {
	if !r.dec.More() {
		if err := r.expect(json.Delim(']')); err != nil {
			return false, err // the connection broke
		}
		return false, nil
	}
	r.parsed = false
	if err := r.dec.Decode(&r.raw); err != nil {
		return false, badAnswer(err)
	}
	return true, nil
}

func (r *remoteRows) object(dst []byte) []byte { return append(dst, r.raw...) }

// text gives strings bare, null as nothing, and everything else as it came.
func (r *remoteRows) text(dst []byte, i int) []byte {
	if !r.parsed {
		r.values = map[string]json.RawMessage{}
		if json.Unmarshal(r.raw, &r.values) != nil {
			r.values = nil // not an object: all of it is missing
		}
		r.parsed = true
	}
	v := r.values[r.cols[i].Name]
	switch {
	case len(v) == 0, string(v) == "null":
		return dst
	case v[0] == '"':
		var s string
		_ = json.Unmarshal(v, &s) // the decoder has checked it
		return append(dst, s...)
	}
	return append(dst, v...)
}

func (r *remoteRows) warnings() diag.List { return r.warned }
func (r *remoteRows) truncated() bool     { return r.cut }
func (r *remoteRows) close()              { r.body.Close() }

// finding is a diagnostic as the server sends it.
type finding struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Hint    string `json:"hint"`
}

func (f finding) diagnostic(k diag.Kind, text string) diag.Diagnostic {
	at := offset(text, f.Line, f.Column)
	return diag.Diagnostic{Kind: k, Code: clean(f.Code), Message: clean(f.Message), Hint: clean(f.Hint), Span: diag.Span{Start: at, End: at}}
}

// offset is the inverse of diag.At.
func offset(text string, line, column int) int {
	at := 0
	for ; line > 1; line-- {
		i := strings.IndexByte(text[at:], '\n')
		if i < 0 {
			return len(text)
		}
		at += i + 1
	}
	for i := range text[at:] {
		if column--; column < 1 {
			return at + i
		}
	}
	return len(text)
}

// serverError turns an error answer into diagnostics with places in the query
// when it has them, and into one line otherwise.
func serverError(res *http.Response, text string) error {
	data, _ := io.ReadAll(io.LimitReader(res.Body, maxErrorBody))
	var answer struct {
		Error struct {
			Code    string    `json:"code"`
			Message string    `json:"message"`
			Target  string    `json:"target"`
			Details []finding `json:"details"`
		} `json:"error"`
	}
	e := &answer.Error
	if json.Unmarshal(data, &answer) != nil || e.Message == "" {
		return fmt.Errorf("the server answered %s", clean(res.Status))
	}
	var found diag.List
	for _, d := range e.Details {
		if d.Line > 0 {
			found = append(found, d.diagnostic(diag.Semantic, text))
		}
	}
	if len(found) > 0 {
		return &hunt.QueryError{Diagnostics: found, Text: text}
	}
	line := fmt.Sprintf("the server answered %s: %s", clean(res.Status), clean(e.Message))
	for _, d := range e.Details {
		line += " " + clean(d.Message)
	}
	if wait := res.Header.Get("Retry-After"); wait != "" {
		line += " Retry after " + clean(wait) + " seconds."
	}
	return errors.New(line + " (request " + clean(e.Target) + ")")
}
