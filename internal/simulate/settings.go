package simulate

import "strconv"

// setting is a security setting that vulnerability management assesses.
type setting struct {
	id, name, category, group string
	impact                    float64
	good                      int // per cent of devices that comply
}

var settingList = [...]setting{
	{"scid-2000", "Turn on the sensor", "Security controls", "EDR", 10, 100},
	{"scid-2001", "Fix sensor data collection", "Security controls", "EDR", 9, 97},
	{"scid-2002", "Fix impaired communications", "Security controls", "EDR", 9, 96},
	{"scid-2003", "Turn on tamper protection", "Security controls", "Antivirus", 9, 90},
	{"scid-2010", "Turn on antivirus", "Security controls", "Antivirus", 10, 99},
	{"scid-2011", "Update antivirus definitions", "Security controls", "Antivirus", 8, 88},
	{"scid-2012", "Turn on real-time protection", "Security controls", "Antivirus", 9, 98},
	{"scid-2013", "Turn on protection from unwanted applications", "Security controls", "Antivirus", 7, 60},
	{"scid-2014", "Fix antivirus reporting", "Security controls", "Antivirus", 6, 98},
	{"scid-2016", "Turn on cloud-delivered protection", "Security controls", "Antivirus", 8, 93},
	{"scid-91", "Turn on behaviour monitoring", "Security controls", "Antivirus", 8, 97},
	{"scid-96", "Turn on network protection", "Security controls", "Network protection", 8, 50},
	{"scid-2020", "Turn on system-level exploit protection", "Security controls", "Exploit guard", 5, 80},
	{"scid-2021", "Set controlled folder access to block or audit", "Security controls", "Exploit guard", 8, 35},
	{"scid-2060", "Set SmartScreen for applications and files", "Security controls", "SmartScreen", 7, 85},
	{"scid-2061", "Set SmartScreen for the browser", "Security controls", "SmartScreen", 7, 90},
	{"scid-2070", "Turn on the firewall", "Security controls", "Firewall", 9, 95},
	{"scid-2080", "Turn on Credential Guard", "Security controls", "Credential Guard", 8, 40},
	{"scid-2090", "Encrypt all drives", "Security controls", "BitLocker", 9, 75},
	{"scid-2500", "Block executables from mail", "Security controls", "Attack Surface Reduction", 8, 55},
	{"scid-2501", "Block child processes of Office", "Security controls", "Attack Surface Reduction", 9, 30},
	{"scid-2505", "Block obfuscated scripts", "Security controls", "Attack Surface Reduction", 8, 45},
	{"scid-2509", "Block credential theft from lsass", "Security controls", "Attack Surface Reduction", 9, 50},
	{"scid-2510", "Block processes from PsExec and WMI", "Security controls", "Attack Surface Reduction", 8, 40},
	{"scid-84", "Use a password solution for local administrators", "Accounts", "Password policy", 8, 70},
	{"scid-4001", "Disable SMB version 1", "OS", "Network", 8, 92},
}

// settings is how the device's settings stand.
func (d *device) settings() {
	t := d.w.end - int64(1+stable(20, d.id, "assessed"))*hour
	for _, s := range settingList {
		r := d.w.state("DeviceTvmSecureConfigurationAssessment")
		r.about(d)
		r.put("OSPlatform", text(d.os.os))
		r.put("Timestamp", datetime(t))
		r.put("ConfigurationId", text(s.id))
		r.put("ConfigurationCategory", text(s.category))
		r.put("ConfigurationSubcategory", text(s.group))
		r.put("ConfigurationImpact", real(s.impact))
		applies := !d.class.unix() || s.group == "EDR" || s.group == "Antivirus"
		r.put("IsApplicable", yes(applies))
		if applies {
			r.put("IsCompliant", yes(stable(100, d.id, s.id) < s.good))
		}
		context := "[]"
		if s.id == "scid-2011" {
			context = `[["1.` + strconv.Itoa(400+stable(20, d.id)) + `.0","` + formatTime(t-day) + `"]]`
		}
		r.put("Context", dynamic(context))
		r.put("IsExpectedUserImpact", yes(s.good < 60))
	}
}

func (w *world) settingBase() {
	for _, s := range settingList {
		r := w.state("DeviceTvmSecureConfigurationAssessmentKB")
		r.put("ConfigurationId", text(s.id))
		r.put("ConfigurationImpact", real(s.impact))
		r.put("ConfigurationName", text(s.name))
		r.put("ConfigurationDescription", text(s.name+"."))
		r.put("RiskDescription", text("Without it an attacker has an easier time."))
		r.put("ConfigurationCategory", text(s.category))
		r.put("ConfigurationSubcategory", text(s.group))
		r.put("ConfigurationBenchmarks", dynamic("[]"))
		r.put("Tags", dynamic("[]"))
		r.put("RemediationOptions", text("Set it by policy."))
	}
}

var asrRules = [...]string{"AsrExecutableEmailContent", "AsrOfficeChildProcess", "AsrExecutableOfficeContent", "AsrObfuscatedScript",
	"AsrLsassCredentialTheft", "AsrPsexecWmiChildProcess", "AsrUntrustedUsbProcess", "AsrRansomware"}

// gathered is what was found out about the protection of the device.
func (d *device) gathered() {
	r := d.w.state("DeviceTvmInfoGathering")
	seen := d.w.end - int64(1+stable(10, d.id, "gathered"))*hour
	r.put("Timestamp", datetime(seen))
	r.put("LastSeenTime", datetime(seen))
	r.about(d)
	r.put("OSPlatform", text(d.os.os))
	fields := `{"AvMode":"` + [...]string{"0", "0", "0", "0", "1", "4"}[stable(6, d.id, "av")] + `","CloudProtectionState":true,"AvEngineVersion":"1.1.24050.5",` +
		`"AvSignatureVersion":"1.413.` + strconv.Itoa(stable(900, d.id)) + `.0","AvPlatformVersion":"4.18.24050.7","TamperProtection":` +
		strconv.FormatBool(stable(100, d.id, "scid-2003") < 90)
	if !d.class.unix() {
		fields += `,"AsrConfigurationStates":{`
		for i, rule := range asrRules {
			if i > 0 {
				fields += ","
			}
			fields += `"` + rule + `":"` + [...]string{"Off", "Block", "Audit", "Warn"}[stable(4, d.id, rule)] + `"`
		}
		fields += "}"
	}
	r.put("AdditionalFields", dynamic(fields+"}"))
}

func (w *world) gatheredBase() {
	for i, rule := range asrRules {
		r := w.state("DeviceTvmInfoGatheringKB")
		r.put("IgId", text("ig-"+strconv.Itoa(100+i)))
		r.put("FieldName", text(rule))
		r.put("Description", text("State of the attack surface reduction rule "+rule+"."))
		r.put("Categories", dynamic(`["asr"]`))
		r.put("DataStructure", text("String"))
	}
}

const baselineProfile = "5f0a1c1e-6d5b-4c0e-9b1a-0c3c6f7a2b11"

// baseline is how the device stands against a benchmark.
func (d *device) baseline() {
	for i := range 4 {
		r := d.w.state("DeviceBaselineComplianceAssessment")
		r.about(d)
		r.system(d)
		n := strconv.Itoa(i + 1)
		ok := stable(100, d.id, "baseline"+n) < 70
		r.put("ConfigurationId", text("bl-"+n))
		r.put("ProfileId", text(baselineProfile))
		r.put("IsCompliant", yes(ok))
		r.put("IsApplicable", yes(true))
		r.put("Source", dynamic(`["hkey_local_machine\\system\\currentcontrolset\\control\\lsa\\setting`+n+`"]`))
		r.put("RecommendedValue", dynamic(`["Equals '1'"]`))
		r.put("CurrentValue", dynamic(map[bool]string{true: `["1"]`, false: `["0"]`}[ok]))
		r.put("IsExempt", yes(false))
	}
}

func (w *world) baselineBase() {
	for i := range 4 {
		n := strconv.Itoa(i + 1)
		r := w.state("DeviceBaselineComplianceAssessmentKB")
		r.put("ConfigurationId", text("bl-"+n))
		r.put("ConfigurationName", text("Local security option "+n))
		r.put("ConfigurationDescription", text("Local security option "+n+" is to be on."))
		r.put("ConfigurationRationale", text("Harder to attack."))
		r.put("ConfigurationCategory", text("Security options"))
		r.put("BenchmarkProfileLevels", dynamic(`["Level 1"]`))
		r.put("RemediationOptions", text("Set it by policy."))
		r.put("ConfigurationBenchmark", text("Example benchmark"))
		r.put("RecommendedValue", dynamic(`["Equals '1'"]`))
	}
	r := w.state("DeviceBaselineComplianceProfiles")
	r.put("ProfileId", text(baselineProfile))
	r.put("ProfileName", text("Company baseline"))
	r.put("ProfileDescription", text("What every Windows device has to comply with."))
	r.put("OSPlatform", dynamic(`["Windows10","Windows11"]`))
	r.put("BaseBenchmark", text("Example benchmark"))
	r.put("BenchmarkVersion", text("1.0"))
	r.put("BenchmarkProfileLevel", text("Level 1"))
	r.put("Status", yes(true))
	r.put("CreatedBy", text("adm01@"+domainName))
	r.put("CreatedOn", datetime(w.start-90*day))
	r.put("LastUpdatedBy", text("adm01@"+domainName))
	r.put("LastUpdatedOn", datetime(w.start-10*day))
}
