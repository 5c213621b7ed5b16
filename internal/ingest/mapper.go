package ingest

import (
	"errors"
	"strings"

	"github.com/harrier-hunting/harrier/internal/catalog"
)

// The faults of an event of a known kind.
var (
	errNoHost = errors.New("a Windows event without the name of its device")
	errNoTime = errors.New("a Windows event without a time")
)

// mapper turns Windows events into rows: the second pass.
type mapper struct {
	kinds  map[kindKey]*kind
	sheets [tableCount]*sheet
	fields jsonFields

	rec   *recording
	chunk *chunk
	rep   *Report
	shift int64
	name  []byte // buffer

	host *host // of the event at hand
	when int64 // its time, in UTC
}

type kindKey struct {
	origin origin
	id     int64
}

func newMapper(cat *catalog.Catalog) (*mapper, error) {
	m := &mapper{kinds: map[kindKey]*kind{}}
	for _, k := range kinds() {
		m.kinds[kindKey{k.origin, k.id}] = &k
	}
	for i, name := range tableNames {
		s, err := newSheet(cat, name)
		if err != nil {
			return nil, err
		}
		m.sheets[i] = s
	}
	return m, nil
}

// event maps one event, or counts it as unmapped.
func (m *mapper) event(e *event) error {
	id, ok := e.num(fEventID)
	k := m.kinds[kindKey{e.origin(), id}]
	if k == nil || !ok {
		m.name = e.kindName(m.name)
		m.rep.Unmapped.addBytes(m.name)
		return nil
	}
	if m.host = m.rec.host(e); m.host == nil {
		return errNoHost
	}
	if m.when = m.rec.when(m.host.index, e, k.origin); m.when == 0 {
		return errNoTime
	}
	e.escaped = m.rec.escaped(e)
	k.emit(m, e, k)
	return nil
}

// when is the time of an event in UTC, see clock.
func (r *recording) when(host int32, e *event, o origin) int64 {
	header, _ := headerTime(e)
	t := r.clock.correct(host, header)
	if o != fromSysmon {
		return t
	}
	utc := e.time(fUtcTime)
	if utc != 0 && (t == 0 || utc-t < utcTolerance && t-utc < utcTolerance) {
		return utc
	}
	return t
}

// row starts the row of an event: what every device table has. ReportId
// counts the device's rows in the recording.
func (m *mapper) row(k *kind, action int) row {
	s := m.sheets[k.table]
	b, n := m.chunk.add(s.table)
	r := row{sheet: s, batch: b, n: n, shift: m.shift}
	m.host.seq++
	r.ticks(cTimestamp, m.when)
	r.text(cDeviceID, m.host.id)
	r.text(cDeviceName, m.host.name)
	r.text(cActionType, k.actions[action])
	r.int(cReportID, m.host.seq)
	return r
}

// process finds the process a Sysmon event names, or takes what the event
// itself says of it.
func (m *mapper) process(e *event, guid, pid, image, user field) *process {
	if g, ok := parseGUID(e.vals[guid].raw); ok {
		if p := m.rec.procs.byGUID[guidKey{m.host.index, g}]; p != nil {
			return p
		}
	}
	p := &process{pid: -1, logonID: -1, session: -1}
	if n, ok := e.num(pid); ok {
		p.pid = n
	}
	p.setImage(e.text(image))
	p.account = parseUser(e.text(user))
	return p
}

// cause is the process behind most Sysmon events.
func (m *mapper) cause(e *event) *process {
	return m.process(e, fProcessGuid, fProcessID, fImage, fUser)
}

// byPID finds the process that an event of another log names by PID, or takes
// what the event says of it. image may be a device path, and who is the
// account to show if the process's own is not known.
func (m *mapper) byPID(pid int64, image string, who account) *process {
	var p *process
	if pid > 0 {
		p = m.rec.procs.at(m.host.index, pid, m.when)
	}
	if p == nil || image != "" && p.file != "" && !strings.EqualFold(p.file, baseName(image)) {
		p = &process{pid: pid, logonID: -1, session: -1}
		if pid == 0 {
			p.pid = -1
		}
	}
	if p.image != "" && p.account.name != "" {
		return p
	}
	q := *p
	q.setImage(image)
	if q.account.name == "" {
		q.account = who
	}
	return &q
}

// initiating fills the InitiatingProcess columns.
func (m *mapper) initiating(r row, p *process) {
	r.text(cInitFileName, p.file)
	r.text(cInitFolderPath, p.folder)
	r.text(cInitCommandLine, p.commandLine)
	r.text(cInitSHA1, p.hashes.sha1)
	r.text(cInitSHA256, p.hashes.sha256)
	r.text(cInitMD5, p.hashes.md5)
	r.text(cInitCompany, p.version.company)
	r.text(cInitProduct, p.version.product)
	r.text(cInitProductVersion, p.version.version)
	r.text(cInitOriginalFileName, p.version.original)
	r.text(cInitDescription, p.version.description)
	r.text(cInitIntegrity, p.integrity)
	r.text(cInitElevation, p.elevation)
	r.text(cInitAccountDomain, p.account.domain)
	r.text(cInitAccountName, p.account.name)
	r.text(cInitAccountSid, p.account.sid)
	r.text(cInitUniqueID, p.unique)
	r.known(cInitProcessID, p.pid)
	r.known(cInitLogonID, p.logonID)
	r.known(cInitSession, p.session)
	r.ticks(cInitCreation, p.created)
	if q := p.parent; q != nil {
		r.text(cInitParentFileName, q.file)
		r.known(cInitParentID, q.pid)
		r.ticks(cInitParentCreation, q.created)
	}
}

// target fills the columns of the process that an event is about.
func (m *mapper) target(r row, p *process) {
	r.text(cFileName, p.file)
	r.text(cFolderPath, p.image)
	r.text(cSHA1, p.hashes.sha1)
	r.text(cSHA256, p.hashes.sha256)
	r.text(cMD5, p.hashes.md5)
	r.text(cCommandLine, p.commandLine)
	r.text(cElevation, p.elevation)
	r.known(cProcessID, p.pid)
	r.ticks(cCreation, p.created)
	m.account(r, p.account)
	r.known(cLogonID, p.logonID)
}

func (m *mapper) account(r row, a account) {
	r.text(cAccountDomain, a.domain)
	r.text(cAccountName, a.name)
	r.text(cAccountSid, a.sid)
}

// file fills the columns of a file.
func (m *mapper) file(r row, path string) {
	if isPath(path) {
		r.text(cFileName, baseName(path))
		r.text(cFolderPath, path)
	}
}

// fileHashes fills the hash columns and returns the import hash.
func (m *mapper) fileHashes(r row, e *event) (imphash string) {
	h, imphash := parseHashes(e.text(fHashes))
	r.text(cSHA1, h.sha1)
	r.text(cSHA256, h.sha256)
	r.text(cMD5, h.md5)
	return imphash
}

// timeText is a time for AdditionalFields, shifted like the columns are.
func (m *mapper) timeText(e *event, f field) string {
	t := e.time(f)
	if t == 0 {
		return ""
	}
	return formatTime(clamp(t + m.shift))
}
