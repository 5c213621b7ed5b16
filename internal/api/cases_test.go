package api

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/harrier-hunting/harrier/internal/audit"
	"github.com/harrier-hunting/harrier/internal/quota"
)

var updateRows = flag.Bool("update-rows", false, "rewrite the answers in testdata")

// section is one part of a case file; text before the first is a comment.
type section struct{ name, text string }

// parseCase splits a file at its "-- name --" lines.
func parseCase(text string) (comment string, out []section) {
	for line := range strings.Lines(text) {
		name, isHead := strings.CutPrefix(strings.TrimRight(line, "\n"), "-- ")
		if name, end := strings.CutSuffix(name, " --"); isHead && end {
			out = append(out, section{name: name})
		} else if len(out) == 0 {
			comment += line
		} else {
			out[len(out)-1].text += line
		}
	}
	return comment, out
}

// TestExchanges sends the raw requests of testdata over a connection and
// compares the raw answers. A file has, in this order: "server" (settings, one
// a line), "rows" (what the engine answers), and any number of "request" (with
// "x15": fifteen times; with "gzip", "utf-16" or "chunked": the body is sent
// that way), "response" and "audit".
func TestExchanges(t *testing.T) {
	files, err := filepath.Glob("testdata/*.http")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d case files, error %v", len(files), err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".http"), func(t *testing.T) { runCase(t, name) })
	}
}

func runCase(t *testing.T, name string) {
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	comment, sections := parseCase(string(data))
	b, sections := caseBed(t, sections)
	checks, answer := 0, ""
	for i, s := range sections {
		head, how, _ := strings.Cut(s.name, " ")
		got := ""
		switch head {
		case "request":
			count, times := strings.CutPrefix(how, "x")
			n, _ := strconv.Atoi(count)
			if times {
				how = ""
			}
			for range max(n, 1) {
				answer = b.exchange(b.expand(s.text, how))
			}
			continue
		case "response":
			got = answer
		case "audit":
			got = auditText(b.audited())
		default:
			continue
		}
		checks++
		if *updateRows {
			sections[i].text = got
		} else if got != s.text {
			t.Errorf("%s %d:\n%s\nwant:\n%s", s.name, checks, got, s.text)
		}
	}
	if checks == 0 {
		t.Error("the case checks nothing")
	}
	if strings.Contains(answer, "secret") {
		t.Errorf("internal text in the answer:\n%s", answer)
	}
	if n := b.engine.open.Load(); n != 0 {
		t.Errorf("%d results were not closed", n)
	}
	if *updateRows {
		rewrite(t, name, comment, sections)
	}
}

func rewrite(t *testing.T, name, comment string, sections []section) {
	out := comment
	for _, s := range sections {
		out += "-- " + s.name + " --\n" + s.text
	}
	if err := os.WriteFile(name, []byte(out), 0o644); err != nil {
		t.Fatal(err)
	}
}

// caseBed starts the server that a case asks for.
func caseBed(t *testing.T, sections []section) (*bed, []section) {
	e := &canned{}
	settings := map[string]string{}
	for _, s := range sections {
		switch s.name {
		case "server":
			for line := range strings.Lines(s.text) {
				k, v, _ := strings.Cut(strings.TrimSpace(line), " ")
				settings[k] = v
			}
		case "rows":
			e.rows = strings.Split(strings.TrimSpace(s.text), "\n")
		}
	}
	e.fault, e.early = settings["fault"], settings["when"] == "start"
	b := newBed(t, e, context.Background(), func(cfg *Config) {
		profile, ok := quota.Lookup("atp-2018")
		if name := settings["profile"]; name != "" {
			profile, ok = quota.Lookup(name)
		}
		if !ok {
			t.Fatalf("no profile %q", settings["profile"])
		}
		for k, v := range settings {
			n, _ := strconv.Atoi(v)
			switch k {
			case "max-rows":
				profile.Rows = n
			case "max-bytes":
				profile.ResultBytes = int64(n)
			case "authority":
				cfg.Kusto = KustoAuth{Authority: v, Resource: "https://kusto.kusto.windows.net"}
			case "max-milliseconds":
				profile.PerRequest = time.Duration(n) * time.Millisecond
			}
		}
		contract := "mde"
		if name := settings["contract"]; name != "" {
			contract = name
		}
		cfg.Profiles = map[string]quota.Profile{contract: profile}
		cfg.Workspaces = map[string]string{"soc": tenant, "others": stranger}
	})
	if settings["audit"] == "broken" {
		b.auditErr = errors.New("disk full: " + secret)
	}
	return b, sections
}

var placeholder = regexp.MustCompile(`\{(token|repeat) ([^}]*)\}`)

// expand fills in tokens, long texts and the length of the body, and makes the
// line ends of HTTP.
func (b *bed) expand(text, how string) []byte {
	text = placeholder.ReplaceAllStringFunc(text, func(m string) string {
		p := placeholder.FindStringSubmatch(m)
		if p[1] == "token" {
			return b.token(p[2])
		}
		var n int
		var what string
		if _, err := fmt.Sscanf(p[2], "%d %s", &n, &what); err != nil {
			b.t.Fatalf("%s: %v", m, err)
		}
		return strings.Repeat(what, n)
	})
	head, body, _ := strings.Cut(text, "\n\n")
	body = strings.ReplaceAll(strings.TrimSuffix(body, "\n"), `\xff`, "\xff")
	head = strings.TrimRight(head, "\n")
	if !strings.Contains(head, "Host:") {
		head += "\nHost: hunting.test"
	}
	switch how {
	case "":
	case "chunked":
		head += "\nTransfer-Encoding: chunked"
		half := len(body) / 2
		body = fmt.Sprintf("%x;ext=1\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n", half, body[:half], len(body)-half, body[half:])
		return []byte(strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + body)
	default:
		body = b.encoded(body, how)
	}
	if body != "" && !strings.Contains(head, "Content-Length:") {
		head += fmt.Sprintf("\nContent-Length: %d", len(body))
	}
	return []byte(strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + body)
}

// encoded is a body as a client sends it that compresses, or writes UTF-16.
func (b *bed) encoded(body, how string) string {
	var out bytes.Buffer
	switch how {
	case "gzip":
		z := gzip.NewWriter(&out)
		_, _ = z.Write([]byte(body))
		_ = z.Close()
	case "utf-16", "utf-16be":
		var order binary.AppendByteOrder = binary.LittleEndian
		if how == "utf-16be" {
			order = binary.BigEndian
		}
		var text []byte
		for _, unit := range utf16.Encode([]rune(body)) {
			text = order.AppendUint16(text, unit)
		}
		out.Write(text)
	default:
		b.t.Fatalf("unknown way %q to send a body", how)
	}
	return out.String()
}

// exchange sends a raw request and gives the answer as a case file has it:
// headers sorted, without Date, the body decompressed.
func (b *bed) exchange(request []byte) string {
	c := b.dial()
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := c.Write(request); err != nil {
		b.t.Fatal(err)
	}
	method, _, _ := bytes.Cut(request, []byte(" "))
	in := bufio.NewReader(c)
	res, err := http.ReadResponse(in, &http.Request{Method: string(method)})
	for err == nil && res.StatusCode == http.StatusContinue {
		res, err = http.ReadResponse(in, &http.Request{Method: string(method)})
	}
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body := b.plain(res)
	res.Header.Del("Date")
	if res.Header.Get("Content-Encoding") != "" {
		res.Header.Del("Content-Length") // the compressor's business
	}
	var names []string
	for name := range res.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	out := res.Proto + " " + res.Status + "\n"
	for _, name := range names {
		for _, v := range res.Header[name] {
			out += name + ": " + v + "\n"
		}
	}
	if body != "" {
		out += "\n" + body + "\n"
	}
	return out
}

func (b *bed) plain(res *http.Response) string {
	var r io.Reader = res.Body
	var err error
	switch res.Header.Get("Content-Encoding") {
	case "gzip":
		r, err = gzip.NewReader(r)
	case "deflate":
		r, err = zlib.NewReader(r)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	body, err := io.ReadAll(r)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(body)
}

// auditText shows what a case checks of the last record.
func auditText(records []audit.Record) string {
	if len(records) == 0 {
		return "none\n"
	}
	r := records[len(records)-1]
	scope := "none"
	if !r.Scope.To.IsZero() {
		scope = fmt.Sprintf("%s to %s, %d rows", r.Scope.From.Format(time.RFC3339), r.Scope.To.Format(time.RFC3339), r.Scope.MaxRows)
	}
	var stages []string
	for _, s := range r.Stages {
		stages = append(stages, s.Name)
	}
	return fmt.Sprintf("id %s\ntenant %s\nactor %+v\ncontract %s %s\nquery %s\nscope %s\ntables %v\nstages %v\noutcome %d %s (%s), %d rows\n",
		r.RequestID, r.Tenant, r.Actor, r.Contract, r.Profile, short(r.Query), scope, r.Tables, stages, r.Status, r.Outcome, r.Detail, r.Rows)
}
