package plugin

// storageSchema tells the columns of files; package external reads them.
var storageSchema = Spec{
	Name: "infer_storage_schema", Ref: "infer-storage-schema-plugin", Fetches: true,
	Doc: "The columns of files named one by one, of allowed hosts, as a schema: names and types by the first 1,000 records of a file. " +
		"Containers, which would have to be listed, are refused.",
	Sigs: []string{"(Options: const dynamic): table"},
	Examples: []Example{
		{KQL: `evaluate infer_storage_schema(dynamic({"StorageContainers": ["https://example.org/logons.csv"], "DataFormat": "csv", "InferenceOptions": {"UseFirstRowAsHeader": true}}))`},
	},
}
