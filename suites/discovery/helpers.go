package discovery

import (
	"fmt"
	"net/http"
	"strings"

	"scimproof/simulator/tree"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// The endpoints of discovery.
const (
	configPath  = "/ServiceProviderConfig"
	typesPath   = "/ResourceTypes"
	schemasPath = "/Schemas"
)

// entries are what a list of discovery holds, also where it is a bare array.
func entries(t *check.T, path string) []*tree.Node {
	a := t.MustGet(path)
	list := a.Resources()
	if a.Doc.Kind == tree.Array {
		list = a.Doc.Items
	}
	if len(list) == 0 {
		t.Block("%s lists nothing", path)
	}
	return list
}

// label names an entry in a message.
func label(entry *tree.Node) string {
	for _, name := range []string{"name", "id"} {
		if s := entry.Text(name); s != "" {
			return s
		}
	}
	return string(entry.JSON())
}

// want breaks the check unless a part of an entry is of one of the JSON types; a string has to have something in it.
func want(t *check.T, entry *tree.Node, path string, kind tree.Kind) {
	n := entry.At(path)
	switch {
	case n == nil:
		t.Break(fmt.Sprintf("%s in %s", path, label(entry)), "none")
	case n.Kind != kind:
		t.Break(fmt.Sprintf("%s in %s as a JSON %s", path, label(entry), kind), string(n.JSON()))
	case kind == tree.String && n.String() == "":
		t.Break(fmt.Sprintf("%s in %s with something in it", path, label(entry)), "an empty string")
	}
}

// array breaks the check unless a part of an entry is a list, and returns its elements.
func array(t *check.T, entry *tree.Node, path string) []*tree.Node {
	want(t, entry, path, tree.Array)
	return entry.At(path).Items
}

// whole expects a list of discovery to be complete whatever part of it is asked for.
func whole(t *check.T, path string) {
	all := len(entries(t, path))
	part := t.Get(path, "startIndex", "2", "count", "1", "sortBy", "name", "sortOrder", "descending")
	t.Expect(part).To(match.ListResponse())
	t.Equal("resources in the list", len(part.Resources()), all)
}

// unfiltered expects a filter on a list of discovery to be refused, or to change nothing.
func unfiltered(t *check.T, path string) {
	all := len(entries(t, path))
	a := t.Get(path, "filter", check.Eq("name", t.Unique()))
	if a.Status == http.StatusForbidden {
		return
	}
	t.Expect(a).To(match.Status(http.StatusOK, http.StatusForbidden))
	t.Equal("resources in the list, which a filter must not shorten", len(a.Resources()), all)
}

// located expects the location of each entry, where there is one, to lead to that entry.
func located(t *check.T, path, key string) {
	found := false
	for _, entry := range entries(t, path) {
		location := entry.Text("meta.location")
		if location == "" {
			continue
		}
		found = true
		a := t.Follow("meta.location of "+label(entry), location)
		t.Expect(a).To(match.Status(http.StatusOK))
		t.Expect(a).To(match.ValueFold(key, entry.Text(key)))
	}
	if !found {
		t.NA("nothing in %s has a meta.location", path)
	}
}

// known says whether a URN is the id of a schema among these.
func known(schemas []*tree.Node, urn string) bool {
	for _, s := range schemas {
		if strings.EqualFold(s.Text("id"), urn) {
			return true
		}
	}
	return false
}

// declared is an attribute as a schema declares it.
type declared struct {
	*tree.Node
	path   string // "urn:...:User:name.familyName"
	parent *tree.Node
	meta   bool // of a schema that describes discovery itself
}

// each calls visit for all attributes and sub-attributes of all schemas.
func each(t *check.T, visit func(a declared)) {
	for _, schema := range entries(t, schemasPath) {
		urn := schema.Text("id")
		meta := urn == check.ConfigSchema || urn == check.ResourceTypeSchema || urn == check.SchemaSchema
		descend(urn+":", schema.At("attributes"), nil, meta, visit)
	}
}

func descend(prefix string, list, parent *tree.Node, meta bool, visit func(a declared)) {
	if list == nil {
		return
	}
	for _, n := range list.Items {
		path := prefix + n.Text("name")
		visit(declared{n, path, parent, meta})
		descend(path+".", n.At("subAttributes"), n, meta, visit)
	}
}
