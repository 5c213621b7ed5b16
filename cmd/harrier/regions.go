package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/harrier-hunting/harrier/internal/api"
)

// regionFlags name the region of a server and its siblings.
type regionFlags struct {
	Region    string            `help:"Name of the region that this server is in, such as eu."`
	RegionURL string            `help:"Address of this server as clients of its region see it, such as https://api-eu.example.org." name:"region-url"`
	Sibling   map[string]string `help:"Address of the same service in another region, by name." placeholder:"NAME=URL;..."`
}

// list is what /api/harrier/regions answers with.
func (f regionFlags) list() ([]api.Region, error) {
	if f.Region == "" {
		if f.RegionURL != "" || len(f.Sibling) > 0 {
			return nil, errors.New("siblings need a name for this server's own region: give --region")
		}
		return nil, nil
	}
	if f.RegionURL == "" {
		return nil, errors.New("--region needs --region-url, the address of this server as its clients see it")
	}
	out := []api.Region{{Name: f.Region, URL: f.RegionURL, Self: true}}
	for name, address := range f.Sibling {
		if name == f.Region {
			return nil, fmt.Errorf("sibling %s has the name of this region", name)
		}
		out = append(out, api.Region{Name: name, URL: address})
	}
	for i, r := range out {
		u, err := url.Parse(r.URL)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.RawQuery != "" {
			return nil, fmt.Errorf("region %s: %q is no address such as https://api.example.org", r.Name, r.URL)
		}
		out[i].URL = strings.TrimRight(r.URL, "/")
	}
	slices.SortFunc(out[1:], func(a, b api.Region) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

const (
	nearestTries   = 5
	nearestTimeout = 2 * time.Second // for one answer
	maxRegions     = 64
)

// nearest asks a server for its regions, measures them and returns the address
// of the fastest. A token goes to that address only, and is the same as before:
// its audience names the service, not the region.
func nearest(ctx context.Context, client *http.Client, server string, say io.Writer) (string, error) {
	regions, err := askRegions(ctx, client, server)
	if err != nil {
		return "", err
	}
	if len(regions) == 0 {
		return server, nil
	}
	times := make([]time.Duration, len(regions))
	var wg sync.WaitGroup
	for i, r := range regions {
		times[i] = -1
		if _, err := serverURL(r.URL); err != nil { // a token would not go there
			continue
		}
		wg.Go(func() { times[i] = measure(ctx, client, r.URL) })
	}
	wg.Wait()
	best := -1
	for i, d := range times {
		if d >= 0 && (best < 0 || d < times[best]) {
			best = i
		}
	}
	if best < 0 {
		return "", errors.New("no region answers: leave out --nearest, or give another --server")
	}
	fmt.Fprintf(say, "region %s (%v)\n", clean(regions[best].Name), times[best].Round(10*time.Microsecond))
	return regions[best].URL, nil
}

func askRegions(ctx context.Context, client *http.Client, server string) ([]api.Region, error) {
	if _, err := serverURL(server); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(server, "/")+"/api/harrier/regions", nil)
	if err != nil {
		return nil, err
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var answer struct{ Regions []api.Region }
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server does not list its regions: %s", clean(res.Status))
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, maxErrorBody)).Decode(&answer); err != nil {
		return nil, badAnswer(err)
	}
	if len(answer.Regions) > maxRegions {
		return nil, fmt.Errorf("the server lists %d regions; at most %d are measured", len(answer.Regions), maxRegions)
	}
	return answer.Regions, nil
}

// measure is the median time to an answer, without the first, which opens the
// connection; negative if there is none.
func measure(ctx context.Context, client *http.Client, address string) time.Duration {
	var times []time.Duration
	for i := range nearestTries + 1 {
		at := time.Now()
		if probe(ctx, client, address) != nil {
			return -1
		}
		if i > 0 {
			times = append(times, time.Since(at))
		}
	}
	slices.Sort(times)
	return times[len(times)/2]
}

func probe(ctx context.Context, client *http.Client, address string) error {
	ctx, cancel := context.WithTimeout(ctx, nearestTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(address, "/")+"/healthz", nil)
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(res.Body, 4096)); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return errors.New(res.Status)
	}
	return nil
}

// nearestServer is nearest with a client that sends nothing but the request.
func nearestServer(ctx context.Context, server string) (string, error) {
	client := &http.Client{
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, TLSHandshakeTimeout: nearestTimeout, ForceAttemptHTTP2: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       nearestTimeout,
	}
	defer client.CloseIdleConnections()
	return nearest(ctx, client, server, os.Stderr)
}
