package hunt

import (
	"context"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/engine"
)

// TestRangeStops: the rows of a range flow, so that a query over many of them
// ends soon after its time is up, whatever it does with each.
func TestRangeStops(t *testing.T) {
	env, store := testEnv(t), fixtureStore(t)
	scope := testScope(env)
	for _, text := range []string{
		"range x from 1 to 10000000 step 1 | extend y = hash_sha256(strcat('a', x)) | summarize dcount(y)",
		"range x from datetime(2020-01-01) to datetime(2020-01-01 00:00:01) step 2tick | where hash_sha256(tostring(x)) == '' | count",
		"range x from 1 to 10000000 step 1 | extend y = hash_sha256(tostring(x)) | sort by y | take 5",
		"range x from 1 to 10000000 step 1 | serialize n = row_number() | where hash_sha256(tostring(n)) == ''",
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		at := time.Now()
		c, err := Prepare(ctx, text, env, scope, store)
		if err == nil {
			err = runThrough(ctx, store, c, scope.MaxRows)
		}
		cancel()
		// Far more than it takes, far less than to the end.
		if took := time.Since(at); engine.KindOf(err) != engine.Timeout || took > 10*time.Second {
			t.Errorf("%s: %v after %v", text, err, took)
		} else {
			t.Log(took)
		}
	}
}
