package simulate

import (
	"strconv"
	"strings"
)

// token is a kind of part of a template.
type token uint8

// The tokens.
const (
	tokText token = iota
	tokChoice
	tokNumber
	tokHex
	tokUpperHex
	tokGUID      // {…}, upper case
	tokSmallGUID // …, lower case
	tokTemp3     // a short name as programs give temporary files
	tokExe       // path of the program that starts
	tokDir       // folder of the program that acts
	tokHome
	tokTemp
	tokUser
	tokUpn
	tokSid
	tokHost // this device
	tokUpperHost
	tokVersion
	tokBuild
	tokPid // of the parent
	tokApp
	tokDoc
	tokWord
	tokShare
	tokWeb
	tokWebIP
	tokBadWeb
	tokRepository
	tokIntranet
	tokServer
	tokLinux
	tokFS
	tokDC
	tokDCIP
	tokPrinter
)

var tokenNames = map[string]token{
	"n": tokNumber, "hex": tokHex, "HEX": tokUpperHex, "GUID": tokGUID, "guid": tokSmallGUID, "tmp": tokTemp3,
	"exe": tokExe, "dir": tokDir, "home": tokHome, "temp": tokTemp, "user": tokUser, "upn": tokUpn, "sid": tokSid,
	"host": tokHost, "HOST": tokUpperHost, "ver": tokVersion, "build": tokBuild, "pid": tokPid, "app": tokApp, "doc": tokDoc,
	"word": tokWord, "share": tokShare, "web": tokWeb, "webip": tokWebIP, "badweb": tokBadWeb,
	"repository": tokRepository, "intranet": tokIntranet, "server": tokServer, "linux": tokLinux, "fs": tokFS,
	"dc": tokDC, "dcip": tokDCIP, "printer": tokPrinter,
}

// token says what a token stands for in a scene.
func (s *scene) token(t token) string {
	d := s.d
	switch t {
	case tokGUID:
		return "{" + strings.ToUpper(d.dice.guid()) + "}"
	case tokSmallGUID:
		return d.dice.guid()
	case tokTemp3:
		return d.dice.hex(3) + shortNames[d.dice.below(len(shortNames))] + d.dice.hex(2)
	case tokExe:
		if s.exe != nil {
			return s.exe.path
		}
	case tokDir:
		if s.p != nil {
			return s.p.img.folder
		}
	case tokHome:
		return d.home(s.person())
	case tokTemp:
		return d.temp(s.a)
	case tokUser:
		return s.person().name
	case tokUpn:
		return s.person().upn
	case tokSid:
		return s.person().sid
	case tokHost:
		return d.short
	case tokUpperHost:
		return strings.ToUpper(d.short)
	case tokBuild:
		return strconv.FormatInt(d.os.build, 10)
	case tokPid:
		if s.pp != nil {
			return strconv.FormatInt(s.pp.pid, 10)
		}
	case tokWebIP:
		return addressOf(s.once(&s.web, tokWeb))
	case tokRepository:
		return d.w.lib.hosts["repository"].list.pick(d.dice).name
	case tokIntranet:
		return d.w.web.name
	case tokFS:
		return d.w.fs.short
	case tokDC:
		return d.w.dc.short
	case tokDCIP:
		return d.w.dc.ip
	case tokPrinter:
		return "PRN-" + strconv.Itoa(1+d.dice.below(6))
	case tokShare:
		return s.once(&s.share, t)
	case tokApp:
		return s.once(&s.app, t)
	case tokDoc:
		return s.once(&s.doc, t)
	case tokWord:
		return s.once(&s.word, t)
	case tokWeb:
		return s.once(&s.web, t)
	case tokBadWeb:
		return s.once(&s.bad, t)
	case tokServer, tokLinux:
		return s.once(&s.server, t)
	}
	return ""
}

// once chooses what a token stands for in the rest of the scene.
func (s *scene) once(kept *string, t token) string {
	if *kept != "" {
		return *kept
	}
	d := s.d
	switch t {
	case tokApp:
		*kept = appNames[d.dice.below(len(appNames))]
	case tokShare:
		*kept = shares[d.dice.below(len(shares))]
	case tokDoc:
		*kept = documentName(d.dice)
	case tokWord:
		*kept = words[d.dice.below(len(words))]
	case tokWeb:
		*kept = d.w.lib.hosts["web"].list.pick(d.dice).name
	case tokBadWeb:
		*kept = badSites[d.dice.below(len(badSites))]
	case tokServer:
		*kept = d.w.anyOf(d.dice, d.w.servers).short
	case tokLinux:
		*kept = d.w.anyOf(d.dice, d.w.linux).short
	}
	return *kept
}

// nobodysHome tells whether a text speaks of somebody's home on a Windows
// device that nobody uses: what happens there does not happen.
func (s *scene) nobodysHome(t template) bool {
	return !s.d.class.unix() && t.uses(tokHome) && !s.person().person
}

// person is whose home and documents are meant: a person's process acts for
// that person, the system's for the person who uses the device.
func (s *scene) person() *account {
	switch {
	case s.a != nil && s.a.person:
		return s.a
	case s.d.owner != nil:
		return s.d.owner
	case s.a != nil:
		return s.a
	}
	return s.d.w.accounts.system
}
