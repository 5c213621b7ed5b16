package api

import "net/http"

// regionsPath tells where the service runs. It is public and costs nothing: clients measure their way to it.
const regionsPath = "/api/harrier/regions"

// Region is one place where a deployment runs.
type Region struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	Self bool   `json:"self"`
}

// regions answers with {"regions":[{"name","url","self"}]}.
func (c *call) regions() {
	c.quiet = true
	if c.r.Method != http.MethodGet && c.r.Method != http.MethodHead {
		c.fail(methodNotAllowed("GET, HEAD"))
		return
	}
	list := []Region{}
	if f := c.s.cfg.Ops.Regions; f != nil {
		list = append(list, f()...)
	}
	c.json(http.StatusOK, map[string]any{"regions": list})
}
