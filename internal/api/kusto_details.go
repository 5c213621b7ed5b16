package api

import (
	"slices"

	"github.com/harrier-hunting/harrier/internal/types"
)

// Details of the database and its tables. Counts and sizes are those of the rows of all devices, of which a caller may
// see some only, so there are none here; nor are there policies of storage, which a cluster has and this service has not.

// base are the columns with which every description of a database begins.
func (s *shower) base(more ...any) *kustoTable {
	return tableOf(append([]any{"DatabaseName", types.String, "PersistentStorage", types.String, "Version", types.String, "IsCurrent", types.Bool,
		"DatabaseAccessMode", types.String, "PrettyName", types.String}, more...)...)
}

// describe adds the one database; the columns that are not named are empty.
func (s *shower) describe(t *kustoTable, known map[string]any) (*kustoTable, error) {
	values := []any{kustoDatabase, "", schemaVersion, true, readOnly, ""}
	for _, c := range t.cols[len(values):] {
		v := known[c.Name]
		if c.Name == "DatabaseId" {
			v = s.databaseID()
		}
		values = append(values, v)
	}
	return t.add(values...), s.own()
}

func (s *shower) databaseIdentity() (*kustoTable, error) {
	return s.describe(s.base("CurrentUserIsUnrestrictedViewer", types.Bool, "DatabaseId", types.Guid, "InTransitionTo", types.String, "SuspensionState", types.String), nil)
}

// policies are the columns of policies that databases and their details share.
func policies() []any {
	return []any{"AuthorizedPrincipals", types.String, "RetentionPolicy", types.String, "MergePolicy", types.String, "CachingPolicy", types.String,
		"ShardingPolicy", types.String, "StreamingIngestionPolicy", types.String, "IngestionBatchingPolicy", types.String}
}

func (s *shower) databasePolicies() (*kustoTable, error) {
	return s.describe(s.base(append([]any{"DatabaseId", types.Guid}, policies()...)...), nil)
}

func (s *shower) databaseDetails() (*kustoTable, error) {
	t := s.base(append(policies(), "TotalSize", types.Real, "DatabaseId", types.Guid, "InTransitionTo", types.String, "NumberOfTables", types.Int,
		"NumberOfExternalTables", types.Int, "NumberOfMaterializedViews", types.Int, "EncryptionScope", types.Int, "SuspensionState", types.String)...)
	return s.describe(t, map[string]any{"NumberOfTables": len(s.listed()), "NumberOfExternalTables": 0, "NumberOfMaterializedViews": 0})
}

func (s *shower) databaseStats() (*kustoTable, error) {
	return s.describe(s.base("DatabaseId", types.Guid, "OriginalSize", types.Real, "ExtentSize", types.Real, "CompressedSize", types.Real, "IndexSize", types.Real,
		"RowCount", types.Long, "HotOriginalSize", types.Real, "HotExtentSize", types.Real, "HotCompressedSize", types.Real, "HotIndexSize", types.Real,
		"HotRowCount", types.Long, "TotalExtents", types.Long, "HotExtents", types.Long), nil)
}

func (s *shower) tableDetails() (*kustoTable, error) {
	list, err := s.named()
	if len(s.given) == 0 {
		list = s.listed()
	}
	out := tableOf("TableName", types.String, "DatabaseName", types.String, "Folder", types.String, "DocString", types.String,
		"TotalExtents", types.Long, "TotalExtentSize", types.Real, "TotalOriginalSize", types.Real, "TotalRowCount", types.Long,
		"HotExtents", types.Long, "HotExtentSize", types.Real, "HotOriginalSize", types.Real, "HotRowCount", types.Long,
		"AuthorizedPrincipals", types.String, "RetentionPolicy", types.String, "CachingPolicy", types.String, "ShardingPolicy", types.String,
		"MergePolicy", types.String, "StreamingIngestionPolicy", types.String, "IngestionBatchingPolicy", types.String,
		"MinExtentsCreationTime", types.Datetime, "MaxExtentsCreationTime", types.Datetime, "RowOrderPolicy", types.String, "TableId", types.String)
	for _, t := range list {
		out.add(t.Name, kustoDatabase, folder(t), t.Doc)
	}
	return out, err
}

// fqn is the caller as Kusto names principals.
func (s *shower) fqn() (kind, name string) {
	if s.p.App {
		return "AAD Application", "aadapp=" + s.p.AppID + ";" + s.p.Tenant
	}
	return "AAD User", "aaduser=" + s.p.ObjectID + ";" + s.p.Tenant
}

// caller shows the caller alone: who else may hunt is for those to know who manage it. Whoever may read a table or a
// function may do so as a viewer of the database.
func (s *shower) caller() *kustoTable {
	kind, fqn := s.fqn()
	return tableOf("Role", types.String, "PrincipalType", types.String, "PrincipalDisplayName", types.String, "PrincipalObjectId", types.String,
		"PrincipalFQN", types.String, "Notes", types.String).add("Database "+kustoDatabase+" Viewer", kind, s.p.Name, s.p.ObjectID, fqn, "")
}

func (s *shower) viewer() *kustoTable {
	return tableOf("Scope", types.String, "DisplayName", types.String, "AADObjectID", types.String, "Role", types.String).
		add(kustoDatabase, s.p.Name, s.p.ObjectID, "Viewer")
}

func (s *shower) principals() (*kustoTable, error) { return s.caller(), s.own() }

func (s *shower) tablePrincipals() (*kustoTable, error) {
	_, err := s.named()
	return s.caller(), err
}

func (s *shower) functionPrincipals() (*kustoTable, error) { return s.caller(), s.ownFunction() }

func (s *shower) roles() (*kustoTable, error) { return s.viewer(), nil }

func (s *shower) databaseRoles() (*kustoTable, error) { return s.viewer(), s.own() }

func (s *shower) tableRoles() (*kustoTable, error) {
	_, err := s.named()
	return s.viewer(), err
}

func (s *shower) functionRoles() (*kustoTable, error) { return s.viewer(), s.ownFunction() }

// ownFunction checks the function that the command names.
func (s *shower) ownFunction() error {
	if !slices.ContainsFunc(s.allFunctions(), func(f shownFunction) bool { return f.Name == s.given[0] }) {
		return noEntity("Function", s.given[0])
	}
	return nil
}
