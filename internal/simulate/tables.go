package simulate

import "github.com/harrier-hunting/harrier/internal/types"

// tableID is an event table.
type tableID uint8

// The event tables.
const (
	tProcess tableID = iota
	tNetwork
	tFile
	tRegistry
	tLogon
	tImage
	tEvents
	tCertificate
	tInfo
	tNetworkInfo
	tCustomProcess
	tCustomNetwork
	tCustomFile
	tCustomRegistry
	tCustomImage
	tCustomScript
	tableCount
)

var tableNames = [tableCount]string{
	tProcess: "DeviceProcessEvents", tNetwork: "DeviceNetworkEvents", tFile: "DeviceFileEvents",
	tRegistry: "DeviceRegistryEvents", tLogon: "DeviceLogonEvents", tImage: "DeviceImageLoadEvents",
	tEvents: "DeviceEvents", tCertificate: "DeviceFileCertificateInfo", tInfo: "DeviceInfo",
	tNetworkInfo: "DeviceNetworkInfo", tCustomProcess: "DeviceCustomProcessEvents",
	tCustomNetwork: "DeviceCustomNetworkEvents", tCustomFile: "DeviceCustomFileEvents",
	tCustomRegistry: "DeviceCustomRegistryEvents", tCustomImage: "DeviceCustomImageLoadEvents",
	tCustomScript: "DeviceCustomScriptEvents",
}

// stateNames are the tables that describe a state.
var stateNames = [...]string{"AlertEvidence", "AlertInfo", "DeviceBaselineComplianceAssessment",
	"DeviceBaselineComplianceAssessmentKB", "DeviceBaselineComplianceProfiles", "DeviceTvmBrowserExtensions",
	"DeviceTvmBrowserExtensionsKB", "DeviceTvmCertificateInfo", "DeviceTvmHardwareFirmware", "DeviceTvmInfoGathering",
	"DeviceTvmInfoGatheringKB", "DeviceTvmSecureConfigurationAssessment", "DeviceTvmSecureConfigurationAssessmentKB",
	"DeviceTvmSoftwareEvidenceBeta", "DeviceTvmSoftwareInventory", "DeviceTvmSoftwareVulnerabilities",
	"DeviceTvmSoftwareVulnerabilitiesKB"}

// filledTables lists the names of all tables that get rows.
func filledTables() []string { return append(append([]string{}, tableNames[:]...), stateNames[:]...) }

// The values of state rows.
func text(s string) types.Value        { return types.StringValue(s) }
func number(n int64) types.Value       { return types.LongValue(n) }
func yes(b bool) types.Value           { return types.BoolValue(b) }
func real(f float64) types.Value       { return types.RealValue(f) }
func dynamic(json string) types.Value  { return types.DynamicValue(json) }
func datetime(ticks int64) types.Value { return types.DatetimeValue(ticks) }
