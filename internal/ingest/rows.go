package ingest

import (
	"fmt"
	"slices"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/types"
)

// column is a column that the Windows mapping fills, in whichever of the
// device tables has it.
type column uint8

// The columns, in groups: texts, whole numbers, datetimes.
const (
	cDeviceID column = iota
	cDeviceName
	cActionType
	cFileName
	cFolderPath
	cSHA1
	cSHA256
	cMD5
	cCompany
	cProduct
	cProductVersion
	cOriginalFileName
	cDescription
	cCommandLine
	cIntegrity
	cElevation
	cAccountDomain
	cAccountName
	cAccountSid
	cUniqueID
	cRemoteIP
	cRemoteIPType
	cRemoteURL
	cRemoteDevice
	cLocalIP
	cLocalIPType
	cProtocol
	cLogonType
	cFailureReason
	cRegistryKey
	cRegistryType
	cRegistryName
	cRegistryData
	cPreviousKey
	cPreviousName
	cPreviousData
	cOriginURL
	cOriginReferrer
	cAdditional
	cInitFileName
	cInitFolderPath
	cInitCommandLine
	cInitSHA1
	cInitSHA256
	cInitMD5
	cInitCompany
	cInitProduct
	cInitProductVersion
	cInitOriginalFileName
	cInitDescription
	cInitIntegrity
	cInitElevation
	cInitAccountDomain
	cInitAccountName
	cInitAccountSid
	cInitUniqueID
	cInitParentFileName

	cReportID
	cProcessID
	cLogonID
	cSession
	cRemotePort
	cLocalPort
	cInitProcessID
	cInitLogonID
	cInitSession
	cInitParentID

	cTimestamp
	cCreation
	cInitCreation
	cInitParentCreation

	columnCount
)

var columnNames = [columnCount]string{
	cDeviceID: "DeviceId", cDeviceName: "DeviceName", cActionType: "ActionType", cFileName: "FileName",
	cFolderPath: "FolderPath", cSHA1: "SHA1", cSHA256: "SHA256", cMD5: "MD5",
	cCompany: "ProcessVersionInfoCompanyName", cProduct: "ProcessVersionInfoProductName",
	cProductVersion: "ProcessVersionInfoProductVersion", cOriginalFileName: "ProcessVersionInfoOriginalFileName",
	cDescription: "ProcessVersionInfoFileDescription", cCommandLine: "ProcessCommandLine",
	cIntegrity: "ProcessIntegrityLevel", cElevation: "ProcessTokenElevation", cAccountDomain: "AccountDomain",
	cAccountName: "AccountName", cAccountSid: "AccountSid", cUniqueID: "ProcessUniqueId", cRemoteIP: "RemoteIP",
	cRemoteIPType: "RemoteIPType", cRemoteURL: "RemoteUrl", cRemoteDevice: "RemoteDeviceName", cLocalIP: "LocalIP",
	cLocalIPType: "LocalIPType", cProtocol: "Protocol", cLogonType: "LogonType", cFailureReason: "FailureReason",
	cRegistryKey: "RegistryKey", cRegistryType: "RegistryValueType", cRegistryName: "RegistryValueName",
	cRegistryData: "RegistryValueData", cPreviousKey: "PreviousRegistryKey", cPreviousName: "PreviousRegistryValueName",
	cPreviousData: "PreviousRegistryValueData", cOriginURL: "FileOriginUrl", cOriginReferrer: "FileOriginReferrerUrl",
	cAdditional: "AdditionalFields", cInitFileName: "InitiatingProcessFileName",
	cInitFolderPath: "InitiatingProcessFolderPath", cInitCommandLine: "InitiatingProcessCommandLine",
	cInitSHA1: "InitiatingProcessSHA1", cInitSHA256: "InitiatingProcessSHA256", cInitMD5: "InitiatingProcessMD5",
	cInitCompany: "InitiatingProcessVersionInfoCompanyName", cInitProduct: "InitiatingProcessVersionInfoProductName",
	cInitProductVersion:   "InitiatingProcessVersionInfoProductVersion",
	cInitOriginalFileName: "InitiatingProcessVersionInfoOriginalFileName",
	cInitDescription:      "InitiatingProcessVersionInfoFileDescription",
	cInitIntegrity:        "InitiatingProcessIntegrityLevel", cInitElevation: "InitiatingProcessTokenElevation",
	cInitAccountDomain: "InitiatingProcessAccountDomain", cInitAccountName: "InitiatingProcessAccountName",
	cInitAccountSid: "InitiatingProcessAccountSid", cInitUniqueID: "InitiatingProcessUniqueId",
	cInitParentFileName: "InitiatingProcessParentFileName", cReportID: "ReportId", cProcessID: "ProcessId",
	cLogonID: "LogonId", cSession: "CreatedProcessSessionId", cRemotePort: "RemotePort", cLocalPort: "LocalPort",
	cInitProcessID: "InitiatingProcessId", cInitLogonID: "InitiatingProcessLogonId",
	cInitSession: "InitiatingProcessSessionId", cInitParentID: "InitiatingProcessParentId", cTimestamp: "Timestamp",
	cCreation: "ProcessCreationTime", cInitCreation: "InitiatingProcessCreationTime",
	cInitParentCreation: "InitiatingProcessParentCreationTime",
}

// fits tells whether a catalog's column can take what the mapping puts there.
func (c column) fits(t types.Type) bool {
	switch {
	case c < cReportID:
		return t == types.String
	case c < cTimestamp:
		return t.IsInteger()
	}
	return t == types.Datetime
}

// sheet is a table of a catalog with the ordinals of the mapping's columns.
type sheet struct {
	table *catalog.Table
	at    [columnCount]int16 // -1: the table has no such column
}

func newSheet(cat *catalog.Catalog, name string) (*sheet, error) {
	t := cat.Table(name)
	if t == nil || t.Legacy != nil {
		return nil, fmt.Errorf("ingest: the catalog has no table %s", name)
	}
	s := &sheet{table: t}
	for c, name := range columnNames {
		i := t.Ordinal(name)
		if i >= 0 && !column(c).fits(t.Columns[i].Type) {
			return nil, fmt.Errorf("ingest: column %s.%s of the catalog has type %s, which the mapping of Windows events cannot fill",
				t.Name, name, t.Columns[i].Type)
		}
		s.at[c] = int16(i)
	}
	return s, nil
}

// chunk is the rows of one batch id: at most so many rows or bytes, so that a
// sink's transaction and our memory are bounded.
type chunk struct {
	batches map[*catalog.Table]*catalog.Batch
	rows    int
	bytes   int // of the records the rows were made of
}

// The bounds of a chunk. They are part of the batch ids' meaning: another
// cut makes other batches of the same file.
const (
	chunkRows  = 20_000
	chunkBytes = 64 << 20
)

func (c *chunk) full() bool { return c.rows >= chunkRows || c.bytes >= chunkBytes }

// add appends an empty row.
func (c *chunk) add(t *catalog.Table) (*catalog.Batch, int) {
	b := c.batches[t]
	if b == nil {
		b = catalog.NewBatch(t)
		c.batches[t] = b
	}
	c.rows++
	return b, b.AddRow()
}

// take lists the tables' rows in order of the tables' names.
func (c *chunk) take() []*catalog.Batch {
	out := make([]*catalog.Batch, 0, len(c.batches))
	for _, b := range c.batches {
		if b.N > 0 {
			out = append(out, b)
		}
	}
	slices.SortFunc(out, func(a, b *catalog.Batch) int {
		if a.Table.Name < b.Table.Name {
			return -1
		}
		return 1
	})
	return out
}

// clear empties the chunk, keeping the memory of the tables it had rows of.
func (c *chunk) clear() {
	for t, b := range c.batches {
		if b.N == 0 {
			delete(c.batches, t)
		}
		b.Reset()
	}
	c.rows, c.bytes = 0, 0
}

// row is a row being filled. What is empty, unknown or has no column in the
// table stays as it is: null, or the empty string.
type row struct {
	sheet *sheet
	batch *catalog.Batch
	n     int
	shift int64
}

func (r row) text(c column, s string) {
	if i := r.sheet.at[c]; i >= 0 && s != "" {
		r.batch.Cols[i].Strings[r.n] = s
	}
}

func (r row) int(c column, x int64) {
	if i := r.sheet.at[c]; i >= 0 {
		v := r.batch.Cols[i]
		if v.Type == types.Int && x != int64(int32(x)) {
			return
		}
		v.Ints[r.n] = x
		v.SetValid(r.n)
	}
}

// known sets a number that -1 marks as not known.
func (r row) known(c column, x int64) {
	if x >= 0 {
		r.int(c, x)
	}
}

// ticks sets a datetime, shifted as the recording is; 0 means not known.
func (r row) ticks(c column, t int64) {
	if i := r.sheet.at[c]; i >= 0 && t > 0 {
		v := r.batch.Cols[i]
		v.Ints[r.n] = clamp(t + r.shift)
		v.SetValid(r.n)
	}
}

// clamp keeps a shifted time within the range of datetime.
func clamp(t int64) int64 { return min(max(t, 0), maxTicks) }
