package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"scimproof/server/control"
	"scimproof/server/store"
	"scimproof/server/variant"
)

const (
	oktaFields  = "urn:ietf:params:scim:schemas:extension:customfield:2.0:User"
	entraFields = "urn:ietf:params:scim:schemas:extension:Example:2.0:User"
)

// fielded is a client of an application that syncs extended fields.
type fielded struct {
	*client
	urn string
	ids map[string]string // of the fields of the instance, by name
}

// withFields makes fields and lets an application sync those that are named, under a namespace.
func withFields(t *testing.T, urn string, sync []string, fields ...store.Field) fielded {
	t.Helper()
	w := serverOf(t)
	c := fielded{client: w.demo("idaas"), urn: urn, ids: map[string]string{}}
	for _, f := range fields {
		f.Instance = c.app.Instance
		if f.DisplayName == "" {
			f.DisplayName = f.Name
		}
		made, err := w.plane.AddField(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		c.ids[f.Name] = made.ID
	}
	c.syncs(c.app.ID, urn, sync...)
	return c
}

// syncs lets an application sync fields under a namespace.
func (c fielded) syncs(app, urn string, names ...string) {
	c.t.Helper()
	ids := []string{}
	for _, name := range names {
		ids = append(ids, c.ids[name])
	}
	if _, err := c.world.plane.ChangeApplication(c.t.Context(), app, control.ApplicationChange{Namespace: &urn, Fields: &ids}); err != nil {
		c.t.Fatal(err)
	}
}

// holds checks what an account shows of the fields.
func (c fielded) holds(path string, want object) {
	c.t.Helper()
	a := c.get(path).want(http.StatusOK)
	shown, _ := a.at(c.urn).(object)
	if len(shown) != len(want) {
		c.t.Fatalf("the fields are %v, want %v: %s", shown, want, a.text)
	}
	for name, value := range want {
		if shown[name] != value {
			c.t.Errorf("%s is %v, want %v", name, shown[name], value)
		}
	}
	if listed := strings.Contains(a.text, `"`+c.urn+`"]`); listed != (len(want) > 0) {
		c.t.Errorf("the namespace among the schemas: %v: %s", listed, a.text)
	}
}

var (
	badge  = store.Field{Name: "badge", Type: "string", Enabled: true}
	level  = store.Field{Name: "level", Type: "number", Enabled: true}
	remote = store.Field{Name: "remote", Type: "boolean", Enabled: true}
)

func TestFieldsUnderTheNamespace(t *testing.T) { // ext-1, ext-2, ext-3
	for _, urn := range []string{oktaFields, entraFields} {
		c := withFields(t, urn, []string{"badge", "level", "remote"}, badge, level, remote)
		path := c.user(object{urn: object{"badge": "B1", "level": 7.5, "remote": true}})
		c.holds(path, object{"badge": "B1", "level": 7.5, "remote": true})
		c.patch(path, op("replace", urn+":badge", "B2")).want(200)
		c.patch(path, op("Add", "", object{urn + ":level": 8})).want(200)
		c.patch(path, op("replace", "", object{urn: object{"remote": false}})).want(200)
		c.holds(path, object{"badge": "B2", "level": 8.0, "remote": false})
		c.patch(path, op("remove", urn+":remote")).want(200)
		c.patch(path, op("replace", strings.ToUpper(urn)+":BADGE", "B3")).want(200)
		c.holds(path, object{"badge": "B3", "level": 8.0})
		for filter, total := range map[string]float64{
			urn + `:badge eq "B3"`: 1, urn + `:badge eq "b3"`: 1, urn + `:badge eq "B2"`: 0, urn + `:badge sw "B"`: 1, urn + `:badge pr`: 1,
			urn + `:level eq 8`: 1, urn + `:level gt 7`: 1, urn + `:level gt 8`: 0, urn + `:remote pr`: 0,
			urn + `:badge eq "B3" and userName eq "jo"`: 1, `not (` + urn + `:badge eq "B3")`: 0, urn + `:level lt 9 and displayName pr`: 0,
			urn + `:nothing eq "x"`: 0,
		} {
			if a := c.find("/Users", filter); a.at("totalResults") != total {
				t.Errorf("%s finds %v, want %v", filter, a.at("totalResults"), total)
			}
		}
		if a := c.get(path + "?attributes=" + url.QueryEscape(urn+":badge")); a.at(urn, "badge") != "B3" || a.at(urn, "level") != nil {
			t.Errorf("one field alone is %s", a.text)
		}
		if a := c.get(path + "?excludedAttributes=" + url.QueryEscape(urn)); a.at(urn) != nil || a.at("userName") != "jo" {
			t.Errorf("without the namespace it is %s", a.text)
		}
		c.put(path, person(nil)).want(200)
		c.holds(path, object{})
	}
}

// TestEveryNamespaceCanBeUsed holds what the control plane takes for a namespace against what SCIM can do with it.
func TestEveryNamespaceCanBeUsed(t *testing.T) { // ext-1
	c := withFields(t, oktaFields, []string{"badge"}, badge)
	for _, urn := range []string{
		"urn:ab:c", "URN:AB:c", "uRn:ab:c:2.0:User", "urn:ab:1", "urn:ab:a.b.c", "urn:ab:%41", "urn:ab:x'1", "urn:ab:x!$&*+;=@~-_", "urn:ab:" + strings.Repeat("x", 249),
	} {
		c.syncs(c.app.ID, urn, "badge")
		c.get("/Schemas/" + url.PathEscape(urn)).want(http.StatusOK)
		path := c.user(object{urn: object{"badge": "x"}})
		c.patch(path, op("replace", urn+":badge", "y")).want(http.StatusOK)
		if a := c.find("/Users", urn+`:badge eq "y"`); a.at("totalResults") != 1.0 {
			t.Errorf("%s: a filter finds %v", urn, a.at("totalResults"))
		}
		if a := c.get(path + "?attributes=" + url.QueryEscape(urn+":badge")); a.at(urn, "badge") != "y" {
			t.Errorf("%s: asked for the field: %s", urn, a.text)
		}
		c.delete(path).want(http.StatusNoContent)
	}
	for _, bad := range []string{"badges", "urn:", "urn:a:b", "urn:ab:", "urn:ab:c:", "urn:ab:a b", "urn:ab:(1)", "urn:ab:a,b", "urn:ab:a[b]", `urn:ab:"`, "urn:ab:ü", userSchema, strings.ToUpper(enterpriseSchema)} {
		if _, err := c.world.plane.ChangeApplication(t.Context(), c.app.ID, control.ApplicationChange{Namespace: &bad}); err == nil {
			t.Errorf("%q is taken for a namespace", bad)
		}
	}
}

func TestFieldsSort(t *testing.T) {
	c := withFields(t, oktaFields, []string{"badge"}, badge)
	for name, value := range map[string]string{"a": "3", "b": "1", "c": "2"} {
		c.user(object{"userName": name, oktaFields: object{"badge": value}})
	}
	a := c.get("/Users?sortBy=" + url.QueryEscape(oktaFields+":badge")).want(200)
	got := ""
	for _, r := range a.at("Resources").([]any) {
		got += part(r, "userName").(string)
	}
	if got != "bca" {
		t.Errorf("sorted by the field: %s", got)
	}
}

func TestFieldsThatDoNotSync(t *testing.T) { // ext-4
	c := withFields(t, oktaFields, []string{"badge"}, badge, level)
	path := c.user(object{oktaFields: object{"badge": "B1", "level": 7, "other": "x"}, entraFields: object{"badge": "no"}})
	c.holds(path, object{"badge": "B1"})
	c.patch(path, op("replace", oktaFields+":level", 9)).want(200)
	c.syncs(c.app.ID, oktaFields, "badge", "level") // nothing of it was stored
	c.holds(path, object{"badge": "B1"})

	strict := withFields(t, oktaFields, []string{"badge"}, badge, level)
	strict.client = strict.world.beside(strict.app, func(n *control.NewApplication) { n.With.Variants = &[]string{variant.RefuseUnknown} })
	strict.syncs(strict.app.ID, oktaFields, "badge")
	strict.unchanged(func() {
		strict.post("/Users", person(object{oktaFields: object{"level": 7}})).want(400)
		strict.post("/Users", person(object{entraFields: object{"badge": "no"}})).want(400)
	})
}

func TestFieldsAreDeclared(t *testing.T) { // ext-5
	c := withFields(t, entraFields, []string{"badge", "level"}, badge, level, remote)
	a := c.get("/Schemas/" + entraFields).want(200)
	if names := part(a.body, "attributes/0/name"); names != "badge" || part(a.body, "attributes/1/type") != "decimal" || part(a.body, "attributes/2") != nil {
		t.Errorf("the schema is %s", a.text)
	}
	if a := c.get("/ResourceTypes/User"); !strings.Contains(a.text, entraFields) {
		t.Errorf("User has no such extension: %s", a.text)
	}
	other := c.world.beside(c.app)
	other.get("/Schemas/" + entraFields).want(404)
}

func TestFieldRules(t *testing.T) { // ext-6
	number, one, must, pick := level, badge, store.Field{Name: "must", Type: "string", Required: true, Enabled: true}, store.Field{
		Name: "pick", Type: "string", Input: "select", Enabled: true, Options: []store.Option{{Value: "x", Enabled: true}, {Value: "y", Enabled: true}, {Value: "z"}},
	}
	one.Unique = true
	c := withFields(t, oktaFields, []string{"badge", "level", "must", "pick"}, one, number, must, pick)
	good := object{"must": "m", "badge": "B1", "pick": "x", "level": 1}
	path := c.user(object{"userName": "ann", oktaFields: good})
	for name, bad := range map[string]object{
		"no required field":     {"badge": "B2"},
		"a blank one":           {"must": " "},
		"a text for a number":   {"must": "m", "level": "7"},
		"a negative number":     {"must": "m", "level": -1},
		"a long number":         {"must": "m", "level": 1e300},
		"a number for a text":   {"must": "m", "badge": 7},
		"no option":             {"must": "m", "pick": "q"},
		"an option that is off": {"must": "m", "pick": "z"},
	} {
		c.unchanged(func() {
			for _, a := range []answer{
				c.post("/Users", person(object{"userName": "new", oktaFields: bad})),
				c.put(path, person(object{"userName": "ann", oktaFields: bad})),
			} {
				if a.status != 400 || a.at("scimType") != "invalidValue" {
					t.Errorf("%s: %d %s", name, a.status, a.text)
				}
			}
		})
	}
	c.unchanged(func() {
		a := c.post("/Users", person(object{"userName": "ben", oktaFields: object{"must": "m", "badge": "b1"}})).want(409)
		if a.at("scimType") != "uniqueness" || !strings.HasPrefix(a.at("detail").(string), "ResourceDuplicated.badge") {
			t.Errorf("the refusal is %s", a.text)
		}
	})
	c.patch(path, op("remove", oktaFields+":must")).want(400)
	if _, err := c.world.plane.ChangeField(t.Context(), c.ids["pick"], control.FieldChange{Options: &[]store.Option{{Value: "x"}, {Value: "y", Enabled: true}}}); err != nil {
		t.Fatal(err)
	}
	c.put(path, person(object{"userName": "ann", oktaFields: good})).want(200) // an option that is off now stays where it is
	c.syncs(c.app.ID, oktaFields, "badge")                                     // and what does not sync asks nothing
	c.user(object{"userName": "cy"})
}

func TestFieldsBelongToTheAccount(t *testing.T) {
	c := withFields(t, oktaFields, []string{"badge", "level"}, badge, level)
	path := c.user(object{oktaFields: object{"badge": "B1", "level": 7}})
	other := fielded{c.world.beside(c.app), entraFields, c.ids}
	other.syncs(other.app.ID, entraFields, "badge")
	other.holds(path, object{"badge": "B1"})
	other.put(path, person(object{entraFields: object{"badge": "B2"}})).want(200)
	c.holds(path, object{"badge": "B2", "level": 7.0}) // what the other does not sync survives its PUT
	if a := c.find("/Users", oktaFields+":level eq 7"); a.at("totalResults") != 1.0 {
		t.Error("and can still be found")
	}
	plain := c.world.beside(c.app)
	plain.put(path, person(object{"displayName": "Jo"})).want(200)
	c.holds(path, object{"badge": "B2", "level": 7.0})
	if a := c.find("/Users", oktaFields+":badge eq \"B2\""); a.at("totalResults") != 1.0 {
		t.Error("a field of which an application knows nothing cannot be found after its write")
	}
	c.syncs(c.app.ID, entraFields, "badge", "level")
	fielded{c.client, entraFields, c.ids}.holds(path, object{"badge": "B2", "level": 7.0})
	if _, err := c.world.plane.ChangeField(t.Context(), c.ids["badge"], control.FieldChange{Enabled: new(false)}); err != nil {
		t.Fatal(err)
	}
	fielded{c.client, entraFields, c.ids}.holds(path, object{"level": 7.0})
	if _, err := c.world.plane.ChangeField(t.Context(), c.ids["badge"], control.FieldChange{Enabled: new(true)}); err != nil {
		t.Fatal(err)
	}
	fielded{c.client, entraFields, c.ids}.holds(path, object{"badge": "B2", "level": 7.0})
}

func TestFieldsOfOneSubmission(t *testing.T) { // idem-3, and unique in a race
	one := badge
	one.Unique = true
	c := withFields(t, oktaFields, []string{"badge", "level"}, one, level)
	path := c.user(object{"externalId": "e", oktaFields: object{"badge": "B1", "level": 7}})
	before := c.get(path).text
	c.post("/Users", person(object{"externalId": "e", oktaFields: object{"badge": "B1"}})).want(200)
	if after := c.get(path).text; after != before {
		t.Errorf("a repeated submission changed\n%s\nto\n%s", before, after)
	}
	var wait sync.WaitGroup
	statuses := make([]int, 8)
	for i := range statuses {
		wait.Go(func() {
			statuses[i] = c.post("/Users", person(object{"userName": "racer" + string(rune('a'+i)), oktaFields: object{"badge": "same"}})).status
		})
	}
	wait.Wait()
	made := 0
	for _, s := range statuses {
		if s == 201 {
			made++
		} else if s != 409 {
			t.Errorf("a racer got %d", s)
		}
	}
	if made != 1 {
		t.Errorf("%d accounts have the one value", made)
	}
}
