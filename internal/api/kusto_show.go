package api

import (
	"runtime/debug"
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/types"
)

// commandSpec is one management command. Tools send many more; these are the ones by which they find out what there is
// to query.
type commandSpec struct {
	pattern string
	show    func(*shower) (*kustoTable, error)
}

// shower answers one command.
type shower struct {
	x      *exchange
	p      auth.Principal
	tables *catalog.Catalog // those that the caller may read
	given  []string         // the names in the command
	with   map[string]string
}

// commands is the table of commands. The columns are those that Kusto's commands have.
func commands() []commandSpec {
	return []commandSpec{
		{"show [cluster] databases", (*shower).databases},
		{"show [cluster] databases (<database>)", (*shower).databases},
		{"show [cluster] databases identity", (*shower).databaseIdentity},
		{"show [cluster] databases details", (*shower).databaseDetails},
		{"show [cluster] databases policies", (*shower).databasePolicies},
		{"show [cluster] databases datastats", (*shower).databaseStats},
		{"show database", (*shower).databaseIdentity},
		{"show database [<database>] identity", (*shower).databaseIdentity},
		{"show database [<database>] details", (*shower).databaseDetails},
		{"show database [<database>] policies", (*shower).databasePolicies},
		{"show database [<database>] datastats", (*shower).databaseStats},
		{"show databases entities", (*shower).entities},
		{"show [cluster] databases schema [details]", (*shower).schema},
		{"show [cluster] databases (<database>) schema [details]", (*shower).schema},
		{"show database [<database>] schema [details]", (*shower).schema},
		{"show [cluster] schema [details]", (*shower).schema},
		{"show [cluster] databases schema as json", (*shower).schemaJSON},
		{"show [cluster] databases (<database>) schema as json", (*shower).schemaJSON},
		{"show database [<database>] schema as json", (*shower).schemaJSON},
		{"show [cluster] schema as json", (*shower).schemaJSON},
		{"show database [<database>] schema as csl script", (*shower).schemaScript},
		{"show database [<database>] schema as kql script", (*shower).schemaScript},
		{"show database [<database>] cslschema", (*shower).cslSchemas},
		{"show database [<database>] kqlschema", (*shower).cslSchemas},
		{"show database [<database>] principals", (*shower).principals},
		{"show database [<database>] principal roles", (*shower).databaseRoles},
		{"show tables", (*shower).tableList},
		{"show tables (<table>)", (*shower).tableList},
		{"show tables details", (*shower).tableDetails},
		{"show tables (<table>) details", (*shower).tableDetails},
		{"show table <table> details", (*shower).tableDetails},
		{"show table <table> principals", (*shower).tablePrincipals},
		{"show table <table> principal roles", (*shower).tableRoles},
		{"show table <table> cslschema", (*shower).cslSchema},
		{"show table <table> kqlschema", (*shower).cslSchema},
		{"show table <table> schema as json", (*shower).tableJSON},
		{"show functions", (*shower).functions},
		{"show function <function>", (*shower).functions},
		{"show function <function> principals", (*shower).functionPrincipals},
		{"show function <function> principal roles", (*shower).functionRoles},
		{"show external tables", none("TableName TableType Folder DocString Properties ConnectionStrings Partitions PathFormat")},
		{"show materialized-views", none("Name SourceTable Query MaterializedTo:datetime LastRun:datetime LastRunResult IsHealthy:bool IsEnabled:bool Folder DocString " +
			"AutoUpdateSchema:bool EffectiveDateTime:datetime Lookback:timespan LookbackColumn")},
		{"show entity_groups", none("Name Entities")},
		{"show graph_models [details]", none("Name CreationTime:datetime Id SnapshotCount:long Model:dynamic RetentionPolicy CachingPolicy")},
		{"show graph_snapshots *", none("Name ModelName")},
		{"show continuous-exports", none("Name ExternalTableName Query ForcedLatency:timespan IntervalBetweenRuns:timespan CursorScopedTables ExportProperties " +
			"LastRunTime:datetime StartCursor IsDisabled:bool LastRunResult ExportedTo:datetime IsRunning:bool")},
		{"show principal roles", (*shower).roles},
		{"show version", (*shower).version},
		{"show cluster", (*shower).cluster},
		{"show diagnostics", (*shower).diagnostics},
	}
}

// none answers for what this service does not have: no rows. A column is a string unless it says otherwise.
func none(columns string) func(*shower) (*kustoTable, error) {
	return func(*shower) (*kustoTable, error) {
		var out []any
		for _, column := range strings.Fields(columns) {
			name, of, typed := strings.Cut(column, ":")
			t := types.String
			if typed {
				t, _ = types.ByName(of)
			}
			out = append(out, name, t)
		}
		return tableOf(out...), nil
	}
}

// own checks the databases that the command names.
func (s *shower) own() error {
	for _, name := range s.given {
		if !ownDatabase(name, s.p.Tenant) {
			return noDatabase(name)
		}
	}
	return nil
}

// databaseID is the tenant's id, which is what makes a database another tenant's.
func (s *shower) databaseID() any {
	id := strings.ToLower(s.p.Tenant)
	if len(id) != 36 || strings.Trim(id, "0123456789abcdef-") != "" || strings.Count(id, "-") != 4 {
		return nil
	}
	return id
}

const readOnly = "ReadOnly" // how the database is attached: there are no commands that change it

func (s *shower) databases() (*kustoTable, error) {
	t := tableOf("DatabaseName", types.String, "PersistentStorage", types.String, "Version", types.String, "IsCurrent", types.Bool,
		"DatabaseAccessMode", types.String, "PrettyName", types.String, "ReservedSlot1", types.Bool, "DatabaseId", types.Guid, "InTransitionTo", types.String)
	return t.add(kustoDatabase, "", schemaVersion, true, readOnly, "", nil, s.databaseID(), ""), s.own()
}

// build is the program's version and when its source was committed.
func build() (version string, at any) {
	version = "devel"
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version, nil
	}
	if info.Main.Version != "" {
		version = info.Main.Version
	}
	i := slices.IndexFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == "vcs.time" })
	if i < 0 {
		return version, nil
	}
	if ticks, ok := types.ParseDatetime(info.Settings[i].Value); ok {
		return version, ticks
	}
	return version, nil
}

func (s *shower) version() (*kustoTable, error) {
	version, at := build()
	return tableOf("BuildVersion", types.String, "BuildTime", types.Datetime, "ServiceType", types.String, "ProductVersion", types.String).
		add(version, at, "Engine", "Harrier "+version), nil
}

// cluster tells of one node; what the machine has is not the client's business.
func (s *shower) cluster() (*kustoTable, error) {
	return tableOf("NodeId", types.String, "Address", types.String, "Name", types.String, "StartTime", types.Datetime, "IsAdmin", types.Bool,
		"MachineTotalMemory", types.Long, "MachineAvailableMemory", types.Long, "ProcessorCount", types.Int, "EnvironmentDescription", types.String).
		add("Node1", s.x.s.cfg.Hunt.Endpoint, "Harrier", nil, true), nil
}

func (s *shower) diagnostics() (*kustoTable, error) {
	version, at := build()
	healthy := s.x.s.cfg.Health(s.x.r.Context()) == nil
	reason := ""
	if !healthy {
		reason = "The store cannot be read."
	}
	return tableOf("IsHealthy", types.Bool, "EnvironmentDescription", types.String, "IsScaleOutRequired", types.Bool, "MachinesTotal", types.Int,
		"MachinesOffline", types.Int, "BuildVersion", types.String, "BuildTime", types.Datetime, "NotHealthyReason", types.String,
		"IsAttentionRequired", types.Bool, "AttentionRequiredReason", types.String, "ProductVersion", types.String).
		add(healthy, "", false, 1, 0, version, at, reason, !healthy, reason, "Harrier "+version), nil
}
