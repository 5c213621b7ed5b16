package simulate

// column is a column of the event tables. Tables that describe a state are
// written by column name instead (state.go): they are few rows.
type column uint8

// The columns, in groups by the kind of value: texts, whole numbers,
// datetimes, booleans. Event time and device are found through the catalog.
const (
	cDeviceName column = iota
	cActionType
	cFileName
	cFolderPath
	cSHA1
	cSHA256
	cMD5
	cCompany
	cProduct
	cVersion
	cInternal
	cOriginal
	cDescription
	cCommandLine
	cIntegrity
	cElevation
	cAccountDomain
	cAccountName
	cAccountSid
	cAccountUpn
	cAccountObjectID
	cRemoteSessionDevice
	cRemoteSessionIP
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
	cOriginIP
	cPreviousFolder
	cPreviousFile
	cRequestProtocol
	cRequestIP
	cRequestName
	cRequestDomain
	cRequestSid
	cShareName
	cLabel
	cSubLabel
	cScript
	cScriptHash
	cAdditional
	cMachineGroup
	cRuleName
	cInitFile
	cInitFolder
	cInitSHA1
	cInitSHA256
	cInitMD5
	cInitCompany
	cInitProduct
	cInitVersion
	cInitInternal
	cInitOriginal
	cInitDescription
	cInitCommandLine
	cInitIntegrity
	cInitElevation
	cInitDomain
	cInitName
	cInitSid
	cInitUpn
	cInitObjectID
	cInitParentFile
	cInitSignerType
	cInitSignature
	cInitRemoteDevice
	cInitRemoteIP
	cInitUniqueID

	cReportID
	cFileSize
	cProcessID
	cLogonID
	cPosixID
	cSessionID
	cRemotePort
	cLocalPort
	cRequestPort
	cInitFileSize
	cInitID
	cInitLogonID
	cInitParentID
	cInitSessionID

	cCreation
	cInitCreation
	cInitParentCreation
	cRuleTime

	cIsRemoteSession
	cInitIsRemote
	cIsLocalAdmin
	cIsProtected

	columnCount
	firstNumber = cReportID
	firstTime   = cCreation
	firstFlag   = cIsRemoteSession
)

var columnNames = [columnCount]string{
	cDeviceName: "DeviceName", cActionType: "ActionType", cFileName: "FileName", cFolderPath: "FolderPath",
	cSHA1: "SHA1", cSHA256: "SHA256", cMD5: "MD5", cCompany: "ProcessVersionInfoCompanyName",
	cProduct: "ProcessVersionInfoProductName", cVersion: "ProcessVersionInfoProductVersion",
	cInternal: "ProcessVersionInfoInternalFileName", cOriginal: "ProcessVersionInfoOriginalFileName",
	cDescription: "ProcessVersionInfoFileDescription", cCommandLine: "ProcessCommandLine",
	cIntegrity: "ProcessIntegrityLevel", cElevation: "ProcessTokenElevation", cAccountDomain: "AccountDomain",
	cAccountName: "AccountName", cAccountSid: "AccountSid", cAccountUpn: "AccountUpn",
	cAccountObjectID: "AccountObjectId", cRemoteSessionDevice: "ProcessRemoteSessionDeviceName",
	cRemoteSessionIP: "ProcessRemoteSessionIP", cUniqueID: "ProcessUniqueId", cRemoteIP: "RemoteIP",
	cRemoteIPType: "RemoteIPType", cRemoteURL: "RemoteUrl", cRemoteDevice: "RemoteDeviceName", cLocalIP: "LocalIP",
	cLocalIPType: "LocalIPType", cProtocol: "Protocol", cLogonType: "LogonType", cFailureReason: "FailureReason",
	cRegistryKey: "RegistryKey", cRegistryType: "RegistryValueType", cRegistryName: "RegistryValueName",
	cRegistryData: "RegistryValueData", cPreviousKey: "PreviousRegistryKey", cPreviousName: "PreviousRegistryValueName",
	cPreviousData: "PreviousRegistryValueData", cOriginURL: "FileOriginUrl", cOriginReferrer: "FileOriginReferrerUrl",
	cOriginIP: "FileOriginIP", cPreviousFolder: "PreviousFolderPath", cPreviousFile: "PreviousFileName",
	cRequestProtocol: "RequestProtocol", cRequestIP: "RequestSourceIP", cRequestName: "RequestAccountName",
	cRequestDomain: "RequestAccountDomain", cRequestSid: "RequestAccountSid", cShareName: "ShareName",
	cLabel: "SensitivityLabel", cSubLabel: "SensitivitySubLabel", cScript: "ScriptContent",
	cScriptHash: "ScriptContentSHA256", cAdditional: "AdditionalFields", cMachineGroup: "MachineGroup",
	cRuleName: "RuleName", cInitFile: "InitiatingProcessFileName", cInitFolder: "InitiatingProcessFolderPath",
	cInitSHA1: "InitiatingProcessSHA1", cInitSHA256: "InitiatingProcessSHA256", cInitMD5: "InitiatingProcessMD5",
	cInitCompany: "InitiatingProcessVersionInfoCompanyName", cInitProduct: "InitiatingProcessVersionInfoProductName",
	cInitVersion:     "InitiatingProcessVersionInfoProductVersion",
	cInitInternal:    "InitiatingProcessVersionInfoInternalFileName",
	cInitOriginal:    "InitiatingProcessVersionInfoOriginalFileName",
	cInitDescription: "InitiatingProcessVersionInfoFileDescription", cInitCommandLine: "InitiatingProcessCommandLine",
	cInitIntegrity: "InitiatingProcessIntegrityLevel", cInitElevation: "InitiatingProcessTokenElevation",
	cInitDomain: "InitiatingProcessAccountDomain", cInitName: "InitiatingProcessAccountName",
	cInitSid: "InitiatingProcessAccountSid", cInitUpn: "InitiatingProcessAccountUpn",
	cInitObjectID: "InitiatingProcessAccountObjectId", cInitParentFile: "InitiatingProcessParentFileName",
	cInitSignerType: "InitiatingProcessSignerType", cInitSignature: "InitiatingProcessSignatureStatus",
	cInitRemoteDevice: "InitiatingProcessRemoteSessionDeviceName", cInitRemoteIP: "InitiatingProcessRemoteSessionIP",
	cInitUniqueID: "InitiatingProcessUniqueId", cReportID: "ReportId", cFileSize: "FileSize", cProcessID: "ProcessId",
	cLogonID: "LogonId", cPosixID: "LogonID", cSessionID: "CreatedProcessSessionId", cRemotePort: "RemotePort",
	cLocalPort: "LocalPort", cRequestPort: "RequestSourcePort", cInitFileSize: "InitiatingProcessFileSize",
	cInitID: "InitiatingProcessId", cInitLogonID: "InitiatingProcessLogonId",
	cInitParentID: "InitiatingProcessParentId", cInitSessionID: "InitiatingProcessSessionId",
	cCreation: "ProcessCreationTime", cInitCreation: "InitiatingProcessCreationTime",
	cInitParentCreation: "InitiatingProcessParentCreationTime", cRuleTime: "RuleLastModificationTime",
	cIsRemoteSession: "IsProcessRemoteSession", cInitIsRemote: "IsInitiatingProcessRemoteSession",
	cIsLocalAdmin: "IsLocalAdmin", cIsProtected: "IsAzureInfoProtectionApplied",
}
