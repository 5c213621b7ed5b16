// Package ingest turns files into typed rows of catalog tables.
//
// Two kinds of records are read, told apart by their content: those of
// Defender's Streaming API (a category and properties by column name) and
// Windows events as JSON (Sysmon, Security, System, PowerShell; NXLog,
// Winlogbeat and plain exports). Files are JSON Lines or JSON documents,
// alone, in a gzip, a zip, a tar or a tar.gz, or in folders of these.
//
// # Two passes
//
// A file is a recording. The first pass hashes its content and learns what
// its events tell about each other: which processes there were, what a device's
// clock showed, which SID a logon session belongs to (recording). The second
// pass writes rows. So a row names the process that caused it, and that one's
// parent, though they may be described elsewhere in the file, and all rows are
// in UTC (clock). The passes read the same bytes: a file that changes in
// between is refused.
//
// # Once and only once
//
// Rows go to a Sink in batches of bounded size. A batch's id is the SHA-256
// of the content it came from (of an archive's member, not of the archive) and
// its number, and the shift if times were shifted. A sink that stores a batch
// and its id in one transaction therefore takes no row twice, whether a run is
// repeated, resumed after a crash, or the same data comes under another name.
//
// # Nothing is dropped in silence
//
// The report accounts for every record: a row, or an event of a kind without
// mapping, a record of an unknown table or another tenant, a broken line with
// file and number; and for every property without a column and every value
// that is not of its column's type.
//
// # Trust and speed
//
// Input is hostile: records, nesting, archives, names in reports and what the
// first pass remembers are bounded. JSON is read by a scanner of our own
// (json.go): one pass over a record validates it and finds the fields the
// mapping wants without building anything, which is where general JSON
// libraries spend their time; encoding/json is its oracle in a fuzz test.
package ingest
