package control_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"scimproof/server/control"
	"scimproof/server/store"
)

// land is an instance for the refusals: organizations below its root, an application whose scope and target is inside, a field that the
// application syncs, one that is free, and another instance.
type land struct {
	*bench
	root, inside, below, aside string // organizations; below lies inside
	app                        store.Application
	group                      string
	synced, free               store.Field
	foreign                    store.Application // of another instance
}

const namespace = "urn:example:fields:2.0:User"

func newLand(t *testing.T) *land {
	t.Helper()
	l := &land{bench: newBench(t)}
	l.foreign = l.application(t)
	in, root, err := l.NewInstance(t.Context(), "Land")
	must(t, err)
	l.root = root.ID
	l.inside, l.aside = l.organization(t, l.root, "Inside"), l.organization(t, l.root, "Aside")
	l.below = l.organization(t, l.inside, "Below")
	l.synced, l.free = l.field(t, in.ID, "synced"), l.field(t, in.ID, "free")
	with := control.Inbound([]string{l.inside}, l.inside)
	with.Namespace, with.Fields = new(namespace), &[]string{l.synced.ID}
	l.app, err = l.AddApplication(t.Context(), control.NewApplication{Instance: in.ID, Name: "App", Kind: control.Custom, Profile: "idaas", With: with})
	must(t, err)
	l.group = l.resource(t, "Group", "")
	_, err = l.ChangeApplication(t.Context(), l.app.ID, control.ApplicationChange{Scope: &control.Scope{Organizations: []string{l.inside}, Groups: []string{l.group}}})
	must(t, err)
	return l
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (b *bench) organization(t *testing.T, parent, name string) string {
	t.Helper()
	o, err := b.NewOrganization(t.Context(), parent, name)
	must(t, err)
	return o.ID
}

func (b *bench) field(t *testing.T, instance, name string) store.Field {
	t.Helper()
	f, err := b.AddField(t.Context(), store.Field{Instance: instance, Name: name, DisplayName: name, Type: "string", Enabled: true})
	must(t, err)
	return f
}

// resource puts an account or a group into the directory of the land's application.
func (l *land) resource(t *testing.T, typ, organization string) string {
	t.Helper()
	id := strings.ToLower(typ) + "_" + organization
	must(t, l.Store.Write(t.Context(), func(tx store.Tx) error {
		return tx.Insert(control.ViewOf(l.app), store.Record{
			ID: id, Type: typ, Version: 1, Created: l.now, Modified: l.now, Source: l.app.ID, Organization: organization, Body: []byte(`{}`),
		}, false)
	}))
	return id
}

// kept is all that the control plane keeps of the land.
func (l *land) kept(t *testing.T) (out []any) {
	t.Helper()
	must(t, l.Store.Read(t.Context(), func(r store.Reader) error {
		for _, get := range []func() (any, error){
			func() (any, error) { return r.Instances() },
			func() (any, error) { return r.Applications(l.app.Instance) },
			func() (any, error) { return r.ScopeGroups(l.app.ID) },
			func() (any, error) { return r.Organizations(l.app.Instance) },
			func() (any, error) { return r.Organizations(l.foreign.Instance) },
			func() (any, error) { return r.Fields(l.app.Instance) },
		} {
			list, err := get()
			if err != nil {
				return err
			}
			out = append(out, list)
		}
		return nil
	}))
	return out
}

// same checks that what is kept is what it was.
func (l *land) same(t *testing.T, before []any) {
	t.Helper()
	if after := l.kept(t); !reflect.DeepEqual(before, after) {
		t.Errorf("something changed: before\n%+v\nafter\n%+v", before, after)
	}
}

// act is something that a test does, and the code with which it is refused, or "".
type act struct {
	name string
	code string
	do   func(t *testing.T, l *land) error
}

// refusals runs each act in a land of its own. What is refused changes nothing, and what is not changes something.
func refusals(t *testing.T, acts []act) {
	t.Helper()
	for _, c := range acts {
		t.Run(c.name, func(t *testing.T) {
			l := newLand(t)
			before := l.kept(t)
			wantCode(t, c.do(t, l), c.code)
			if c.code != "" {
				l.same(t, before)
			} else if reflect.DeepEqual(before, l.kept(t)) {
				t.Error("nothing changed")
			}
		})
	}
}

func TestChangeInstanceRefuses(t *testing.T) {
	change := func(c control.InstanceChange) func(*testing.T, *land) error {
		return func(t *testing.T, l *land) error {
			_, err := l.ChangeInstance(t.Context(), l.app.Instance, c)
			return err
		}
	}
	refusals(t, []act{
		{"a name", "", change(control.InstanceChange{Name: new("Other")})},
		{"a policy", "", change(control.InstanceChange{PasswordPolicy: new("Complex")})},
		{"no name", "InvalidParameter.InstanceName", change(control.InstanceChange{Name: new("")})},
		{"a name of 65", "InvalidParameter.InstanceName", change(control.InstanceChange{Name: new(strings.Repeat("ü", 65))})},
		{"a name of two lines", "InvalidParameter.InstanceName", change(control.InstanceChange{Name: new("a\nb")})},
		{"a name that begins with a space", "InvalidParameter.InstanceName", change(control.InstanceChange{Name: new(" a")})},
		{"a name that is no text", "InvalidParameter.InstanceName", change(control.InstanceChange{Name: new("a\xff")})},
		{"unknown policy", "InvalidParameter.PasswordPolicy", change(control.InstanceChange{PasswordPolicy: new("Strict")})},
		{"one right, one wrong", "InvalidParameter.PasswordPolicy", change(control.InstanceChange{Name: new("Other"), PasswordPolicy: new("")})},
		{"unknown instance", "ResourceNotFound.Instance", func(t *testing.T, l *land) error {
			_, err := l.ChangeInstance(t.Context(), "idaas_none", control.InstanceChange{Name: new("Other")})
			return err
		}},
		{"deletion", "", func(t *testing.T, l *land) error { return l.DeleteInstance(t.Context(), l.foreign.Instance) }},
		{"deletion of an unknown instance", "ResourceNotFound.Instance", func(t *testing.T, l *land) error { return l.DeleteInstance(t.Context(), "idaas_none") }},
	})
}

func TestChangeOrganizationRefuses(t *testing.T) {
	move := func(pick func(l *land) (id, parent string)) func(*testing.T, *land) error {
		return func(t *testing.T, l *land) error {
			id, parent := pick(l)
			_, err := l.ChangeOrganization(t.Context(), id, control.OrganizationChange{Parent: &parent, Name: new("Moved")})
			return err
		}
	}
	rename := func(name string) func(*testing.T, *land) error {
		return func(t *testing.T, l *land) error {
			_, err := l.ChangeOrganization(t.Context(), l.below, control.OrganizationChange{Name: &name})
			return err
		}
	}
	refusals(t, []act{
		{"a move", "", move(func(l *land) (string, string) { return l.aside, l.below })},
		{"a move that takes the scope along", "", move(func(l *land) (string, string) { return l.inside, l.aside })},
		{"the root is renamed", "", move(func(l *land) (string, string) { return l.root, "" })},
		{"the root", "OperationDenied.RootOrganizationalUnit", move(func(l *land) (string, string) { return l.root, l.aside })},
		{"no parent", "InvalidParameter.ParentId", move(func(l *land) (string, string) { return l.below, "" })},
		{"below itself", "OperationDenied.OrganizationalUnitCircle", move(func(l *land) (string, string) { return l.inside, l.inside })},
		{"below what is below it", "OperationDenied.OrganizationalUnitCircle", move(func(l *land) (string, string) { return l.inside, l.below })},
		{"below another instance", "ResourceNotFound.OrganizationalUnit", move(func(l *land) (string, string) { return l.aside, l.foreign.Target })},
		{"below nothing", "ResourceNotFound.OrganizationalUnit", move(func(l *land) (string, string) { return l.aside, "ou_none" })},
		{"unknown", "ResourceNotFound.OrganizationalUnit", move(func(l *land) (string, string) { return "ou_none", l.root })},
		{"the target out of the scope", "OperationDenied.TargetNotInScope", func(t *testing.T, l *land) error {
			_, err := l.ChangeApplication(t.Context(), l.app.ID, control.ApplicationChange{Target: &l.below})
			must(t, err)
			_, err = l.ChangeOrganization(t.Context(), l.below, control.OrganizationChange{Parent: &l.aside})
			_, back := l.ChangeApplication(t.Context(), l.app.ID, control.ApplicationChange{Target: &l.inside})
			must(t, back)
			return err
		}},
		{"a name", "", rename("Renamed")},
		{"no name", "InvalidParameter.OrganizationalUnitName", rename("")},
		{"a name of 65", "InvalidParameter.OrganizationalUnitName", rename(strings.Repeat("x", 65))},
	})
}

func TestDeleteOrganizationRefuses(t *testing.T) {
	remove := func(pick func(t *testing.T, l *land) string) func(*testing.T, *land) error {
		return func(t *testing.T, l *land) error { return l.DeleteOrganization(t.Context(), pick(t, l)) }
	}
	refusals(t, []act{
		{"a free one", "", remove(func(_ *testing.T, l *land) string { return l.aside })},
		{"one inside a scope", "", remove(func(_ *testing.T, l *land) string { return l.below })},
		{"the root", "OperationDenied.RootOrganizationalUnit", remove(func(_ *testing.T, l *land) string { return l.root })},
		{"one with another below it", "OperationDenied.OrganizationalUnitNotEmpty", remove(func(_ *testing.T, l *land) string { return l.inside })},
		{"one with an account", "OperationDenied.OrganizationalUnitNotEmpty", remove(func(t *testing.T, l *land) string {
			l.resource(t, "User", l.below)
			return l.below
		})},
		{"unknown", "ResourceNotFound.OrganizationalUnit", remove(func(*testing.T, *land) string { return "ou_none" })},
	})
}

func TestDeleteOrganizationThatAnApplicationNames(t *testing.T) {
	for name, use := range map[string]func(l *land) control.ApplicationChange{
		"scope": func(l *land) control.ApplicationChange {
			return control.ApplicationChange{Scope: &control.Scope{Organizations: []string{l.inside, l.below}}}
		},
		"target": func(l *land) control.ApplicationChange { return control.ApplicationChange{Target: &l.below} },
	} {
		t.Run(name, func(t *testing.T) {
			l := newLand(t)
			_, err := l.ChangeApplication(t.Context(), l.app.ID, use(l))
			must(t, err)
			wantCode(t, l.DeleteOrganization(t.Context(), l.below), "OperationDenied.OrganizationalUnitInUse")
			_, err = l.ChangeApplication(t.Context(), l.app.ID, control.ApplicationChange{Scope: &control.Scope{}, Target: new("")})
			must(t, err)
			wantCode(t, l.DeleteOrganization(t.Context(), l.below), "")
		})
	}
}

func TestAddFieldRefuses(t *testing.T) {
	add := func(change func(f *store.Field)) func(*testing.T, *land) error {
		return func(t *testing.T, l *land) error {
			f := store.Field{Instance: l.app.Instance, Name: "badge_1", DisplayName: "Badge", Type: "string"}
			change(&f)
			_, err := l.AddField(t.Context(), f)
			return err
		}
	}
	options := func(n int) (list []store.Option) {
		for i := range n {
			list = append(list, store.Option{Value: fmt.Sprint(i)})
		}
		return list
	}
	refusals(t, []act{
		{"right", "", add(func(*store.Field) {})},
		{"a number", "", add(func(f *store.Field) { f.Type = "number" })},
		{"a boolean", "", add(func(f *store.Field) { f.Type = "boolean" })},
		{"100 options", "", add(func(f *store.Field) { f.Input, f.Options = "select", options(100) })},
		{"a name of 40", "", add(func(f *store.Field) { f.Name = strings.Repeat("x", 40) })},
		{"no name", "InvalidParameter.FieldName", add(func(f *store.Field) { f.Name = "" })},
		{"a name of 41", "InvalidParameter.FieldName", add(func(f *store.Field) { f.Name = strings.Repeat("x", 41) })},
		{"a digit first", "InvalidParameter.FieldName", add(func(f *store.Field) { f.Name = "1x" })},
		{"an underscore first", "InvalidParameter.FieldName", add(func(f *store.Field) { f.Name = "_x" })},
		{"a dot", "InvalidParameter.FieldName", add(func(f *store.Field) { f.Name = "a.b" })},
		{"a name with a line end", "InvalidParameter.FieldName", add(func(f *store.Field) { f.Name = "x\n" })},
		{"a name that is taken in other case", "OperationDenied.FieldNameTaken", add(func(f *store.Field) { f.Name = "FREE" })},
		{"unknown type", "InvalidParameter.FieldDataType", add(func(f *store.Field) { f.Type = "date" })},
		{"no type", "InvalidParameter.FieldDataType", add(func(f *store.Field) { f.Type = "" })},
		{"unknown input", "InvalidParameter.FieldDisplayType", add(func(f *store.Field) { f.Input = "slider" })},
		{"an input of other types", "InvalidParameter.FieldDisplayType", add(func(f *store.Field) { f.Type, f.Input = "number", "select" })},
		{"no display name", "InvalidParameter.FieldDisplayName", add(func(f *store.Field) { f.DisplayName = "" })},
		{"a description of 513", "InvalidParameter.Description", add(func(f *store.Field) { f.Description = strings.Repeat("x", 513) })},
		{"options of a number", "InvalidParameter.Options", add(func(f *store.Field) { f.Type, f.Options = "number", options(1) })},
		{"nothing to select", "InvalidParameter.Options", add(func(f *store.Field) { f.Input = "select" })},
		{"101 options", "InvalidParameter.Options", add(func(f *store.Field) { f.Options = options(101) })},
		{"an option twice", "InvalidParameter.Options", add(func(f *store.Field) { f.Options = slices.Concat(options(2), options(1)) })},
		{"an empty option", "InvalidParameter.Options.1.Value", add(func(f *store.Field) { f.Options = append(options(1), store.Option{}) })},
		{"an option of 65", "InvalidParameter.Options.0.Value", add(func(f *store.Field) { f.Options = []store.Option{{Value: strings.Repeat("x", 65)}} })},
		{"an option named by 129", "InvalidParameter.Options.0.DisplayName", add(func(f *store.Field) {
			f.Options = []store.Option{{Value: "x", DisplayName: strings.Repeat("x", 129)}}
		})},
		{"unknown instance", "ResourceNotFound.Instance", add(func(f *store.Field) { f.Instance = "idaas_none" })},
	})
}

func TestFieldLimit(t *testing.T) {
	l := newLand(t)
	for i := range 98 { // there are two
		l.field(t, l.app.Instance, fmt.Sprintf("field_%d", i))
	}
	more := store.Field{Instance: l.app.Instance, Name: "more", DisplayName: "More", Type: "string"}
	_, err := l.AddField(t.Context(), more)
	wantCode(t, err, "OperationDenied.FieldLimit")
	must(t, l.DeleteField(t.Context(), l.free.ID))
	_, err = l.AddField(t.Context(), more)
	wantCode(t, err, "")
}

func TestChangeFieldRefuses(t *testing.T) {
	change := func(c control.FieldChange) func(*testing.T, *land) error {
		return func(t *testing.T, l *land) error {
			_, err := l.ChangeField(t.Context(), l.synced.ID, c)
			return err
		}
	}
	remove := func(pick func(l *land) string) func(*testing.T, *land) error {
		return func(t *testing.T, l *land) error { return l.DeleteField(t.Context(), pick(l)) }
	}
	refusals(t, []act{
		{"all that can change", "", change(control.FieldChange{
			DisplayName: new("D"), Description: new("d"), Required: new(true), Enabled: new(false), Options: &[]store.Option{{Value: "x", Enabled: true}},
		})},
		{"no display name", "InvalidParameter.FieldDisplayName", change(control.FieldChange{DisplayName: new("")})},
		{"a description of 513", "InvalidParameter.Description", change(control.FieldChange{Description: new(strings.Repeat("x", 513))})},
		{"an option twice", "InvalidParameter.Options", change(control.FieldChange{Options: &[]store.Option{{Value: "x"}, {Value: "x"}}})},
		{"one right, one wrong", "InvalidParameter.Options.0.Value", change(control.FieldChange{Required: new(true), Options: &[]store.Option{{}}})},
		{"unknown", "ResourceNotFound.CustomField", func(t *testing.T, l *land) error {
			_, err := l.ChangeField(t.Context(), "ufd_none", control.FieldChange{Required: new(true)})
			return err
		}},
		{"deletion", "", remove(func(l *land) string { return l.free.ID })},
		{"deletion of one that syncs", "OperationDenied.FieldInUse", remove(func(l *land) string { return l.synced.ID })},
		{"deletion of an unknown one", "ResourceNotFound.CustomField", remove(func(*land) string { return "ufd_none" })},
	})
}
