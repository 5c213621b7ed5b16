package access

import (
	"encoding/json"
	"maps"
	"slices"
)

// object describes members of which none but these is allowed.
func object(doc string, required []string, members map[string]any) map[string]any {
	out := map[string]any{"type": "object", "additionalProperties": false, "properties": members}
	if doc != "" {
		out["description"] = doc
	}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

func list(doc string, least, most int, item any) map[string]any {
	out := map[string]any{"type": "array", "description": doc, "items": item}
	if least > 0 {
		out["minItems"] = least
	}
	if most > 0 {
		out["maxItems"] = most
	}
	return out
}

func textOf(doc string) map[string]any {
	return map[string]any{"type": "string", "description": doc, "minLength": 1, "maxLength": maxText}
}

func oneOf(doc string, names []string) map[string]any {
	return map[string]any{"type": "string", "description": doc, "enum": slices.Sorted(slices.Values(names))}
}

// Schema is the JSON schema of a policy file, docs/policy.schema.json, for
// editors and checks before a deployment. Parse also knows what a schema cannot
// say, such as two groups of one rank; names of permissions it takes in any
// case.
func Schema() ([]byte, error) {
	ref := map[string]any{"$ref": "#/$defs/groups"}
	condition := object("", []string{"property", "operator", "values"}, map[string]any{
		"property": oneOf("What is looked at.", slices.Collect(maps.Keys(properties))),
		"operator": oneOf("How it is compared; case does not count.", slices.Collect(maps.Keys(operators))),
		"values":   list("Alternatives.", 1, maxValues, textOf("A value.")),
	})
	members := map[string]any{
		"roles": list("What users may do, by the Entra groups in their tokens.", 0, maxRoles,
			object("", []string{"name", "permissions"}, map[string]any{
				"name":        textOf("Name of the role."),
				"permissions": list("What the role allows.", 1, 0, oneOf("A permission.", PermissionNames())),
				"groups":      ref,
			})),
		"deviceGroups": list("Device groups. A device is in the first, by rank, whose rule it matches.", 0, maxGroups,
			object("", []string{"rank", "name", "rule"}, map[string]any{
				"rank":   map[string]any{"type": "integer", "minimum": 1, "description": "1 is the highest; no two groups have the same."},
				"name":   textOf("Name of the group."),
				"rule":   list("Conditions: those on different properties must all hold, those on one are alternatives.", 1, 0, condition),
				"groups": ref,
			})),
		"ungrouped": object("Devices that no rule matches.", nil, map[string]any{"groups": ref}),
	}
	top := maps.Clone(members)
	top["tenants"] = map[string]any{"type": "object", "description": "Rules of their own, by tenant id.", "maxProperties": maxTenants,
		"additionalProperties": map[string]any{"$ref": "#/$defs/rules"}}
	schema := object("", nil, top)
	schema["$schema"], schema["title"] = "https://json-schema.org/draft/2020-12/schema", "Access policy of harrier"
	schema["$defs"] = map[string]any{
		"rules":  object("Roles and device groups of one tenant.", nil, members),
		"groups": list("Ids of Entra groups, as in the claim groups. Without any, a role is nobody's, and devices are everybody's who has a role.", 0, maxMembers, textOf("Id of a group.")),
	}
	out, err := json.MarshalIndent(schema, "", "  ")
	return append(out, '\n'), err
}
