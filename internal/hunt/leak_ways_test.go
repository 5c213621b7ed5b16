package hunt

import (
	"testing"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/simulate"
)

// ways are queries by which somebody might learn of devices that are not
// theirs: every operator, function and plugin that names tables in a way of its
// own, looks at several, counts, samples, or tells of data in another way.
var ways = []string{
	"search 'powershell' | summarize count() by $table",
	"search * | summarize dcount(DeviceId), count() by $table | sort by $table asc",
	"search kind=case_sensitive in (Device*) 'cmd' | summarize count() by $table, DeviceName",
	"search DeviceName has 'a' | count",
	"find where DeviceName != '' | summarize count() by source_",
	"find withsource=S in (DeviceEvents, DeviceLogonEvents, Alert*) where Timestamp > ago(2d) project DeviceId, Timestamp | summarize count() by S, DeviceId",
	"union * | summarize count(), dcount(DeviceId)",
	"union withsource=T * | summarize count(), min(Timestamp), max(Timestamp) by T",
	"union kind=inner withsource=T DeviceEvents, DeviceInfo | summarize dcount(DeviceId) by T",
	"union isfuzzy=true NoSuchTable, DeviceInfo, database('x').DeviceInfo | count",
	"union kind=outer DeviceEvents, (DeviceProcessEvents | project DeviceId, x = 1) | summarize count() by x",
	"macro-expand isfuzzy=true entity_group [database('Harrier')] as X (X.DeviceInfo | summarize count())",
	"table('DeviceInfo') | summarize count() by DeviceName",
	"let n = strcat('Device', 'Info'); table(n) | count",
	"database('Harrier').DeviceInfo | count",
	"cluster('x').database('Harrier').DeviceInfo | count",
	"workspace('x').DeviceInfo | count",
	"database('*').DeviceInfo | count",
	"MachineInfo | summarize count() by ComputerName",
	"union ProcessCreationEvents, NetworkCommunicationEvents | summarize count() by MachineId",
	"AlertEvents | summarize count() by MachineId",
	"let t = materialize(DeviceProcessEvents | summarize n = count() by DeviceId); t | where n > toscalar(t | summarize avg(n))",
	"let f = (d:string) { DeviceLogonEvents | where DeviceName =~ d | count }; f('x') | union (f(toscalar(DeviceInfo | summarize min(DeviceName))))",
	"let v = view () { DeviceInfo | distinct DeviceName }; union v*, DeviceNetworkInfo | count",
	"Hidden() | count", "Hidden | summarize dcount(DeviceId)", "Names | summarize make_set(DeviceName)",
	"union Hid* | count",
	"DeviceInfo | getschema | count",
	"DeviceInfo | where DeviceName == 'nobody' | summarize count(), dcount(DeviceId), max(Timestamp)",
	"print n = toscalar(DeviceInfo | summarize dcount(DeviceId)), l = toscalar(DeviceInfo | summarize make_set(DeviceId) | project tostring(array_sort_asc(set_DeviceId)))",
	"print x = 1 | where toscalar(DeviceInfo | count) > 30 | count",
	"datatable(DeviceName:string)['x', 'y'] | join kind=rightouter DeviceInfo on DeviceName | count",
	"datatable(k:long)[1] | extend k2 = 1 | join kind=fullouter (DeviceInfo | extend k2 = 1) on k2 | summarize dcount(DeviceId)",
	"DeviceInfo | join kind=leftanti (DeviceLogonEvents | distinct DeviceId) on DeviceId | summarize dcount(DeviceId)",
	"DeviceNetworkEvents | join kind=rightanti (DeviceInfo) on DeviceId | distinct DeviceId",
	"DeviceInfo | lookup (DeviceNetworkInfo | summarize ips = make_set(IPAddresses) by DeviceId) on DeviceId | summarize sum(array_length(ips))",
	"DeviceProcessEvents | where DeviceId in ((DeviceInfo | project DeviceId)) | summarize count() by DeviceId",
	"DeviceProcessEvents | where DeviceId !in ((DeviceInfo | project DeviceId)) | summarize count() by DeviceId",
	"DeviceProcessEvents | where DeviceName in~ ((DeviceInfo | project DeviceName)) | count",
	"DeviceProcessEvents | where InitiatingProcessFileName has_any ((DeviceProcessEvents | distinct FileName)) | count",
	"DeviceFileEvents | where isnotempty(SHA1) | summarize arg_min(Timestamp, *) by SHA1 | top 20 by SHA1 asc | invoke FileProfile(SHA1, 20) | project SHA1, GlobalPrevalence, GlobalFirstSeen, GlobalLastSeen, Signer | sort by SHA1 asc",
	"DeviceProcessEvents | where isnotempty(SHA256) | distinct SHA256 | sort by SHA256 asc | take 15 | invoke FileProfile('SHA256', 15)",
	"SeenBy('x')",
	"DeviceInfo | summarize by DeviceId | invoke SeenBy()",
	"DeviceFromIP('10.0.0.1', now())",
	"DeviceFromIP('10.0.0.2', ago(1d)) | count",
	"AssignedIPAddresses('client-01')", "AssignedIPAddresses(toscalar(DeviceInfo | summarize max(DeviceId)), now())",
	"DeviceProcessEvents | project b = todynamic(AdditionalFields) | evaluate bag_unpack(b) | count",
	"DeviceLogonEvents | project DeviceName, LogonType | evaluate pivot(LogonType) | sort by DeviceName asc",
	"DeviceLogonEvents | evaluate pivot(DeviceName, count(), ActionType)",
	"DeviceProcessEvents | project Timestamp, DeviceId | evaluate activity_counts_metrics(DeviceId, Timestamp, ago(3d), now(), 1d)",
	"DeviceProcessEvents | evaluate dcount_intersect(hll) | take 0",
	"DeviceProcessEvents | project FileName, DeviceName | evaluate autocluster()",
	"DeviceProcessEvents | project FileName, DeviceName | evaluate basket(0.2)",
	"DeviceProcessEvents | extend s = iff(FileName startswith 'p', 'a', 'b') | project FileName, AccountName, s | evaluate diffpatterns(s, 'a', 'b')",
	"DeviceProcessEvents | evaluate narrow() | summarize count() by Column",
	"DeviceEvents | where isnotempty(RemoteIP) | evaluate ipv4_lookup((DeviceNetworkEvents | distinct Net = strcat(RemoteIP, '/32')), RemoteIP, Net) | count",
	"DeviceProcessEvents | evaluate rolling_percentile(ProcessId, 50, Timestamp, 1d, 2) | count",
	"DeviceProcessEvents | evaluate sequence_detect(Timestamp, 1h, 1h, a = FileName == 'cmd.exe', b = FileName == 'powershell.exe', DeviceId) | summarize count() by DeviceId",
	"DeviceProcessEvents | extend n = ProcessId % 50 | evaluate session_count(DeviceId, n, 0, 50, 10, 5)",
	"DeviceInfo | evaluate preview(3)",
	"DeviceInfo | evaluate schema_merge(PreserveOrder=false) | take 0",
	"DeviceLogonEvents | project DeviceId, AccountName | make-graph DeviceId --> AccountName with_node_id=n | graph-to-table nodes as N, edges as E; N | count",
	"DeviceLogonEvents | where isnotempty(AccountName) | distinct DeviceId, AccountName | make-graph DeviceId --> AccountName with_node_id=n | graph-match (a)-->(b)<--(c) where a.n != c.n project a = a.n, c = c.n | count",
	"DeviceLogonEvents | distinct DeviceId, AccountName | make-graph DeviceId --> AccountName with_node_id=n | graph-mark-components kind=weak | graph-to-table nodes | summarize dcount(ComponentId), count()",
	"DeviceProcessEvents | sort by Timestamp asc, DeviceId asc, ReportId asc | scan declare (n:long = 0) with (step s: true => n = s.n + 1;) | summarize max(n)",
	"DeviceProcessEvents | partition by DeviceId (summarize n = count() | extend x = 1) | summarize sum(n), count()",
	"DeviceProcessEvents | partition hint.strategy=shuffle by DeviceName (top 1 by Timestamp) | count",
	"DeviceProcessEvents | make-series n = count() default = 0 on Timestamp from ago(4d) to now() step 12h by DeviceId | sort by DeviceId asc",
	"DeviceProcessEvents | make-series n = count() on Timestamp step 1d | project n",
	"DeviceInfo | sample 100000 | count", "DeviceInfo | sample-distinct 100000 of DeviceName | sort by DeviceName asc",
	"DeviceInfo | top-nested 5 of DeviceName by dc = count(), top-nested 2 of OSPlatform by c = count() | count",
	"DeviceProcessEvents | top-hitters 50 of DeviceName | sort by DeviceName asc",
	"DeviceProcessEvents | reduce by DeviceName with threshold=0.01 | summarize sum(Count)",
	"DeviceProcessEvents | summarize hll(DeviceId), tdigest(ProcessId), percentile(ProcessId, 50), stdev(ProcessId), buildschema(todynamic(AdditionalFields))",
	"DeviceProcessEvents | summarize count_distinct(DeviceId), dcountif(DeviceId, DeviceName startswith 's'), make_bag(bag_pack(DeviceName, 1))",
	"DeviceProcessEvents | sort by Timestamp asc, ReportId asc, DeviceId asc | extend p = prev(DeviceName), n = next(DeviceName), r = row_number(), s = row_cumsum(1), w = row_window_session(Timestamp, 1h, 5m) | where p != DeviceName | count",
	"DeviceProcessEvents | serialize n = row_number() | summarize max(n)",
	"DeviceProcessEvents | count as Rows", "DeviceProcessEvents | as P | where DeviceId in ((P | distinct DeviceId)) | count",
	"DeviceInfo | fork (count) (summarize dcount(DeviceId))",
	"let w = DeviceInfo | distinct DeviceId; DeviceEvents | where DeviceId in (w) | count; DeviceInfo | count",
	"DeviceInfo | facet by DeviceName with (count)",
	"DeviceProcessEvents | mv-expand x = range(0, 1) | summarize count() by DeviceId",
	"DeviceProcessEvents | mv-apply x = range(0, 1) to typeof(long) on (summarize s = sum(x)) | summarize sum(s)",
	"DeviceNetworkEvents | mv-apply x = pack_array(DeviceName) on (where toscalar(DeviceInfo | count) > 0) | count",
	"DeviceProcessEvents | parse DeviceName with a '-' b | summarize count() by a",
	"AlertEvidence | summarize count() by DeviceId, DeviceName", "AlertInfo | join AlertEvidence on AlertId | summarize count() by DeviceName",
	"BehaviorEntities | count", "DisruptionAndResponseEvents | summarize count() by DeviceId",
	"DeviceTvmSoftwareInventory | summarize count() by DeviceId", "DeviceTvmSoftwareVulnerabilities | summarize dcount(DeviceId) by CveId",
	"DeviceBaselineComplianceAssessment | summarize count() by DeviceId",
	"ExposureGraphNodes | count", "ExposureGraphEdges | count",
	"DeviceProcessEvents | summarize count() by DeviceId = toupper(DeviceId)", "DeviceInfo | summarize count() by hash(DeviceId)",
	"DeviceInfo | summarize by MergedToDeviceId, HostDeviceId, MachineGroup",
	"DeviceProcessEvents | extend t = ingestion_time(), e = extent_id() | summarize count() by isnull(t), e",
	"DeviceInfo | summarize estimate_data_size(*), take_any(1), count()", "DeviceInfo | summarize sum(estimate_data_size(*))",
	"DeviceInfo | where Timestamp between (datetime(1900-01-01) .. datetime(2900-01-01)) | summarize min(Timestamp), max(Timestamp), count()",
	"externaldata(x:string)['https://example.test/x.csv'] | join DeviceInfo on $left.x == $right.DeviceName",
	"restrict access to (DeviceInfo); DeviceInfo | count",
	"set query_datetimescope_column = 'Timestamp'; set query_datetimescope_from = datetime(1900-01-01); DeviceInfo | count",
	"set notruncation; DeviceProcessEvents | project DeviceId", "set truncationmaxrecords = 3; DeviceProcessEvents | project DeviceId | sort by DeviceId asc",
	"set query_take_max_records = 2; DeviceInfo | sort by DeviceId asc, Timestamp asc | project DeviceId",
	"declare query_parameters(d:string = 'x'); DeviceInfo | where DeviceName != d | count",
	"alias database H = cluster('x').database('Harrier'); database('H').DeviceInfo | count",
	"declare pattern app = (name:string)[t:string] { ('a').['b'] = { DeviceInfo | count } }; app('a').b",
	"DeviceInfo | consume", "DeviceInfo | assert-schema (DeviceId:string)", "DeviceInfo | where assert(DeviceName startswith 'zz', DeviceName)",
	"DeviceInfo | project 1 / (strlen(DeviceName) - strlen(DeviceName))", "DeviceInfo | extend x = toint(DeviceName) | summarize countif(isnull(x))",
	"DeviceInfo | summarize todecimal(count()) * decimal(99999999999999999999999999999)",
	"DeviceProcessEvents | summarize s = strcat_array(make_list(strcat(DeviceName, strrep('x', 1000))), '') | project strlen(s) > 100000",
	"DeviceProcessEvents | summarize make_list(ProcessCommandLine, 1000000) | project array_length(list_ProcessCommandLine)",
	"DeviceInfo | extend u = current_principal_details(), c = current_database() | summarize count() by c",
	"DeviceInfo | render timechart",
}

// TestLeakWays: each of them tells a user what it tells where there is nothing
// else.
func TestLeakWays(t *testing.T) {
	l := simulated(t, simulate.Options{Seed: 11, Devices: 10, Days: 2, Events: 6000})
	texts := map[string]string{"Hidden": "let Hidden = () { union DeviceInfo, DeviceEvents };", "Names": "let Names = view () { DeviceInfo | distinct DeviceName };"}
	l.env.Functions = func(name string) (catalog.Function, bool) {
		return catalog.Function{Name: name, Text: texts[name]}, texts[name] != ""
	}
	bound := 0
	for i, q := range ways {
		before := l.refused
		for k, u := range l.users {
			if *rounds > 0 || k == i%len(l.users) {
				l.check(u, q, true)
			}
		}
		if l.refused == before {
			bound++
		}
	}
	t.Logf("%d of %d run", bound, len(ways))
	l.report()
	if bound < len(ways)*4/5 {
		t.Error("too few of the queries run")
	}
}
