package control_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"scimproof/server/control"
	"scimproof/server/store"
	"scimproof/server/variant"
)

func TestChangeApplicationRefuses(t *testing.T) {
	change := func(make func(l *land) control.ApplicationChange) func(*testing.T, *land) error {
		return func(t *testing.T, l *land) error {
			_, err := l.ChangeApplication(t.Context(), l.app.ID, make(l))
			return err
		}
	}
	only := func(c control.ApplicationChange) func(*testing.T, *land) error {
		return change(func(*land) control.ApplicationChange { return c })
	}
	urn := func(namespace string) func(*testing.T, *land) error {
		return only(control.ApplicationChange{Namespace: &namespace})
	}
	fields := func(pick func(l *land) []string) func(*testing.T, *land) error {
		return change(func(l *land) control.ApplicationChange { return control.ApplicationChange{Fields: new(pick(l))} })
	}
	scope := func(pick func(l *land) control.Scope) func(*testing.T, *land) error {
		return change(func(l *land) control.ApplicationChange { return control.ApplicationChange{Scope: new(pick(l))} })
	}
	refusals(t, []act{
		{"a name", "", only(control.ApplicationChange{Name: new("Other")})},
		{"no name", "InvalidParameter.ApplicationName", only(control.ApplicationChange{Name: new("")})},
		{"a name of 65", "InvalidParameter.ApplicationName", only(control.ApplicationChange{Name: new(strings.Repeat("x", 65))})},
		{"a name with a tab", "InvalidParameter.ApplicationName", only(control.ApplicationChange{Name: new("a\tb")})},
		{"a name that shows nothing", "InvalidParameter.ApplicationName", only(control.ApplicationChange{Name: new("\u200b")})},
		{"a name that reads backwards", "InvalidParameter.ApplicationName", only(control.ApplicationChange{Name: new("a\u202eb")})},
		{"a name of two lines", "InvalidParameter.ApplicationName", only(control.ApplicationChange{Name: new("a\u2028b")})},
		{"a name with a joiner within", "", only(control.ApplicationChange{Name: new("می\u200cخواهم")})},
		{"disabled", "", only(control.ApplicationChange{Enabled: new(false)})},
		{"another profile", "", only(control.ApplicationChange{Profile: new("rfc"), Namespace: new(""), Fields: &[]string{}})},
		{"a profile without extended fields", "InvalidParameter.UserCustomFieldNamespace", only(control.ApplicationChange{Profile: new("rfc")})},
		{"unknown profile", "InvalidParameter.Profile", only(control.ApplicationChange{Profile: new("RFC")})},
		{"a variant", "", only(control.ApplicationChange{Variants: &[]string{variant.UntypedIsWork}})},
		{"unknown variant", "InvalidParameter.Variants", only(control.ApplicationChange{Variants: &[]string{variant.UntypedIsWork, "none"}})},
		{"no scenario", "", only(control.ApplicationChange{Permissions: &[]string{}})},
		{"unknown scenario", "InvalidParameter.GrantScopes", only(control.ApplicationChange{Permissions: &[]string{control.UserRead, "user:read"}})},
		{"one right, one wrong", "InvalidParameter.GrantScopes", only(control.ApplicationChange{Name: new("Other"), Permissions: &[]string{""}})},

		{"another URN", "", urn("urn:ietf:params:scim:schemas:extension:customfield:2.0:User")},
		{"a URN in capitals", "", urn("URN:example:a")},
		{"the longest URN", "", urn("urn:example:" + strings.Repeat("a", 244))},
		{"a URN of 257", "InvalidParameter.UserCustomFieldNamespace", urn("urn:example:" + strings.Repeat("a", 245))},
		{"a URL", "InvalidParameter.UserCustomFieldNamespace", urn("https://example.com/fields")},
		{"a URN of one part", "InvalidParameter.UserCustomFieldNamespace", urn("urn:example")},
		{"a URN with nothing behind it", "InvalidParameter.UserCustomFieldNamespace", urn("urn:example:")},
		{"a URN with a space", "InvalidParameter.UserCustomFieldNamespace", urn("urn:example:a b")},
		{"a URN with brackets", "InvalidParameter.UserCustomFieldNamespace", urn("urn:example:a[b]")},
		{"a URN with a line end", "InvalidParameter.UserCustomFieldNamespace", urn("urn:example:a\n")},
		{"the core schema", "InvalidParameter.UserCustomFieldNamespace", urn("urn:ietf:params:scim:schemas:core:2.0:User")},
		{"the core schema in capitals", "InvalidParameter.UserCustomFieldNamespace", urn("URN:IETF:params:scim:schemas:CORE:2.0:User")},
		{"the enterprise schema", "InvalidParameter.UserCustomFieldNamespace", urn("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")},
		{"a message", "InvalidParameter.UserCustomFieldNamespace", urn("urn:ietf:params:scim:api:messages:2.0:PatchOp")},
		{"no URN for fields", "InvalidParameter.SupportedUserCustomFieldIds", urn("")},

		{"another field", "", fields(func(l *land) []string { return []string{l.synced.ID, l.free.ID} })},
		{"no field", "", fields(func(*land) []string { return nil })},
		{"unknown field", "InvalidParameter.SupportedUserCustomFieldIds", fields(func(*land) []string { return []string{"ufd_none"} })},
		{"a field by its name", "InvalidParameter.SupportedUserCustomFieldIds", fields(func(l *land) []string { return []string{l.free.Name} })},

		{"a wider scope", "", scope(func(l *land) control.Scope { return control.Scope{Organizations: []string{l.root}} })},
		{"no groups", "", scope(func(l *land) control.Scope { return control.Scope{Organizations: []string{l.inside}} })},
		{"a scope without the target", "OperationDenied.TargetNotInScope", scope(func(l *land) control.Scope {
			return control.Scope{Organizations: []string{l.below, l.aside}, Groups: []string{l.group}}
		})},
		{"no scope", "OperationDenied.TargetNotInScope", scope(func(*land) control.Scope { return control.Scope{} })},
		{"unknown organization", "InvalidParameter.OrganizationalUnitIds", scope(func(l *land) control.Scope {
			return control.Scope{Organizations: []string{l.inside, "ou_none"}}
		})},
		{"an organization of another instance", "InvalidParameter.OrganizationalUnitIds", scope(func(l *land) control.Scope {
			return control.Scope{Organizations: []string{l.inside, l.foreign.Target}}
		})},
		{"unknown group", "InvalidParameter.GroupIds", scope(func(l *land) control.Scope {
			return control.Scope{Organizations: []string{l.inside}, Groups: []string{"group_none"}}
		})},
		{"an account as group", "InvalidParameter.GroupIds", func(t *testing.T, l *land) error {
			account := l.resource(t, "User", l.inside)
			return scope(func(l *land) control.Scope {
				return control.Scope{Organizations: []string{l.inside}, Groups: []string{account}}
			})(t, l)
		}},
		{"scope and target", "", change(func(l *land) control.ApplicationChange {
			return control.ApplicationChange{Scope: &control.Scope{Organizations: []string{l.aside}}, Target: &l.aside}
		})},
		{"a target below", "", change(func(l *land) control.ApplicationChange { return control.ApplicationChange{Target: &l.below} })},
		{"no target", "", only(control.ApplicationChange{Target: new("")})},
		{"a target above", "OperationDenied.TargetNotInScope", change(func(l *land) control.ApplicationChange {
			return control.ApplicationChange{Target: &l.root}
		})},
		{"a target of another instance", "OperationDenied.TargetNotInScope", change(func(l *land) control.ApplicationChange {
			return control.ApplicationChange{Target: &l.foreign.Target}
		})},
		{"unknown target", "OperationDenied.TargetNotInScope", only(control.ApplicationChange{Target: new("ou_none")})},
		{"unknown application", "ResourceNotFound.Application", func(t *testing.T, l *land) error {
			_, err := l.ChangeApplication(t.Context(), "app_none", control.ApplicationChange{})
			return err
		}},
		{"deletion", "", func(t *testing.T, l *land) error { return l.DeleteApplication(t.Context(), l.app.ID) }},
		{"deletion of an unknown one", "ResourceNotFound.Application", func(t *testing.T, l *land) error { return l.DeleteApplication(t.Context(), "app_none") }},
	})
}

// A template application has a name and a state, and nothing that syncs (rule app-2).
func TestTemplatesDoNotSync(t *testing.T) {
	l := newLand(t)
	template, err := l.AddApplication(t.Context(), control.NewApplication{Instance: l.app.Instance, Name: "Template", Kind: control.Template, Profile: "idaas"})
	must(t, err)
	const refused = "OperationDenied.TemplateApplication"
	for name, c := range map[string]struct {
		change control.ApplicationChange
		code   string
	}{
		"name":        {control.ApplicationChange{Name: new("Other")}, ""},
		"status":      {control.ApplicationChange{Enabled: new(false)}, ""},
		"API on":      {control.ApplicationChange{APIEnabled: new(true)}, refused},
		"permissions": {control.ApplicationChange{Permissions: &[]string{control.UserRead}}, refused},
		"scope":       {control.ApplicationChange{Scope: &control.Scope{Organizations: []string{l.inside}}}, refused},
		"target":      {control.ApplicationChange{Target: &l.inside}, refused},
		"namespace":   {control.ApplicationChange{Namespace: new(namespace)}, refused},
		"fields":      {control.ApplicationChange{Fields: &[]string{l.free.ID}}, refused},
		"variants":    {control.ApplicationChange{Variants: &[]string{variant.UntypedIsWork}}, refused},
	} {
		t.Run(name, func(t *testing.T) {
			before := l.kept(t)
			_, err := l.ChangeApplication(t.Context(), template.ID, c.change)
			wantCode(t, err, c.code)
			if c.code != "" {
				l.same(t, before)
			}
		})
	}
	for _, kind := range []string{control.BearerToken, control.ClientSecret} {
		_, _, err := l.AddToken(t.Context(), template.ID, kind, control.Days(1))
		wantCode(t, err, refused)
	}
	if n := len(l.tokens(t, template.ID)); n != 0 {
		t.Errorf("the template has %d tokens", n)
	}
}

func TestListsSayEachOnce(t *testing.T) {
	l := newLand(t)
	twice := func(s string) []string { return []string{s, s} }
	a, err := l.ChangeApplication(t.Context(), l.app.ID, control.ApplicationChange{
		Permissions: new(twice(control.UserRead)), Fields: new(twice(l.free.ID)), Variants: new(twice(variant.UntypedIsWork)),
		Scope: &control.Scope{Organizations: twice(l.inside), Groups: twice(l.group)},
	})
	must(t, err)
	scope, err := l.ScopeOf(t.Context(), l.app.ID)
	must(t, err)
	for name, list := range map[string][]string{
		"permissions": a.Permissions, "fields": a.Fields, "variants": a.Variants, "organizations": scope.Organizations, "groups": scope.Groups,
	} {
		if len(list) != 1 {
			t.Errorf("the %s are %v, want one", name, list)
		}
	}
}

// TestLongListsHoldNobodyUp has a list as long as a request can carry. Nobody else can write while it is looked at.
func TestLongListsHoldNobodyUp(t *testing.T) {
	l := newLand(t)
	list := make([]string, 100_000)
	for i := range list {
		list[i] = strconv.Itoa(i)
	}
	begin := time.Now()
	_, err := l.ChangeApplication(t.Context(), l.app.ID, control.ApplicationChange{Permissions: &list})
	wantCode(t, err, "InvalidParameter.GrantScopes")
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	l := newLand(t)
	ctx := t.Context()
	for code, ask := range map[string][]func() error{
		"ResourceNotFound.Instance": {
			func() error { _, err := l.Instance(ctx, "none"); return err },
			func() error { _, err := l.Applications(ctx, "none"); return err },
			func() error { _, err := l.Organizations(ctx, "none"); return err },
			func() error { _, err := l.Fields(ctx, "none"); return err },
		},
		"ResourceNotFound.Application": {
			func() error { _, err := l.Application(ctx, "none"); return err },
			func() error { _, err := l.ScopeOf(ctx, "none"); return err },
			func() error { _, err := l.InScope(ctx, "none", l.inside); return err },
			func() error { _, err := l.Tokens(ctx, "none"); return err },
		},
		"ResourceNotFound.OrganizationalUnit": {func() error { _, err := l.Organization(ctx, "none"); return err }},
		"ResourceNotFound.CustomField":        {func() error { _, err := l.Field(ctx, "none"); return err }},
		"ResourceNotFound.ApplicationToken":   {func() error { _, err := l.Token(ctx, "none"); return err }},
	} {
		for _, f := range ask {
			wantCode(t, f(), code)
		}
	}
}

func TestOpens(t *testing.T) {
	l := newLand(t)
	token, value, err := l.AddToken(t.Context(), l.app.ID, control.ClientSecret, control.Days(1))
	must(t, err)
	off := token
	off.Enabled = false
	for name, c := range map[string]struct {
		token                    store.Token
		kind, application, value string
		want                     bool
	}{
		"right":               {token, control.ClientSecret, l.app.ID, value, true},
		"another kind":        {token, control.BearerToken, l.app.ID, value, false},
		"another application": {token, control.ClientSecret, l.foreign.ID, value, false},
		"another value":       {token, control.ClientSecret, l.app.ID, value + "x", false},
		"disabled":            {off, control.ClientSecret, l.app.ID, value, false},
		"no token":            {store.Token{}, "", "", "", false},
	} {
		if got := l.Opens(c.token, c.kind, c.application, c.value); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	l.now = l.now.Add(day)
	if l.Opens(token, control.ClientSecret, l.app.ID, value) {
		t.Error("a token opens something at the instant of its end")
	}
}
