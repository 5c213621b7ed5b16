// Package simulate makes seeded, realistic telemetry: what the devices of a
// small company report to Defender over some weeks, with six intrusions in it.
//
// # How
//
// It is a discrete-event simulation. Tasks wait in a queue by time (queue.go);
// each does one thing and may schedule more. So rows come in order of time,
// over all devices, and only what is running is in memory. Devices start and
// are shut down, people log on, lock and leave by working hours of their own
// (rhythm.go, session.go), programs start programs and end (process.go,
// spawn.go), and what they do while they run becomes rows (act_*.go). A row's
// InitiatingProcess* columns are copied from the process that runs at that
// moment, never made up; an event of a process that has ended cannot happen.
//
// What programs exist, who starts whom with which command line, and what each
// does to files, registry and network is data (data/*.txt; the format is
// described at the type role and at the parsers). Connections within the
// company are reported by both ends, with the same addresses and ports.
//
// The number of rows asked for is met by a controller (pace.go) that every
// quarter of an hour lets devices act as often as rows are missing, by how
// busy each is.
//
// # Same again
//
// Equal options give equal rows, to the byte: chance comes from PCG streams
// per device (dice.go), arithmetic is integer, and nothing depends on the
// order of a map or on the clock. Rows are written in chunks of 20,000 under
// ids made of the options and the chunk's number, so running again with the
// same options and end changes nothing.
//
// # Nobody is meant
//
// The company is contoso.example, people are called by role and number, and
// all other names are of reserved domains (RFC 2606, RFC 6761). Addresses are
// of 10/8 or of the ranges for documentation (RFC 5737, RFC 3849); the latter
// play the internet and count as Public. CVE numbers are of the year 2099.
//
// # The attacks
//
// Each is in a file of its own, and the report says on which device and when.
// Every one also raises alerts (AlertInfo, AlertEvidence).
//
// phishing (attack_phishing.go): T1566.001, T1204.002, T1059.001, T1027,
// T1105, T1071.001. In DeviceFileEvents OUTLOOK.EXE writes "Invoice
// 20984.docm"; in DeviceProcessEvents WINWORD.EXE starts powershell.exe with
// -enc, and that starts updhelper.exe from AppData, which runs whoami, net,
// nltest through cmd.exe; DeviceNetworkEvents has a connection to
// telemetry-sync.invalid every minute; DeviceEvents AmsiScriptContent,
// PowerShellCommand and AsrOfficeChildProcessAudited.
//
// credential dumping (attack_credentials.go): T1003.001, T1003.002,
// T1218.011. DeviceProcessEvents: procdump64.exe -ma lsass.exe, rundll32.exe
// comsvcs.dll, MiniDump, reg save HKLM\SAM; DeviceEvents: OpenProcessApiCall
// and ReadProcessMemoryApiCall on lsass.exe; DeviceFileEvents: the dumps;
// DeviceImageLoadEvents: comsvcs.dll in rundll32.exe.
//
// lateral movement (attack_lateral.go): T1021.002, T1569.002, T1047, T1570.
// On the file server, within seconds: DeviceNetworkEvents inbound on 445,
// DeviceLogonEvents Network, DeviceFileEvents PSEXESVC.exe written by the
// system for a remote account, DeviceRegistryEvents and DeviceEvents the
// service, DeviceProcessEvents services.exe > PSEXESVC.exe > cmd.exe. On the
// database server WmiPrvSE.exe starts cmd.exe with output to ADMIN$.
//
// persistence (attack_persistence.go): T1053.005, T1547.001. DeviceEvents
// ScheduledTaskCreated "HealthCheck Updater"; DeviceRegistryEvents a Run
// value "HealthCheck"; DeviceProcessEvents hltsvc.exe every half hour.
//
// brute force and exfiltration (attack_exfiltration.go): T1110.001,
// T1021.001, T1560.001, T1567.002. DeviceLogonEvents: 160 failures and a
// success from one public address; DeviceProcessEvents 7z.exe, rclone.exe and
// curl.exe in a remote session; DeviceNetworkEvents store.vault-drop.test,
// which no other device visits.
//
// ransomware (attack_ransomware.go): T1490, T1486, T1489, T1070.001.
// DeviceProcessEvents vssadmin delete shadows, bcdedit, wbadmin, wevtutil cl;
// DeviceEvents SecurityLogCleared; DeviceFileEvents some 200 FileRenamed to
// .locked and a README_RESTORE.txt per share within two minutes.
package simulate
