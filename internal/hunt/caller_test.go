package hunt

import (
	"reflect"
	"testing"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/bind"
)

// TestCallerOf: queries learn who asks, and nothing of rights.
func TestCallerOf(t *testing.T) {
	got := callerOf(auth.Principal{
		Tenant: "t", Subject: "s", AppID: "a", ObjectID: "o", Name: "n", App: true, Roles: []string{"r"}, Scopes: []string{"p"},
		Groups: []string{"g"}, GroupsOmitted: true, Issuer: "i",
	})
	want := bind.Caller{Tenant: "t", AppID: "a", ObjectID: "o", Name: "n", App: true, Groups: []string{"g"}, GroupsUnknown: true, Issuer: "i"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}
