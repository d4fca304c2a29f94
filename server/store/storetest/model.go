package storetest

import (
	"errors"
	"maps"
	"slices"
	"strconv"

	"scimproof/server/scim"
	"scimproof/server/store"
)

// model is what a store should hold, in plain lists: it answers by looking at everything.
type model struct {
	directory string
	resources []*resource // in the order of creation
	scopes    map[string]scopeOf
}

// resource is a record of the model.
type resource struct {
	store.Record
	object   scim.Object       // as a client sent it
	external map[string]string // externalId by application
	members  []string
}

// scopeOf is what an application sees.
type scopeOf struct{ organizations, groups []string }

// add makes a resource of an object, as application app would.
func (m *model) add(app string, rec store.Record, o scim.Object, members ...string) {
	r := &resource{Record: rec, object: o, external: map[string]string{}, members: members}
	if rec.ExternalID != "" {
		r.external[app] = rec.ExternalID
	}
	m.resources = append(m.resources, r)
}

// fill writes the model into a store. The scopes' organizations are made, each the only one of its kind.
func (m *model) fill(tx store.Tx) error {
	for _, r := range m.resources {
		rec := r.Record
		rec.ExternalID = ""
		errs := []error{tx.Insert(store.View{Directory: m.directory}, rec, false)}
		for app, external := range r.external {
			rec.ExternalID = external
			errs = append(errs, tx.Update(store.View{Directory: m.directory, Application: app}, rec, false))
		}
		if err := errors.Join(errs...); err != nil {
			return err
		}
	}
	for _, r := range m.resources {
		for _, id := range r.members {
			member := store.Member{ID: id, Type: m.find(id).Type}
			if _, err := tx.AddMembers(store.View{Directory: m.directory}, r.ID, []store.Member{member}); err != nil {
				return err
			}
		}
	}
	for app, scope := range m.scopes {
		for _, o := range scope.organizations {
			if err := tx.PutOrganization(store.Organization{ID: o, Instance: m.directory}); err != nil {
				return err
			}
		}
		if err := tx.PutApplication(store.Application{ID: app, Instance: m.directory, Scope: scope.organizations}); err != nil {
			return err
		}
		for _, g := range scope.groups {
			if err := tx.AddToScope(app, g); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *model) find(id string) *resource {
	for _, r := range m.resources {
		if r.ID == id {
			return r
		}
	}
	return nil
}

func (m *model) shows(v store.View, r *resource) bool {
	scope := m.scopes[v.Application]
	switch {
	case !v.Scoped:
		return true
	case r.Type == "Group":
		return slices.Contains(scope.groups, r.ID)
	}
	return slices.Contains(scope.organizations, r.Organization)
}

// locate is where the model's resources are.
func locate(typ, id string) string { return "https://example.com/" + typ + "/" + id }

// see is a resource as a condition sees it in a view.
func (m *model) see(v store.View, r *resource) scim.Object {
	o := maps.Clone(r.object)
	delete(o, "externalId")
	if external := r.external[v.Application]; external != "" {
		o["externalId"] = external
	}
	o["id"] = r.ID
	o["meta"] = scim.Object{
		"resourceType": r.Type,
		"created":      r.Created.Format("2006-01-02T15:04:05.000Z"),
		"lastModified": r.Modified.Format("2006-01-02T15:04:05.000Z"),
		"location":     locate(r.Type, r.ID),
		"version":      `W/"` + strconv.FormatInt(r.Version, 10) + `"`,
	}
	if r.Type == "Group" {
		setLinks(o, groupType.Linked, m.membersOf(v, r))
	} else {
		setLinks(o, userType.Derived, m.groupsOf(v, r.ID))
	}
	return o
}

func setLinks(o scim.Object, name string, entries []any) {
	delete(o, name)
	if len(entries) > 0 {
		o[name] = entries
	}
}

func (m *model) membersOf(v store.View, r *resource) (out []any) {
	for _, id := range r.members {
		if member := m.find(id); m.shows(v, member) {
			out = append(out, link(member, member.Type))
		}
	}
	return out
}

// groupsOf climbs from group to group until nothing new is found.
func (m *model) groupsOf(v store.View, id string) (out []any) {
	holders := func(id string) (list []*resource) {
		for _, g := range m.resources {
			if slices.Contains(g.members, id) && m.shows(v, g) {
				list = append(list, g)
			}
		}
		return list
	}
	direct := holders(id)
	all := slices.Clone(direct)
	for i := 0; i < len(all); i++ {
		for _, g := range holders(all[i].ID) {
			if !slices.Contains(all, g) {
				all = append(all, g)
			}
		}
	}
	for i, g := range all {
		kind := "indirect"
		if i < len(direct) {
			kind = "direct"
		}
		out = append(out, link(g, kind))
	}
	return out
}

func link(r *resource, typ string) scim.Object {
	o := scim.Object{"value": r.ID, "type": typ, "$ref": locate(r.Type, r.ID)}
	if r.Display != "" {
		o["display"] = r.Display
	}
	return o
}

// answer is what a query should answer: the total, and the ids of its page.
func (m *model) answer(q store.Query) (total int, ids []string) {
	type hit struct {
		id string
		o  scim.Object
	}
	var hits []hit
	for _, r := range m.resources {
		if r.Type != q.Type.Name || !m.shows(q.View, r) {
			continue
		}
		if o := m.see(q.View, r); q.Filter == nil || q.Filter.Match(o) {
			hits = append(hits, hit{r.ID, o})
		}
	}
	if q.SortBy != nil {
		if q.Descending {
			slices.Reverse(hits)
		}
		slices.SortStableFunc(hits, func(a, b hit) int { return scim.SortCompare(*q.SortBy, a.o, b.o, q.Descending) })
	}
	from := min(max(q.Start, 1)-1, len(hits))
	ids = []string{}
	for _, h := range hits[from:min(from+max(q.Count, 0), len(hits))] {
		ids = append(ids, h.id)
	}
	return len(hits), ids
}

// disagreement compares what a store answers with what the model does; "" where they are alike.
func (m *model) disagreement(r store.Reader, q store.Query) string {
	q.Locate = locate
	page, err := r.Query(q)
	if err != nil {
		return err.Error()
	}
	total, ids := m.answer(q)
	got := idsOf(page.Records)
	if page.Total == total && slices.Equal(got, ids) {
		return ""
	}
	return "the store answers " + strconv.Itoa(page.Total) + " " + quoted(got) + ", want " + strconv.Itoa(total) + " " + quoted(ids)
}

func quoted(ids []string) string { return string(mustJSON(ids)) }
