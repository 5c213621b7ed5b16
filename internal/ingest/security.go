package ingest

import "strings"

func securityCreate(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	image := e.text(fNewProcessName)
	pid := securityPID(e, fNewPID, "New Process ID")
	who, logon := newProcessAccount(e)
	p := m.byPID(pid, image, who)
	m.target(r, p)
	m.file(r, image)
	if who.name != "" {
		if p.account.name == "" || who.sid != "" {
			m.account(r, who)
		}
	}
	r.known(cLogonID, logon)
	r.text(cCommandLine, e.text(fCommandLine))
	r.text(cIntegrity, integrityOf(e))
	r.text(cElevation, elevationOf(e))
	r.text(cUniqueID, p.unique)
	r.known(cSession, p.session)
	if p.created == 0 {
		r.ticks(cCreation, m.when)
	}
	creator := m.byPID(securityPID(e, fProcessID, "Creator Process ID"), e.text(fParentProcessName), subject(e))
	m.initiating(r, creator)
	if n, ok := e.num(fSubjectLogonID); ok && creator.logonID < 0 {
		r.int(cInitLogonID, n)
	}
}

func securityExit(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	p := m.bySecurity(e, fProcessID, fProcessName, "Process ID")
	m.target(r, p)
	m.initiating(r, p)
	r.text(cAdditional, m.fields.reset().text("Activity", "ProcessTerminated").field("ExitStatus", e, fStatus).String())
}

// serviceInstalled maps both reports of a new service: 4697 of the Security
// log and 7045 of the System log.
func serviceInstalled(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	command := e.text(fServiceFile)
	m.file(r, program(command))
	r.text(cCommandLine, command)
	accountName := e.text(fServiceAccount)
	if accountName == "" && k.origin == fromSystem && !byNXLog(e) {
		// NXLog puts the name of the event's own user into this field.
		accountName = e.text(fAccountName)
	}
	if k.origin == fromSecurity {
		pid, _ := e.num(fClientPID)
		m.initiating(r, m.byPID(pid, "", subject(e)))
		m.account(r, subject(e))
		m.subjectLogon(r, e)
	}
	r.text(cAdditional, m.fields.reset().field("ServiceName", e, fServiceName).text("ServiceAccount", accountName).
		field("ServiceStartType", e, fServiceStart).field("ServiceType", e, fServiceType).String())
}

// program is the path at the start of a command line: what is quoted, or what
// reaches to the first .exe, .dll or .sys, or the first word.
func program(command string) string {
	if rest, ok := strings.CutPrefix(command, `"`); ok {
		path, _, _ := strings.Cut(rest, `"`)
		return path
	}
	first, _, _ := strings.Cut(command, " ")
	lower := strings.ToLower(command)
	for _, ext := range []string{".exe", ".dll", ".sys"} {
		if at := strings.Index(lower, ext); at >= 0 && len(lower) == len(command) {
			if end := at + len(ext); end == len(command) || command[end] == ' ' {
				return command[:end]
			}
		}
	}
	return first
}

// subjectLogon gives the row the logon session of the event's subject.
func (m *mapper) subjectLogon(r row, e *event) {
	if n, ok := e.num(fSubjectLogonID); ok {
		r.int(cLogonID, n)
	}
}

// bySubject fills what events say that name an account but no process.
func (m *mapper) bySubject(r row, e *event) {
	pid, _ := e.num(fClientPID)
	p := m.byPID(pid, "", subject(e))
	m.initiating(r, p)
	if n, ok := e.num(fSubjectLogonID); ok && p.logonID < 0 {
		r.int(cInitLogonID, n)
	}
}

func securityTask(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.account(r, subject(e))
	m.subjectLogon(r, e)
	m.bySubject(r, e)
	r.text(cAdditional, m.fields.reset().field("TaskName", e, fTaskName).field("TaskContent", e, fTaskContent).
		field("SubjectUserName", e, fSubjectName).field("SubjectDomainName", e, fSubjectDomain).String())
}

func securityUser(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.account(r, accountOf(e, fTargetDomain, fTargetName, fTargetSid))
	m.bySubject(r, e)
}

func securityGroup(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.bySubject(r, e)
	r.text(cAdditional, m.group(e).String())
}

// securityMember maps a change of a local group: the row's account is the
// member, the group is in AdditionalFields, as in Defender.
func securityMember(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.account(r, accountOf(e, fNone, fNone, fMemberSid))
	m.bySubject(r, e)
	r.text(cAdditional, m.group(e).field("MemberName", e, fMemberName).String())
}

func (m *mapper) group(e *event) *jsonFields {
	return m.fields.reset().field("GroupName", e, fTargetName).field("GroupDomainName", e, fTargetDomain).
		field("GroupSid", e, fTargetSid)
}

func securityShare(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.account(r, accountOf(e, fSubjectDomain, fSubjectName, fSubjectSid))
	m.subjectLogon(r, e)
	m.remoteLogon(r, e)
	local := strings.TrimPrefix(e.text(fSharePath), `\??\`)
	relative := strings.Trim(e.text(fRelativeTarget), `\`)
	if relative != "" {
		r.text(cFileName, baseName(relative))
		if local != "" {
			r.text(cFolderPath, strings.TrimSuffix(local, `\`)+`\`+relative)
		}
	}
	r.text(cAdditional, m.fields.reset().field("ShareName", e, fShareName).text("ShareLocalPath", local).
		text("RelativeTargetName", relative).field("AccessMask", e, fAccessMask).String())
}

func securityOther(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.account(r, subject(e))
	m.bySubject(r, e)
}
