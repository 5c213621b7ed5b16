package simulate

import (
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/types"
)

// row is a row being filled. What is empty or has no column in the table
// stays as it is: null, or the empty string. The zero row swallows all: it is
// what happens before the window.
type row struct {
	sheet *sheet
	batch *catalog.Batch
	n     int
}

func (r row) text(c column, s string) {
	if s != "" {
		r.set(c, types.Value{S: s})
	}
}

func (r row) num(c column, n int64) { r.set(c, types.Value{I: n}) }

// known sets a number that is negative where a system does not have it.
func (r row) known(c column, n int64) {
	if n >= 0 {
		r.num(c, n)
	}
}

// ticks sets a datetime; 0 means not known.
func (r row) ticks(c column, t int64) {
	if t != 0 {
		r.set(c, types.Value{I: t})
	}
}

func (r row) flag(c column, b bool) { r.set(c, types.BoolValue(b)) }

func (r row) set(c column, v types.Value) {
	if r.sheet == nil {
		return
	}
	if i := r.sheet.at[c]; i >= 0 {
		v.Type = r.sheet.table.Columns[i].Type
		r.batch.Set(r.n, int(i), v)
	}
}

// by fills the columns of the process that caused the event.
func (r row) by(p *process) {
	if r.sheet == nil || p == nil {
		return
	}
	r.text(cInitFile, p.img.file)
	r.text(cInitFolder, p.img.lower)
	r.text(cInitSHA1, p.img.sha1)
	r.text(cInitSHA256, p.img.sha256)
	r.text(cInitMD5, p.img.md5)
	r.num(cInitFileSize, p.img.size)
	r.text(cInitCompany, p.img.company)
	r.text(cInitProduct, p.img.product)
	r.text(cInitVersion, p.img.version)
	r.text(cInitInternal, p.img.internal)
	r.text(cInitOriginal, p.img.original)
	r.text(cInitDescription, p.img.description)
	r.text(cInitSignerType, p.img.signerType)
	r.text(cInitSignature, p.img.signature)
	r.num(cInitID, p.pid)
	r.ticks(cInitCreation, p.start)
	r.text(cInitCommandLine, p.cmd)
	r.text(cInitUniqueID, p.unique)
	r.text(cInitIntegrity, p.integrity)
	r.text(cInitElevation, p.elevation)
	r.known(cInitSessionID, p.number)
	r.known(cInitLogonID, p.login.logonID)
	a := p.login.account
	r.text(cInitDomain, p.d.domain(a))
	r.text(cInitName, a.name)
	r.text(cInitSid, a.sid)
	r.text(cInitUpn, a.upn)
	r.text(cInitObjectID, a.objectID)
	r.known(cPosixID, a.uid)
	r.flag(cInitIsRemote, p.login.remoteIP != "")
	r.text(cInitRemoteDevice, p.login.remoteDevice)
	r.text(cInitRemoteIP, p.login.remoteIP)
	if p.parent != nil {
		r.num(cInitParentID, p.parent.pid)
		r.text(cInitParentFile, p.parent.img.file)
		r.ticks(cInitParentCreation, p.parent.start)
	}
}

// process fills the columns of the process that the event is about.
func (r row) process(p *process) {
	if r.sheet == nil {
		return
	}
	r.text(cFileName, p.img.file)
	r.text(cFolderPath, p.img.path)
	r.text(cSHA1, p.img.sha1)
	r.text(cSHA256, p.img.sha256)
	r.text(cMD5, p.img.md5)
	r.num(cFileSize, p.img.size)
	r.text(cCompany, p.img.company)
	r.text(cProduct, p.img.product)
	r.text(cVersion, p.img.version)
	r.text(cInternal, p.img.internal)
	r.text(cOriginal, p.img.original)
	r.text(cDescription, p.img.description)
	r.num(cProcessID, p.pid)
	r.ticks(cCreation, p.start)
	r.text(cCommandLine, p.cmd)
	r.text(cUniqueID, p.unique)
	r.text(cIntegrity, p.integrity)
	r.text(cElevation, p.elevation)
	r.known(cSessionID, p.number)
	r.known(cLogonID, p.login.logonID)
	r.known(cPosixID, p.login.account.uid)
	r.account(p.login.account)
	r.text(cAccountDomain, p.d.domain(p.login.account))
	r.flag(cIsRemoteSession, p.login.remoteIP != "")
	r.text(cRemoteSessionDevice, p.login.remoteDevice)
	r.text(cRemoteSessionIP, p.login.remoteIP)
}

// account fills the columns of the account that the event is about.
func (r row) account(a *account) {
	r.text(cAccountDomain, a.domain)
	r.text(cAccountName, a.name)
	r.text(cAccountSid, a.sid)
	r.text(cAccountUpn, a.upn)
	r.text(cAccountObjectID, a.objectID)
}
