package fn

import (
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/types"
)

// TestUserAgent holds the examples of the reference page, and more.
func TestUserAgent(t *testing.T) {
	const (
		air   = "Mozilla/5.0 (Windows; U; en-US) AppleWebKit/531.9 (KHTML, like Gecko) AdobeAIR/2.5.1"
		nokia = "Mozilla/5.0 (SymbianOS/9.2; U; Series60/3.1 NokiaN81-3/10.0.032 Profile/MIDP-2.0 Configuration/CLDC-1.1 ) AppleWebKit/413 (KHTML, like Gecko) Safari/4"
		edge  = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0"
	)
	array := func(s string) types.Value { return types.Value{Type: types.Dynamic, S: s} }
	for _, c := range []struct {
		agent string
		look  []types.Value
		want  string // "" is an error
	}{
		{air, []types.Value{types.StringValue("browser")}, `{"Browser":{"Family":"AdobeAIR","MajorVersion":"2","MinorVersion":"5","Patch":"1"}}`},
		{nokia, []types.Value{array(`["browser","os","device"]`)}, `{"Browser":{"Family":"Nokia OSS Browser","MajorVersion":"3","MinorVersion":"1","Patch":""},` +
			`"OperatingSystem":{"Family":"Symbian OS","MajorVersion":"9","MinorVersion":"2","Patch":"","PatchMinor":""},` +
			`"Device":{"Family":"Nokia N81","Brand":"Nokia","Model":"N81-3"}}`},
		{edge, []types.Value{array(`["os"]`)}, `{"OperatingSystem":{"Family":"Windows","MajorVersion":"10","MinorVersion":"","Patch":"","PatchMinor":""}}`},
		{edge, []types.Value{array(`"browser"`)}, `{"Browser":{"Family":"Edge","MajorVersion":"126","MinorVersion":"0","Patch":"0"}}`},
		{"", nil, `{"Browser":{"Family":"Other","MajorVersion":"","MinorVersion":"","Patch":""},` +
			`"OperatingSystem":{"Family":"Other","MajorVersion":"","MinorVersion":"","Patch":"","PatchMinor":""},"Device":{"Family":"Other","Brand":"","Model":""}}`},
		{strings.Repeat("x", 5_000_000) + air, []types.Value{types.StringValue("browser")}, `{"Browser":{"Family":"Other","MajorVersion":"","MinorVersion":"","Patch":""}}`},
		{"\xff\xfe", []types.Value{types.StringValue("device")}, `{"Device":{"Family":"Other","Brand":"","Model":""}}`},
		{air, []types.Value{types.StringValue("Browser")}, ""},
		{air, []types.Value{array(`[]`)}, ""},
		{air, []types.Value{array(`["os",1]`)}, ""},
		{air, []types.Value{types.Null(types.Dynamic)}, ""},
	} {
		args := append([]types.Value{types.StringValue(c.agent)}, c.look...)
		v, err := Apply(userAgentEval, 0, types.Dynamic, args...)
		if (err != nil) != (c.want == "") || err == nil && v.S != c.want {
			t.Errorf("%.60q, %v: %s (%v), want %s", c.agent, c.look, v.S, err, c.want)
		}
	}
}
