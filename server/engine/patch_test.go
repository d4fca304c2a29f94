package engine_test

import (
	"net/http"
	"testing"

	"scimproof/server/scim"
)

// TestPatchNothing has operations that lead to where the resource already is: they succeed, and version and lastModified stay.
func TestPatchNothing(t *testing.T) {
	w := newWorld(t)
	before := w.create(w.user(), fullUser)
	for _, op := range []string{
		`{"op":"replace","path":"displayName","value":"Ann ☃"}`,
		`{"op":"Replace","path":"ACTIVE","value":true}`,
		`{"op":"add","path":"userName","value":"Ann"}`,
		`{"op":"add","path":"emails","value":[{"value":"ann@home.example","type":"home"}]}`,
		`{"op":"add","value":{"name":{"givenName":"Ann"}}}`,
		`{"op":"replace","path":"externalId","value":"E-1"}`,
		`{"op":"remove","path":"title"}`,
		`{"op":"replace","path":"emails[type eq \"work\"].value","value":"ann@work.example"}`,
		`{"op":"replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"Ops"}`,
		`{"op":"add","path":"title","value":"Boss"},{"op":"remove","path":"title"}`,
	} {
		w.later()
		answer := w.patch(w.user(), before.id(), op)
		same(t, op, before.object, answer.object)
		same(t, op, before.Version, answer.Version)
		w.unchanged(op, w.user(), before)
	}
}

func TestPatch(t *testing.T) {
	w := newWorld(t)
	before := w.create(w.user(), fullUser)
	w.later()
	answer := w.patch(w.user(), before.id(),
		`{"op":"replace","path":"userName","value":"anna"}`,
		`{"op":"remove","path":"emails[type eq \"home\"]"}`,
		`{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter","value":"9"}`,
		`{"op":"replace","path":"externalId","value":"E-2"}`)
	after := w.changed("a patch", w.user(), before)
	same(t, "the answer is what is read", after.object, answer.object)
	same(t, "status", http.StatusOK, answer.Status)
	same(t, "userName", "anna", after.at("userName"))
	same(t, "emails", []string{"ann@work.example"}, after.pick("emails", "value"))
	same(t, "costCenter", "9", after.at("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "costCenter"))
	// The indexes have moved with it.
	for filter, want := range map[string]float64{
		`userName eq "ann"`: 0, `userName eq "ANNA"`: 1, `emails.value eq "ann@home.example"`: 0, `emails.value eq "ann@work.example"`: 1,
		`externalId eq "E-1"`: 0, `externalId eq "E-2"`: 1,
	} {
		same(t, filter, want, w.list(w.user(), filtered(filter)).at("totalResults"))
	}
	if ben := w.person("ann"); ben == before.id() {
		t.Error("the old userName still belongs to the account")
	}
}

// TestPatchWhole has a step that cannot be done among others: none is done.
func TestPatchWhole(t *testing.T) {
	w := newWorld(t)
	w.person("ben")
	before := w.create(w.user(), fullUser)
	for name, test := range map[string]struct {
		op     string
		status int
		typ    scim.ErrorType
	}{
		"an attribute that is read-only":   {`{"op":"replace","path":"id","value":"x"}`, http.StatusBadRequest, scim.MutabilityErr},
		"a required one removed":           {`{"op":"remove","path":"userName"}`, http.StatusBadRequest, scim.MutabilityErr},
		"a filter that matches nothing":    {`{"op":"replace","path":"emails[type eq \"other\"].value","value":"x"}`, http.StatusBadRequest, scim.NoTarget},
		"a userName that is taken":         {`{"op":"replace","path":"userName","value":"BEN"}`, http.StatusConflict, scim.UniqueValue},
		"an attribute that is not there":   {`{"op":"add","path":"nickname2","value":"x"}`, http.StatusBadRequest, scim.InvalidPath},
		"groups, which follow from others": {`{"op":"add","path":"groups","value":[{"value":"group_x"}]}`, http.StatusBadRequest, scim.MutabilityErr},
	} {
		_, err := w.tryPatch(w.user(), before.id(), `{"op":"replace","path":"title","value":"Boss"}`, test.op)
		refused(t, name, err, test.status, test.typ)
		w.unchanged(name, w.user(), before)
	}
}
