package idaas

import (
	"errors"

	"scimproof/server/engine"
	"scimproof/server/scim"
	"scimproof/server/store"
)

// Match finds the account or group that a POST submits again (rules idem-2, idem-5, idem-7): the one that the application made and knows
// by the externalId, else the one with the name.
func (Rules) Match(app *engine.App, r store.Reader, rt *scim.ResourceType, sent scim.Object) (string, error) {
	external, _ := sent["externalId"].(string)
	known, err := byExternalID(app, r, rt, external)
	if err != nil {
		return "", err
	}
	named, err := byName(app, r, rt, sent)
	if err != nil {
		return "", err
	}
	id, attr := resolve(app, rt, external, known, named)
	if id != "" {
		visible, err := r.Visible(app.View, rt.Name, id)
		switch {
		case err != nil:
			return "", err
		case visible:
			return id, nil
		}
		// What the application made and no longer sees stays as it is, and its names stay taken.
		if attr = nameOf(rt); known != nil {
			attr = "externalId"
		}
	}
	if attr != "" {
		return "", taken(parameter(rt, attr), attr)
	}
	return "", nil
}

// resolve chooses between the record that has the externalId and those that have the name. It returns the id of the one that is
// submitted again, or "" where there is none, or the attribute that stands in the way.
func resolve(app *engine.App, rt *scim.ResourceType, external string, known *store.Record, named []store.Record) (id, attr string) {
	if known != nil {
		for _, n := range named {
			if n.ID != known.ID {
				return "", nameOf(rt)
			}
		}
		return known.ID, ""
	}
	for _, n := range named {
		switch {
		case n.Source != app.Application.ID:
			return "", nameOf(rt)
		case n.ExternalID != "" && (external != "" || rt.Name == group):
			return "", nameOf(rt)
		}
		id = n.ID
	}
	return id, ""
}

// nameOf is the attribute that people know a resource by.
func nameOf(rt *scim.ResourceType) string {
	if rt.Name == group {
		return "displayName"
	}
	return "userName"
}

func byExternalID(app *engine.App, r store.Reader, rt *scim.ResourceType, external string) (*store.Record, error) {
	if external == "" {
		return nil, nil
	}
	rec, err := r.ByExternalID(app.View, rt.Name, external)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &rec, err
}

// byName finds what has the name that was sent. Names of accounts are unique in the instance, those of groups in the application: the
// groups of others do not count.
func byName(app *engine.App, r store.Reader, rt *scim.ResourceType, sent scim.Object) ([]store.Record, error) {
	name, _ := sent[nameOf(rt)].(string)
	if name == "" {
		return nil, nil
	}
	list, err := r.ByKey(app.View, rt.Name, nameOf(rt), scim.Fold(rt.Attribute(nameOf(rt)), name))
	if err != nil || rt.Name != group {
		return list, err
	}
	own := list[:0]
	for _, g := range list {
		if g.Source == app.Application.ID {
			own = append(own, g)
		}
	}
	return own, nil
}
