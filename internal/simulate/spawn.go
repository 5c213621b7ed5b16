package simulate

import "strings"

// unfold makes a new process do what programs do when they start: report a
// certificate seen for the first time, load libraries, open a console, start
// helpers, and a first few deeds.
func (d *device) unfold(p *process, c command, given bool) {
	d.certificate(p.img)
	d.loadSome(p)
	r := p.role
	if r.console && !p.parent.role.console && !d.class.unix() {
		if console := d.w.lib.byKey["conhost.exe"]; r != console {
			d.soon(p, 8*millisecond, 30*millisecond, func() { d.start(p, console, launch{}) })
		}
	}
	if c.then != nil && !given {
		line := childLine(p.cmd)
		d.soon(p, 20*millisecond, 120*millisecond, func() { d.start(p, c.then, launch{cmd: line}) })
	}
	for i, child := range r.first {
		from := int64(60+90*i) * millisecond
		d.soon(p, from, from+80*millisecond, func() { d.start(p, child, launch{}) })
	}
	if d.dice.chance(550) {
		d.beginDeeds(p)
	}
}

// soon runs something a little later if the process still lives then.
func (d *device) soon(p *process, from, to int64, run func()) {
	d.w.at(d.w.now+d.dice.between(from, to), func() {
		if !p.ended && d.power == on {
			run()
		}
	})
}

// childLine is what a program was told to run, where its own command line says
// so; empty if the child has to find one for itself.
func childLine(cmd string) string {
	if _, line, ok := strings.Cut(cmd, "/c "); ok {
		return line
	}
	if line, ok := strings.CutPrefix(cmd, "net "); ok {
		return `C:\Windows\system32\net1 ` + line
	}
	line, _ := strings.CutPrefix(cmd, "sudo ")
	if line == cmd {
		return ""
	}
	return line
}

// loadSome reports some of the libraries a program loads.
func (d *device) loadSome(p *process) {
	for _, lib := range p.role.prog.dlls {
		if d.dice.chance(220) {
			d.soon(p, 2*millisecond, 400*millisecond, func() { d.load(p, lib) })
		}
	}
}

// load reports a loaded library.
func (d *device) load(p *process, lib *program) {
	img := d.image(lib, "")
	r := d.row(tImage, "ImageLoaded")
	r.by(p)
	r.file(img.file, img.path)
	r.text(cSHA1, img.sha1)
	r.text(cSHA256, img.sha256)
	r.text(cMD5, img.md5)
	r.num(cFileSize, img.size)
	d.mirror(tCustomImage, "ImageLoaded", p, func(c row) {
		c.file(img.file, img.path)
		c.text(cSHA1, img.sha1)
		c.text(cSHA256, img.sha256)
		c.num(cFileSize, img.size)
	})
}

// beginDeeds makes a program do a few things in its first half minute.
func (d *device) beginDeeds(p *process) {
	var kinds [kindCount]kind
	n := 0
	for _, k := range [...]kind{kNetwork, kFile, kRegistry, kEvent} {
		if p.role.does[k].total() > 0 {
			kinds[n] = k
			n++
		}
	}
	if n == 0 {
		return
	}
	end := int64(25 * second)
	if p.role.life.until == "" && p.role.life.lo < end {
		end = p.role.life.lo
	}
	for range 1 + d.dice.below(4) {
		act := p.role.does[kinds[d.dice.below(n)]].pick(d.dice)
		d.soon(p, 100*millisecond, end, func() { act.do(d, p) })
	}
}

// launchFrom makes a process start one of the programs it runs. It tells
// whether there was one to start.
func (d *device) launchFrom(p *process) bool {
	runs := &d.w.runs[d.class.name][p.role.n]
	for range 4 {
		if runs.total() == 0 {
			return false
		}
		child := runs.pick(d.dice)
		if !d.installed(child) {
			continue
		}
		if child.single {
			if running := d.findFor(p.login, child.key); running != nil {
				// One instance serves all: it opens a window or a tab.
				if d.w.runs[d.class.name][child.n].total() > 0 && running != p {
					return d.launchFrom(running)
				}
				continue
			}
		}
		if child.level == "high" && p.login.account.admin && !d.class.unix() {
			d.consent(p)
		}
		if d.start(p, child, launch{}) != nil {
			return true
		}
	}
	return false
}

// consent shows the prompt for administrative rights.
func (d *device) consent(p *process) {
	if host := d.find("svchost.exe/Appinfo"); host != nil && d.dice.chance(300) {
		d.start(host, d.w.lib.byKey["consent.exe"], launch{})
	}
}
