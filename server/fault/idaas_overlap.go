package fault

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"

	"scimproof/server/store"
)

// overlapsKept are deviations of how applications share what both scopes have, and of where names end (rules scope-3 to scope-5, user-6, url-2).
var overlapsKept = []Fault{
	{
		Name:   "organization-has-one-owner",
		Breaks: ofRealms("idaas.overlap", "part"),
		Seen:   "directories that let one source of provisioning own an organization or a group, and no second one",
		Store: sifting(func(r store.Reader, v store.View, rec store.Record) bool {
			return ownerOf(r, v, rec) == v.Application
		}),
	},
	{
		Name:   "external-id-emptied-for-all",
		Breaks: []string{"idaas.overlap.external-id-stays"},
		Seen:   "a PUT that deletes every external name of an account before it writes its own",
		Wrap:   emptiesExternalIDs,
	},
	{
		Name:   "deleted-leaves-groups-in-sight",
		Breaks: []string{"idaas.overlap.delete-member"},
		Seen:   "memberships taken away one by one, of the groups that the caller may list",
		Wrap:   leavesGroupsInSight,
	},
	{
		Name:   "addresses-of-the-maker",
		Breaks: []string{"idaas.overlap.location", "idaas.overlap.ref"},
		Seen:   "meta.location stored with the resource when it was made",
		Wrap:   addressesOfTheMaker,
	},
	{
		Name:   "group-names-of-the-instance",
		Breaks: []string{"idaas.apart.group-names", "idaas.overlap.submission-group"},
		Seen:   "Entra ID's validator, which wants names of groups to be unique",
		Store:  reading(everybodysGroups),
	},
	{
		Name:   "unique-within-scope",
		Breaks: []string{"idaas.apart.field-clash"},
		Seen:   "uniqueness looked up with a query that the scope bounds",
		Store:  writing(func(tx store.Tx) store.Tx { return uniqueInSight{tx} }),
	},
	{
		Name:   "groups-shown-with-accounts",
		Breaks: []string{"idaas.scope.groups-of-it"},
		Seen:   "the groups of an account joined in, without asking who may see them",
		Wrap:   groupsShownWithAccounts,
	},
	{
		Name:   "organizations-of-any-instance",
		Breaks: []string{"idaas.instance.organization"},
		Seen:   "an organization that is held against a scope only where it is one of the tenant's own",
		Store: reading(func(r store.Reader) reader {
			return reader{inScope: func(application, organization string) (bool, error) {
				a, err := r.Application(application)
				o, unknown := r.Organization(organization)
				if err == nil && unknown == nil && a.Instance != o.Instance {
					return true, nil
				}
				return r.InScope(application, organization)
			}}
		}),
	},
	{
		Name:         "scope-across-instances",
		Breaks:       []string{"idaas.instance.scope"},
		Seen:         "ids that an administrator may set, and that nobody looks at again",
		ControlStore: writing(func(tx store.Tx) store.Tx { return &borderless{Tx: tx} }),
	},
}

// ownerOf is the first application whose scope has a record.
func ownerOf(r store.Reader, v store.View, rec store.Record) string {
	list, err := r.Applications(v.Directory)
	for i := 0; i < len(list) && err == nil; i++ {
		has := slices.Contains(list[i].Scope, rec.Organization)
		if rec.Type == "Group" {
			var groups []string
			groups, err = r.ScopeGroups(list[i].ID)
			has = slices.Contains(groups, rec.ID)
		}
		if has {
			return list[i].ID
		}
	}
	return ""
}

// emptiesExternalIDs shows no externalId of a user after a PUT without one, whoever asks, until somebody gives one.
func emptiesExternalIDs(next http.Handler) http.Handler {
	var emptied sync.Map // by id
	shown := resources(under(users), func(res object) {
		if _, gone := emptied.Load(res["id"]); gone {
			delete(res, "externalId")
		}
	})(next)
	return echo(writesUser, func(sent, res object) {
		_, given := told(sent)["externalId"]
		switch {
		case given:
			emptied.Delete(res["id"])
		case sent["Operations"] == nil:
			emptied.Store(res["id"], true)
		}
	})(shown)
}

// leavesGroupsInSight keeps somebody who is deleted in the groups that were made at another base URL.
func leavesGroupsInSight(next http.Handler) http.Handler {
	var g ghosts
	var mu sync.Mutex
	teams := map[string][]string{} // addresses of groups by the id of a member
	shown := g.show(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case createGroup(r):
			sent, _ := decode(drain(r))
			a := call(next, r)
			made, _ := decode(a.body)
			mu.Lock()
			for _, m := range membersOf(sent) {
				id, _ := m["value"].(string)
				group, _ := made["id"].(string)
				teams[id] = append(teams[id], r.URL.Path+"/"+group)
			}
			mu.Unlock()
			a.send(w)
			return
		case deleteUser(r):
			base, id, _ := strings.Cut(r.URL.Path, users+"/")
			mu.Lock()
			for _, group := range teams[id] {
				if other, path, _ := strings.Cut(group, groups+"/"); other != base {
					g.add(groups+"/"+path, object{"value": id})
				}
			}
			mu.Unlock()
		}
		shown.ServeHTTP(w, r)
	})
}

// addressesOfTheMaker shows the address that a user got when it was made.
func addressesOfTheMaker(next http.Handler) http.Handler {
	var first sync.Map // address by id
	shown := resources(under(users, groups), func(res object) {
		if meta, ok := res["meta"].(object); ok {
			if address, known := first.Load(res["id"]); known {
				meta["location"] = address
			}
		}
		for _, m := range membersOf(res) {
			if address, known := first.Load(m["value"]); known {
				m["$ref"] = address
			}
		}
	})(next)
	return echo(createUser, func(_, res object) {
		if meta, ok := res["meta"].(object); ok {
			first.LoadOrStore(res["id"], meta["location"])
		}
	})(shown)
}

// everybodysGroups takes the groups of an instance, which have a name, for those of the application that asks.
func everybodysGroups(r store.Reader) reader {
	return reader{byKey: func(v store.View, typ, attr, value string) ([]store.Record, error) {
		list, err := r.ByKey(v, typ, attr, value)
		for i := range list {
			if typ == "Group" {
				list[i].Source = v.Application
			}
		}
		return list, err
	}}
}

// uniqueInSight lets a value that must be unique be had twice, where the writer does not see who has it.
type uniqueInSight struct{ store.Tx }

// Insert is that of a store.
func (t uniqueInSight) Insert(v store.View, r store.Record, uniqueExternal bool) error {
	r.Keys = t.free(v, r)
	return t.Tx.Insert(v, r, uniqueExternal)
}

// Update is that of a store.
func (t uniqueInSight) Update(v store.View, r store.Record, uniqueExternal bool) error {
	r.Keys = t.free(v, r)
	return t.Tx.Update(v, r, uniqueExternal)
}

// free are the keys of a record, those that somebody unseen has no longer unique.
func (t uniqueInSight) free(v store.View, r store.Record) []store.Key {
	keys := slices.Clone(r.Keys)
	for i, k := range keys {
		holders, err := t.ByKey(v, r.Type, k.Attr, k.Value)
		for _, h := range holders {
			seen, failed := t.Visible(v, r.Type, h.ID)
			keys[i].Unique = keys[i].Unique && (seen || errors.Join(err, failed) != nil)
		}
	}
	return keys
}

// groupsShownWithAccounts shows with each user the groups that it was made a member of, whoever made them.
func groupsShownWithAccounts(next http.Handler) http.Handler {
	var mu sync.Mutex
	teams := map[any][]any{} // groups by the id of a member
	shown := resources(under(users), func(res object) {
		mu.Lock()
		defer mu.Unlock()
		if list := teams[res["id"]]; len(list) > 0 {
			res["groups"] = list
		}
	})(next)
	return echo(createGroup, func(sent, res object) {
		mu.Lock()
		defer mu.Unlock()
		for _, m := range membersOf(sent) {
			teams[m["value"]] = append(teams[m["value"]], object{"value": res["id"], "display": res["displayName"]})
		}
	})(shown)
}

// borderless takes every organization for one of the instance whose application is being changed.
type borderless struct {
	store.Tx
	instance string
}

// Application is that of a store.
func (t *borderless) Application(id string) (store.Application, error) {
	a, err := t.Tx.Application(id)
	t.instance = a.Instance
	return a, err
}

// Organization is that of a store.
func (t *borderless) Organization(id string) (store.Organization, error) {
	o, err := t.Tx.Organization(id)
	if t.instance != "" {
		o.Instance = t.instance
	}
	return o, err
}
