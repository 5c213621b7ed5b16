// Package directory asks Microsoft Graph for the groups of people whose tokens leave them out.
//
// Entra ID writes at most 200 groups into an access token; beyond that it writes none, and says so ("overage"). The answer
// of `_claim_sources` in the token is not followed: it names an interface that Microsoft has switched off (Azure AD Graph),
// and an address out of a token is not one to send a secret to. The user's groups are asked of the address configured, with
// the operation getMemberGroups, which is transitive, knows up to 11,000 groups and answers in one piece:
// https://learn.microsoft.com/graph/api/directoryobject-getmembergroups. Only groups enabled for security count, as in tokens
// with the usual groups claim.
//
// That takes an application of this server's own, with a secret and the application permissions User.Read.All and
// GroupMember.Read.All, consented to in each tenant. Without one, people with too many groups are refused (auth.Principal).
//
// An answer is good for five minutes. While the directory cannot be reached it stays so for an hour, as the groups in a token
// would. One question is asked per person at a time, eight in all; after a failure nobody is asked for until the directory's
// own Retry-After has passed, five seconds by default.
package directory
