package api

import (
	"net/http"

	"github.com/harrier-hunting/harrier/internal/support"
)

// supportPath answers what of KQL runs here. It is public, as the language is.
const supportPath = "/api/harrier/support"

// support answers with the support matrix, or with the rows of one kind or
// name: ?kind=operator&name=where.
func (c *call) support() {
	c.quiet = true
	if c.r.Method != http.MethodGet && c.r.Method != http.MethodHead {
		c.fail(methodNotAllowed("GET, HEAD"))
		return
	}
	m, err := support.Builtin()
	if err == nil {
		var data []byte
		q := c.r.URL.Query()
		if data, err = m.Select(q.Get("kind"), q.Get("name")).JSON(); err == nil {
			c.send(http.StatusOK, bytesBody(data))
			return
		}
	}
	c.s.cfg.Log.Error("support matrix", "error", err)
	c.fail(internal(err))
}
