package main

import "testing"

func TestWorkspaces(t *testing.T) {
	tenants := []string{defaultTenant, "other"}
	got, err := contractFlags{map[string]string{"SOC": defaultTenant, "44444444-4444-4444-8444-44444444444A": "other"}}.workspaces(tenants)
	if err != nil || len(got) != 2 || got["soc"] != defaultTenant || got["44444444-4444-4444-8444-44444444444a"] != "other" {
		t.Errorf("%v %v", got, err)
	}
	for _, names := range []map[string]string{{"soc": "stranger"}, {"": "other"}, {"a/b": "other"}, {"other": defaultTenant}, {"soc": "other", "SOC": "other"}} {
		if got, err := (contractFlags{names}).workspaces(tenants); err == nil {
			t.Errorf("%v is taken as %v", names, got)
		}
	}
}
