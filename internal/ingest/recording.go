package ingest

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"strings"
)

// recording is what one file (an archive with all its members) tells about
// the machines it was made on. The first pass fills it, settle completes it,
// the second pass reads it; so an event finds the process that caused it even
// if that process's creation stands later in the file.
type recording struct {
	hosts map[string]*host // by name as recorded
	names map[string]*host // by name in lower case
	clock clock
	procs processes
	sids  map[session]account
	last  map[clockKey]int64 // latest header time of an hour
	end   int64              // latest event, in UTC, after settle

	nxlog   bool // NXLog wrote records of it
	bareAmp bool // one of them holds an & that starts no XML escape
}

// host is a device.
type host struct {
	index int32
	name  string
	id    string
	seq   int64 // of its rows: ReportId
}

type session struct {
	host  int32
	logon int64
}

const (
	maxHosts    = 100_000
	maxSessions = 200_000
)

func newRecording() *recording {
	return &recording{
		hosts: map[string]*host{}, names: map[string]*host{}, clock: newClock(), procs: newProcesses(),
		sids: map[session]account{}, last: map[clockKey]int64{},
	}
}

// host finds or makes the device of an event; nil if the event names none or
// the recording has too many.
func (r *recording) host(e *event) *host {
	v := e.vals[fHost]
	if h := r.hosts[string(v.raw)]; h != nil {
		return h
	}
	name := strings.ToLower(strings.TrimSuffix(strings.TrimSpace(e.text(fHost)), "."))
	if name == "" || len(r.hosts) >= maxHosts {
		return nil
	}
	h := r.names[name]
	if h == nil {
		// Defender's DeviceId is 40 hexadecimal digits, too.
		sum := sha1.Sum([]byte(name))
		h = &host{index: int32(len(r.names)), name: name, id: hex.EncodeToString(sum[:])}
		r.names[name] = h
	}
	r.hosts[string(v.raw)] = h
	return h
}

// escaped tells whether an event's texts are still XML-escaped: NXLog's
// im_msvistalog hands on event data as it stands in the event's XML. A text
// with an & that starts no escape shows a recording in which it does not.
func (r *recording) escaped(e *event) bool {
	return r.nxlog && !r.bareAmp && byNXLog(e)
}

func byNXLog(e *event) bool { return e.is(fCollector, "im_msvistalog") }

// observe is the first pass over a Windows event.
func (r *recording) observe(e *event) {
	h := r.host(e)
	if h == nil {
		return
	}
	header, zoned := headerTime(e)
	o := e.origin()
	r.clock.observe(h.index, e, header, zoned, o)
	if key := (clockKey{h.index, int32(header / hour)}); header > r.last[key] && len(r.last) < maxClockKeys {
		r.last[key] = header
	}
	if byNXLog(e) {
		r.nxlog = true
		for _, f := range [...]field{fCommandLine, fParentCommandLine, fScriptBlock, fPayload, fTaskContent} {
			r.bareAmp = r.bareAmp || bareAmp(e.vals[f].raw)
		}
	}
	switch o {
	case fromSysmon:
		r.observeSysmon(h.index, e)
	case fromSecurity:
		r.observeSecurity(h.index, e, header)
	}
}

// bareAmp finds an & that starts no XML escape.
func bareAmp(b []byte) bool {
	for {
		at := bytes.IndexByte(b, '&')
		if at < 0 {
			return false
		}
		b = b[at+1:]
		end := bytes.IndexByte(b[:min(len(b), 6)], ';')
		if end < 0 {
			return true
		}
		switch string(b[:end]) {
		case "lt", "gt", "amp", "quot", "apos":
		default:
			return true
		}
	}
}

// settle ends the first pass.
func (r *recording) settle() {
	r.clock.settle()
	r.procs.settle(&r.clock, r.nxlog && !r.bareAmp)
	for key, header := range r.last {
		r.end = max(r.end, r.clock.correct(key.host, header))
	}
	r.last = nil
	for key, p := range r.procs.byGUID {
		r.nameSid(key.host, p)
	}
	for key, list := range r.procs.byPID {
		for _, p := range list {
			r.nameSid(key.host, p)
		}
	}
}

// nameSid gives a process's account its SID.
func (r *recording) nameSid(host int32, p *process) {
	if p.account.sid != "" {
		return
	}
	p.account.sid = r.sid(host, p.logonID, p.account.name)
	for sid, a := range builtin {
		if p.account.domain == a.domain && p.account.name == a.name {
			p.account.sid = sid
		}
	}
}

// sid knows the SID of a logon session: those of the three built-in sessions,
// which are the same on every machine, and those the Security log names. The
// name guards against a session number used again after a restart.
func (r *recording) sid(host int32, logon int64, name string) string {
	switch logon {
	case 0x3e7:
		return "S-1-5-18"
	case 0x3e5:
		return "S-1-5-19"
	case 0x3e4:
		return "S-1-5-20"
	}
	if a := r.sids[session{host, logon}]; a.name == name {
		return a.sid
	}
	return ""
}

// noteSid learns a session's SID.
func (r *recording) noteSid(host int32, e *event, logon, sid, name field) {
	id, ok := e.num(logon)
	if !ok || id == 0 || !e.has(sid) || e.is(sid, nobody) || len(r.sids) >= maxSessions {
		return
	}
	key := session{host, id}
	if _, known := r.sids[key]; !known && len(e.vals[sid].raw) < 200 && len(e.vals[name].raw) < 500 {
		r.sids[key] = account{name: strings.ToLower(e.text(name)), sid: e.text(sid)}
	}
}

// nobody is the null SID, which Windows writes for "no account".
const nobody = "S-1-0-0"

// observeSysmon learns about processes from a Sysmon event: all from its
// creation, image and PID from anything else it does.
func (r *recording) observeSysmon(host int32, e *event) {
	id, _ := e.num(fEventID)
	switch id {
	case 1:
		r.created(host, e)
	case 5:
		if p := r.procs.get(host, e.vals[fProcessGuid].raw); p != nil {
			p.exited = e.time(fUtcTime)
		}
		r.actor(host, e, fProcessGuid, fProcessID, fImage, fUser)
	case 8, 10:
		r.actor(host, e, fSourceGuid, fSourcePID, fSourceImage, fSourceUser)
		r.actor(host, e, fTargetGuid, fTargetPID, fTargetImage, fTargetUser)
	default:
		r.actor(host, e, fProcessGuid, fProcessID, fImage, fUser)
	}
}

func (r *recording) actor(host int32, e *event, guid, pid, image, user field) *process {
	p := r.procs.get(host, e.vals[guid].raw)
	if p == nil {
		return nil
	}
	p.nxlog = p.nxlog || byNXLog(e)
	if p.pid < 0 {
		if n, ok := e.num(pid); ok {
			p.pid = n
		}
	}
	if p.image == "" {
		p.setImage(r.procs.keep(e.text(image)))
	}
	if p.account.name == "" {
		p.account = r.user(e.text(user))
	}
	return p
}

func (r *recording) user(s string) account {
	a := parseUser(s)
	return account{domain: r.procs.keep(a.domain), name: r.procs.keep(a.name)}
}

// created learns from a process creation (Sysmon 1).
func (r *recording) created(host int32, e *event) {
	p := r.actor(host, e, fProcessGuid, fProcessID, fImage, fUser)
	if p == nil {
		return
	}
	keep := func(f field) string { return r.procs.keep(e.text(f)) }
	if t := e.time(fUtcTime); t != 0 {
		p.created, p.exact = t, true
	}
	p.commandLine = keep(fCommandLine)
	p.hashes, _ = parseHashes(keep(fHashes))
	p.version = versionInfo{keep(fCompany), keep(fProduct), keep(fFileVersion), keep(fOriginalFileName), keep(fDescription)}
	p.integrity = keep(fIntegrity)
	if n, ok := e.num(fLogonID); ok {
		p.logonID = n
	}
	if n, ok := e.num(fSession); ok {
		p.session = n
	}
	parent := r.actor(host, e, fParentGuid, fParentPID, fParentImage, fParentUser)
	if parent != nil && parent != p {
		if parent.commandLine == "" {
			parent.commandLine = keep(fParentCommandLine)
		}
		p.parent = parent
	}
}

// observeSecurity learns about processes and sessions from a Security event.
func (r *recording) observeSecurity(host int32, e *event, header int64) {
	r.noteSid(host, e, fSubjectLogonID, fSubjectSid, fSubjectName)
	switch id, _ := e.num(fEventID); id {
	case 4624:
		r.noteSid(host, e, fTargetLogonID, fTargetUserSid, fTargetName)
	case 4688:
		r.createdSecurity(host, e, header)
	case 4689:
		if pid, ok := e.num(fProcessID); ok {
			r.procs.exit(host, pid, header)
		}
	}
}

// createdSecurity learns from a process creation of the Security log.
func (r *recording) createdSecurity(host int32, e *event, header int64) {
	pid, ok := e.num(fNewPID)
	if !ok {
		return
	}
	p := r.procs.make()
	if p == nil {
		return
	}
	keep := func(f field) string { return r.procs.keep(e.text(f)) }
	p.pid, p.created, p.exact, p.header, p.nxlog = pid, header, true, true, byNXLog(e)
	p.setImage(keep(fNewProcessName))
	p.commandLine = keep(fCommandLine)
	p.integrity, p.elevation = integrityOf(e), elevationOf(e)
	p.account, p.logonID = newProcessAccount(e)
	p.account.domain, p.account.name = r.procs.keep(p.account.domain), r.procs.keep(p.account.name)
	p.account.sid = r.procs.keep(p.account.sid)
	if n, ok := e.num(fProcessID); ok {
		p.parentPID, p.parentImage = n, keep(fParentProcessName)
	}
	r.procs.list(host, p)
}
