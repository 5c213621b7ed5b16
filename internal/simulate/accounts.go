package simulate

import (
	"fmt"
	"strconv"
)

// The company: a reserved domain, accounts named by role and number.
const (
	domainName  = "contoso.example"
	domainShort = "contoso"
)

// account is who a process runs as.
type account struct {
	name, domain, sid, upn, objectID string
	uid                              int64 // POSIX user id, -1 on Windows
	person                           bool  // somebody sits in front of it
	admin                            bool
	logonID                          int64 // of the system's own accounts
}

// accounts are the accounts of the company and those every system has.
type accounts struct {
	system, local, network, windows, fonts, pool *account
	root, www, postgres, deploy                  *account
	users, admins                                []*account
	backup, sql, scan, management                *account
	administrator                                *account
}

// newAccounts makes the accounts of a seed: so many users and admins.
func newAccounts(seed uint64, users, admins int) *accounts {
	a := &accounts{
		system:   &account{name: "system", domain: "nt authority", sid: "S-1-5-18", uid: -1, logonID: 999},
		local:    &account{name: "local service", domain: "nt authority", sid: "S-1-5-19", uid: -1, logonID: 997},
		network:  &account{name: "network service", domain: "nt authority", sid: "S-1-5-20", uid: -1, logonID: 996},
		windows:  &account{name: "dwm-1", domain: "window manager", sid: "S-1-5-90-0-1", uid: -1, logonID: 66_211},
		fonts:    &account{name: "umfd-0", domain: "font driver host", sid: "S-1-5-96-0-0", uid: -1, logonID: 52_017},
		root:     &account{name: "root", uid: 0},
		www:      &account{name: "www-data", uid: 33},
		postgres: &account{name: "postgres", uid: 117},
		deploy:   &account{name: "deploy", uid: 1001},
	}
	a.pool = &account{name: "intranet", domain: "iis apppool", uid: -1, logonID: 411_302,
		sid: "S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415"}
	prefix := fmt.Sprintf("S-1-5-21-%d-%d-%d", 1_000_000_000+stable(900_000_000, "sid1", strconv.FormatUint(seed, 10)),
		1_000_000_000+stable(900_000_000, "sid2", strconv.FormatUint(seed, 10)),
		1_000_000_000+stable(900_000_000, "sid3", strconv.FormatUint(seed, 10)))
	rid := 1103
	domain := func(name string, admin bool) *account {
		rid++
		return &account{name: name, domain: domainShort, sid: prefix + "-" + strconv.Itoa(rid), upn: name + "@" + domainName,
			objectID: stableGUID("account " + strconv.FormatUint(seed, 10) + name), uid: -1, person: true, admin: admin}
	}
	service := func(name string) *account {
		x := domain(name, false)
		x.person = false
		x.logonID = int64(100_000 + stable(900_000, name))
		return x
	}
	a.backup, a.sql, a.scan, a.management = service("svc-backup"), service("svc-sql"), service("svc-scan"), service("svc-mgmt")
	a.administrator = domain("administrator", true)
	a.administrator.sid = prefix + "-500"
	for i := range admins {
		a.admins = append(a.admins, domain(fmt.Sprintf("adm%02d", i+1), true))
	}
	for i := range users {
		a.users = append(a.users, domain(fmt.Sprintf("user%03d", i+1), false))
	}
	return a
}

// domain is an account's domain, or the device that alone knows it.
func (d *device) domain(a *account) string {
	if a.domain == "" {
		return d.short
	}
	return a.domain
}

// home is the folder of an account.
func (d *device) home(a *account) string {
	switch {
	case d.class.has("mac"):
		if a.uid == 0 {
			return "/var/root"
		}
		return "/Users/" + a.name
	case d.class.unix():
		switch a.uid {
		case 0:
			return "/root"
		case 33:
			return "/var/www"
		case 117:
			return "/var/lib/postgresql"
		}
		return "/home/" + a.name
	}
	switch a.logonID {
	case 999:
		return `C:\Windows\System32\config\systemprofile`
	case 997:
		return `C:\Windows\ServiceProfiles\LocalService`
	case 996:
		return `C:\Windows\ServiceProfiles\NetworkService`
	}
	return `C:\Users\` + a.name
}

// temp is the folder for temporary files of an account.
func (d *device) temp(a *account) string {
	switch {
	case d.class.unix():
		return "/tmp"
	case a != nil && a.person:
		return d.home(a) + `\AppData\Local\Temp`
	}
	return `C:\Windows\Temp`
}

func (d *device) separator() string {
	if d.class.unix() {
		return "/"
	}
	return `\`
}
