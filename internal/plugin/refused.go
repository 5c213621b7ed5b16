package plugin

// The reasons for which plugins are not run.
const (
	callsOut    = "queries never call other services"
	foreignCode = "code in other languages is never run"
)

// refusedRows are plugins that exist and are never run here.
var refusedRows = []Spec{
	{Name: "python", Doc: "Runs a Python script over the rows.", Ref: "python-plugin", Refused: foreignCode},
	{Name: "r", Doc: "Runs an R script over the rows.", Ref: "r-plugin", Refused: foreignCode},
	{Name: "csharp", Doc: "Runs a C# script over the rows.", Ref: "evaluate-operator", Refused: foreignCode},
	{Name: "sql_request", Doc: "Asks a SQL server.", Ref: "sql-request-plugin", Refused: callsOut},
	{Name: "mysql_request", Doc: "Asks a MySQL server.", Ref: "mysql-request-plugin", Refused: callsOut},
	{Name: "postgresql_request", Doc: "Asks a PostgreSQL server.", Ref: "postgresql-request-plugin", Refused: callsOut},
	{Name: "cosmosdb_sql_request", Doc: "Asks a Cosmos DB account.", Ref: "cosmosdb-plugin", Refused: callsOut},
	{Name: "dax_request", Doc: "Asks a semantic model.", Ref: "evaluate-operator", Refused: callsOut},
	{Name: "azure_digital_twins_query_request", Doc: "Asks Azure Digital Twins.", Ref: "azure-digital-twins-query-request-plugin", Refused: callsOut},
	{Name: "http_request", Doc: "Gets a web page.", Ref: "http-request-plugin", Refused: callsOut},
	{Name: "http_request_post", Doc: "Posts to a web page.", Ref: "http-request-post-plugin", Refused: callsOut},
	{Name: "ai_chat_completion", Doc: "Asks a language model.", Ref: "ai-chat-completion-plugin", Refused: callsOut},
	{Name: "ai_chat_completion_prompt", Doc: "Asks a language model.", Ref: "ai-chat-completion-prompt-plugin", Refused: callsOut},
	{Name: "ai_embeddings", Doc: "Asks a language model for embeddings.", Ref: "ai-embeddings-plugin", Refused: callsOut},
	{Name: "ai_embed_text", Doc: "Asks a language model for embeddings.", Ref: "ai-embeddings-plugin", Refused: callsOut},
	{Name: "execute_query", Doc: "Runs a query on another cluster.", Ref: "evaluate-operator", Refused: callsOut},
	{Name: "execute_show_command", Doc: "Runs a management command.", Ref: "evaluate-operator", Refused: "there are no management commands"},
	{Name: "external_datatable", Doc: "Rows that came with the request.", Ref: "evaluate-operator", Refused: "requests carry no rows; write a datatable"},
	{Name: "infer_storage_schema_with_suggestions", Doc: "Schemas of files in a storage account.", Ref: "infer-storage-schema-with-suggestions-plugin", Refused: "how it chooses what it suggests is not published; infer_storage_schema tells the columns of files"},
	{Name: "identity_v3", Doc: "Internal to the service.", Ref: "evaluate-operator", Refused: "it is internal to the service; write identity()"},
	{Name: "diffpatterns_text", Doc: "Text patterns that tell two sets of rows apart.", Ref: "diffpatterns-text-plugin", Refused: "its patterns follow no published rule; diffpatterns compares columns, reduce finds text patterns"},
}
