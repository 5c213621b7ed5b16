package fn

import (
	"errors"
	"sync"

	"github.com/ua-parser/uap-go/uaparser"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// userAgentRows tell browsers apart. The patterns are those of the ua-parser
// project, which the engine uses as well; its library embeds them.
var userAgentRows = []Spec{
	{
		Name: "parse_user_agent", Ref: "parse-user-agent-function",
		Doc:  "Browser, operating system and device that a user agent's name tells of.",
		Sigs: []Sig{{Decl: "(user_agent: string, look_for?: stringarr): dynamic"}},
		Eval: userAgentEval,
		Examples: []Example{
			{`parse_user_agent("Mozilla/5.0 (Windows; U; en-US) AppleWebKit/531.9 (KHTML, like Gecko) AdobeAIR/2.5.1", "browser")`,
				`dynamic({"Browser":{"Family":"AdobeAIR","MajorVersion":"2","MinorVersion":"5","Patch":"1"}})`},
			{`parse_user_agent("curl/8.5.0", dynamic(["os", "device"]))`,
				`dynamic({"OperatingSystem":{"Family":"Other","MajorVersion":"","MinorVersion":"","Patch":"","PatchMinor":""},"Device":{"Family":"Other","Brand":"","Model":""}})`},
		},
	},
}

// maxUserAgent bounds the text that a thousand patterns are tried on; what
// identifies a browser stands at the beginning.
const maxUserAgent = 4096

// userAgents compiles the patterns, which takes a tenth of a second, when they
// are first needed. It keeps the latest thousand answers: each takes about a
// millisecond.
var userAgents = sync.OnceValues(func() (*uaparser.Parser, error) { return uaparser.New() })

var errLookFor = errors.New(`parse_user_agent looks for "browser", "os" or "device", or an array of them`)

// lookFor are the parts of an answer that are asked for.
type lookFor struct{ browser, os, device bool }

func (l *lookFor) add(name string) bool {
	switch name {
	case "browser":
		l.browser = true
	case "os":
		l.os = true
	case "device":
		l.device = true
	default:
		return false
	}
	return true
}

// wanted reads argument 1 of row i: a name or an array of them; all parts
// where it is left out.
func (c *Call) wanted(i int) (lookFor, bool) {
	if len(c.Args) < 2 {
		return lookFor{true, true, true}, true
	}
	var l lookFor
	v := c.Args[1]
	if v.Type == types.String {
		return l, l.add(v.Strings[i])
	}
	if v.IsNull(i) {
		return l, false
	}
	if dynamic.KindOf(v.Strings[i]) != dynamic.Array {
		return l, l.add(dynamic.AsString(v.Strings[i]))
	}
	for item := range dynamic.Items(v.Strings[i]) {
		if !l.add(dynamic.AsString(item)) {
			return l, false
		}
	}
	return l, l != lookFor{}
}

func userAgentEval(c *Call) {
	p, err := userAgents()
	if err != nil {
		c.Err = err
		return
	}
	for i := range c.N {
		l, ok := c.wanted(i)
		if !ok {
			c.Err = errLookFor
			return
		}
		text := c.Args[0].Strings[i]
		c.Out.Strings[i] = userAgent(p, text[:min(len(text), maxUserAgent)], l)
	}
}

func userAgent(p *uaparser.Parser, text string, l lookFor) string {
	text = string([]byte(text)) // the parser keeps it, the engine does not
	out := []byte{'{'}
	part := func(name string, fields ...string) {
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(dynamic.AppendString(out, name), ':')
		for k, f := range fields {
			switch {
			case k == 0:
				out = append(out, '{')
			case k%2 == 0:
				out = append(out, ',')
			default:
				out = append(out, ':')
			}
			out = dynamic.AppendString(out, f)
		}
		out = append(out, '}')
	}
	if l.browser {
		b := p.ParseUserAgent(text)
		part("Browser", "Family", b.Family, "MajorVersion", b.Major, "MinorVersion", b.Minor, "Patch", b.Patch)
	}
	if l.os {
		o := p.ParseOs(text)
		part("OperatingSystem", "Family", o.Family, "MajorVersion", o.Major, "MinorVersion", o.Minor, "Patch", o.Patch, "PatchMinor", o.PatchMinor)
	}
	if l.device {
		d := p.ParseDevice(text)
		part("Device", "Family", d.Family, "Brand", d.Brand, "Model", d.Model)
	}
	return string(append(out, '}'))
}
