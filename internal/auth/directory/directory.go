package directory

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
	"golang.org/x/sync/singleflight"

	"github.com/harrier-hunting/harrier/internal/auth"
)

const (
	fresh      = 5 * time.Minute // age at which an answer is asked for again
	stale      = time.Hour       // age until which it does while the directory cannot be reached
	pause      = 5 * time.Second // after a failure, by default
	maxPause   = 5 * time.Minute
	timeout    = 10 * time.Second // of one question, and of the token for it
	patience   = 2 * time.Second  // with a directory that is slow to answer again
	maxPeople  = 10_000           // remembered
	maxAnswer  = 1 << 20          // 11,000 groups are 430 kB
	maxAtATime = 8
)

// Options say which directory and as whom. All but Clock, Log and Client are required.
type Options struct {
	Login  string                 // origin of the token endpoint, e.g. https://login.microsoftonline.com
	Graph  string                 // origin of Microsoft Graph, e.g. https://graph.microsoft.com
	AppID  string                 // client id of this server's own application
	Secret func() (string, error) // its secret, asked for with each token, so that it can be renewed
	Client *http.Client           // default: auth.NewClient
	Clock  func() time.Time
	Log    *slog.Logger // failures; default: discarded
}

// Directory answers who is in which groups. It is safe for concurrent use.
type Directory struct {
	Options
	flights singleflight.Group
	slots   chan struct{}

	mu     sync.Mutex
	people map[string]answer             // by tenant and object id
	tokens map[string]oauth2.TokenSource // by tenant
	until  map[string]time.Time          // by tenant: when it may be asked again
}

// answer is what the directory said of one person.
type answer struct {
	groups []string
	err    error // what it said for good: auth.ErrGroupsUnknown
	at     time.Time
}

// Open checks the options. It does not use the network.
func Open(o Options) (*Directory, error) {
	for _, origin := range []*string{&o.Login, &o.Graph} {
		*origin = strings.TrimSuffix(*origin, "/")
		if err := auth.CheckURL(*origin); err != nil {
			return nil, fmt.Errorf("directory: %w", err)
		}
	}
	if o.AppID == "" || o.Secret == nil {
		return nil, errors.New("directory: the application has no client id or no secret")
	}
	if o.Client == nil {
		o.Client = auth.NewClient()
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Directory{Options: o, slots: make(chan struct{}, maxAtATime), people: map[string]answer{},
		tokens: map[string]oauth2.TokenSource{}, until: map[string]time.Time{}}, nil
}

// Groups returns the ids of the groups that a user is in, directly or not. user is the token's `oid`, a GUID, tenant one of
// those configured. Errors are auth.ErrGroupsUnknown, when the directory will not say; *auth.Unavailable, when it cannot at the
// moment; or the context's. The caller must not write to the result.
func (d *Directory) Groups(ctx context.Context, tenant, user string) ([]string, error) {
	key := tenant + "/" + user
	known, there := d.known(key)
	if there && d.Clock().Sub(known.at) < fresh {
		return known.groups, known.err
	}
	// The question does not end with the request that asked it: others may wait for the same answer.
	flight := d.flights.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		defer cancel()
		a, err := d.ask(ctx, tenant, user)
		if err == nil {
			d.remember(key, a)
		}
		return a, err
	})
	var enough <-chan time.Time
	usable := there && d.Clock().Sub(known.at) < stale
	if usable {
		t := time.NewTimer(patience)
		defer t.Stop()
		enough = t.C
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-enough:
		return known.groups, known.err
	case r := <-flight:
		switch {
		case r.Err == nil:
			a := r.Val.(answer)
			return a.groups, a.err
		case usable:
			return known.groups, known.err
		}
		return nil, r.Err
	}
}

func (d *Directory) known(key string) (answer, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a, ok := d.people[key]
	return a, ok
}

// remember keeps an answer. When there are too many, those out of date go, and if that is none, all: a directory with more
// people than that at a time is asked more often, no more.
func (d *Directory) remember(key string, a answer) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.people) >= maxPeople {
		for k, old := range d.people {
			if a.at.Sub(old.at) >= stale {
				delete(d.people, k)
			}
		}
		if len(d.people) >= maxPeople {
			clear(d.people)
		}
	}
	d.people[key] = a
}

// ask puts the question unless the directory is to be left alone. The answer may be that it will not say.
func (d *Directory) ask(ctx context.Context, tenant, user string) (answer, error) {
	if wait := d.wait(tenant); wait > 0 {
		return answer{}, &auth.Unavailable{RetryAfter: wait}
	}
	select {
	case d.slots <- struct{}{}:
		defer func() { <-d.slots }()
	case <-ctx.Done():
		return answer{}, &auth.Unavailable{RetryAfter: pause}
	}
	now := d.Clock()
	groups, err := d.memberGroups(ctx, tenant, user)
	var no *refusal
	switch {
	case err == nil:
		return answer{groups: groups, at: now}, nil
	case errors.As(err, &no) && no.final():
		d.Log.Warn("the directory does not tell a user's groups, who is therefore refused", "tenant", tenant, "user", user, "error", err)
		return answer{err: auth.ErrGroupsUnknown, at: now}, nil
	}
	rest := pause
	if no != nil && no.after > 0 {
		rest = min(no.after, maxPause)
	}
	d.rest(tenant, now.Add(rest))
	d.Log.Warn("the directory cannot be asked for a user's groups", "tenant", tenant, "user", user, "again_in", rest, "error", err)
	return answer{}, &auth.Unavailable{RetryAfter: rest}
}

func (d *Directory) wait(tenant string) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.until[tenant].Sub(d.Clock())
}

// rest leaves the tenant's directory alone for a while. The token is thrown away: it may be why.
func (d *Directory) rest(tenant string, until time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.until[tenant] = until
	delete(d.tokens, tenant)
}

// refusal is an answer of Microsoft Graph that is not a list.
type refusal struct {
	status int
	code   string // Graph's word, e.g. Directory_ResultSizeLimitExceeded
	after  time.Duration
}

func (r *refusal) Error() string {
	return fmt.Sprintf("the directory answered %d %s", r.status, r.code)
}

// final reports whether the same question would be answered the same: the user is not there, is in too many groups, or may
// not be asked about.
func (r *refusal) final() bool {
	return r.status == http.StatusBadRequest || r.status == http.StatusForbidden || r.status == http.StatusNotFound
}

// memberGroups asks Microsoft Graph.
func (d *Directory) memberGroups(ctx context.Context, tenant, user string) ([]string, error) {
	token, err := d.token(tenant).Token()
	if err != nil {
		return nil, fmt.Errorf("token for the directory: %w", tokenError(err))
	}
	address := d.Graph + "/v1.0/users/" + user + "/getMemberGroups"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(`{"securityEnabledOnly":true}`))
	if err != nil {
		return nil, err
	}
	token.SetAuthHeader(req)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	resp, err := d.Client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, refused(resp, data)
	}
	if len(data) > maxAnswer {
		return nil, errors.New("the directory sent more than 1 MiB")
	}
	return groups(data)
}

// groups reads the answer. A list that is not whole is none.
func groups(data []byte) ([]string, error) {
	var list struct {
		Value []string `json:"value"`
		Next  string   `json:"@odata.nextLink"`
	}
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&list); err != nil {
		return nil, errors.New("the directory's answer is not the JSON expected")
	}
	if list.Value == nil || list.Next != "" {
		return nil, errors.New("the directory's answer is not the whole list of groups")
	}
	return list.Value, nil
}

func refused(resp *http.Response, data []byte) *refusal {
	var body struct {
		Error struct {
			Code string `json:"code"`
		} `json:"error"`
	}
	_ = json.Unmarshal(data, &body) // a gateway's answer has another form, and its status is enough
	seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
	return &refusal{status: resp.StatusCode, code: body.Error.Code, after: time.Duration(min(max(seconds, 0), int(maxPause/time.Second))) * time.Second}
}

// tokenError keeps what tells an operator what is wrong (AADSTS7000222: the secret has expired), without the request's own
// words.
func tokenError(err error) error {
	var r *oauth2.RetrieveError
	if errors.As(err, &r) && r.Response != nil {
		return fmt.Errorf("%d %s %s", r.Response.StatusCode, r.ErrorCode, r.ErrorDescription)
	}
	return err
}

// token is the source of tokens for a tenant's directory, which keeps one until it is about to expire.
func (d *Directory) token(tenant string) oauth2.TokenSource {
	d.mu.Lock()
	defer d.mu.Unlock()
	src, ok := d.tokens[tenant]
	if !ok {
		src = oauth2.ReuseTokenSource(nil, tokenSource(func() (*oauth2.Token, error) { return d.fetchToken(tenant) }))
		d.tokens[tenant] = src
	}
	return src
}

type tokenSource func() (*oauth2.Token, error)

func (f tokenSource) Token() (*oauth2.Token, error) { return f() }

func (d *Directory) fetchToken(tenant string) (*oauth2.Token, error) {
	secret, err := d.Secret()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.WithValue(context.Background(), oauth2.HTTPClient, d.Client), timeout)
	defer cancel()
	app := clientcredentials.Config{
		ClientID: d.AppID, ClientSecret: secret, AuthStyle: oauth2.AuthStyleInParams,
		TokenURL: d.Login + "/" + tenant + "/oauth2/v2.0/token", Scopes: []string{d.Graph + "/.default"},
	}
	return app.Token(ctx)
}
