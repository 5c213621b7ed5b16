package api

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

//go:generate go run ./openapi -to ../../docs/openapi.json

// openapiPath answers what routes there are. It is public, as the contracts are.
const openapiPath = "/api/harrier/openapi.json"

// operation is what the OpenAPI document says of a route beside what the table knows anyway. Request, Answer and Error name
// schemas.
type operation struct {
	Summary                string
	Params                 []parameter
	Request, Answer, Error string
}

type parameter struct {
	Name, In, Doc string
	Required      bool
}

// openapiSchemas are the bodies of requests and answers.
//
//go:embed openapi_schemas.json
var openapiSchemas []byte

type object map[string]any

// OpenAPI is the OpenAPI 3.1 document of the route table.
func OpenAPI() ([]byte, error) {
	var schemas map[string]json.RawMessage
	if err := json.Unmarshal(openapiSchemas, &schemas); err != nil {
		return nil, fmt.Errorf("api: openapi_schemas.json: %w", err)
	}
	paths := map[string]object{}
	for _, r := range routes() {
		path := strings.ReplaceAll(r.Path, "...}", "}")
		if paths[path] == nil {
			paths[path] = object{}
		}
		op, err := r.operation(schemas)
		if err != nil {
			return nil, err
		}
		paths[path][strings.ToLower(r.Method)] = op
	}
	for _, r := range ownRoutes() {
		if paths[r.Path] == nil {
			paths[r.Path] = object{}
		}
		op, err := r.operation(schemas)
		if err != nil {
			return nil, err
		}
		paths[r.Path][strings.ToLower(r.Method)] = op
	}
	doc := object{
		"openapi": "3.1.0",
		"info": object{"title": "Harrier", "version": "1",
			"description": "The hunting contracts that Harrier answers. Generated from its route table."},
		"security":   []object{{"bearer": []string{}}},
		"paths":      paths,
		"components": object{"securitySchemes": object{"bearer": object{"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}, "schemas": schemas},
	}
	out, err := json.MarshalIndent(doc, "", " ")
	return append(out, '\n'), err
}

// refusals are the statuses of errors that every route has.
var refusals = [...]int{400, 401, 403, 429, 500, 503}

func (r *route) operation(schemas map[string]json.RawMessage) (object, error) {
	op, err := r.Doc.object(r.Method, schemas)
	if err != nil {
		return nil, fmt.Errorf("api: %s %s: %w", r.Method, r.Path, err)
	}
	op["tags"], op["x-harrier-profile"] = []string{r.Contract}, r.Profile
	op["x-harrier-permission"] = object{"role": r.Permission.Role, "scope": r.Permission.Scope}
	if len(r.Aliases) > 0 {
		op["description"] = "Also at " + strings.ReplaceAll(strings.Join(r.Aliases, ", "), "...}", "}") + "."
	}
	return op, nil
}

func (r *ownRoute) operation(schemas map[string]json.RawMessage) (object, error) {
	doc := r.Doc
	doc.Error = "DefenderError"
	op, err := doc.object(r.Method, schemas)
	if err != nil {
		return nil, fmt.Errorf("api: %s %s: %w", r.Method, r.Path, err)
	}
	op["tags"] = []string{"harrier"}
	if r.Need.Role == "" {
		op["security"] = []object{}
	} else {
		op["x-harrier-permission"] = object{"role": r.Need.Role, "scope": r.Need.Scope}
	}
	return op, nil
}

// object describes an operation.
func (d *operation) object(method string, schemas map[string]json.RawMessage) (object, error) {
	op := object{"summary": d.Summary}
	var params []object
	for _, p := range d.Params {
		params = append(params, object{"name": p.Name, "in": p.In, "required": p.Required, "description": p.Doc, "schema": object{"type": "string"}})
	}
	if params != nil {
		op["parameters"] = params
	}
	var err error
	content := func(schema string) object {
		if schema == "" {
			return object{"application/json": object{"schema": object{}}}
		}
		if schemas[schema] == nil {
			err = fmt.Errorf("it names schema %q, which is not in openapi_schemas.json", schema)
		}
		return object{"application/json": object{"schema": object{"$ref": "#/components/schemas/" + schema}}}
	}
	if d.Request != "" {
		op["requestBody"] = object{"required": true, "content": content(d.Request)}
	}
	responses := object{"200": object{"description": "The answer.", "content": content(d.Answer)}}
	if method == http.MethodDelete {
		responses = object{"204": object{"description": "It is deleted."}}
	}
	for _, status := range refusals {
		responses[fmt.Sprint(status)] = object{"description": http.StatusText(status) + ".", "content": content(d.Error)}
	}
	op["responses"] = responses
	return op, err
}

// openapi answers with the document.
func (c *call) openapi() {
	c.quiet = true
	if c.r.Method != http.MethodGet && c.r.Method != http.MethodHead {
		c.fail(methodNotAllowed("GET, HEAD"))
		return
	}
	text, err := OpenAPI()
	if err != nil {
		c.s.cfg.Log.Error("OpenAPI document", "error", err)
		c.fail(internal(err))
		return
	}
	c.send(http.StatusOK, bytesBody(text))
}
