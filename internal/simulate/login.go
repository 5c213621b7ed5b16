package simulate

import "strings"

// domainSids is how the SIDs of a domain's accounts begin.
const domainSids = "S-1-5-21-"

// login is a logon session.
type login struct {
	account      *account
	logonID      int64
	number       int64 // Windows session
	remoteIP     string
	remoteDevice string
	away         bool // locked
	ended        bool
}

// builtin gives the session of an account that is always logged on.
func (d *device) builtin(a *account) *login {
	for _, l := range d.logins {
		if l.account == a {
			return l
		}
	}
	l := &login{account: a, logonID: a.logonID}
	if d.class.unix() {
		l.logonID, l.number = -1, -1
	}
	d.logins = append(d.logins, l)
	return l
}

// newLogin makes a session of somebody who logs on now.
func (d *device) newLogin(a *account, number int64) *login {
	l := &login{account: a, number: number, logonID: d.dice.between(0x20000, 0x7fffffff)}
	if d.class.unix() {
		l.logonID, l.number = -1, -1
	}
	return l
}

// sessionOf decides as whom a program runs; nil means that nobody is there.
func (d *device) sessionOf(parent *process, r *role, given *login) *login {
	acc := d.w.accounts
	switch r.as {
	case "system":
		return d.builtin(acc.system)
	case "local":
		return d.builtin(acc.local)
	case "network":
		return d.builtin(acc.network)
	case "windows":
		return d.builtin(acc.windows)
	case "fonts":
		return d.builtin(acc.fonts)
	case "pool":
		return d.builtin(acc.pool)
	case "sql":
		return d.builtin(acc.sql)
	case "root":
		return d.builtin(acc.root)
	case "www":
		return d.builtin(acc.www)
	case "postgres":
		return d.builtin(acc.postgres)
	case "user":
		switch {
		case given != nil:
			return given
		case parent.login.account.person:
			return parent.login
		case d.console != nil:
			return d.console
		}
		return d.remote
	}
	if given != nil {
		return given
	}
	return parent.login
}

// rights are the integrity level and the kind of token of a process.
func rights(parent *process, l *login, r *role) (integrity, elevation string) {
	const limited, full, plain = "TokenElevationTypeLimited", "TokenElevationTypeFull", "TokenElevationTypeDefault"
	a := l.account
	switch {
	case a.uid >= 0 || l.logonID < 0:
		return "", ""
	case !a.person && strings.HasPrefix(a.sid, domainSids):
		return "High", full
	case !a.person && r.level != "medium":
		return "System", plain
	}
	integrity, elevation = "Medium", plain
	if a.admin {
		elevation = limited
	}
	if parent != nil && parent.login == l && r.as == "parent" {
		integrity, elevation = parent.integrity, parent.elevation
	}
	switch r.level {
	case "high":
		if a.admin {
			integrity, elevation = "High", full
		}
	case "medium":
		integrity = "Medium"
	case "low":
		integrity = "Low"
	case "untrusted":
		integrity = "Untrusted"
	}
	return integrity, elevation
}
