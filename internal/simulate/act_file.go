package simulate

import (
	"fmt"
	"strings"
)

// fileDeed is a kind of what programs do to files.
type fileDeed struct{ acts weighted[fileAct] }

type fileAct struct {
	action    string
	path, old template
	origin    bool // a download
	label     bool // a document that may carry a sensitivity label
}

// fileLine reads "weight action path [<= old] [| origin or label]".
func (l *library) fileLine(section, _, line string) error {
	if line == "" {
		l.files[section] = &fileDeed{}
		return nil
	}
	weight, rest, err := split(line)
	if err != nil {
		return err
	}
	var a fileAct
	action, rest, ok := strings.Cut(rest, " ")
	if !ok || l.files[section] == nil {
		return fmt.Errorf("%q is not weight, action and path", line)
	}
	a.action = action
	rest, mark, _ := strings.Cut(rest, " | ")
	a.origin, a.label = mark == "origin", mark == "label"
	path, old, _ := strings.Cut(rest, " <= ")
	if a.path, err = compile(path); err != nil {
		return err
	}
	if a.old, err = compile(old); err != nil {
		return err
	}
	l.files[section].acts.add(a, weight)
	return nil
}

// do makes the program do something to one of its files.
func (f *fileDeed) do(d *device, p *process) bool {
	a := f.acts.pick(d.dice)
	s := &scene{d: d, a: p.login.account, p: p}
	if s.nobodysHome(a.path) {
		return false
	}
	e := fileEvent{action: a.action, path: s.fill(a.path)}
	if len(a.old.parts) > 0 {
		e.old = s.fill(a.old)
	}
	if a.origin {
		site := s.once(&s.web, tokWeb)
		e.originURL = "https://" + site + "/download/" + fileName(e.path)
		e.referrer = "https://" + site + "/"
		e.originIP = addressOf(site)
	}
	if (a.action == "FileCreated" || a.action == "FileModified") && !a.origin && d.dice.chance(12) {
		e.action += "AggregatedReport"
		e.fields = aggregated(d.dice)
	}
	if a.label && d.dice.chance(120) {
		e.label = labels[d.dice.below(len(labels))]
	}
	d.fileEvent(p, e)
	return true
}

var labels = [...]string{"General", "Confidential", "Highly Confidential"}

// fileEvent is what happens to a file.
type fileEvent struct {
	action, path, old             string
	originURL, referrer, originIP string
	label, fields                 string
	content                       string // what the hashes are of; the path if empty
	size                          int64  // 0: some size
	img                           *image // a program's file
	from                          *device
	by                            *account // who acts through SMB
	port                          int64
	share                         string
}

// fileEvent reports it.
func (d *device) fileEvent(p *process, e fileEvent) {
	r := d.row(tFile, e.action)
	r.by(p)
	name, size := fileName(e.path), e.size
	fill := func(r row) {
		r.file(name, e.path)
		if e.action == "FileDeleted" {
			return
		}
		r.num(cFileSize, size)
	}
	if size == 0 {
		size = sizeOf(d.dice, name)
	}
	if e.img != nil {
		size = e.img.size
	}
	fill(r)
	if r.sheet != nil && e.action != "FileDeleted" && hashed(name) {
		h1, h256, h5 := e.hashes()
		r.text(cSHA1, h1)
		r.text(cSHA256, h256)
		r.text(cMD5, h5)
	}
	if e.old != "" {
		r.text(cPreviousFile, fileName(e.old))
		r.text(cPreviousFolder, e.old)
	}
	r.text(cOriginURL, e.originURL)
	r.text(cOriginReferrer, e.referrer)
	r.text(cOriginIP, e.originIP)
	r.text(cLabel, e.label)
	r.flag(cIsProtected, e.label == "Highly Confidential")
	r.text(cRequestProtocol, "Local")
	if e.from != nil {
		r.text(cRequestProtocol, "SMB")
		r.text(cRequestIP, e.from.localIP())
		r.num(cRequestPort, e.port)
		r.text(cRequestName, e.by.name)
		r.text(cRequestDomain, e.by.domain)
		r.text(cRequestSid, e.by.sid)
		r.text(cShareName, e.share)
	}
	if e.fields == "" {
		e.fields = `{"FileType":` + quote(fileType(name)) + `}`
	}
	r.text(cAdditional, e.fields)
	d.mirror(tCustomFile, e.action, p, fill)
}

func (e *fileEvent) hashes() (h1, h256, h5 string) {
	if e.img != nil {
		return e.img.sha1, e.img.sha256, e.img.md5
	}
	if e.content != "" {
		return hashes(e.content)
	}
	return hashes(e.path)
}

// file sets name and path, which in this schema includes the name.
func (r row) file(name, path string) {
	r.text(cFileName, name)
	r.text(cFolderPath, path)
}

// fileName is the last part of a path of either system.
func fileName(path string) string {
	return path[strings.LastIndexAny(path, `\/`)+1:]
}

func suffix(name string) string {
	return strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])
}

// hashed tells whether the sensor hashes such a file: not what grows.
func hashed(name string) bool {
	switch suffix(name) {
	case "log", "tmp", "ost", "edb", "db", "etl", "journal", "mdf", "ldf":
		return false
	}
	return true
}

// sizeOf is a size such files have.
func sizeOf(d dice, name string) int64 {
	switch suffix(name) {
	case "exe", "dll", "msi", "cab", "zip", "iso", "deb":
		return d.between(200_000, 40_000_000)
	case "docx", "xlsx", "pptx", "pdf", "png", "jpg":
		return d.between(12_000, 4_000_000)
	case "lnk":
		return d.between(700, 3000)
	}
	return d.between(60, 200_000)
}

// fileType is the sensor's word for a file's content.
func fileType(name string) string {
	switch suffix(name) {
	case "exe", "dll", "sys", "ocx":
		return "PortableExecutable"
	case "docx", "xlsx", "pptx", "docm":
		return "OfficeOpenXml"
	case "pdf":
		return "Pdf"
	case "zip", "jar":
		return "Zip"
	case "ps1":
		return "Powershell"
	case "lnk":
		return "Lnk"
	}
	return "Unknown"
}
