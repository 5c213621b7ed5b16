package ingest

import (
	"cmp"
	"slices"
	"strings"
)

// process is what a recording tells about one process.
type process struct {
	guid    guid
	unique  string // the GUID's text
	pid     int64  // -1: not known
	created int64  // 0: not known
	exited  int64
	exact   bool // created is that of a creation event
	header  bool // created is a header time still to be corrected
	nxlog   bool // its texts come from NXLog

	image, file, folder string // the path as recorded, its last part, and in lower case
	commandLine         string
	hashes              hashes
	version             versionInfo
	account             account
	integrity           string
	elevation           string
	logonID, session    int64 // -1: not known
	parent              *process
	parentPID           int64 // of a process of the Security log, -1 else
	parentImage         string
}

func (p *process) setImage(image string) {
	if p.image == "" && isPath(image) {
		p.image, p.file, p.folder = image, baseName(image), strings.ToLower(image)
	}
}

// unescape undoes the XML escapes of its texts.
func (p *process) unescape() {
	for _, s := range [...]*string{&p.image, &p.file, &p.folder, &p.commandLine, &p.parentImage,
		&p.version.company, &p.version.product, &p.version.description, &p.version.original} {
		*s = unescapeXML(*s)
	}
}

// processes are the processes of a recording.
type processes struct {
	byGUID map[guidKey]*process
	byPID  map[pidKey][]*process // in order of creation, after settle
	text   map[string]string     // one copy of each repeated text
	exits  []exit                // of the Security log
	left   int                   // bytes of memory they may still take
	missed int64                 // processes and texts not kept for want of it
}

// exit is the end of a process known by PID only, at a header time.
type exit struct {
	pidKey
	when int64
}

type guidKey struct {
	host int32
	guid guid
}

type pidKey struct {
	host int32
	pid  int64
}

// processMemory bounds what the first pass may remember of a recording.
const processMemory = 512 << 20

func newProcesses() processes {
	return processes{
		byGUID: map[guidKey]*process{}, byPID: map[pidKey][]*process{}, text: map[string]string{}, left: processMemory,
	}
}

// get finds or makes the process of a GUID; nil when there is no GUID or no
// memory left.
func (ps *processes) get(host int32, raw []byte) *process {
	g, ok := parseGUID(raw)
	if !ok {
		return nil
	}
	key := guidKey{host, g}
	if p := ps.byGUID[key]; p != nil {
		return p
	}
	p := ps.make()
	if p != nil {
		p.guid, p.unique, p.created = g, g.String(), g.created()
		ps.byGUID[key] = p
	}
	return p
}

func (ps *processes) make() *process {
	if ps.left < 1024 {
		ps.missed++
		return nil
	}
	ps.left -= 1024
	return &process{pid: -1, logonID: -1, session: -1, parentPID: -1}
}

// keep returns the one copy of a text, or "" when there is no memory left.
func (ps *processes) keep(s string) string {
	if s == "" {
		return ""
	}
	if old, ok := ps.text[s]; ok {
		return old
	}
	if ps.left < 2*len(s)+64 {
		ps.missed++
		return ""
	}
	ps.left -= 2*len(s) + 64
	ps.text[s] = s
	return s
}

// list puts p under its PID, for events that name no GUID.
func (ps *processes) list(host int32, p *process) {
	key := pidKey{host, p.pid}
	ps.byPID[key] = append(ps.byPID[key], p)
}

// exit notes the end of a process known by PID.
func (ps *processes) exit(host int32, pid, header int64) {
	if ps.left >= 64 {
		ps.left -= 64
		ps.exits = append(ps.exits, exit{pidKey{host, pid}, header})
	}
}

// settle corrects the times, lists Sysmon's processes by PID, makes one
// process of what Sysmon and the Security log tell about it, and finds the
// parents that the Security log names by PID.
func (ps *processes) settle(c *clock, escaped bool) {
	for key, p := range ps.byGUID {
		if escaped && p.nxlog {
			p.unescape()
		}
		if p.pid >= 0 {
			ps.list(key.host, p)
		}
	}
	for key, list := range ps.byPID {
		for _, p := range list {
			if p.header {
				p.created, p.header = c.correct(key.host, p.created), false
				if escaped && p.nxlog {
					p.unescape()
				}
			}
		}
	}
	for key, list := range ps.byPID {
		slices.SortStableFunc(list, func(a, b *process) int {
			if d := cmp.Compare(a.created, b.created); d != 0 {
				return d
			}
			return slices.Compare(a.guid[:], b.guid[:])
		})
		ps.byPID[key] = merge(list)
	}
	for _, x := range ps.exits {
		when := c.correct(x.host, x.when)
		if p := ps.at(x.host, x.pid, when); p != nil && p.exited == 0 {
			p.exited = when
		}
	}
	ps.exits = nil
	for key, list := range ps.byPID {
		for _, p := range list {
			if p.parent == nil && p.parentPID > 0 {
				p.parent = ps.parentOf(key.host, p)
			}
		}
	}
}

// parentOf finds the parent that the Security log names by PID, or makes one
// of what it says.
func (ps *processes) parentOf(host int32, p *process) *process {
	q := ps.at(host, p.parentPID, p.created)
	if q != nil && q != p && (q.image == "" || strings.EqualFold(q.file, baseName(p.parentImage))) {
		return q
	}
	if q = ps.make(); q != nil {
		q.pid = p.parentPID
		q.setImage(p.parentImage)
	}
	return q
}

// sameProcess is how far the two logs' creation times may lie apart.
const sameProcess = 3 * second

// merge joins neighbours that are one process, told once with a GUID by
// Sysmon and once without by the Security log.
func merge(list []*process) []*process {
	out := list[:0]
	for _, p := range list {
		if len(out) > 0 {
			last := out[len(out)-1]
			if (last.guid == guid{}) != (p.guid == guid{}) && p.created-last.created <= sameProcess &&
				strings.EqualFold(last.file, p.file) {
				if (last.guid == guid{}) {
					last, p = p, last
				}
				last.learn(p)
				out[len(out)-1] = last
				continue
			}
		}
		out = append(out, p)
	}
	return out
}

// learn fills what p lacks from q, another account of the same process.
func (p *process) learn(q *process) {
	p.setImage(q.image)
	p.commandLine = cmp.Or(p.commandLine, q.commandLine)
	p.integrity = cmp.Or(p.integrity, q.integrity)
	p.elevation = cmp.Or(p.elevation, q.elevation)
	if p.account.name == "" {
		p.account = q.account
	} else if p.account.name == q.account.name {
		p.account.sid = cmp.Or(p.account.sid, q.account.sid)
	}
	if p.logonID < 0 {
		p.logonID = q.logonID
	}
	if !p.exact && q.exact {
		p.created, p.exact = q.created, true
	}
	p.exited = cmp.Or(p.exited, q.exited)
	if p.parent == nil {
		p.parent, p.parentPID, p.parentImage = q.parent, q.parentPID, q.parentImage
	}
}

// timeSlack allows for logs that put the same moment a little apart.
const timeSlack = 2 * second

// at finds the process that had a PID at a time.
func (ps *processes) at(host int32, pid, when int64) *process {
	list := ps.byPID[pidKey{host, pid}]
	for i := len(list) - 1; i >= 0; i-- {
		p := list[i]
		if p.created > when+timeSlack {
			continue
		}
		if p.exited != 0 && p.exited < when-timeSlack {
			return nil
		}
		return p
	}
	return nil
}
