package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/alecthomas/kong"

	"github.com/harrier-hunting/harrier/internal/api"
	"github.com/harrier-hunting/harrier/internal/audit"
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/quota"
)

// operationsFlags say how the server is run.
type operationsFlags struct {
	PrintConfig printConfig `help:"Print the settings in force as a file for --config, and end." env:"-"`

	CustomProfile map[string]quota.Custom `help:"Limits of your own, by name: NAME=rows=500,calls-per-minute=5,window=7d; see docs/operations.md." placeholder:"NAME=LIMIT=VALUE,..."`
	ProfileFor    map[string]string       `help:"Profile of a contract, a tenant, or a tenant under a contract (TENANT/CONTRACT): the most particular one counts." placeholder:"WHAT=PROFILE;..."`

	MaxQueued  int           `help:"Requests that may wait for others to end; 0 refuses at once what cannot run at once." default:"256"`
	QueueWait  time.Duration `help:"How long a request may wait for others to end." default:"15s"`
	HeaderTime time.Duration `help:"How long a client may take to send its headers." default:"10s"`
	BodyTime   time.Duration `help:"How long a client may take to send its request." default:"30s"`
	SendTime   time.Duration `help:"How long a client may take for a piece of its answer (256 KB)." default:"30s"`

	MaxConnections          int `help:"Open connections; 0 is no limit." default:"4096"`
	MaxConnectionsPerSource int `help:"Open connections of one address; 0 is no limit, as behind a reverse proxy." default:"512"`

	MetricsToken string `help:"Token that /metrics asks for; without one only loopback may read them." secret:""`
	MetricsOpen  bool   `help:"Let anybody read /metrics."`
	LogQueries   bool   `help:"Write texts of queries to the request log."`

	regionFlags
	traceFlags
}

// operate puts together how the server is run, and what of it can be read again.
func (c *serveCmd) operate(tenants tenantStores, last *lasting, policy policySource, log *slog.Logger) (api.Operations, error) {
	sets, err := c.inForce()
	if err != nil {
		return api.Operations{}, err
	}
	live := &liveSettings{sets: sets}
	c.reloads = &reloads{log: log}
	c.reloads.add("settings", settingsReloader{c, live, log})
	if policy != nil {
		c.reloads.add("policy", policyReloader{policy})
	}
	traces, err := c.tracer(log)
	if err != nil {
		return api.Operations{}, err
	}
	ops := api.Operations{
		MaxQueued: orNone(c.MaxQueued), MaxWait: c.QueueWait,
		HeaderTimeout: c.HeaderTime, SendTimeout: c.SendTime,
		MaxConnections: orNone(c.MaxConnections), MaxConnectionsPerSource: orNone(c.MaxConnectionsPerSource),
		MetricsToken: c.MetricsToken, MetricsOpen: c.MetricsOpen, LogQueries: c.LogQueries,
		ProfileFor: live.profileFor, Regions: live.regions, Reload: c.reloads.reload,
		StoreBytes: c.storeBytes(tenants),
	}
	ops.Version, ops.Commit = built()
	if last != nil {
		ops.AuditBacklog = func() (int64, error) {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			return audit.Backlog(ctx, last.store, orIn(c.AuditDir, c.Data, "audit"))
		}
	}
	if traces != nil {
		ops.Observe, c.traces = traces.observe, traces
	}
	return ops, nil
}

// orNone is the API's way to say that there is no limit, or nobody waits.
func orNone(n int) int {
	if n <= 0 {
		return -1
	}
	return n
}

// storeBytes measures the tenants' directories, at most twice a minute.
func (c *serveCmd) storeBytes(tenants tenantStores) func() map[string]int64 {
	var mu sync.Mutex
	var at time.Time
	var last map[string]int64
	return func() map[string]int64 {
		mu.Lock()
		defer mu.Unlock()
		if last != nil && time.Since(at) < 30*time.Second {
			return last
		}
		at, last = time.Now(), map[string]int64{}
		for t := range tenants {
			last[t] = dirBytes(c.of(t).dir())
		}
		return last
	}
}

// dirBytes is what can be seen of a directory; files come and go meanwhile.
func dirBytes(dir string) int64 {
	var sum int64
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				sum += info.Size()
			}
		}
		return nil
	})
	return sum
}

// liveSettings are those that change while the server runs.
type liveSettings struct {
	mu   sync.RWMutex
	sets settingsInForce
}

type settingsInForce struct {
	profiles map[string]quota.Profile // by contract, tenant, or tenant/contract
	regions  []api.Region
}

// inForce reads them from the flags.
func (c *serveCmd) inForce() (settingsInForce, error) {
	tenants, err := c.canonical()
	if err != nil {
		return settingsInForce{}, err
	}
	find, err := c.profiles()
	if err != nil {
		return settingsInForce{}, err
	}
	out := settingsInForce{profiles: map[string]quota.Profile{}}
	for what, name := range c.ProfileFor {
		tenant, contract, both := strings.Cut(what, "/")
		id := auth.CanonicalID(tenant)
		switch {
		case both && slices.Contains(tenants, id) && slices.Contains(api.Contracts(), contract):
			what = id + "/" + contract
		case !both && slices.Contains(tenants, id):
			what = id
		case both || !slices.Contains(api.Contracts(), what):
			return out, fmt.Errorf("profile-for %s: neither a tenant that is served nor one of the contracts %s", what, strings.Join(api.Contracts(), ", "))
		}
		if out.profiles[what], err = find(name); err != nil {
			return out, fmt.Errorf("profile-for %s: %w", what, err)
		}
	}
	if _, chosen := out.profiles["mde"]; !chosen {
		if out.profiles["mde"], err = find(c.Profile); err != nil {
			return out, err
		}
	}
	out.regions, err = c.list()
	return out, err
}

// profiles finds the documented profiles and the operator's own.
func (c *serveCmd) profiles() (func(name string) (quota.Profile, error), error) {
	own := map[string]quota.Profile{}
	for name, custom := range c.CustomProfile {
		p, err := custom.Profile(name)
		if err != nil {
			return nil, err
		}
		own[name] = p
	}
	return func(name string) (quota.Profile, error) {
		if p, ok := own[name]; ok {
			return p, nil
		}
		p, err := lookupProfile(name)
		if err != nil && len(own) > 0 {
			err = fmt.Errorf("%w, or one of your own", err)
		}
		return p, err
	}, nil
}

// ownProfile is what --profile means.
func (c *serveCmd) ownProfile() (quota.Profile, error) {
	find, err := c.profiles()
	if err != nil {
		return quota.Profile{}, err
	}
	return find(c.Profile)
}

func (l *liveSettings) set(s settingsInForce) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sets = s
}

// profileFor is api.Operations.ProfileFor: the most particular choice counts.
func (l *liveSettings) profileFor(tenant, contract string) (quota.Profile, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, key := range []string{tenant + "/" + contract, tenant, contract} {
		if p, ok := l.sets.profiles[key]; ok {
			return p, true
		}
	}
	return quota.Profile{}, false
}

func (l *liveSettings) regions() []api.Region {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.sets.regions
}

// restartable is what a server remembers of its start.
type restartable struct {
	args    []string          // the command line
	started map[string]string // every setting as it was printed then
	reloads *reloads
	traces  *tracer
}

// whileRunning are the settings that a reload takes over; the others need a
// restart.
func whileRunning(name string) bool {
	return slices.Contains([]string{"profile", "custom-profile", "profile-for", "region", "region-url", "sibling"}, name)
}

// settingsReloader reads the configuration file and the flags again.
type settingsReloader struct {
	command *serveCmd
	live    *liveSettings
	log     *slog.Logger
}

// Prepare is api.Reloader.
func (r settingsReloader) Prepare(context.Context) (func(), error) {
	next, texts, err := reparse(r.command.args)
	if err != nil {
		return nil, err
	}
	s, err := next.inForce()
	if err != nil {
		return nil, err
	}
	return func() {
		r.live.set(s)
		var later []string
		for name, text := range texts {
			if text != r.command.started[name] && !whileRunning(name) {
				later = append(later, name)
			}
		}
		if len(later) > 0 {
			slices.Sort(later)
			r.log.Warn("these settings have changed and need a restart", "settings", later)
		}
	}, nil
}

// reparse reads the command line, the environment and the file again.
func reparse(args []string) (*serveCmd, map[string]string, error) {
	var c cli
	k, err := kong.New(&c, commandLine(kong.Exit(func(int) {}), kong.Writers(io.Discard, io.Discard))...)
	if err != nil {
		return nil, nil, err
	}
	ctx, err := k.Parse(args)
	if err != nil {
		return nil, nil, err
	}
	return &c.Serve, settingTexts(ctx), nil
}

// settingTexts are the settings in force, to compare; secrets are among them.
func settingTexts(ctx *kong.Context) map[string]string {
	out := map[string]string{}
	for _, f := range settings(ctx) {
		text, state, err := settingText(f)
		if err == nil && state == isSecret {
			text = fmt.Sprint(f.Target.Interface())
		}
		out[f.Name] = text
	}
	return out
}
