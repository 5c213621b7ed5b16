package ingest

// field is a piece of a record that the mapping knows by name.
type field uint8

// The fields. Names that several exporters spell differently are one field.
const (
	fNone field = iota
	// the record itself
	fEventID
	fChannel
	fProvider
	fHost
	fEventTime
	fTimeCreated
	fAtTimestamp
	fUtcTime
	fMessage
	fHeaderPID
	fCollector
	// a Streaming API record
	fRecords
	fCategory
	fProperties
	fTenantID
	fReceived
	// parts that hold more fields, and names that mean what holds them
	fNested
	fData
	fProviderPart
	fInner
	// Sysmon
	fProcessGuid
	fProcessID
	fImage
	fCommandLine
	fUser
	fLogonID
	fSession
	fIntegrity
	fHashes
	fFileVersion
	fDescription
	fProduct
	fCompany
	fOriginalFileName
	fCurrentDirectory
	fParentGuid
	fParentPID
	fParentImage
	fParentCommandLine
	fParentUser
	fTargetFilename
	fCreationUtcTime
	fPreviousCreationUtcTime
	fProtocol
	fInitiated
	fSourceIP
	fSourceHostname
	fSourcePort
	fDestinationIP
	fDestinationHostname
	fDestinationPort
	fImageLoaded
	fSigned
	fSignature
	fSignatureStatus
	fSourceGuid
	fSourcePID
	fSourceImage
	fSourceUser
	fSourceThread
	fTargetGuid
	fTargetPID
	fTargetImage
	fTargetUser
	fGrantedAccess
	fCallTrace
	fNewThread
	fStartAddress
	fStartModule
	fStartFunction
	fDevice
	fEventType
	fTargetObject
	fDetails
	fNewName
	fContents
	fPipeName
	fQueryName
	fQueryStatus
	fQueryResults
	fArchived
	fIsExecutable
	fTamperType
	fConsumer
	fFilter
	fOperation
	// Security and System
	fSubjectSid
	fSubjectName
	fSubjectDomain
	fSubjectLogonID
	fTargetUserSid
	fTargetSid
	fTargetName
	fTargetDomain
	fTargetLogonID
	fLogonType
	fIPAddress
	fIPPort
	fProcessName
	fWorkstation
	fAuthPackage
	fLogonProcess
	fLmPackage
	fStatus
	fSubStatus
	fElevatedToken
	fTargetServer
	fTargetInfo
	fNewPID
	fNewProcessName
	fParentProcessName
	fMandatoryLabel
	fTokenElevation
	fServiceName
	fServiceFile
	fServiceType
	fServiceStart
	fServiceAccount
	fAccountName
	fClientPID
	fTaskName
	fTaskContent
	fMemberSid
	fMemberName
	fShareName
	fSharePath
	fRelativeTarget
	fAccessMask
	fApplication
	fDirection
	fSourceAddress
	fDestAddress
	fDestPort
	fLayerName
	fFilterID
	fObjectName
	fObjectValue
	fOldValue
	fNewValue
	fNewValueType
	fOperationType
	// PowerShell
	fScriptBlock
	fScriptBlockID
	fMessageNumber
	fMessageTotal
	fPath
	fContextInfo
	fPayload

	fieldCount
)

// fieldOf resolves a member's name. Besides flat records it knows the nesting
// of Winlogbeat (event_data; winlog) and of exports that keep the XML's shape
// (Event, System, EventData).
var fieldOf = map[string]field{
	"EventID": fEventID, "EventId": fEventID, "event_id": fEventID,
	"Channel": fChannel, "channel": fChannel, "log_name": fChannel,
	"SourceName": fProvider, "source_name": fProvider, "provider_name": fProvider, "ProviderName": fProvider,
	"Hostname": fHost, "computer_name": fHost, "Computer": fHost, "ComputerName": fHost, "MachineName": fHost,
	"EventTime": fEventTime, "TimeCreated": fTimeCreated, "SystemTime": fTimeCreated, "@timestamp": fAtTimestamp,
	"UtcTime": fUtcTime, "Message": fMessage, "message": fMessage,
	"ExecutionProcessID": fHeaderPID, "process_id": fHeaderPID, "SourceModuleType": fCollector,

	"records": fRecords, "category": fCategory, "properties": fProperties, "tenantId": fTenantID, "time": fReceived,

	"winlog": fNested, "Event": fNested, "System": fNested, "#attributes": fNested, "Execution": fNested,
	"event_data": fData, "EventData": fData, "Provider": fProviderPart, "Name": fInner, "#text": fInner,

	"ProcessGuid": fProcessGuid, "ProcessId": fProcessID, "ProcessID": fProcessID, "Image": fImage,
	"CommandLine": fCommandLine, "User": fUser, "LogonId": fLogonID, "TerminalSessionId": fSession,
	"IntegrityLevel": fIntegrity, "Hashes": fHashes, "Hash": fHashes, "FileVersion": fFileVersion,
	"Description": fDescription, "Product": fProduct, "Company": fCompany, "OriginalFileName": fOriginalFileName,
	"CurrentDirectory": fCurrentDirectory, "ParentProcessGuid": fParentGuid, "ParentProcessId": fParentPID,
	"ParentImage": fParentImage, "ParentCommandLine": fParentCommandLine, "ParentUser": fParentUser,
	"TargetFilename": fTargetFilename, "CreationUtcTime": fCreationUtcTime,
	"PreviousCreationUtcTime": fPreviousCreationUtcTime, "Protocol": fProtocol, "Initiated": fInitiated,
	"SourceIp": fSourceIP, "SourceHostname": fSourceHostname, "SourcePort": fSourcePort,
	"DestinationIp": fDestinationIP, "DestinationHostname": fDestinationHostname, "DestinationPort": fDestinationPort,
	"ImageLoaded": fImageLoaded, "Signed": fSigned, "Signature": fSignature, "SignatureStatus": fSignatureStatus,
	"SourceProcessGUID": fSourceGuid, "SourceProcessGuid": fSourceGuid, "SourceProcessId": fSourcePID,
	"SourceImage": fSourceImage, "SourceUser": fSourceUser, "SourceThreadId": fSourceThread,
	"TargetProcessGUID": fTargetGuid, "TargetProcessGuid": fTargetGuid, "TargetProcessId": fTargetPID,
	"TargetImage": fTargetImage, "TargetUser": fTargetUser, "GrantedAccess": fGrantedAccess, "CallTrace": fCallTrace,
	"NewThreadId": fNewThread, "StartAddress": fStartAddress, "StartModule": fStartModule,
	"StartFunction": fStartFunction, "Device": fDevice, "EventType": fEventType, "TargetObject": fTargetObject,
	"Details": fDetails, "NewName": fNewName, "Contents": fContents, "PipeName": fPipeName, "QueryName": fQueryName,
	"QueryStatus": fQueryStatus, "QueryResults": fQueryResults, "Archived": fArchived, "IsExecutable": fIsExecutable,
	"Type": fTamperType, "Consumer": fConsumer, "Filter": fFilter, "Operation": fOperation,

	"SubjectUserSid": fSubjectSid, "SubjectUserName": fSubjectName, "SubjectDomainName": fSubjectDomain,
	"SubjectLogonId": fSubjectLogonID, "TargetUserSid": fTargetUserSid, "TargetSid": fTargetSid,
	"TargetUserName": fTargetName, "TargetDomainName": fTargetDomain, "TargetLogonId": fTargetLogonID,
	"LogonType": fLogonType, "IpAddress": fIPAddress, "IpPort": fIPPort, "ProcessName": fProcessName,
	"WorkstationName": fWorkstation, "AuthenticationPackageName": fAuthPackage, "LogonProcessName": fLogonProcess,
	"LmPackageName": fLmPackage, "Status": fStatus, "SubStatus": fSubStatus, "ElevatedToken": fElevatedToken,
	"TargetServerName": fTargetServer, "TargetInfo": fTargetInfo, "NewProcessId": fNewPID,
	"NewProcessName": fNewProcessName, "ParentProcessName": fParentProcessName, "MandatoryLabel": fMandatoryLabel,
	"TokenElevationType": fTokenElevation, "ServiceName": fServiceName, "ServiceFileName": fServiceFile,
	"ImagePath": fServiceFile, "ServiceType": fServiceType, "ServiceStartType": fServiceStart,
	"StartType": fServiceStart, "ServiceAccount": fServiceAccount, "AccountName": fAccountName,
	"ClientProcessId": fClientPID, "TaskName": fTaskName, "TaskContent": fTaskContent, "TaskContentNew": fTaskContent,
	"MemberSid": fMemberSid, "MemberName": fMemberName, "ShareName": fShareName, "ShareLocalPath": fSharePath,
	"RelativeTargetName": fRelativeTarget, "AccessMask": fAccessMask, "Application": fApplication,
	"Direction": fDirection, "SourceAddress": fSourceAddress, "DestAddress": fDestAddress, "DestPort": fDestPort,
	"LayerName": fLayerName, "FilterRTID": fFilterID, "ObjectName": fObjectName, "ObjectValueName": fObjectValue,
	"OldValue": fOldValue, "NewValue": fNewValue, "NewValueType": fNewValueType, "OperationType": fOperationType,

	"ScriptBlockText": fScriptBlock, "ScriptBlockId": fScriptBlockID, "MessageNumber": fMessageNumber,
	"MessageTotal": fMessageTotal, "Path": fPath, "ContextInfo": fContextInfo, "Payload": fPayload,
}
