package tenant_test

import (
	"encoding/json"
	"testing"

	"globalbrain/internal/tenant"
)

func TestAPolicyKeepsItsDefaultsWhereNothingIsSaid(t *testing.T) {
	t.Parallel()
	want := tenant.DefaultPolicy()
	want.MaxChangeCycles = 1
	var got tenant.Policy
	if err := json.Unmarshal([]byte(`{"max_change_cycles": 1}`), &got); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	raw, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var again tenant.Policy
	if err := json.Unmarshal(raw, &again); err != nil || again != want {
		t.Errorf("read back: %+v, %v", again, err)
	}
	if err := json.Unmarshal([]byte(`{"max_change_cycles": "many"}`), &got); err == nil {
		t.Error("a policy of words was read")
	}
}
