package ingest

// kind is one kind of Windows event with a mapping. The table below is what
// docs/ingest.md shows.
type kind struct {
	origin  origin
	id      int64
	table   tableID
	actions []string // the ActionType values, see emit
	emit    func(m *mapper, e *event, k *kind)
	note    string
}

// tableID is a table the mapping writes to.
type tableID uint8

const (
	tProcess tableID = iota
	tNetwork
	tFile
	tImage
	tRegistry
	tLogon
	tEvents
	tableCount
)

var tableNames = [tableCount]string{
	tProcess: "DeviceProcessEvents", tNetwork: "DeviceNetworkEvents", tFile: "DeviceFileEvents",
	tImage: "DeviceImageLoadEvents", tRegistry: "DeviceRegistryEvents", tLogon: "DeviceLogonEvents", tEvents: "DeviceEvents",
}

// act is short for the values of one kind.
func act(values ...string) []string { return values }

// otherActivity is the ActionType of events for which no documented value
// comes near: the one general value of DeviceEvents. AdditionalFields.Activity
// says what happened.
const otherActivity = "OtherAlertRelatedActivity"

// kinds lists every mapping. Each ActionType is one that action_types.json
// knows for the table; where none says what the event says, the note tells
// that the nearest was taken.
func kinds() []kind {
	return append(sysmonKinds(), securityKinds()...)
}

func sysmonKinds() []kind {
	const s = fromSysmon
	return []kind{
		{s, 1, tProcess, act("ProcessCreated"), sysmonCreate, "process creation"},
		{s, 2, tEvents, act("FileTimestampModificationEvent"), sysmonFileTime, "file creation time changed; the times are in AdditionalFields"},
		{s, 3, tNetwork, act("ConnectionSuccess", "InboundConnectionAccepted"), sysmonNetwork, "network connection, by Initiated"},
		{s, 5, tEvents, act(otherActivity), sysmonExit, "process ended; no documented value is near, AdditionalFields.Activity is ProcessTerminated"},
		{s, 6, tEvents, act("DriverLoad"), sysmonDriver, "driver loaded"},
		{s, 7, tImage, act("ImageLoaded"), sysmonImage, "image loaded"},
		{s, 8, tEvents, act("CreateRemoteThreadApiCall"), sysmonThread, "remote thread; the target is in FileName, ProcessId and ProcessCommandLine"},
		{s, 9, tEvents, act("SensitiveFileRead"), sysmonRawRead, "raw read of a volume; nearest documented value"},
		{s, 10, tEvents, act("OpenProcessApiCall"), sysmonAccess, "process opened; the target is in FileName, ProcessId and ProcessCommandLine"},
		{s, 11, tFile, act("FileCreated"), sysmonFile, "file created or overwritten"},
		{s, 12, tRegistry, act("RegistryKeyCreated", "RegistryKeyDeleted", "RegistryValueDeleted"), sysmonRegistryKey,
			"by EventType; RegistryKeyCreated, counted as assumed, where the exporter lost it"},
		{s, 13, tRegistry, act("RegistryValueSet"), sysmonRegistryValue, "registry value set; text is typed String, as Sysmon does not tell REG_EXPAND_SZ apart"},
		{s, 14, tRegistry, act("RegistryKeyRenamed"), sysmonRegistryRename, "registry key or value renamed"},
		{s, 15, tFile, act("FileCreated"), sysmonStream, "alternate stream created; a Zone.Identifier gives FileOriginUrl and FileOriginReferrerUrl"},
		{s, 17, tEvents, act("NamedPipeEvent"), sysmonPipe, "pipe created, AdditionalFields.FileOperation is File created"},
		{s, 18, tEvents, act("NamedPipeEvent"), sysmonPipe, "pipe connected, AdditionalFields.FileOperation is File opened"},
		{s, 21, tEvents, act("WmiBindEventFilterToConsumer"), sysmonWmi, "WMI consumer bound to a filter"},
		{s, 22, tEvents, act("DnsQueryResponse"), sysmonDNS, "DNS query"},
		{s, 23, tFile, act("FileDeleted"), sysmonFile, "file deleted, archived by Sysmon"},
		{s, 25, tEvents, act("TamperingAttempt"), sysmonTamper, "process image tampered with; nearest documented value"},
		{s, 26, tFile, act("FileDeleted"), sysmonFile, "file deleted"},
	}
}

func securityKinds() []kind {
	const s = fromSecurity
	return []kind{
		{s, 1102, tEvents, act("SecurityLogCleared"), securityOther, "audit log cleared"},
		{s, 4624, tLogon, act("LogonSuccess"), securityLogon, "logon"},
		{s, 4625, tLogon, act("LogonFailed"), securityLogon, "failed logon; FailureReason from SubStatus and Status"},
		{s, 4634, tEvents, act(otherActivity), securityLogoff, "logoff; no documented value is near, AdditionalFields.Activity is Logoff"},
		{s, 4648, tLogon, act("LogonAttempted"), securityExplicit, "logon with explicit credentials"},
		{s, 4657, tRegistry, act("RegistryValueSet", "RegistryValueDeleted"), securityRegistry, "registry value changed, by OperationType"},
		{s, 4688, tProcess, act("ProcessCreated"), securityCreate, "process creation; beside Sysmon 1 where both logs are recorded"},
		{s, 4689, tEvents, act(otherActivity), securityExit, "process ended; no documented value is near, AdditionalFields.Activity is ProcessTerminated"},
		{s, 4697, tEvents, act("ServiceInstalled"), serviceInstalled, "service installed"},
		{s, 4698, tEvents, act("ScheduledTaskCreated"), securityTask, "scheduled task created"},
		{s, 4699, tEvents, act("ScheduledTaskDeleted"), securityTask, "scheduled task deleted"},
		{s, 4700, tEvents, act("ScheduledTaskEnabled"), securityTask, "scheduled task enabled"},
		{s, 4701, tEvents, act("ScheduledTaskDisabled"), securityTask, "scheduled task disabled"},
		{s, 4702, tEvents, act("ScheduledTaskUpdated"), securityTask, "scheduled task updated"},
		{s, 4720, tEvents, act("UserAccountCreated"), securityUser, "user account created"},
		{s, 4722, tEvents, act("UserAccountModified"), securityUser, "user account enabled"},
		{s, 4723, tEvents, act("PasswordChangeAttempt"), securityUser, "password change attempted"},
		{s, 4724, tEvents, act("PasswordChangeAttempt"), securityUser, "password reset attempted; nearest documented value"},
		{s, 4725, tEvents, act("UserAccountModified"), securityUser, "user account disabled"},
		{s, 4726, tEvents, act("UserAccountDeleted"), securityUser, "user account deleted"},
		{s, 4731, tEvents, act("SecurityGroupCreated"), securityGroup, "local group created"},
		{s, 4732, tEvents, act("UserAccountAddedToLocalGroup"), securityMember, "member added to a local group"},
		{s, 4733, tEvents, act("UserAccountRemovedFromLocalGroup"), securityMember, "member removed from a local group"},
		{s, 4734, tEvents, act("SecurityGroupDeleted"), securityGroup, "local group deleted"},
		{s, 4738, tEvents, act("UserAccountModified"), securityUser, "user account changed"},
		{s, 5140, tEvents, act("NetworkShareObjectAccessChecked"), securityShare, "share accessed; nearest documented value"},
		{s, 5142, tEvents, act("NetworkShareObjectAdded"), securityShare, "share added"},
		{s, 5143, tEvents, act("NetworkShareObjectModified"), securityShare, "share modified"},
		{s, 5144, tEvents, act("NetworkShareObjectDeleted"), securityShare, "share deleted"},
		{s, 5145, tEvents, act("NetworkShareObjectAccessChecked"), securityShare, "access to an object on a share checked"},
		{s, 5154, tNetwork, act("ListeningConnectionCreated"), firewallListen, "port opened for listening"},
		{s, 5156, tNetwork, act("ConnectionSuccess", "InboundConnectionAccepted"), firewallConnection, "connection permitted, by Direction"},
		{s, 5157, tEvents, act("FirewallOutboundConnectionBlocked", "FirewallInboundConnectionBlocked"), firewallConnection, "connection blocked, by Direction"},
		{fromSystem, 7045, tEvents, act("ServiceInstalled"), serviceInstalled, "service installed"},
		{fromPowerShell, 4103, tEvents, act("PowerShellCommand"), powershellPipeline, "pipeline; the command is in AdditionalFields.Command, its bindings in Payload"},
		{fromPowerShell, 4104, tEvents, act("PowerShellCommand"), powershellScript, "script block; its text is in AdditionalFields.Command"},
	}
}
