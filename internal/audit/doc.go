// Package audit keeps who asked what: one JSON line per request, appended to one file per day (UTC) in a directory.
//
// The trail is not a log. It has its own files, so that no log level, sampling or shipper can lose a part of it; Write
// returns only after the operating system has taken the line, and returns the error if it has not, so that the caller
// can refuse a request that would leave no trace. When data reaches the disk is a policy (Options.Sync). A line is
// written by one call on a file opened for appending: lines of several processes do not mix, and after a crash at most
// the last line is torn, which the next writer closes with a line break.
//
// Query texts can hold secrets and personal data. By default only their SHA-256 is kept, which is enough to see that the
// same query ran again; Options.QueryText keeps the texts.
package audit
