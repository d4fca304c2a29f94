package control

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"scimproof/server/engine"
	"scimproof/server/store"
	"scimproof/server/variant"
)

// Plane carries out control operations. All fields are required.
type Plane struct {
	Store  store.Store
	Clock  func() time.Time
	Random io.Reader
}

// Error is a refusal of the control plane: 400 for a value, 409 for a state, 404 for what is not there.
type Error struct {
	Status  int
	Code    string // "InvalidParameter.ExpirationTime"
	Message string
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

func invalid(parameter, format string, args ...any) error {
	return &Error{http.StatusBadRequest, "InvalidParameter." + parameter, fmt.Sprintf(format, args...)}
}

func denied(code, format string, args ...any) error {
	return &Error{http.StatusConflict, "OperationDenied." + code, fmt.Sprintf(format, args...)}
}

func notFound(kind, id string) error {
	return &Error{http.StatusNotFound, "ResourceNotFound." + kind, fmt.Sprintf("%s %s is not here.", kind, id)}
}

func (p *Plane) now() time.Time { return p.Clock().UTC().Truncate(time.Millisecond) }

func (p *Plane) id(kind string) (string, error) { return engine.NewID(p.Random, kind) }

// The scenarios that can be granted to an application (rule perm-2). Manage implies nothing of read.
const (
	UserRead    = "urn:alibaba:idaas:scope:user:read_all"
	UserManage  = "urn:alibaba:idaas:scope:user:manage_all"
	GroupRead   = "urn:alibaba:idaas:scope:group:read_all"
	GroupManage = "urn:alibaba:idaas:scope:group:manage_all"
)

// Scenarios lists all scenarios.
var Scenarios = []string{UserRead, UserManage, GroupRead, GroupManage}

// NewInstance makes an instance with an organization at its root.
func (p *Plane) NewInstance(ctx context.Context, name string) (in store.Instance, root store.Organization, err error) {
	in = store.Instance{Name: name, PasswordPolicy: DefaultPasswordPolicy, Created: p.now()}
	if in.ID, err = p.id("idaas"); err != nil {
		return in, root, err
	}
	root = store.Organization{Instance: in.ID, Name: name}
	if root.ID, err = p.id("ou"); err != nil {
		return in, root, err
	}
	return in, root, p.Store.Write(ctx, func(tx store.Tx) error {
		if err := tx.PutInstance(in); err != nil {
			return err
		}
		return tx.PutOrganization(root)
	})
}

// DefaultPasswordPolicy is the template of a new instance (rule pass-3).
const DefaultPasswordPolicy = "Unrestricted"

// NewOrganization makes an organization below another.
func (p *Plane) NewOrganization(ctx context.Context, parent, name string) (o store.Organization, err error) {
	if o.ID, err = p.id("ou"); err != nil {
		return o, err
	}
	err = p.Store.Write(ctx, func(tx store.Tx) error {
		above, err := tx.Organization(parent)
		if err != nil {
			return absent(err, "OrganizationalUnit", parent)
		}
		o.Instance, o.Parent, o.Name = above.Instance, above.ID, name
		return tx.PutOrganization(o)
	})
	return o, err
}

// NewApplication is what an application is made from.
type NewApplication struct {
	Instance string
	Name     string   // 1..64 characters
	Kind     string   // standard or custom; a template cannot sync inbound (rule app-2)
	Profile  string   // idaas or rfc
	Scope    []string // organizations of the instance
	Target   string   // lies in the scope (rule sync-1)
	Variants []string
}

// AddApplication makes an application that is enabled, with the API on and every scenario granted.
func (p *Plane) AddApplication(ctx context.Context, n NewApplication) (a store.Application, err error) {
	if length := len([]rune(n.Name)); length < 1 || length > 64 {
		return a, invalid("ApplicationName", "An application has a name of 1 to 64 characters; this one has %d.", length)
	}
	if n.Kind != "standard" && n.Kind != "custom" {
		return a, invalid("ApplicationSourceType", "Only standard and custom applications sync inbound, not %q.", n.Kind)
	}
	if n.Profile != "idaas" && n.Profile != "rfc" {
		return a, invalid("Profile", "The profile of an application is idaas or rfc, not %q.", n.Profile)
	}
	for _, name := range n.Variants {
		if v, ok := variant.Named(name); !ok || v.Profile != n.Profile {
			return a, invalid("Variants", "There is no variant %q of profile %s; leave it out.", name, n.Profile)
		}
	}
	a = store.Application{
		Instance: n.Instance, Name: n.Name, Kind: n.Kind, Profile: n.Profile, Enabled: true, APIEnabled: true,
		Permissions: Scenarios, Scope: n.Scope, Target: n.Target, Variants: n.Variants, Created: p.now(),
	}
	if a.ID, err = p.id("app"); err != nil {
		return a, err
	}
	return a, p.Store.Write(ctx, func(tx store.Tx) error {
		if _, err := tx.Instance(n.Instance); err != nil {
			return absent(err, "Instance", n.Instance)
		}
		if err := tx.PutApplication(a); err != nil {
			return err
		}
		in, err := tx.InScope(a.ID, a.Target)
		if err != nil {
			return err
		}
		if !in {
			return denied("TargetNotInScope", "Organization %s is not in the provisioning scope; choose one that is, or widen the scope.", a.Target)
		}
		return nil
	})
}
