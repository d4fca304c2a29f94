package control_test

import (
	"slices"
	"testing"

	"scimproof/server/control"
)

func TestOrganizationsOfAScopeAlone(t *testing.T) {
	l := newLand(t)
	want := []string{l.inside, l.aside}
	_, err := l.ChangeApplication(t.Context(), l.app.ID, control.ApplicationChange{Organizations: &want})
	must(t, err)
	scope, err := l.ScopeOf(t.Context(), l.app.ID)
	must(t, err)
	if !slices.Equal(scope.Organizations, want) || !slices.Equal(scope.Groups, []string{l.group}) {
		t.Errorf("the scope is %v, want %v and the group %s", scope, want, l.group)
	}
	_, err = l.ChangeApplication(t.Context(), l.app.ID, control.ApplicationChange{Organizations: &[]string{l.aside}})
	if refused, ok := err.(*control.Error); !ok || refused.Code != "OperationDenied.TargetNotInScope" {
		t.Errorf("a scope that leaves the target outside: %v", err)
	}
}
