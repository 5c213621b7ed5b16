package hunt

import (
	"errors"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/engine"
)

// TestHiddenRowsFailNothing: functions that refuse a value, or make too much of
// it, never meet that of a hidden row. If they did, any condition on hidden
// rows could be asked for: a query that fails where it holds.
func TestHiddenRowsFailNothing(t *testing.T) {
	env := testEnv(t)
	var rows []string
	for _, table := range []string{"DeviceEvents", "DeviceProcessEvents", "DeviceFileEvents"} {
		rows = append(rows, table+" DeviceId=d1 FileName=hush DeviceName=alpha", table+" DeviceId=d2 FileName=b(e)ta DeviceName=beta", table+" DeviceId=d3 FileName=c DeviceName=gamma")
	}
	s := storedRows(t, env.Now, append(rows, "DeviceInfo DeviceId=d1 DeviceName=alpha", "DeviceInfo DeviceId=d2 DeviceName=beta")...)
	p, err := access.Parse([]byte(scopedPolicy))
	if err != nil {
		t.Fatal(err)
	}
	for user, names := range map[string][2]string{"g-sec": {"alpha", "beta"}, "g-alpha": {"beta", "alpha"}} {
		g, err := p.Decide(auth.Principal{Groups: []string{user}})
		if err != nil {
			t.Fatal(err)
		}
		in, scope, err := restrict(g, env, testScope(env), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range []string{
			"strlen(strrep('xxxxxxxxxxxxxxxx', iff(DeviceName == '?', 2000000, 1))) > 0",
			"isnotempty(tostring(parse_user_agent(FileName, iff(DeviceName == '?', 'hush', 'browser'))))",
		} {
			for _, q := range []string{
				"DeviceEvents | where X | project DeviceId",
				"DeviceEvents | extend Y = X | where Y | project DeviceId",
				"DeviceEvents | where Timestamp > ago(7d) and FileName != 'z' and X | count",
				"DeviceEvents | summarize countif(X) by DeviceId",
				"union DeviceEvents, DeviceProcessEvents | where X | count",
				"union withsource=T Device* | where X | count",
				"MiscEvents | project DeviceName = ComputerName, FileName | where X | count",
				"DeviceEvents | join kind=inner (DeviceProcessEvents | where X) on FileName | count",
				"DeviceEvents | join kind=leftouter DeviceProcessEvents on FileName | where X | count",
				"DeviceEvents | join kind=rightsemi DeviceProcessEvents on FileName | where X | count",
				"DeviceEvents | where FileName in ((DeviceProcessEvents | where X | project FileName)) | count",
				"print toscalar(DeviceEvents | where X | count)",
				"let t = materialize(DeviceEvents); t | where X | count",
				"DeviceEvents | sort by Timestamp asc | extend n = row_number() | where X | count",
				"DeviceEvents | partition hint.strategy=native by DeviceId (where X | take 1) | count",
				"find in (DeviceEvents, DeviceFileEvents) where X | count",
				"DeviceEvents | mv-expand n = range(1, 2) | where X | count",
				"DeviceEvents | distinct FileName, DeviceName | where X | count",
				"DeviceEvents | top 9 by Timestamp | where X | count",
			} {
				q = strings.ReplaceAll(q, "X", x)
				if _, err := ask(s, strings.ReplaceAll(q, "?", names[0]), in, scope); err != nil {
					t.Errorf("%s: a hidden row tells of itself: %s\n%s", user, causes(err), q)
				}
				// The same of a row that may be seen does fail.
				if _, err := ask(s, strings.ReplaceAll(q, "?", names[1]), in, scope); engine.KindOf(err) != engine.Invalid || errors.As(err, new(*QueryError)) {
					t.Errorf("%s: a visible row raises %v\n%s", user, err, q)
				}
			}
		}
	}
}
