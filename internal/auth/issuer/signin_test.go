package issuer

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth"
)

const verifierText = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" // of RFC 7636, appendix B

func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// browser keeps cookies and does not follow redirections.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// authorizeQuery is what the page sends the browser with.
func authorizeQuery(changes ...string) url.Values {
	q := url.Values{"client_id": {"page"}, "response_type": {"code"}, "redirect_uri": {pageURL}, "scope": {defender + "/AdvancedQuery.Read openid profile"},
		"state": {"s t&te"}, "nonce": {"n-1"}, "code_challenge": {challengeOf(verifierText)}, "code_challenge_method": {"S256"}}
	for i := 0; i < len(changes); i += 2 {
		q.Set(changes[i], changes[i+1])
		if changes[i+1] == "" {
			q.Del(changes[i])
		}
	}
	return q
}

func (b testbed) authorizeURL() string { return b.url + "/" + tenant + "/oauth2/v2.0/authorize" }

var inputs = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)

// open shows the page and returns the form's hidden fields, as the browser would send them.
func (b testbed) open(t *testing.T, c *http.Client, q url.Values) (*http.Response, url.Values) {
	t.Helper()
	res, err := c.Get(b.authorizeURL() + "?" + q.Encode())
	if err != nil {
		t.Fatal(err)
	}
	return res, formOf(t, res)
}

func formOf(t *testing.T, res *http.Response) url.Values {
	t.Helper()
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"page": {string(data)}}
	for _, m := range inputs.FindAllStringSubmatch(string(data), -1) {
		form.Set(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	return form
}

func (b testbed) submit(t *testing.T, c *http.Client, form url.Values, changes ...string) *http.Response {
	t.Helper()
	form.Del("page")
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	res, err := c.PostForm(b.authorizeURL(), form)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// landed reads where the browser was sent.
func landed(t *testing.T, res *http.Response) url.Values {
	t.Helper()
	res.Body.Close()
	at, err := res.Location()
	if err != nil || res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s, %v", res.Status, err)
	}
	q := at.Query()
	if !strings.HasPrefix(at.String(), pageURL+"&") || q.Get("from") != "harrier" {
		t.Fatalf("sent to %s", at)
	}
	return q
}

// signedIn goes through the page and gives the code.
func (b testbed) signedIn(t *testing.T, q url.Values) url.Values {
	t.Helper()
	c := browser(t)
	_, form := b.open(t, c, q)
	got := landed(t, b.submit(t, c, form, "username", " eve@EXAMPLE.org ", "password", secret))
	if got.Get("code") == "" {
		t.Fatalf("no code: %v", got)
	}
	return got
}

func codeForm(code string, changes ...string) url.Values {
	form := url.Values{"grant_type": {"authorization_code"}, "client_id": {"page"}, "code": {code}, "redirect_uri": {pageURL}, "code_verifier": {verifierText}}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

// TestSignIn is the whole way of a person: page, password, code, tokens, and a hunt's permission at the end.
func TestSignIn(t *testing.T) {
	b := newTestbed(t)
	back := b.signedIn(t, authorizeQuery())
	if back.Get("state") != "s t&te" || back.Get("iss") != b.url+"/"+tenant+"/v2.0" {
		t.Errorf("sent back with %v", back)
	}
	status, _, body := b.post(t, "/"+tenant+"/oauth2/v2.0/token", codeForm(back.Get("code")), nil)
	if status != 200 || body["scope"] != defender+"/AdvancedQuery.Read openid" {
		t.Fatalf("%d %v", status, body)
	}
	access, _ := body["access_token"].(string)
	p, err := b.verifier(t, b.Trusted()).Verify(context.Background(), access)
	if err != nil || p.App || !p.Can(auth.Permission{Scope: "AdvancedQuery.Read"}) || p.Can(auth.Permission{Scope: "Alert.Read"}) ||
		p.Name != "Eve@example.org" || len(p.Groups) != 1 || p.Groups[0] != "soc" || p.ObjectID != deriveObjectID("user\x00", tenant, "eve@example.org") {
		t.Errorf("principal %+v, error %v", p, err)
	}
	id, _ := body["id_token"].(string)
	claims := claimsIn(t, id)
	for name, want := range map[string]any{"aud": "page", "iss": b.url + "/" + tenant + "/v2.0", "nonce": "n-1", "name": "Eve Analyst",
		"preferred_username": "Eve@example.org", "oid": p.ObjectID, "sub": p.ObjectID, "tid": tenant} {
		if claims[name] != want {
			t.Errorf("ID token: %s = %v, want %v", name, claims[name], want)
		}
	}
	half := sha256.Sum256([]byte(access))
	if claims["at_hash"] != base64.RawURLEncoding.EncodeToString(half[:16]) {
		t.Error("at_hash")
	}
	// An ID token opens no API, not even one whose audience it has.
	v, err := auth.NewVerifier(auth.Config{Tenants: []string{tenant}, Audiences: []string{"page"}, Issuers: b.Trusted(), Clock: b.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Verify(context.Background(), id); err == nil {
		t.Error("an ID token was accepted")
	}
	// The code was for once.
	status, _, body = b.post(t, "/"+tenant+"/oauth2/v2.0/token", codeForm(back.Get("code")), nil)
	if status != 400 || body["error"] != "invalid_grant" {
		t.Errorf("the same code again: %d %v", status, body)
	}
}

// TestCodes lists what a code does not open, and that it is used up by the try.
func TestCodes(t *testing.T) {
	b := newTestbed(t)
	for _, c := range []struct {
		name    string
		wait    time.Duration
		changes []string
	}{
		{"late", codeLife, nil},
		{"another redirect", 0, []string{"redirect_uri", "https://hunt.example.org/"}},
		{"no redirect", 0, []string{"redirect_uri", ""}},
		{"another verifier", 0, []string{"code_verifier", strings.Repeat("a", 43)}},
		{"no verifier", 0, []string{"code_verifier", ""}},
		{"the challenge as verifier", 0, []string{"code_verifier", challengeOf(verifierText)}},
		{"another client", 0, []string{"client_id", "script"}},
		{"cut code", 0, []string{"code", "x"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			good := b.signedIn(t, authorizeQuery()).Get("code")
			b.clock.Advance(c.wait)
			status, _, body := b.post(t, "/"+tenant+"/oauth2/v2.0/token", codeForm(good, c.changes...), nil)
			if status != 400 || body["error"] != "invalid_grant" {
				t.Fatalf("%d %v", status, body)
			}
			if c.name == "cut code" {
				return
			}
			if status, _, _ = b.post(t, "/"+tenant+"/oauth2/v2.0/token", codeForm(good), nil); status != 400 {
				t.Error("the code is still good after a wrong try")
			}
		})
	}
	good := b.signedIn(t, authorizeQuery()).Get("code")
	if status, _, body := b.post(t, "/lab/oauth2/v2.0/token", codeForm(good), nil); status == 200 {
		t.Errorf("another tenant: %v", body)
	}
}

// TestSignInRefused: what cannot be sent back is told to the person, with 400 and no redirection; the rest goes to the
// application.
func TestSignInRefused(t *testing.T) {
	b := newTestbed(t)
	for _, c := range []struct {
		name    string
		changes []string
		code    string // "" = a page
	}{
		{"unknown client", []string{"client_id", "nobody"}, ""},
		{"no client", []string{"client_id", ""}, ""},
		{"no redirect", []string{"redirect_uri", ""}, ""},
		{"another redirect", []string{"redirect_uri", "https://evil.example/"}, ""},
		{"redirect that begins alike", []string{"redirect_uri", pageURL + "x"}, ""},
		{"redirect with a path more", []string{"redirect_uri", "https://hunt.example.org/signed-in/../x?from=harrier"}, ""},
		{"redirect in capitals", []string{"redirect_uri", strings.ToUpper(pageURL)}, ""},
		{"client without redirects", []string{"client_id", "script"}, ""},
		{"too long", []string{"state", strings.Repeat("x", maxParameter+1)}, ""},
		{"implicit", []string{"response_type", "token"}, "unsupported_response_type"},
		{"no response type", []string{"response_type", ""}, "unsupported_response_type"},
		{"form post", []string{"response_mode", "form_post"}, "invalid_request"},
		{"fragment", []string{"response_mode", "fragment"}, "invalid_request"},
		{"no challenge", []string{"code_challenge", ""}, "invalid_request"},
		{"plain challenge", []string{"code_challenge_method", "plain"}, "invalid_request"},
		{"no method", []string{"code_challenge_method", ""}, "invalid_request"},
		{"short challenge", []string{"code_challenge", "abc"}, "invalid_request"},
		{"no scope", []string{"scope", ""}, "invalid_scope"},
		{"scope the client does not have", []string{"scope", defender + "/Machine.Isolate"}, "invalid_scope"},
		{"unknown resource", []string{"scope", "https://evil.example/.default"}, "invalid_scope"},
		{"without a page", []string{"prompt", "none"}, "login_required"},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, form := b.open(t, browser(t), authorizeQuery(c.changes...))
			if c.code == "" {
				if res.StatusCode != 400 || res.Header.Get("Location") != "" || !strings.Contains(form.Get("page"), `role="alert"`) {
					t.Fatalf("%s %s", res.Status, form.Get("page"))
				}
				return
			}
			if q := landed(t, res); q.Get("error") != c.code || q.Get("error_description") == "" || q.Get("state") != "s t&te" || q.Get("code") != "" {
				t.Errorf("sent back with %v", q)
			}
		})
	}
}

// TestPage: headers that protect it, labels for everything, nothing of the request unescaped, no script.
func TestPage(t *testing.T) {
	b := newTestbed(t)
	res, form := b.open(t, browser(t), authorizeQuery("login_hint", `"><script>alert(1)</script>`))
	text := form.Get("page")
	sum := sha256.Sum256([]byte(style))
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
			"'; form-action 'self' https://hunt.example.org; frame-ancestors 'none'; base-uri 'none'",
		"X-Frame-Options": "DENY", "Cache-Control": "no-store", "Referrer-Policy": "same-origin", "X-Content-Type-Options": "nosniff",
		"Content-Type": "text/html; charset=utf-8",
	} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	cookie := res.Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Secure || cookie.Name != "harrier-signin" {
		t.Errorf("cookie %+v", cookie)
	}
	if strings.Contains(text, "<script") || strings.Contains(text, "onclick") || !strings.Contains(text, "<style>"+style+"</style>") {
		t.Error("scripts, or a style that its hash does not fit")
	}
	for _, want := range []string{`<html lang="en">`, `<label for="username">`, `<label for="password">`, `autocomplete="current-password"`,
		`autocomplete="username"`, "<strong>Hunting page</strong>", "&lt;script&gt;"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if f, err := newFormKey(true); err != nil || f.cookie != "__Host-harrier-signin" || !f.secure {
		t.Errorf("over https: %+v, %v", f, err)
	}
}

// TestForgedForms: a form that was not shown in this browser is not taken, whatever it says.
func TestForgedForms(t *testing.T) {
	b := newTestbed(t)
	mine, other := browser(t), browser(t)
	_, form := b.open(t, mine, authorizeQuery())
	_, foreign := b.open(t, other, authorizeQuery())
	try := func(name string, c *http.Client, form url.Values, change func(*http.Request)) {
		form.Set("username", "eve@example.org")
		form.Set("password", secret)
		req, err := http.NewRequest("POST", b.authorizeURL(), strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if change != nil {
			change(req)
		}
		res, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != 400 || res.Header.Get("Location") != "" {
			t.Errorf("%s: %s %s", name, res.Status, res.Header.Get("Location"))
		}
	}
	try("no cookie", browser(t), form, nil)
	try("another browser's value", mine, foreign, nil)
	try("from another site", mine, form, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
	try("from another origin", mine, form, func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") })
	bare := url.Values{}
	for k, v := range form {
		if k != "form" {
			bare[k] = v
		}
	}
	try("no value", mine, bare, nil)
	// Changed parameters are checked as they were at first.
	res := b.submit(t, mine, form, "redirect_uri", "https://evil.example/")
	res.Body.Close()
	if res.StatusCode != 400 || res.Header.Get("Location") != "" {
		t.Errorf("changed redirect: %s", res.Status)
	}
	if q := landed(t, b.submit(t, mine, form, "redirect_uri", pageURL, "cancel", "1")); q.Get("error") != "access_denied" {
		t.Errorf("cancelled: %v", q)
	}
}

// TestWrongPasswords: the page says the same of wrong names and wrong passwords, and after some of them waits.
func TestWrongPasswords(t *testing.T) {
	b := newTestbed(t)
	c := browser(t)
	_, form := b.open(t, c, authorizeQuery())
	texts := map[string]bool{}
	for n := range failsPerPair {
		name := []string{"eve@example.org", "nobody@example.org"}[n%2]
		res := b.submit(t, c, form, "username", name, "password", "guess")
		page := formOf(t, res).Get("page")
		texts[strings.ReplaceAll(page, name, "")] = true
		if res.StatusCode != 200 || !strings.Contains(page, "The user name or the password is wrong.") {
			t.Fatalf("%s %s", res.Status, page)
		}
	}
	if len(texts) != 1 {
		t.Error("the pages differ")
	}
	for range failsPerPair / 2 {
		b.submit(t, c, form, "username", "eve@example.org", "password", "guess").Body.Close()
	}
	res := b.submit(t, c, form, "username", "eve@example.org", "password", secret)
	if page := formOf(t, res).Get("page"); res.StatusCode != 429 || !strings.Contains(page, "Try again in 600 seconds.") {
		t.Fatalf("%s %s", res.Status, page)
	}
	b.clock.Advance(failWindow)
	if q := landed(t, b.submit(t, c, form, "username", "eve@example.org", "password", secret)); q.Get("code") == "" {
		t.Errorf("after the wait: %v", q)
	}
}

// TestThrottle: failures count by name and by address; successes never do.
func TestThrottle(t *testing.T) {
	ck := &clock{now: noon()}
	th := newThrottle(ck.Now)
	for n := range failsPerPeer {
		if th.wait("a", string(rune('A'+n))) != 0 {
			t.Fatalf("refused after %d", n)
		}
		th.failed("a", string(rune('A'+n)))
	}
	if th.wait("a", "new") != failWindow || th.wait("b", "new") != 0 {
		t.Error("the limit of an address")
	}
	for n := range failsPerName {
		th.failed("peer"+string(rune('A'+n)), "eve")
	}
	if th.wait("c", "eve") != failWindow {
		t.Error("the limit of a name")
	}
	ck.Advance(failWindow)
	if th.wait("a", "new") != 0 || th.wait("c", "eve") != 0 || len(th.fails) != 0 {
		t.Errorf("%d records are left", len(th.fails))
	}
	for range failsPerPair - 1 {
		th.failed("a", "eve")
	}
	for n := range failsPerName + 1 { // nobody locks a service out from elsewhere
		th.failed("peer"+string(rune('A'+n)), clientKind+"app")
	}
	if th.wait("c", clientKind+"app") != 0 {
		t.Error("failures from everywhere close a client to its owner")
	}
	th.succeeded("a", "eve")
	th.failed("a", "eve")
	if th.wait("a", "eve") != 0 {
		t.Error("a success does not forget")
	}
	for n := range maxFailRecord {
		th.failed("flood", string(rune(n+0x10000)))
	}
	if th.wait("b", "x") == 0 {
		t.Error("the memory of failures is not bounded")
	}
}

// TestPasswordGrant is the way of old samples: both endpoints, a public client that is marked for it.
func TestPasswordGrant(t *testing.T) {
	b := newTestbed(t)
	form := func(more ...string) url.Values {
		f := url.Values{"grant_type": {"password"}, "client_id": {"script"}, "username": {"eve@example.org"}, "password": {secret}}
		for i := 0; i < len(more); i += 2 {
			f.Set(more[i], more[i+1])
		}
		return f
	}
	for path, f := range map[string]url.Values{
		"/oauth2/token":      form("resource", defender),
		"/oauth2/v2.0/token": form("scope", defender+"/.default"),
	} {
		status, _, body := b.post(t, "/"+tenant+path, f, nil)
		token, _ := body["access_token"].(string)
		if status != 200 {
			t.Fatalf("%s: %d %v", path, status, body)
		}
		p, err := b.verifier(t, b.Trusted()).Verify(context.Background(), token)
		if err != nil || p.App || !p.Can(auth.Permission{Scope: "AdvancedQuery.Read"}) || body["id_token"] != nil || body["refresh_token"] != nil {
			t.Errorf("%s: %+v %v", path, p, err)
		}
	}
	for name, c := range map[string]struct {
		form url.Values
		code string
	}{
		"wrong password": {form("resource", defender, "password", "x"), "invalid_grant"},
		"unknown user":   {form("resource", defender, "username", "nobody"), "invalid_grant"},
		"no user":        {form("resource", defender, "username", ""), "invalid_grant"},
		"not marked":     {form("resource", defender, "client_id", "page"), "unauthorized_client"},
		"more scopes":    {form("scope", defender+"/Alert.Read"), "invalid_scope"},
	} {
		path := "/oauth2/token"
		if name == "more scopes" {
			path = "/oauth2/v2.0/token"
		}
		if status, _, body := b.post(t, "/"+tenant+path, c.form, nil); status != 400 || body["error"] != c.code {
			t.Errorf("%s: %d %v", name, status, body)
		}
	}
}

// TestUnknownTakesAsLong compares what an unknown account and a wrong secret cost: both hash once.
func TestUnknownTakesAsLong(t *testing.T) {
	b := newTestbed(t)
	ask := func(id string) time.Duration {
		best := time.Hour
		for range 4 {
			at := time.Now()
			b.post(t, "/"+tenant+"/oauth2/token", credentialsForm("resource", defender, "client_id", id, "client_secret", "guess"), nil)
			best = min(best, time.Since(at))
		}
		return best
	}
	known, unknown, public := ask("hunter"), ask("nobody"), ask("page")
	for name, d := range map[string]time.Duration{"unknown": unknown, "public": public} {
		if d < known/3 || d > known*3 {
			t.Errorf("%s client: %v, wrong secret: %v", name, d, known)
		}
	}
}

// TestAccountsChange: clients and users that are added later are known after a second; a broken file changes nothing.
func TestAccountsChange(t *testing.T) {
	ck := &clock{now: noon()}
	accounts, broken := Accounts{}, error(nil)
	i, err := Open(Options{Dir: t.TempDir(), BaseURL: "http://127.0.0.1:1", Tenants: []string{"lab"}, Resources: []Resource{{URI: defender}},
		Clock: ck.Now, Load: func() (Accounts, error) { return accounts, broken }})
	if err != nil {
		t.Fatal(err)
	}
	accounts.Clients = []Client{{ID: "x", Tenant: "lab", Public: true}, {ID: "y", Tenant: "another program's", Public: true}}
	if len(i.accounts.current().clients) != 0 {
		t.Error("loaded within the second")
	}
	ck.Advance(accountsAge)
	if n := len(i.accounts.current().clients); n != 1 {
		t.Errorf("%d clients", n)
	}
	accounts.Clients = append(accounts.Clients, Client{ID: "x", Tenant: "lab", Public: true})
	ck.Advance(accountsAge)
	if n := len(i.accounts.current().clients); n != 1 {
		t.Errorf("%d clients after a mistake in the file", n)
	}
	broken = io.ErrUnexpectedEOF
	ck.Advance(accountsAge)
	if n := len(i.accounts.current().clients); n != 1 {
		t.Errorf("%d clients when the file cannot be read", n)
	}
}

// TestRefusalsKept: anybody can fail, so the audit trail keeps a bounded number of failures: by address and in all.
func TestRefusalsKept(t *testing.T) {
	now := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	th := newThrottle(func() time.Time { return now })
	kept, lasts := 0, 0
	flood := func(peer string, n int) {
		for range n {
			keep, last := th.tells(peer)
			if keep {
				kept++
			}
			if last {
				lasts++
			}
		}
	}
	flood("a", 3*toldPerPeer)
	if kept != toldPerPeer || lasts != 1 {
		t.Errorf("%d of one address kept, told %d times", kept, lasts)
	}
	for n := range 200 {
		flood("peer"+string(rune('A'+n)), toldPerPeer/2)
	}
	if kept != toldInAll {
		t.Errorf("%d kept in all", kept)
	}
	now, kept = now.Add(failWindow), 0
	if flood("a", 1); kept != 1 {
		t.Error("a new window keeps nothing")
	}
}
