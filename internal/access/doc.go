// Package access decides what a caller may see: permissions by role, rows by
// device group.
//
// The policy is data, one JSON file (docs/access.md). Parse refuses what it
// does not know, so that a misspelt rule is an error and never a device that
// everybody sees. A Policy is immutable; Keeper reads the file again when it
// changes and keeps the last good policy when it is broken.
//
// Decide turns a principal into a Grant: an application sees every device, a
// user the groups that are open to one of their Entra groups (the service's
// documentation states the restriction for user tokens only). Which group a
// device is in is Grant.Sees' business: it matches the device, as its latest
// report in DeviceInfo describes it, against the rules by rank. The package
// knows nothing of plans; hunt asks it, guard applies the answer at every scan.
package access
