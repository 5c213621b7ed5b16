package ingest

import "strings"

// builtin accounts have the same SIDs on every machine; the Security log names
// SYSTEM after the computer, Defender names it as Windows does.
var builtin = map[string]account{
	"S-1-5-18": {"nt authority", "system", "S-1-5-18"},
	"S-1-5-19": {"nt authority", "local service", "S-1-5-19"},
	"S-1-5-20": {"nt authority", "network service", "S-1-5-20"},
}

// accountOf reads an account from three fields.
func accountOf(e *event, domain, name, sid field) account {
	a := account{strings.ToLower(e.text(domain)), strings.ToLower(e.text(name)), e.text(sid)}
	if a.sid == nobody {
		a.sid = ""
	}
	return a
}

// processAccount is accountOf for the account a process runs as.
func processAccount(e *event, domain, name, sid field) account {
	a := accountOf(e, domain, name, sid)
	if b, ok := builtin[a.sid]; ok {
		return b
	}
	return a
}

// subject is the account on whose behalf a Security event happened, and which
// the process behind it runs as.
func subject(e *event) account {
	return processAccount(e, fSubjectDomain, fSubjectName, fSubjectSid)
}

// newProcessAccount is the account of a process that event 4688 reports: the
// target's if it runs under another one than its creator.
func newProcessAccount(e *event) (a account, logon int64) {
	logon = -1
	if n, ok := e.num(fTargetLogonID); ok && n != 0 {
		a, logon = processAccount(e, fTargetDomain, fTargetName, fTargetUserSid), n
		switch n {
		case 0x3e7:
			a = builtin["S-1-5-18"]
		case 0x3e5:
			a = builtin["S-1-5-19"]
		case 0x3e4:
			a = builtin["S-1-5-20"]
		}
		return a, logon
	}
	if n, ok := e.num(fSubjectLogonID); ok {
		logon = n
	}
	return subject(e), logon
}

// integrityOf reads a mandatory label.
func integrityOf(e *event) string {
	switch e.text(fMandatoryLabel) {
	case "S-1-16-0":
		return "Untrusted"
	case "S-1-16-4096":
		return "Low"
	case "S-1-16-8192", "S-1-16-8448":
		return "Medium"
	case "S-1-16-12288":
		return "High"
	case "S-1-16-16384", "S-1-16-20480":
		return "System"
	}
	return ""
}

// elevationOf reads a token elevation type, a number in the message table.
func elevationOf(e *event) string {
	switch e.text(fTokenElevation) {
	case "%%1936":
		return "TokenElevationTypeDefault"
	case "%%1937":
		return "TokenElevationTypeFull"
	case "%%1938":
		return "TokenElevationTypeLimited"
	}
	return ""
}

// logonTypes are the names of Windows's logon types.
var logonTypes = map[int64]string{
	0: "System", 2: "Interactive", 3: "Network", 4: "Batch", 5: "Service", 7: "Unlock", 8: "NetworkCleartext",
	9: "NewCredentials", 10: "RemoteInteractive", 11: "CachedInteractive", 12: "CachedRemoteInteractive",
	13: "CachedUnlock",
}

func logonType(e *event) string {
	n, ok := e.num(fLogonType)
	if !ok {
		return ""
	}
	if s := logonTypes[n]; s != "" {
		return s
	}
	return number(n)
}

// failures are the reasons Defender has names for; others keep their code.
var failures = map[string]string{
	"0xc000006a": "InvalidUserNameOrPassword", "0xc0000064": "InvalidUserNameOrPassword",
	"0xc000006d": "InvalidUserNameOrPassword", "0xc0000072": "AccountDisabled",
}

// failureReason takes the more precise of the two codes of a failed logon.
func failureReason(e *event) string {
	code := strings.ToLower(e.text(fSubStatus))
	if code == "" || code == "0x0" {
		code = strings.ToLower(e.text(fStatus))
	}
	if s := failures[code]; s != "" {
		return s
	}
	return code
}

// logonProtocol is Defender's spelling of an authentication package.
func logonProtocol(s string) string {
	if s == "NTLM" {
		return "Ntlm"
	}
	return s
}

func securityLogon(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.account(r, accountOf(e, fTargetDomain, fTargetName, fTargetUserSid))
	if n, ok := e.num(fTargetLogonID); ok {
		r.int(cLogonID, n)
	}
	r.text(cLogonType, logonType(e))
	r.text(cProtocol, logonProtocol(e.text(fAuthPackage)))
	m.remoteLogon(r, e)
	m.initiating(r, m.bySecurity(e, fProcessID, fProcessName, "Process ID"))
	f := m.fields.reset()
	if k.id == 4625 {
		r.text(cFailureReason, failureReason(e))
		f.field("Status", e, fStatus).field("SubStatus", e, fSubStatus)
	}
	f.text("LogonProcessName", strings.TrimSpace(e.text(fLogonProcess))).field("LmPackageName", e, fLmPackage)
	if e.has(fElevatedToken) {
		f.raw("ElevatedToken", choose(e.is(fElevatedToken, "%%1842"), "true", "false"))
	}
	r.text(cAdditional, f.field("SubjectLogonId", e, fSubjectLogonID).String())
}

// remoteLogon fills where a logon came from; port 0 means none.
func (m *mapper) remoteLogon(r row, e *event) {
	p := port(e, fIPPort)
	if p == 0 {
		p = -1
	}
	m.remote(r, endpoint{ip: e.text(fIPAddress), port: p})
	r.text(cRemoteDevice, strings.ToLower(e.text(fWorkstation)))
}

func securityExplicit(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.account(r, accountOf(e, fTargetDomain, fTargetName, fNone))
	m.remoteLogon(r, e)
	server := e.text(fTargetServer)
	if server != "localhost" {
		r.text(cRemoteDevice, strings.ToLower(server))
	}
	m.initiating(r, m.bySecurity(e, fProcessID, fProcessName, "Process ID"))
	r.text(cAdditional, m.fields.reset().text("TargetServerName", server).field("TargetInfo", e, fTargetInfo).
		field("SubjectLogonId", e, fSubjectLogonID).String())
}

func securityLogoff(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.account(r, accountOf(e, fTargetDomain, fTargetName, fTargetUserSid))
	if n, ok := e.num(fTargetLogonID); ok {
		r.int(cLogonID, n)
	}
	r.text(cAdditional, m.fields.reset().text("Activity", "Logoff").text("LogonType", logonType(e)).String())
}
