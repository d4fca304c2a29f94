package selftest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"scimproof/reports/result"
	"scimproof/server"
	"scimproof/server/control"
	"scimproof/server/fault"
	"scimproof/server/variant"
	"scimproof/suites/check"
)

// TestVariants is what keeps the judge from taking a freedom for a fault: with a variant switched on every check still holds, or does not
// apply, but for those that the variant says it changes.
func TestVariants(t *testing.T) {
	if testing.Short() {
		t.Skip("it judges the whole catalogue once for each variant; it runs without -short")
	}
	w := newWorld(t)
	all := checks(t)
	profiles := map[string][]check.Profile{"rfc": {check.RFC, check.Okta, check.Entra}, "idaas": check.Profiles}
	for _, v := range variant.All() {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			selected, err := check.Select(all, profiles[v.Profile], nil)
			if err != nil {
				t.Fatal(err)
			}
			byID(t, all, v.Changes...)
			place := w.serve(t, fault.Fault{}) // with a clock of its own, since some checks move it
			j := judge(context.Background(), envOf(t, place, w.with(t, v)), all, selected, profiles[v.Profile]...)
			for _, row := range j.Rows {
				changed := slices.Contains(v.Changes, row.ID)
				switch right := right(row); {
				case right && changed:
					t.Errorf("%s holds with %s, which says that it changes it", row.ID, v.Name)
				case !right && !changed:
					t.Errorf("%s is %s with %s: %s", row.ID, row.Outcome, v.Name, row.Reason)
				}
			}
			for _, r := range j.Residue {
				t.Errorf("left behind: %s: %s", r.Location, r.Reason)
			}
		})
	}
}

// right says whether a row tells of a server that does what it should.
func right(row result.Check) bool {
	switch row.Outcome {
	case result.Pass, result.NA:
		return true
	case result.Info:
		return row.Level == string(check.May) || strings.HasPrefix(row.Reason, "holds")
	}
	return false
}

// with makes an application that has the variant, in an instance of its own.
func (w *world) with(t *testing.T, v variant.Variant) control.DemoApplication {
	t.Helper()
	plane := server.Control(w.config(w.store))
	in, root, err := plane.NewInstance(t.Context(), v.Name)
	if err != nil {
		t.Fatal(err)
	}
	made := control.DemoApplication{}
	made.Application, err = plane.AddApplication(t.Context(), control.NewApplication{
		Instance: in.ID, Name: v.Name, Kind: control.Custom, Profile: v.Profile, With: control.Inbound([]string{root.ID}, root.ID, v.Name),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, made.Token, err = plane.AddToken(t.Context(), made.Application.ID, control.BearerToken, control.Days(365)); err != nil {
		t.Fatal(err)
	}
	return made
}
