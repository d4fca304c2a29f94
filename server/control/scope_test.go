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

func TestChangeScopeGroups(t *testing.T) {
	l := newLand(t)
	other := l.resource(t, "Group", l.aside) // its name alone is another
	template, err := l.AddApplication(t.Context(), control.NewApplication{Instance: l.app.Instance, Name: "Template", Kind: control.Template, Profile: "idaas"})
	must(t, err)
	for _, c := range []struct {
		name, application string
		come, leave       []string
		code              string
		want              []string
	}{
		{"an unknown one comes while one goes", l.app.ID, []string{other, "group_none"}, []string{l.group}, "InvalidParameter.GroupIds", []string{l.group}},
		{"no such application", "app_none", []string{other}, nil, "ResourceNotFound.Application", []string{l.group}},
		{"a template application", template.ID, []string{other}, nil, "OperationDenied.TemplateApplication", []string{l.group}},
		{"one that is in it comes, one that is not goes", l.app.ID, []string{l.group}, []string{other, "group_none"}, "", []string{l.group}},
		{"one comes", l.app.ID, []string{other, other}, nil, "", []string{l.group, other}},
		{"one goes", l.app.ID, nil, []string{l.group}, "", []string{other}},
	} {
		err := l.ChangeScopeGroups(t.Context(), c.application, c.come, c.leave)
		if code := codeOf(err); code != c.code {
			t.Errorf("%s: the error is %v, want %q", c.name, err, c.code)
		}
		scope, err := l.ScopeOf(t.Context(), l.app.ID)
		must(t, err)
		if !slices.Equal(scope.Groups, c.want) {
			t.Errorf("%s: the groups are %v, want %v", c.name, scope.Groups, c.want)
		}
	}
}

// codeOf gives the code of a refusal, "" where there is no error.
func codeOf(err error) string {
	if refused, ok := err.(*control.Error); ok {
		return refused.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}
