package idaas

import (
	"testing"

	"scimproof/server/scim"
	"scimproof/server/store"
)

func TestResolve(t *testing.T) {
	own := func(id, external string) store.Record {
		return store.Record{ID: id, ExternalID: external, Source: "app_one"}
	}
	foreign := store.Record{ID: "f", Source: "app_two"}
	one := own("1", "x")
	for name, c := range map[string]struct {
		typ      string
		external string
		known    *store.Record
		named    []store.Record
		id, attr string
	}{
		"nothing there":                           {typ: user, external: "x"},
		"by externalId":                           {typ: user, external: "x", known: &one, id: "1"},
		"by externalId and userName":              {typ: user, external: "x", known: &one, named: []store.Record{one}, id: "1"},
		"by userName":                             {typ: user, named: []store.Record{own("2", "")}, id: "2"},
		"by userName, which gets an externalId":   {typ: user, external: "x", named: []store.Record{own("2", "")}, id: "2"},
		"by userName, which keeps its externalId": {typ: user, named: []store.Record{own("2", "y")}, id: "2"},
		"two accounts":                            {typ: user, external: "x", known: &one, named: []store.Record{own("2", "")}, attr: "userName"},
		"two accounts, one foreign":               {typ: user, external: "x", known: &one, named: []store.Record{foreign}, attr: "userName"},
		"another externalId":                      {typ: user, external: "x", named: []store.Record{own("2", "y")}, attr: "userName"},
		"another source":                          {typ: user, named: []store.Record{foreign}, attr: "userName"},
		"a group by externalId":                   {typ: group, external: "x", known: &one, named: []store.Record{one}, id: "1"},
		"a group by displayName":                  {typ: group, named: []store.Record{own("2", "")}, id: "2"},
		"a group that gets an externalId":         {typ: group, external: "x", named: []store.Record{own("2", "")}, id: "2"},
		"a group with an externalId":              {typ: group, named: []store.Record{own("2", "y")}, attr: "displayName"},
		"a group with another externalId":         {typ: group, external: "x", named: []store.Record{own("2", "y")}, attr: "displayName"},
		"two groups":                              {typ: group, external: "x", known: &one, named: []store.Record{own("2", "y")}, attr: "displayName"},
		"two groups of one name":                  {typ: group, named: []store.Record{own("2", ""), own("3", "y")}, attr: "displayName"},
	} {
		id, attr := resolve(with(), &scim.ResourceType{Name: c.typ}, c.external, c.known, c.named)
		if c.attr != "" {
			id = ""
		}
		if id != c.id || attr != c.attr {
			t.Errorf("%s: resolve = %q, %q, want %q, %q", name, id, attr, c.id, c.attr)
		}
	}
}
