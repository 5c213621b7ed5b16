package ingest

import (
	"net/netip"
	"strconv"
	"strings"
)

func sysmonCreate(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	p := m.cause(e)
	m.target(r, p)
	// The event speaks for itself even if the first pass ran out of memory.
	r.text(cCommandLine, e.text(fCommandLine))
	imphash := m.fileHashes(r, e)
	r.text(cCompany, e.text(fCompany))
	r.text(cProduct, e.text(fProduct))
	r.text(cProductVersion, e.text(fFileVersion))
	r.text(cOriginalFileName, e.text(fOriginalFileName))
	r.text(cDescription, e.text(fDescription))
	r.text(cIntegrity, e.text(fIntegrity))
	r.text(cUniqueID, p.unique)
	r.known(cSession, p.session)
	if n, ok := e.num(fLogonID); ok {
		r.int(cLogonID, n)
	}
	r.ticks(cCreation, e.time(fUtcTime))
	m.initiating(r, m.process(e, fParentGuid, fParentPID, fParentImage, fParentUser))
	r.text(cInitCommandLine, e.text(fParentCommandLine))
	r.text(cAdditional, m.fields.reset().field("CurrentDirectory", e, fCurrentDirectory).text("ImpHash", imphash).String())
}

func sysmonFileTime(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.file(r, e.text(fTargetFilename))
	m.initiating(r, m.cause(e))
	r.text(cAdditional, m.fields.reset().text("FileCreationTime", m.timeText(e, fCreationUtcTime)).
		text("PreviousFileCreationTime", m.timeText(e, fPreviousCreationUtcTime)).String())
}

func sysmonNetwork(m *mapper, e *event, k *kind) {
	inbound := e.is(fInitiated, "false")
	local := endpoint{e.text(fSourceIP), port(e, fSourcePort), e.text(fSourceHostname)}
	remote := endpoint{e.text(fDestinationIP), port(e, fDestinationPort), e.text(fDestinationHostname)}
	r := m.row(k, choose(inbound, 1, 0))
	if inbound {
		local, remote = remote, local
	}
	m.connection(r, local, remote, protocolName(e.text(fProtocol)))
	r.text(cRemoteURL, remote.name)
	m.initiating(r, m.cause(e))
	r.text(cAdditional, m.fields.reset().text("LocalHostname", local.name).String())
}

func choose[T any](yes bool, a, b T) T {
	if yes {
		return a
	}
	return b
}

func sysmonExit(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	p := m.cause(e)
	m.target(r, p)
	m.initiating(r, p)
	r.text(cAdditional, m.fields.reset().text("Activity", "ProcessTerminated").String())
}

func sysmonDriver(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.file(r, e.text(fImageLoaded))
	imphash := m.fileHashes(r, e)
	r.text(cAdditional, m.fields.reset().field("Signed", e, fSigned).field("Signature", e, fSignature).
		field("SignatureStatus", e, fSignatureStatus).text("ImpHash", imphash).String())
}

func sysmonImage(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.file(r, e.text(fImageLoaded))
	m.fileHashes(r, e)
	m.initiating(r, m.cause(e))
}

func sysmonThread(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.target(r, m.process(e, fTargetGuid, fTargetPID, fTargetImage, fTargetUser))
	m.initiating(r, m.process(e, fSourceGuid, fSourcePID, fSourceImage, fSourceUser))
	r.text(cAdditional, m.fields.reset().field("NewThreadId", e, fNewThread).field("StartAddress", e, fStartAddress).
		field("StartModule", e, fStartModule).field("StartFunction", e, fStartFunction).String())
}

func sysmonRawRead(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.initiating(r, m.cause(e))
	r.text(cAdditional, m.fields.reset().text("Activity", "RawAccessRead").field("Device", e, fDevice).String())
}

// sysmonAccess gives the access mask as a number under DesiredAccess, as
// Defender does, and Sysmon's text beside it.
func sysmonAccess(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.target(r, m.process(e, fTargetGuid, fTargetPID, fTargetImage, fTargetUser))
	m.initiating(r, m.process(e, fSourceGuid, fSourcePID, fSourceImage, fSourceUser))
	f := m.fields.reset()
	if n, ok := e.num(fGrantedAccess); ok {
		f.raw("DesiredAccess", strconv.FormatInt(n, 10))
	}
	r.text(cAdditional, f.field("GrantedAccess", e, fGrantedAccess).field("SourceThreadId", e, fSourceThread).
		field("CallTrace", e, fCallTrace).String())
}

func sysmonFile(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.file(r, e.text(fTargetFilename))
	imphash := ""
	if e.has(fHashes) {
		imphash = m.fileHashes(r, e)
	}
	m.initiating(r, m.cause(e))
	r.text(cAdditional, m.fields.reset().text("FileCreationTime", m.timeText(e, fCreationUtcTime)).field("Archived", e, fArchived).
		field("IsExecutable", e, fIsExecutable).text("ImpHash", imphash).String())
}

// sysmonStream maps a named stream. Sysmon hashes its contents and, for a mark
// of the web, quotes them: an INI file that names where the file came from.
func sysmonStream(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.file(r, e.text(fTargetFilename))
	imphash := m.fileHashes(r, e)
	contents := e.text(fContents)
	r.text(cOriginURL, iniValue(contents, "HostUrl"))
	r.text(cOriginReferrer, iniValue(contents, "ReferrerUrl"))
	m.initiating(r, m.cause(e))
	r.text(cAdditional, m.fields.reset().text("FileCreationTime", m.timeText(e, fCreationUtcTime)).text("StreamContents", contents).
		text("ImpHash", imphash).String())
}

// iniValue finds key=value; Sysmon runs the lines together with spaces.
func iniValue(s, key string) string {
	for part := range strings.FieldsSeq(s) {
		if name, text, ok := strings.Cut(part, "="); ok && strings.EqualFold(name, key) {
			return text
		}
	}
	return ""
}

// sysmonPipe writes the pipe's name in the object manager's form, as Defender
// does.
func sysmonPipe(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.initiating(r, m.cause(e))
	name := e.text(fPipeName)
	if strings.HasPrefix(name, `\`) {
		name = `\Device\NamedPipe` + name
	}
	server := k.id == 17
	r.text(cAdditional, m.fields.reset().text("FileOperation", choose(server, "File created", "File opened")).
		text("NamedPipeEnd", choose(server, "Server", "Client")).text("PipeName", name).String())
}

func sysmonWmi(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.account(r, parseUser(e.text(fUser)))
	r.text(cAdditional, m.fields.reset().field("Operation", e, fOperation).field("Consumer", e, fConsumer).
		field("Filter", e, fFilter).String())
}

func sysmonDNS(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.initiating(r, m.cause(e))
	r.text(cAdditional, m.fields.reset().field("DnsQueryString", e, fQueryName).
		raw("DnsQueryResult", dnsResults(e.text(fQueryResults))).field("DnsQueryStatus", e, fQueryStatus).String())
}

// dnsResults turns "type:  5 name;::ffff:1.2.3.4;" into a JSON list of the
// record types and what they hold.
func dnsResults(s string) string {
	if s == "" {
		return ""
	}
	out := []byte{'['}
	for part := range strings.SplitSeq(s, ";") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		number := "28"
		if rest, ok := strings.CutPrefix(part, "type:"); ok {
			kind, text, _ := strings.Cut(strings.TrimSpace(rest), " ")
			n, err := strconv.ParseUint(kind, 10, 16)
			if err != nil {
				continue
			}
			number, part = strconv.FormatUint(n, 10), strings.TrimSpace(text)
		} else if a, err := netip.ParseAddr(part); err == nil && a.Unmap().Is4() {
			number, part = "1", a.Unmap().String()
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(out, `{"DnsQueryType":`...), number...), `,"Result":"`...)
		out = append(appendEscaped(out, part), '"', '}')
	}
	return string(append(out, ']'))
}

func sysmonTamper(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	p := m.cause(e)
	m.target(r, p)
	m.initiating(r, p)
	r.text(cAdditional, m.fields.reset().text("Activity", "ProcessTampering").field("TamperingType", e, fTamperType).String())
}
