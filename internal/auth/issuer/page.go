package issuer

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
)

// formKey makes and checks the value that ties a form to the browser it was shown in: a random cookie, and in the form
// its HMAC under a key of this process. Another site can neither read the cookie nor make the value.
type formKey struct {
	key    []byte
	cookie string
	secure bool
}

func newFormKey(secure bool) (*formKey, error) {
	f := &formKey{key: make([]byte, 32), cookie: "harrier-signin", secure: secure}
	if secure {
		f.cookie = "__Host-" + f.cookie
	}
	_, err := rand.Read(f.key)
	return f, err
}

func (f *formKey) value(cookie string) string {
	mac := hmac.New(sha256.New, f.key)
	mac.Write([]byte(cookie))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// forBrowser gives the value for the form, and the cookie when the browser has none yet.
func (f *formKey) forBrowser(w http.ResponseWriter, r *http.Request) (string, error) {
	if c, err := r.Cookie(f.cookie); err == nil && len(c.Value) == 43 {
		return f.value(c.Value), nil
	}
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return "", err
	}
	text := base64.RawURLEncoding.EncodeToString(raw)
	http.SetCookie(w, &http.Cookie{Name: f.cookie, Value: text, Path: "/", HttpOnly: true, Secure: f.secure, SameSite: http.SameSiteLaxMode})
	return f.value(text), nil
}

// ours reports whether a form was shown in the browser that sends it, by this process. Browsers that say where a request
// comes from are believed too when they say that it is from elsewhere.
func (f *formKey) ours(r *http.Request) bool {
	if http.NewCrossOriginProtection().Check(r) != nil {
		return false
	}
	c, err := r.Cookie(f.cookie)
	return err == nil && hmac.Equal([]byte(f.value(c.Value)), []byte(r.PostForm.Get("form")))
}

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { margin: 0; min-height: 100vh; display: grid; place-items: center }
main { width: min(22rem, 90vw); padding: 2rem 0 }
h1 { font-size: 1.5rem; margin: 0 0 1rem }
label { display: block; margin-top: 1rem; font-weight: 600 }
input { box-sizing: border-box; width: 100%; padding: .6rem; font: inherit; border: 1px solid #767676; border-radius: .25rem }
button { margin: 1.5rem .75rem 0 0; padding: .6rem 1.5rem; font: inherit; border: 1px solid #1f5fbf; border-radius: .25rem; background: #1f5fbf; color: #fff }
button.plain { background: transparent; color: inherit; border-color: #767676 }
:focus-visible { outline: 3px solid #f0a000; outline-offset: 2px }
.error { border-left: .3rem solid #c62828; padding: .5rem .75rem; margin: 0 }
`

// page is the sign-in page and, without a form, an error. It works without scripts.
const page = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{if .Error}}Error: {{end}}Sign in - Harrier</title>
<style>{{.Style}}</style>
</head>
<body>
<main>
<h1>{{if .Form}}Sign in{{else}}You cannot sign in{{end}}</h1>
{{- if .Error}}
<p class="error" id="error" role="alert">{{.Error}}</p>
{{- end}}
{{- if .Form}}
<p>to continue to <strong>{{.App}}</strong></p>
<form method="post" action="{{.Action}}">
<input type="hidden" name="form" value="{{.Form}}">
{{- range .Hidden}}
<input type="hidden" name="{{.Name}}" value="{{.Value}}">
{{- end}}
<label for="username">User name</label>
<input id="username" name="username" type="text" value="{{.User}}" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="256"{{if not .User}} autofocus{{end}}{{if .Error}} aria-describedby="error"{{end}}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1024"{{if .User}} autofocus{{end}}{{if .Error}} aria-invalid="true" aria-describedby="error"{{end}}>
<button type="submit">Sign in</button>
<button type="submit" class="plain" name="cancel" value="1" formnovalidate>Cancel</button>
</form>
{{- end}}
</main>
</body>
</html>
`

type field struct{ Name, Value string }

type pageData struct {
	Style                          template.CSS
	Error, App, Action, Form, User string
	Hidden                         []field
}

// showPage shows the form. An error of a name or a password says what is wrong, never which of them.
func (i *Issuer) showPage(w http.ResponseWriter, r *http.Request, q *signInRequest, user, problem string, status int) {
	value, err := i.forms.forBrowser(w, r)
	if err != nil {
		i.refuseSignIn(w, r, q, err)
		return
	}
	d := pageData{Error: problem, App: q.client.Name, Action: r.URL.Path, Form: value, User: user}
	if d.App == "" {
		d.App = q.client.ID
	}
	for _, name := range parameters {
		if q.raw.Has(name) {
			d.Hidden = append(d.Hidden, field{name, q.raw.Get(name)})
		}
	}
	i.render(w, d, formTargets(q.redirect), status)
}

func (i *Issuer) showError(w http.ResponseWriter, text string) {
	i.render(w, pageData{Error: text}, "'none'", http.StatusBadRequest)
}

// formTargets are where the form may lead: here, and by the redirection that follows to the application, which browsers
// hold to the same rule.
func formTargets(redirect string) string {
	u, err := url.Parse(redirect)
	if err != nil {
		return "'self'"
	}
	if u.Scheme == "http" || u.Scheme == "https" {
		return "'self' " + u.Scheme + "://" + u.Host
	}
	return "'self' " + u.Scheme + ":"
}

// render writes the page with headers that keep it from being framed, scripted, cached or told on.
func (i *Issuer) render(w http.ResponseWriter, d pageData, targets string, status int) {
	d.Style = style
	var out bytes.Buffer
	t, err := template.New("page").Parse(page)
	if err == nil {
		err = t.Execute(&out, d)
	}
	if err != nil {
		i.opts.Log.Error("sign-in page", "error", err)
		http.Error(w, "The page cannot be shown.", http.StatusInternalServerError)
		return
	}
	sum := sha256.Sum256([]byte(style))
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+
		"'; form-action "+targets+"; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin") // with no-referrer browsers send the form without its origin
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes()) // the browser is gone if this fails
}
