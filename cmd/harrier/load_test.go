package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alecthomas/kong"
)

var (
	loadTime    = flag.Duration("load-time", 5*time.Second, "how long BenchmarkLoad runs")
	loadClients = flag.Int("load-clients", 50, "clients of BenchmarkLoad")
	loadDevices = flag.Int("load-devices", 20, "devices in the data of BenchmarkLoad")
)

// loadQueries are cheap: what dashboards and playbooks ask all day.
var loadQueries = []string{
	"print x = 1",
	"DeviceInfo | summarize arg_max(Timestamp, *) by DeviceId | project DeviceName, OSPlatform | take 20",
	"DeviceProcessEvents | where Timestamp > ago(1d) | where FileName =~ 'powershell.exe' | project Timestamp, DeviceName, ProcessCommandLine | take 20",
	"DeviceProcessEvents | summarize count() by FileName | top 5 by count_",
	"DeviceNetworkEvents | where RemotePort == 443 | summarize dcount(RemoteIP) by DeviceName | take 10",
	"DeviceLogonEvents | where ActionType == 'LogonFailed' | count",
}

// BenchmarkLoad is a server of its own on loopback, DuckDB over simulated data,
// and clients that ask one query after the other. Only 200 and 429 are answers.
//
//	go test ./cmd/harrier -run '^$' -bench Load -benchtime 1x -load-time 60s -cpuprofile cpu.out
func BenchmarkLoad(b *testing.B) {
	dir := b.TempDir()
	var sim simulateCmd
	parseB(b, &sim, "--data", dir, "--devices", strconv.Itoa(*loadDevices), "--days", "3")
	if err := sim.Run(context.Background()); err != nil {
		b.Fatal(err)
	}
	address, token := startServer(b, dir, "--profile", "unlimited")
	for b.Loop() {
		load(b, address, token)
	}
}

// load runs the clients and reports.
func load(b *testing.B, address, token string) {
	ctx, stop := context.WithTimeout(context.Background(), *loadTime)
	defer stop()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: *loadClients}, Timeout: time.Minute}
	defer client.CloseIdleConnections()
	var mu sync.Mutex
	var times []time.Duration
	busy, start := 0, time.Now()
	var wg sync.WaitGroup
	for n := range *loadClients {
		wg.Go(func() {
			for i := n; ctx.Err() == nil; i++ {
				at := time.Now()
				status, body, err := askLoad(client, address, token, loadQueries[i%len(loadQueries)])
				took := time.Since(at)
				if err != nil || status != http.StatusOK && status != http.StatusTooManyRequests {
					b.Errorf("%s: %d %.300s %v", loadQueries[i%len(loadQueries)], status, body, err)
					return
				}
				mu.Lock()
				if status == http.StatusTooManyRequests {
					busy++
				} else {
					times = append(times, took)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	elapsed := time.Since(start)
	if len(times) == 0 {
		b.Fatal("no answers")
	}
	slices.Sort(times)
	at := func(p float64) float64 { return float64(times[int(p*float64(len(times)-1))].Microseconds()) / 1000 }
	b.ReportMetric(float64(len(times))/elapsed.Seconds(), "requests/s")
	b.ReportMetric(at(.5), "p50-ms")
	b.ReportMetric(at(.99), "p99-ms")
	b.ReportMetric(float64(busy), "429s")
	b.ReportMetric(peakMB(), "peak-MB") // of the clients, too
	b.Logf("%d clients, %v, %d cores: %d answers", *loadClients, elapsed.Round(time.Second), runtime.NumCPU(), len(times))
}

func askLoad(client *http.Client, address, token, query string) (int, string, error) {
	body, _ := json.Marshal(map[string]string{"Query": query})
	req, err := http.NewRequest(http.MethodPost, address+queryPath, strings.NewReader(string(body)))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	res, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return res.StatusCode, string(text), err
}

// peakMB is the most memory that this process has had at a time.
func peakMB() float64 {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.Sys) / (1 << 20)
	}
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024
		}
	}
	return 0
}

// startServer runs serve until the end of the test and returns its address and
// a token for it.
func startServer(tb testing.TB, dir string, args ...string) (address, token string) {
	tb.Helper()
	args = append([]string{"serve", "--data", dir, "--listen", "127.0.0.1:0", "--log-level", "error"}, args...)
	serve, texts, err := reparse(args)
	if err != nil {
		tb.Fatal(err)
	}
	serve.restartable = restartable{args: args, started: texts}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- serve.Run(ctx) }()
	tb.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			tb.Error(err)
		}
	})
	state := issuerState{}
	for range 1000 {
		if err := readIssuerFile(filepath.Join(dir, "issuer"), issuerFile, &state); err != nil {
			tb.Fatal(err)
		}
		if res, err := http.Get(state.URL + "/healthz"); err == nil {
			res.Body.Close()
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	var mint mintCmd
	parseB(tb, &mint, "--data", dir)
	token, err = mint.mint()
	if err != nil {
		tb.Fatal(fmt.Errorf("token: %w", err))
	}
	return state.URL, token
}

// parseB is parse, for benchmarks too.
func parseB(tb testing.TB, c any, args ...string) {
	tb.Helper()
	p, err := kong.New(c, kong.Exit(func(int) { tb.Fatal("exit") }))
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := p.Parse(args); err != nil {
		tb.Fatal(err)
	}
}
