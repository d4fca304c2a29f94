package control

import (
	"context"
	"errors"
	"slices"
	"strings"

	"scimproof/server/store"
	"scimproof/server/variant"
)

// The scenarios that can be granted to an application (rule perm-2). Manage implies nothing of read.
const (
	UserRead    = "urn:alibaba:idaas:scope:user:read_all"
	UserManage  = "urn:alibaba:idaas:scope:user:manage_all"
	GroupRead   = "urn:alibaba:idaas:scope:group:read_all"
	GroupManage = "urn:alibaba:idaas:scope:group:manage_all"
)

// Scenarios lists all scenarios.
var Scenarios = []string{UserRead, UserManage, GroupRead, GroupManage}

// The kinds of application. A template application cannot sync inbound (rule app-2).
const (
	Standard = "standard"
	Custom   = "custom"
	Template = "template"
)

// NewApplication is what an application is made from.
type NewApplication struct {
	Instance string
	Name     string // 1..64 characters
	Kind     string
	Profile  string // idaas or rfc
	// With is what it has from the start. Without it the application is enabled, and everything about synchronization is still to be set.
	With ApplicationChange
}

// ApplicationChange is what becomes different of an application; nil stays.
type ApplicationChange struct {
	Name          *string
	Profile       *string // what the application has made as the other profile is seen again when it changes back
	Enabled       *bool
	APIEnabled    *bool     // the IDaaS API (rule perm-1)
	Permissions   *[]string // the granted scenarios
	Scope         *Scope
	Organizations *[]string // those of the scope alone; its groups stay
	Target        *string   // synchronization target: an organization in the scope, or "" for none
	Namespace     *string   // URN under which extended fields go over SCIM, or "" for none
	Fields        *[]string
	Variants      *[]string
}

// Scope is the provisioning scope of an application (rule scope-1): organizations, each with all below it, and groups.
type Scope struct{ Organizations, Groups []string }

// Inbound is the change that opens an application for synchronization into a scope: the API is on and every scenario granted.
func Inbound(organizations []string, target string, variants ...string) ApplicationChange {
	return ApplicationChange{
		APIEnabled: new(true), Permissions: new(slices.Clone(Scenarios)), Scope: &Scope{Organizations: organizations}, Target: &target, Variants: &variants,
	}
}

// Applications lists the applications of an instance, or with "" those of all.
func (p *Plane) Applications(ctx context.Context, instance string) ([]store.Application, error) {
	return read(ctx, p, func(r store.Reader) (out []store.Application, err error) {
		if instance != "" {
			if _, err := r.Instance(instance); err != nil {
				return nil, absent(err, "Instance", instance)
			}
			return r.Applications(instance)
		}
		instances, err := r.Instances()
		for i := 0; i < len(instances) && err == nil; i++ {
			var list []store.Application
			list, err = r.Applications(instances[i].ID)
			out = append(out, list...)
		}
		return out, err
	})
}

// Application finds an application.
func (p *Plane) Application(ctx context.Context, id string) (store.Application, error) {
	a, err := read(ctx, p, func(r store.Reader) (store.Application, error) { return r.Application(id) })
	return a, absent(err, "Application", id)
}

// ScopeOf reads the provisioning scope of an application.
func (p *Plane) ScopeOf(ctx context.Context, application string) (Scope, error) {
	return read(ctx, p, func(r store.Reader) (Scope, error) {
		a, err := r.Application(application)
		if err != nil {
			return Scope{}, absent(err, "Application", application)
		}
		groups, err := r.ScopeGroups(application)
		return Scope{a.Scope, groups}, err
	})
}

// InScope says whether an organization could be the synchronization target of an application (rule sync-1).
func (p *Plane) InScope(ctx context.Context, application, organization string) (bool, error) {
	return read(ctx, p, func(r store.Reader) (bool, error) {
		if _, err := r.Application(application); err != nil {
			return false, absent(err, "Application", application)
		}
		return r.InScope(application, organization)
	})
}

// AddApplication makes an application.
func (p *Plane) AddApplication(ctx context.Context, n NewApplication) (a store.Application, err error) {
	if !slices.Contains([]string{Standard, Custom, Template}, n.Kind) {
		return a, invalid("ApplicationSourceType", "The kind of an application is standard, custom or template, not %q.", n.Kind)
	}
	id, err := p.id("app")
	if err != nil {
		return a, err
	}
	err = p.Store.Write(ctx, func(tx store.Tx) error {
		if _, err := tx.Instance(n.Instance); err != nil {
			return absent(err, "Instance", n.Instance)
		}
		a = store.Application{ID: id, Instance: n.Instance, Name: n.Name, Kind: n.Kind, Profile: n.Profile, Enabled: true, Created: p.now()}
		return change(tx, &a, n.With)
	})
	return a, err
}

// ChangeApplication changes an application: all of it, or nothing.
func (p *Plane) ChangeApplication(ctx context.Context, id string, c ApplicationChange) (a store.Application, err error) {
	err = p.Store.Write(ctx, func(tx store.Tx) error {
		if a, err = tx.Application(id); err != nil {
			return absent(err, "Application", id)
		}
		return change(tx, &a, c)
	})
	return a, err
}

// DeleteApplication removes an application, which ends all of its tokens. What it made in its instance's directory stays.
func (p *Plane) DeleteApplication(ctx context.Context, id string) error {
	err := p.Store.Write(ctx, func(tx store.Tx) error { return tx.DeleteApplication(id) })
	return absent(err, "Application", id)
}

// change writes an application with a change applied to it, if the result is a right one.
func change(tx store.Tx, a *store.Application, c ApplicationChange) error {
	if a.Kind == Template && c.inbound() {
		return templateRefused()
	}
	c.apply(a)
	for _, check := range []func(store.Tx, *store.Application) error{checkName, checkProfile, checkPermissions, checkScope, checkNamespace, checkFields} {
		if err := check(tx, a); err != nil {
			return err
		}
	}
	if err := tx.PutApplication(*a); err != nil {
		return err
	}
	if c.Scope != nil {
		if err := scopeGroups(tx, a.ID, c.Scope.Groups); err != nil {
			return err
		}
	}
	return targetInScope(tx, *a)
}

func templateRefused() error {
	return denied("TemplateApplication", "A template application cannot sync inbound; make a standard or custom application for it.")
}

// inbound says whether the change is about synchronization.
func (c ApplicationChange) inbound() bool {
	return c.APIEnabled != nil || c.Permissions != nil || c.Scope != nil || c.Organizations != nil || c.Target != nil ||
		c.Namespace != nil || c.Fields != nil || c.Variants != nil
}

func (c ApplicationChange) apply(a *store.Application) {
	set(&a.Name, c.Name)
	set(&a.Profile, c.Profile)
	set(&a.Enabled, c.Enabled)
	set(&a.APIEnabled, c.APIEnabled)
	set(&a.Permissions, c.Permissions)
	set(&a.Target, c.Target)
	set(&a.Namespace, c.Namespace)
	set(&a.Fields, c.Fields)
	set(&a.Variants, c.Variants)
	set(&a.Scope, c.Organizations)
	if c.Scope != nil {
		a.Scope = c.Scope.Organizations
	}
	a.Scope = distinct(a.Scope)
	a.Permissions, a.Fields, a.Variants = distinct(a.Permissions), distinct(a.Fields), distinct(a.Variants)
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

func checkName(_ store.Tx, a *store.Application) error {
	return text("ApplicationName", a.Name, 1, longestName)
}

func checkProfile(_ store.Tx, a *store.Application) error {
	if a.Profile != "idaas" && a.Profile != "rfc" {
		return invalid("Profile", "The profile of an application is idaas or rfc, not %q.", a.Profile)
	}
	for _, name := range a.Variants {
		if v, ok := variant.Named(name); !ok || v.Profile != a.Profile {
			return invalid("Variants", "There is no variant %q of profile %s; leave it out, or choose among %s.", name, a.Profile, strings.Join(variant.Names(a.Profile), ", "))
		}
	}
	return nil
}

func checkPermissions(_ store.Tx, a *store.Application) error {
	for _, name := range a.Permissions {
		if !slices.Contains(Scenarios, name) {
			return invalid("GrantScopes", "There is no scenario %q; choose among %s.", name, strings.Join(Scenarios, ", "))
		}
	}
	return nil
}

func checkScope(tx store.Tx, a *store.Application) error {
	for _, id := range a.Scope {
		o, err := tx.Organization(id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err != nil || o.Instance != a.Instance {
			return invalid("OrganizationalUnitIds", "There is no organization %q in the instance; choose one that is there.", id)
		}
	}
	return nil
}

// scopeGroups makes the groups of a scope the given ones.
func scopeGroups(tx store.Tx, application string, ids []string) error {
	was, err := tx.ScopeGroups(application)
	if err != nil {
		return err
	}
	for _, id := range was {
		if !slices.Contains(ids, id) {
			if err := tx.RemoveFromScope(application, id); err != nil {
				return err
			}
		}
	}
	return addToScope(tx, application, ids) // one that is in it stays
}

// targetInScope refuses a synchronization target outside the provisioning scope (rule sync-1).
func targetInScope(tx store.Tx, a store.Application) error {
	if a.Target == "" {
		return nil
	}
	in, err := tx.InScope(a.ID, a.Target)
	if err == nil && !in {
		err = denied("TargetNotInScope", "The synchronization target %s of application %q is not in its provisioning scope; choose one that is, or widen the scope.", a.Target, a.Name)
	}
	return err
}
