package server_test

import (
	"net/http"
	"testing"

	"scimproof/server/control"
	"scimproof/server/store"
)

// places is an application and organizations to place accounts in: the target of synchronization, one below it, one beside it that is
// also in the scope, and two that are not.
type places struct {
	*client
	target, below, beside, outside, above string
}

func somewhere(t *testing.T) places {
	t.Helper()
	w := serverOf(t)
	demo := w.demo("idaas").app
	p := places{above: w.root(demo.Instance)}
	p.target = w.organization(p.above, "Target")
	p.below = w.organization(p.target, "Below")
	p.beside = w.organization(p.above, "Beside")
	p.outside = w.organization(p.above, "Outside")
	p.client = w.beside(demo, func(n *control.NewApplication) { n.With = control.Inbound([]string{p.target, p.beside}, p.target) })
	return p
}

// in is the attribute that places an account: an object, or a text.
func in(organization any) object {
	return object{enterpriseSchema: object{"organization": organization}}
}

func byID(id string) object { return in(object{"organizationId": id}) }

// placed checks where an account is, as the answer and a GET show it.
func (p places) placed(a answer, organization string) string {
	p.t.Helper()
	path := "/Users/" + a.id()
	for _, a := range []answer{a, p.get(path), p.get(path + "?attributes=userName")} {
		if got := a.at(enterpriseSchema, "organization", "organizationId"); got != organization {
			p.t.Errorf("the organization is %v, want %s: %s", got, organization, a.text)
		}
		declared := false
		list, _ := a.at("schemas").([]any)
		for _, urn := range list {
			declared = declared || urn == enterpriseSchema
		}
		if !declared {
			p.t.Errorf("schemas does not list the extension: %s", a.text)
		}
	}
	if got := p.record(path).Organization; got != organization {
		p.t.Errorf("the account lies in %s, want %s", got, organization)
	}
	return path
}

const outOfScope = "OrganizationUnitIdNotInScopes"

func TestOrganizationPlaces(t *testing.T) { // org-1, org-2, org-3, sync-2
	p := somewhere(t)
	p.placed(p.post("/Users", person(nil)).want(http.StatusCreated), p.target)
	path := p.placed(p.post("/Users", person(byIDOf("mo", p.below))).want(http.StatusCreated), p.below)
	p.placed(p.put(path, person(byIDOf("mo", p.beside))).want(http.StatusOK), p.beside)
	p.placed(p.put(path, person(object{"userName": "mo"})).want(http.StatusOK), p.beside)
	p.placed(p.post("/Users", person(object{"userName": "mo"})).want(http.StatusOK), p.beside)
	p.placed(p.post("/Users", person(byIDOf("mo", p.below))).want(http.StatusOK), p.below)
	p.placed(p.patch(path, op("replace", enterpriseSchema+":organization.organizationId", p.target)).want(http.StatusOK), p.target)
	p.placed(p.patch(path, op("replace", enterpriseSchema+":organization", object{"organizationId": p.below})).want(http.StatusOK), p.below)
	p.placed(p.patch(path, op("add", "", byID(p.beside))).want(http.StatusOK), p.beside)
	p.placed(p.patch(path, op("replace", "displayName", "Mo")).want(http.StatusOK), p.beside)
	if n := p.find("/Users", enterpriseSchema+`:organization.organizationId eq "`+p.beside+`"`).total(); n != 1 {
		t.Errorf("a filter finds %d accounts in the organization, want 1", n)
	}
}

func byIDOf(userName, id string) object {
	o := byID(id)
	o["userName"] = userName
	return o
}

func TestRemovingOrganizationLeavesTheAccount(t *testing.T) { // org-3
	p := somewhere(t)
	path := p.placed(p.post("/Users", person(byID(p.below))).want(http.StatusCreated), p.below)
	p.unchanged(func() {
		for _, target := range []string{enterpriseSchema + ":organization", enterpriseSchema + ":organization.organizationId", enterpriseSchema} {
			p.placed(p.patch(path, op("remove", target)).want(http.StatusOK), p.below)
		}
		p.placed(p.patch(path, op("replace", enterpriseSchema+":organization", nil)).want(http.StatusOK), p.below)
		p.placed(p.put(path, person(in(nil))).want(http.StatusOK), p.below)
		p.placed(p.put(path, person(in(object{}))).want(http.StatusOK), p.below)
		p.placed(p.put(path, person(object{enterpriseSchema: nil})).want(http.StatusOK), p.below)
	})
}

func TestThePresentOrganizationAlwaysPasses(t *testing.T) { // org-1
	p := somewhere(t)
	path := p.placed(p.post("/Users", person(byID(p.below))).want(http.StatusCreated), p.below)
	p.unchanged(func() {
		p.put(path, person(byID(p.below))).want(http.StatusOK)
		p.put(path, person(in(p.below))).want(http.StatusOK)
		p.post("/Users", person(byID(p.below))).want(http.StatusOK)
		p.patch(path, op("replace", enterpriseSchema+":organization", object{"organizationId": p.below})).want(http.StatusOK)
	})
}

func TestOrganizationOutsideTheScope(t *testing.T) { // org-4
	p := somewhere(t)
	path := p.placed(p.post("/Users", person(byID(p.below))).want(http.StatusCreated), p.below)
	for _, bad := range []string{p.outside, p.above, "ou_none", "Acme", "", p.app.ID} {
		p.unchanged(func() {
			p.post("/Users", person(byIDOf("mo", bad))).refused(http.StatusBadRequest, "invalidValue", outOfScope)
			p.post("/Users", person(byID(bad))).refused(http.StatusBadRequest, "invalidValue", outOfScope)
			p.put(path, person(byID(bad))).refused(http.StatusBadRequest, "invalidValue", outOfScope)
			for _, o := range []object{
				op("replace", enterpriseSchema+":organization.organizationId", bad),
				op("replace", enterpriseSchema+":organization", object{"organizationId": bad}),
				op("add", "", byID(bad)),
			} {
				p.patch(path, op("replace", "displayName", "Changed"), o).refused(http.StatusBadRequest, "invalidValue", outOfScope)
			}
		})
	}
}

func TestOrganizationAsAText(t *testing.T) { // org-5
	p := somewhere(t)
	p.placed(p.post("/Users", person(in("Acme Ltd."))).want(http.StatusCreated), p.target)
	path := "/Users/" + p.find("/Users", `userName eq "jo"`).at("Resources", 0, "id").(string)
	p.placed(p.put(path, person(in(p.below))).want(http.StatusOK), p.below)
	p.unchanged(func() {
		for _, text := range []string{"Acme Ltd.", "", p.outside, p.above, "ou_none"} {
			p.placed(p.put(path, person(in(text))).want(http.StatusOK), p.below)
			p.placed(p.post("/Users", person(in(text))).want(http.StatusOK), p.below)
			p.placed(p.patch(path, op("replace", enterpriseSchema+":organization", text)).want(http.StatusOK), p.below)
			p.placed(p.patch(path, op("Add", "", in(text))).want(http.StatusOK), p.below)
			p.placed(p.patch(path, op("Add", "", object{enterpriseSchema + ":organization": text})).want(http.StatusOK), p.below)
		}
	})
	p.placed(p.patch(path, op("replace", enterpriseSchema+":organization", p.beside)).want(http.StatusOK), p.beside)
	p.placed(p.post("/Users", person(in(p.target))).want(http.StatusOK), p.target)
	other := person(in(p.beside))
	other["userName"] = "mo"
	p.placed(p.post("/Users", other).want(http.StatusCreated), p.beside)
	p.unchanged(func() {
		for _, bad := range []any{1, true, []any{p.below}} {
			p.put(path, person(in(bad))).want(http.StatusBadRequest)
		}
	})
}

func TestAnAccountOutsideTheScopeIsNotThere(t *testing.T) { // scope-2, scope-7, as far as it takes no control API
	p := somewhere(t)
	path := p.placed(p.post("/Users", person(byID(p.beside))).want(http.StatusCreated), p.beside)
	narrow := p.app
	narrow.Scope = []string{p.target}
	p.world.change(func(tx store.Tx) error { return tx.PutApplication(narrow) })
	for _, a := range []answer{
		p.get(path), p.put(path, person(nil)), p.patch(path, op("replace", "active", false)), p.delete(path),
	} {
		a.refused(http.StatusNotFound, "", "ResourceNotFound.User")
	}
	if n := p.get("/Users").total() + p.find("/Users", `userName eq "jo"`).total(); n != 0 {
		t.Errorf("lists show it %d times", n)
	}
	p.post("/Users", person(nil)).refused(http.StatusConflict, "uniqueness", "ResourceDuplicated.Username")
	p.world.change(func(tx store.Tx) error { return tx.PutApplication(p.app) })
	if got := p.get(path).want(http.StatusOK).at("meta", "version"); got != `W/"1"` {
		t.Errorf("the account is shown again with version %v", got)
	}
}
