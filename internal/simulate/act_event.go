package simulate

import (
	"fmt"
	"strings"
)

// eventDeed is a kind of event of the mixed table, DeviceEvents.
type eventDeed struct{ acts weighted[eventAct] }

type eventAct struct {
	action                                          string
	path, url, address, port, account, target, body template
	key, name, data                                 template
}

// eventLine reads "weight action | field=text | … | af=json".
func (l *library) eventLine(section, _, line string) error {
	if line == "" {
		l.events[section] = &eventDeed{}
		return nil
	}
	weight, rest, err := split(line)
	if err != nil {
		return err
	}
	if l.events[section] == nil {
		return fmt.Errorf("%q stands before the first kind", line)
	}
	head, body, ok := strings.Cut(rest, " | af=")
	if !ok {
		return fmt.Errorf("%q has no af", line)
	}
	f := strings.Split(head, " | ")
	a := eventAct{action: f[0]}
	if a.body, err = compile(body); err != nil {
		return err
	}
	into := map[string]*template{"path": &a.path, "url": &a.url, "address": &a.address, "port": &a.port, "account": &a.account,
		"target": &a.target, "key": &a.key, "name": &a.name, "data": &a.data}
	for _, x := range f[1:] {
		field, text, _ := strings.Cut(x, "=")
		t := into[field]
		if t == nil {
			return fmt.Errorf("unknown field %q", field)
		}
		if *t, err = compile(text); err != nil {
			return err
		}
	}
	l.events[section].acts.add(a, weight)
	return nil
}

// do makes an event of the program. Without the program that the event is to
// be about, there is none.
func (x *eventDeed) do(d *device, p *process) bool {
	a := x.acts.pick(d.dice)
	s := &scene{d: d, a: p.login.account, p: p}
	if s.nobodysHome(a.path) {
		return false
	}
	e := event{action: a.action, path: s.fill(a.path), url: s.fill(a.url), key: s.fill(a.key), name: s.fill(a.name),
		data: s.fill(a.data), fields: s.fillJSON(a.body)}
	if key := s.fill(a.target); key != "" {
		if e.target = d.find(key); e.target == nil || e.target == p {
			return false
		}
	}
	switch s.fill(a.address) {
	case "private":
		e.remoteIP = d.w.anyOf(d.dice, d.w.stations).ip
	case "public":
		e.remoteIP = addressOf(s.once(&s.bad, tokBadWeb))
	}
	if port := s.fill(a.port); port != "" {
		e.port = parsePort(port)
	}
	switch s.fill(a.account) {
	case "user":
		e.account = s.person()
	case "admin":
		e.account = d.w.accounts.admins[d.dice.below(len(d.w.accounts.admins))]
	case "system":
		e.account = d.w.accounts.system
	}
	d.event(p, e)
	if strings.HasPrefix(e.action, "SmartScreen") && d.dice.chance(300) {
		// Some go on in spite of the warning.
		e.action = "SmartScreenUserOverride"
		d.soon(p, 4*second, 20*second, func() { d.event(p, e) })
	}
	return true
}

func parsePort(s string) int64 {
	var n int64
	for i := range len(s) {
		n = n*10 + int64(s[i]-'0')
	}
	return n
}

// event is one of the mixed events.
type event struct {
	action, path, url, key, name, data, fields string
	remoteIP                                   string
	port                                       int64
	account                                    *account
	target                                     *process
}

// event reports it.
func (d *device) event(p *process, e event) {
	r := d.row(tEvents, e.action)
	r.by(p)
	switch {
	case e.target != nil:
		r.process(e.target)
	case e.path != "":
		name := fileName(e.path)
		r.file(name, e.path)
		h1, h256, h5 := hashes(e.path)
		r.text(cSHA1, h1)
		r.text(cSHA256, h256)
		r.text(cMD5, h5)
		r.num(cFileSize, sizeOf(d.dice, name))
	}
	r.text(cRemoteURL, e.url)
	if e.path != "" && e.url != "" {
		// A detected download: the address is where the file came from.
		r.text(cOriginURL, e.url)
	}
	r.text(cRegistryKey, e.key)
	r.text(cRegistryName, e.name)
	r.text(cRegistryData, e.data)
	if e.remoteIP != "" {
		r.text(cRemoteIP, e.remoteIP)
		r.text(cLocalIP, d.localIP())
		if strings.HasPrefix(e.action, "FirewallInbound") {
			r.num(cLocalPort, e.port)
			r.num(cRemotePort, d.dice.between(49152, 65535))
		} else if e.port > 0 {
			r.num(cRemotePort, e.port)
		}
	}
	if e.account != nil {
		r.account(e.account)
	}
	r.text(cAdditional, e.fields)
	if e.action == "AmsiScriptContent" {
		d.mirrorScript(p, e.fields)
	}
}
