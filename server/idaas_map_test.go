package server_test

import (
	"net/http"
	"testing"

	"scimproof/server/variant"
)

// contact is an attribute of which one entry of type work is kept, with values that pass and differ.
type contact struct{ attr, a, b, c string }

var contacts = []contact{
	{"emails", "a@example.com", "b@example.com", "c@example.com"},
	{"phoneNumbers", "+41 44 668 18 00", "+41 44 668 18 01", "+41 44 668 18 02"},
}

// each runs a test for both attributes, each time on a server of its own.
func each(t *testing.T, variants []string, fn func(c *client, k contact)) {
	t.Helper()
	for _, k := range contacts {
		t.Run(k.attr, func(t *testing.T) { fn(idaas(t, variants...), k) })
	}
}

func typed(value, kind string) object { return object{"value": value, "type": kind} }

func primary(value, kind string) object {
	return object{"value": value, "type": kind, "primary": true}
}

// holds checks that the attribute has the one value, or, for "", that it is not there.
func (a answer) holds(attr, value string) answer {
	a.t.Helper()
	entries, _ := a.at(attr).([]any)
	switch {
	case value == "" && a.at(attr) != nil:
		a.t.Errorf("%s is %v, want none", attr, a.at(attr))
	case value != "" && (len(entries) != 1 || a.at(attr, 0, "value") != value):
		a.t.Errorf("%s is %v, want one entry %q", attr, a.at(attr), value)
	}
	return a
}

// version is meta.version and meta.lastModified.
func (a answer) version() [2]any {
	return [2]any{a.at("meta", "version"), a.at("meta", "lastModified")}
}

func TestOnlyOneWorkEntryIsKept(t *testing.T) { // map-1, map-2, map-5
	each(t, nil, func(c *client, k contact) {
		for name, x := range map[string]struct {
			sent []any
			want string
		}{
			"work":                          {[]any{typed(k.a, "work")}, k.a},
			"any case":                      {[]any{typed(k.a, "Work")}, k.a},
			"home alone":                    {[]any{typed(k.a, "home")}, ""},
			"other types alone":             {[]any{typed(k.a, "home"), typed(k.b, "other"), typed(k.c, "mobile")}, ""},
			"no type":                       {[]any{object{"value": k.a}}, ""},
			"no type, primary":              {[]any{object{"value": k.a, "primary": true}}, ""},
			"among others":                  {[]any{typed(k.a, "home"), typed(k.b, "work"), typed(k.c, "other")}, k.b},
			"the first of several":          {[]any{typed(k.a, "work"), typed(k.b, "work")}, k.a},
			"the primary of several":        {[]any{typed(k.a, "work"), primary(k.b, "work"), typed(k.c, "work")}, k.b},
			"another type that is primary":  {[]any{primary(k.a, "home"), typed(k.b, "work")}, k.b},
			"what would be wrong elsewhere": {[]any{typed("not one", "home"), typed(k.b, "work")}, k.b},
			"none":                          {[]any{}, ""},
		} {
			t := c.t
			t.Run(name, func(t *testing.T) {
				c := c.with(t)
				body := person(object{"userName": "jo " + name, k.attr: x.sent})
				path := "/Users/" + c.post("/Users", body).want(http.StatusCreated).holds(k.attr, x.want).id()
				c.get(path).want(http.StatusOK).holds(k.attr, x.want)
				c.put(path, person(object{"userName": "jo " + name, k.attr: []any{typed(k.c, "work")}})).want(http.StatusOK).holds(k.attr, k.c)
				c.put(path, body).want(http.StatusOK).holds(k.attr, x.want)
				c.get(path).want(http.StatusOK).holds(k.attr, x.want)
				c.delete(path).want(http.StatusNoContent)
			})
		}
	})
}

func TestOtherEntriesAreNotMatched(t *testing.T) { // map-1
	each(t, nil, func(c *client, k contact) {
		c.user(object{k.attr: []any{typed(k.a, "home"), typed(k.b, "work")}})
		for filter, want := range map[string]int{
			k.attr + `.value eq "` + k.a + `"`:                     0,
			k.attr + `.value eq "` + k.b + `"`:                     1,
			k.attr + `[type eq "home"]`:                            0,
			k.attr + `[type eq "work"]`:                            1,
			k.attr + `.type eq "home"`:                             0,
			k.attr + `[type eq "work" and value eq "` + k.b + `"]`: 1,
			k.attr + `[type eq "work" and value eq "` + k.a + `"]`: 0,
		} {
			if got := c.find("/Users", filter).total(); got != want {
				c.t.Errorf("%s finds %d, want %d", filter, got, want)
			}
		}
	})
}

func TestResubmittedEntries(t *testing.T) { // map-1 with idem-3
	each(t, nil, func(c *client, k contact) {
		path := c.user(object{k.attr: []any{typed(k.a, "work")}})
		for _, sent := range []any{[]any{typed(k.b, "home")}, []any{}, nil, []any{object{"value": k.b}}} {
			c.unchanged(func() { c.post("/Users", person(object{k.attr: sent})).want(http.StatusOK).holds(k.attr, k.a) })
		}
		c.post("/Users", person(object{k.attr: []any{typed(k.c, "home"), typed(k.b, "work")}})).want(http.StatusOK).holds(k.attr, k.b)
		c.get(path).holds(k.attr, k.b)
	})
}

func TestPatchOfEntries(t *testing.T) { // map-3, map-4
	each(t, nil, func(c *client, k contact) {
		work, workValue := k.attr+`[type eq "work"]`, k.attr+`[type eq "work"].value`
		home, homeValue := k.attr+`[type eq "home"]`, k.attr+`[type eq "home"].value`
		for name, x := range map[string]struct {
			before []any // nil for none
			ops    []any
			want   string
			still  bool // nothing is different, and so version and lastModified stay
		}{
			"add a second":              {[]any{typed(k.a, "work")}, []any{op("add", k.attr, []any{typed(k.b, "work")})}, k.b, false},
			"add a second to a primary": {[]any{primary(k.a, "work")}, []any{op("add", k.attr, []any{typed(k.b, "work")})}, k.b, false},
			"add one, not as a list":    {[]any{typed(k.a, "work")}, []any{op("add", k.attr, typed(k.b, "work"))}, k.b, false},
			"add the same":              {[]any{typed(k.a, "work")}, []any{op("add", k.attr, []any{typed(k.a, "work")})}, k.a, true},
			"add several":               {[]any{typed(k.a, "work")}, []any{op("add", k.attr, []any{typed(k.b, "work"), primary(k.c, "work")})}, k.c, false},
			"add the first":             {nil, []any{op("add", k.attr, []any{typed(k.b, "work")})}, k.b, false},
			"add without a path":        {[]any{typed(k.a, "work")}, []any{op("add", "", object{k.attr: []any{typed(k.b, "work")}})}, k.b, false},
			"add another type":          {[]any{typed(k.a, "work")}, []any{op("add", k.attr, []any{typed(k.b, "home")})}, k.a, true},
			"add another type to none":  {nil, []any{op("add", k.attr, []any{typed(k.b, "home")})}, "", true},
			"add another, no path":      {[]any{typed(k.a, "work")}, []any{op("add", "", object{k.attr: []any{typed(k.b, "home")}})}, k.a, true},
			"add by path":               {[]any{typed(k.a, "work")}, []any{op("add", workValue, k.b)}, k.b, false},
			"add by path, none there":   {nil, []any{op("add", workValue, k.b)}, k.b, false},
			"Add as Entra writes it":    {nil, []any{op("Add", workValue, k.b)}, k.b, false},
			"add by path, other type":   {[]any{typed(k.a, "work")}, []any{op("add", homeValue, k.b)}, k.a, true},
			"add by path to none":       {nil, []any{op("add", homeValue, k.b)}, "", true},

			"replace":                     {[]any{typed(k.a, "work")}, []any{op("replace", k.attr, []any{typed(k.b, "work")})}, k.b, false},
			"replace by others":           {[]any{typed(k.a, "work")}, []any{op("replace", k.attr, []any{typed(k.b, "home")})}, "", false},
			"replace by others, no path":  {[]any{typed(k.a, "work")}, []any{op("replace", "", object{k.attr: []any{typed(k.b, "home")}})}, "", false},
			"replace none by others":      {nil, []any{op("replace", k.attr, []any{typed(k.b, "home")})}, "", true},
			"replace by nothing":          {[]any{typed(k.a, "work")}, []any{op("replace", k.attr, []any{})}, "", false},
			"replace by path":             {[]any{typed(k.a, "work")}, []any{op("replace", workValue, k.b)}, k.b, false},
			"replace by path, in capital": {[]any{typed(k.a, "work")}, []any{op("replace", k.attr+`[type eq "WORK"].value`, k.b)}, k.b, false},
			"replace by path, same":       {[]any{typed(k.a, "work")}, []any{op("replace", workValue, k.a)}, k.a, true},
			"replace by path, none there": {nil, []any{op("replace", workValue, k.b)}, k.b, false},
			"Replace as Entra writes it":  {nil, []any{op("Replace", workValue, k.b)}, k.b, false},
			"replace by path, other type": {[]any{typed(k.a, "work")}, []any{op("replace", homeValue, k.b)}, k.a, true},
			"replace the entry":           {[]any{typed(k.a, "work")}, []any{op("replace", work, typed(k.b, "work"))}, k.b, false},
			"replace another entry":       {[]any{typed(k.a, "work")}, []any{op("replace", home, typed(k.b, "home"))}, k.a, true},
			"replace its type":            {[]any{typed(k.a, "work")}, []any{op("replace", k.attr+`[type eq "work"].type`, "home")}, "", false},

			"remove":                     {[]any{typed(k.a, "work")}, []any{op("remove", k.attr)}, "", false},
			"remove by path":             {[]any{typed(k.a, "work")}, []any{op("remove", work)}, "", false},
			"remove the value by path":   {[]any{typed(k.a, "work")}, []any{op("remove", workValue)}, "", false},
			"remove another type":        {[]any{typed(k.a, "work")}, []any{op("remove", home)}, k.a, true},
			"remove what is not work":    {[]any{typed(k.a, "work")}, []any{op("remove", k.attr+`[type ne "work"]`)}, k.a, true},
			"remove another type, and":   {[]any{typed(k.a, "work")}, []any{op("remove", k.attr+`[type eq "home" and value eq "`+k.a+`"]`)}, k.a, true},
			"remove two types, or":       {[]any{typed(k.a, "work")}, []any{op("remove", k.attr+`[type eq "home" or type eq "work"]`)}, "", false},
			"remove by value":            {[]any{typed(k.a, "work")}, []any{op("remove", k.attr+`[value eq "`+k.a+`"]`)}, "", false},
			"remove what is not there":   {nil, []any{op("remove", home)}, "", true},
			"one after the other":        {[]any{typed(k.a, "work")}, []any{op("remove", work), op("add", k.attr, []any{typed(k.b, "work")})}, k.b, false},
			"the last word":              {nil, []any{op("add", k.attr, []any{typed(k.a, "work")}), op("add", k.attr, []any{typed(k.b, "work")})}, k.b, false},
			"other types beside a right": {nil, []any{op("add", homeValue, k.a), op("add", workValue, k.b)}, k.b, false},
		} {
			t := c.t
			t.Run(name, func(t *testing.T) {
				c := c.with(t)
				body := object{"userName": "jo " + name}
				if x.before != nil {
					body[k.attr] = x.before
				}
				path := c.user(body)
				before := c.get(path).version()
				after := c.patch(path, x.ops...).want(http.StatusOK).holds(k.attr, x.want)
				if again := c.get(path).holds(k.attr, x.want).version(); (again == before) != x.still || again != after.version() {
					t.Errorf("version and lastModified were %v, the answer has %v, and now they are %v", before, after.version(), again)
				}
			})
		}
	})
}

func TestOtherTypesCanBeRefused(t *testing.T) { // map-1, variant
	each(t, []string{variant.RefuseOtherTypes}, func(c *client, k contact) {
		path := c.user(object{k.attr: []any{typed(k.a, "work")}})
		mixed := []any{typed(k.a, "work"), typed(k.b, "home")}
		c.unchanged(func() {
			c.post("/Users", person(object{"userName": "mo", k.attr: mixed})).refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.")
			c.post("/Users", person(object{k.attr: mixed})).refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.")
			c.put(path, person(object{k.attr: mixed})).refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.")
			c.patch(path, op("add", k.attr, mixed[1:])).want(http.StatusOK)
		})
	})
}

func TestOtherTypesInPatchCanBeRefused(t *testing.T) { // map-3, variant
	each(t, []string{variant.RefuseOtherTypesPatch}, func(c *client, k contact) {
		path := c.user(object{k.attr: []any{typed(k.a, "work")}})
		c.unchanged(func() {
			for _, o := range []object{
				op("add", k.attr, []any{typed(k.b, "home")}), op("replace", k.attr, []any{typed(k.b, "home")}),
				op("replace", k.attr+`[type eq "home"].value`, k.b), op("remove", k.attr+`[type eq "home"]`),
			} {
				c.patch(path, op("replace", "displayName", "Jo"), o).refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.")
			}
		})
		c.post("/Users", person(object{"userName": "mo", k.attr: []any{typed(k.a, "home")}})).want(http.StatusCreated).holds(k.attr, "")
	})
}

func TestUntypedCanBeWork(t *testing.T) { // map-5, variant
	each(t, []string{variant.UntypedIsWork}, func(c *client, k contact) {
		path := c.user(object{k.attr: []any{object{"value": k.a}}})
		if got := c.get(path).holds(k.attr, k.a).at(k.attr, 0, "type"); got != "work" {
			c.t.Errorf("the type is %v, want work", got)
		}
		c.patch(path, op("add", k.attr, []any{object{"value": k.b}})).want(http.StatusOK).holds(k.attr, k.b)
		c.patch(path, op("replace", k.attr+`[type eq "work"].value`, k.c)).want(http.StatusOK).holds(k.attr, k.c)
	})
}
