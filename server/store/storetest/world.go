package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"scimproof/server/scim"
	"scimproof/server/store"
)

// The names of the little world that most tests begin with: an instance with a tree of organizations
//
//	root ─┬─ east ── lab
//	      └─ west
//
// and two applications, of which narrow has east in its scope and wide everything.
const (
	instanceID = "instance_1"
	narrow     = "app_narrow"
	wide       = "app_wide"
)

// epoch is when the world begins. Later instants are counted from it.
var epoch = time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)

func at(ms int) time.Time { return epoch.Add(time.Duration(ms) * time.Millisecond) }

// everything is the view of nobody in particular; of an application, it knows its externalIds; in scope, its scope.
func everything() store.View { return store.View{Directory: instanceID} }
func of(application string) store.View {
	return store.View{Directory: instanceID, Application: application}
}
func inScope(application string) store.View {
	return store.View{Directory: instanceID, Application: application, Scoped: true}
}

// found makes the world.
func found(t *testing.T, s store.Store) {
	t.Helper()
	write(t, s, func(tx store.Tx) error {
		return errors.Join(
			tx.PutInstance(store.Instance{ID: instanceID, Name: "One", Created: epoch}),
			tx.PutOrganization(store.Organization{ID: "root", Instance: instanceID, Name: "Root"}),
			tx.PutOrganization(store.Organization{ID: "east", Instance: instanceID, Parent: "root", Name: "East"}),
			tx.PutOrganization(store.Organization{ID: "west", Instance: instanceID, Parent: "root", Name: "West"}),
			tx.PutOrganization(store.Organization{ID: "lab", Instance: instanceID, Parent: "east", Name: "Lab"}),
			tx.PutApplication(application(narrow, "east")),
			tx.PutApplication(application(wide, "root")),
		)
	})
}

func application(id string, scope ...string) store.Application {
	return store.Application{ID: id, Instance: instanceID, Name: id, Kind: "custom", Profile: "idaas", Enabled: true, APIEnabled: true, Scope: scope, Created: epoch}
}

// user is a record with the given attributes; it is placed in organization and made by application wide.
func user(id, organization string, o scim.Object) store.Record {
	return record("User", id, organization, userKeys, o)
}

// group is a record of a group.
func group(id, displayName string) store.Record {
	r := record("Group", id, "", groupKeys, scim.Object{"displayName": displayName})
	r.Display = displayName
	return r
}

func named(id, organization, userName string) store.Record {
	r := user(id, organization, scim.Object{"userName": userName})
	r.Display = userName
	return r
}

func record(typ, id, organization string, refs []scim.Ref, o scim.Object) store.Record {
	r := store.Record{ID: id, Type: typ, Version: 1, Created: epoch, Modified: epoch, Source: wide, Organization: organization}
	r.Keys = keysOf(refs, o)
	kept := scim.Object{"id": id}
	for name, v := range o {
		switch name {
		case "externalId":
			r.ExternalID = v.(string)
		case userType.Hidden[0].Name:
			r.Hidden = mustJSON(scim.Object{name: v})
		default:
			kept[name] = v
		}
	}
	r.Body = typeOf(typ).Append(nil, kept)
	return r
}

// typeOf is the resource type of a record. Robots, of which there are few, are built like users.
func typeOf(name string) *scim.ResourceType {
	if name == groupType.Name {
		return groupType
	}
	return userType
}

func mustJSON(v any) []byte {
	out, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		panic(err)
	}
	return out
}

func write(t *testing.T, s store.Store, fn func(store.Tx) error) {
	t.Helper()
	if err := s.Write(context.Background(), fn); err != nil {
		t.Fatalf("write: %v", err)
	}
}

func read(t *testing.T, s store.Store, fn func(store.Reader) error) {
	t.Helper()
	if err := s.Read(context.Background(), fn); err != nil {
		t.Fatalf("read: %v", err)
	}
}

// insert adds records in the view of application wide.
func insert(t *testing.T, s store.Store, records ...store.Record) {
	t.Helper()
	write(t, s, func(tx store.Tx) error {
		for _, r := range records {
			if err := tx.Insert(of(wide), r, false); err != nil {
				return err
			}
		}
		return nil
	})
}

func join(t *testing.T, s store.Store, group, typ string, ids ...string) {
	t.Helper()
	write(t, s, func(tx store.Tx) error {
		_, err := tx.AddMembers(everything(), group, members(typ, ids...))
		return err
	})
}

func members(typ string, ids ...string) (out []store.Member) {
	for _, id := range ids {
		out = append(out, store.Member{ID: id, Type: typ})
	}
	return out
}

// memberIDs lists who is in a group.
func memberIDs(r store.Reader, v store.View, group string) (ids []string, err error) {
	err = r.Members(v, group, func(m store.Member) bool {
		ids = append(ids, m.ID)
		return true
	})
	return ids, err
}

// conflictOver says whether an error is a conflict over the attribute.
func conflictOver(err error, attr string) bool {
	var c *store.Conflict
	return errors.As(err, &c) && c.Attr == attr
}

func idsOf(records []store.Record) []string {
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = r.ID
	}
	return ids
}
