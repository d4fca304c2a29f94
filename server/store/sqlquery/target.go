package sqlquery

import (
	"scimproof/server/scim"
	"scimproof/server/store"
)

// GroupType is the resource type that an application's scope lists one by one. Resources of every other type are in the scope when
// their organization is.
const GroupType = "Group"

// Target is what a filter is compiled for.
type Target struct {
	Type       *scim.ResourceType
	View       store.View
	Collection int64 // number of the collection that is searched
	Groups     int64 // number of the directory's collection of groups; 0 where it has none, or where only Own is asked for and it is another
	// Locate writes the URL of a resource (meta.location), or is nil.
	Locate func(typ, id string) string
}

// Visible is the condition that the view shows a resource. The alias is that of table resource.
func (t Target) Visible(alias string) Fragment {
	if !t.View.Scoped {
		return True
	}
	return Build("CASE WHEN "+alias+".collection = ?"+
		" THEN EXISTS (SELECT 1 FROM scope_group sg WHERE sg.application = ? AND sg.resource = "+alias+".seq)"+
		" ELSE EXISTS (SELECT 1 FROM reach sr WHERE sr.application = ? AND sr.organization = "+alias+".organization) END",
		t.Groups, t.View.Application, t.View.Application)
}

// Own is Visible for resources of the collection that is searched.
func (t Target) Own(alias string) Fragment {
	switch {
	case !t.View.Scoped:
		return True
	case t.Collection == t.Groups:
		return Build("EXISTS (SELECT 1 FROM scope_group sg WHERE sg.application = ? AND sg.resource = "+alias+".seq)", t.View.Application)
	}
	return Build("EXISTS (SELECT 1 FROM reach sr WHERE sr.application = ? AND sr.organization = "+alias+".organization)", t.View.Application)
}

// Shown selects the numbers of the resources of the collection that a scoped view shows, each once.
func (t Target) Shown() Fragment {
	if t.Collection == t.Groups {
		return Build("SELECT h.seq FROM scope_group sg CROSS JOIN resource h WHERE h.seq = sg.resource AND sg.application = ? AND h.collection = ?",
			t.View.Application, t.Collection)
	}
	return Build("SELECT h.seq FROM resource h WHERE h.collection = ? AND h.organization IN (SELECT sr.organization FROM reach sr WHERE sr.application = ?)",
		t.Collection, t.View.Application)
}
