package engine_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"scimproof/server/scim"
	"scimproof/server/store"
)

const fullUser = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
	"externalId":"E-1","userName":"Ann","displayName":"Ann ☃","name":{"familyName":"Ames","givenName":"Ann"},"active":true,
	"emails":[{"value":"ann@work.example","type":"work","primary":true},{"value":"ann@home.example","type":"home"}],
	"id":"mine","meta":{"location":"elsewhere"},"groups":[{"value":"group_x"}],"password":"secret",
	"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"7","department":"Ops"}}`

func TestCreate(t *testing.T) {
	w := newWorld(t)
	made := w.create(w.user(), fullUser)
	id := made.id()
	if made.Status != http.StatusCreated || made.Version != `W/"1"` || made.Location != "https://scim.example/app_1/Users/"+id {
		t.Errorf("the answer is %d, %s, %s", made.Status, made.Version, made.Location)
	}
	if !strings.HasPrefix(id, "user_") || len(id) != len("user_")+26 {
		t.Errorf("the id is %q", id)
	}
	want := map[string]any{
		"schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"},
		"id":      id, "externalId": "E-1", "userName": "Ann", "displayName": "Ann ☃", "active": true,
		"name": map[string]any{"familyName": "Ames", "givenName": "Ann"},
		"emails": []any{
			map[string]any{"value": "ann@work.example", "type": "work", "primary": true}, map[string]any{"value": "ann@home.example", "type": "home"},
		},
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": map[string]any{"employeeNumber": "7", "department": "Ops"},
		"meta": map[string]any{
			"resourceType": "User", "created": "2026-03-31T12:00:00.000Z", "lastModified": "2026-03-31T12:00:00.000Z",
			"location": made.Location, "version": `W/"1"`,
		},
	}
	same(t, "what was made", want, made.object)
	w.later()
	w.unchanged("read again", w.user(), made)
	same(t, "the hashed passwords", []string{"secret"}, w.hashed)
}

func TestCreateRefused(t *testing.T) {
	w := newWorld(t)
	first := w.create(w.user(), fullUser)
	tests := []struct {
		name, body string
		status     int
		typ        scim.ErrorType
	}{
		{"the same userName", fullUser, http.StatusConflict, scim.UniqueValue},
		{"in another case", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"aNN"}`, http.StatusConflict, scim.UniqueValue},
		{"no userName", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"displayName":"x"}`, http.StatusBadRequest, scim.InvalidValue},
		{"a type that is wrong", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":7}`, http.StatusBadRequest, scim.InvalidValue},
		{"no JSON", `{"schemas"`, http.StatusBadRequest, scim.InvalidSyntax},
	}
	for _, test := range tests {
		_, err := w.engine.Create(t.Context(), w.app, w.user(), []byte(test.body), scim.Selection{})
		refused(t, test.name, err, test.status, test.typ)
	}
	_, err := w.engine.Create(t.Context(), w.app, w.group(), []byte(teamBody("Ops", first.id(), "user_nobody")), scim.Selection{})
	refused(t, "a member that is not there", err, http.StatusBadRequest, scim.InvalidValue)
	same(t, "accounts", 1.0, w.list(w.user(), all).at("totalResults"))
	same(t, "groups", 0.0, w.list(w.group(), all).at("totalResults"))
}

// TestManyCreate lets many make the same account at once: one does, the others are told so.
func TestManyCreate(t *testing.T) {
	w := newWorld(t)
	w.engine.Hash = func(context.Context, string) ([]byte, error) { return []byte("x"), nil }
	var wg sync.WaitGroup
	errs := make([]error, 16)
	for i := range errs {
		wg.Go(func() {
			_, errs[i] = w.engine.Create(t.Context(), w.app, w.user(), []byte(strings.Replace(fullUser, "Ann", []string{"ann", "ANN"}[i%2], 1)), scim.Selection{})
		})
	}
	wg.Wait()
	made := 0
	for i, err := range errs {
		if err == nil {
			made++
		} else {
			refused(t, fmt.Sprint("create ", i), err, http.StatusConflict, scim.UniqueValue)
		}
	}
	same(t, "made", 1, made)
}

func TestReplace(t *testing.T) {
	w := newWorld(t)
	before := w.create(w.user(), fullUser)
	w.later()
	w.replace(w.user(), before.id(), strings.ReplaceAll(fullUser, `,"password":"secret"`, ""))
	w.unchanged("the same again", w.user(), before)

	answer := w.replace(w.user(), before.id(), `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ANN","id":"other","title":"Boss"}`)
	after := w.changed("another", w.user(), before)
	same(t, "the answer is what is read", after.object, answer.object)
	same(t, "status", http.StatusOK, answer.Status)
	same(t, "what is left", map[string]any{
		"schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:User"}, "id": before.id(), "userName": "ANN", "title": "Boss", "meta": after.at("meta"),
	}, after.object)

	_, err := w.engine.Replace(t.Context(), w.app, w.user(), "user_nobody", []byte(fullUser), scim.Selection{})
	refused(t, "PUT does not make", err, http.StatusNotFound, "")
	w.person("ben")
	_, err = w.engine.Replace(t.Context(), w.app, w.user(), before.id(), []byte(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"BEN"}`), scim.Selection{})
	refused(t, "a userName that is taken", err, http.StatusConflict, scim.UniqueValue)
	w.unchanged("after the refusals", w.user(), after)
}

func TestDelete(t *testing.T) {
	w := newWorld(t)
	id := w.person("ann", `"externalId":"E"`)
	team := w.team("Ops", id)
	res, err := w.engine.Delete(t.Context(), w.app, w.user(), id)
	if err != nil || res.Status != http.StatusNoContent || res.Body != nil {
		t.Errorf("DELETE answers %+v, %v", res, err)
	}
	_, err = w.engine.Get(t.Context(), w.app, w.user(), id, scim.Selection{})
	refused(t, "GET afterwards", err, http.StatusNotFound, "")
	_, err = w.engine.Delete(t.Context(), w.app, w.user(), id)
	refused(t, "DELETE again", err, http.StatusNotFound, "")
	_, err = w.tryPatch(w.user(), id, `{"op":"replace","path":"active","value":false}`)
	refused(t, "PATCH afterwards", err, http.StatusNotFound, "")
	same(t, "members of the group", nil, w.get(w.group(), team).at("members"))
	if again := w.person("ann", `"externalId":"E"`); again == id {
		t.Error("the id is used again")
	}
}

// TestVersionsRise changes a resource many times within one millisecond.
func TestVersionsRise(t *testing.T) {
	w := newWorld(t)
	before := w.create(w.user(), fullUser)
	for i := range 5 {
		w.patch(w.user(), before.id(), fmt.Sprintf(`{"op":"replace","path":"title","value":"%d"}`, i))
		before = w.changed(fmt.Sprint("change ", i), w.user(), before)
	}
	same(t, "the version", `W/"6"`, before.Version)
}

// TestPasswords looks at what is kept: never in the answer, nor in the stored resource.
func TestPasswords(t *testing.T) {
	w := newWorld(t)
	id := w.person("ann", `"password":"one"`)
	kept := func() string {
		var rec store.Record
		err := w.engine.Store.Read(t.Context(), func(r store.Reader) (err error) {
			rec, err = r.Get(w.app.View, "User", id)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(rec.Body), "password") || strings.Contains(string(rec.Hidden), "password") {
			t.Errorf("the resource holds the password: %s", rec.Body)
		}
		return string(rec.Secret)
	}
	same(t, "made with", "hash 1", kept())
	w.patch(w.user(), id, `{"op":"replace","path":"title","value":"Boss"}`)
	w.replace(w.user(), id, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ann"}`)
	same(t, "left out", "hash 1", kept())
	w.patch(w.user(), id, `{"op":"add","path":"password","value":"two"}`, `{"op":"replace","value":{"password":"three","title":"x"}}`)
	same(t, "patched", "hash 2", kept())
	same(t, "the hashed passwords", []string{"one", "three"}, w.hashed)
	before := w.get(w.user(), id)
	w.patch(w.user(), id, `{"op":"remove","path":"password"}`)
	same(t, "removed", "", kept())
	w.changed("removed", w.user(), before)
	answer := w.replace(w.user(), id, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ann","password":"four"}`)
	same(t, "replaced", "hash 3", kept())
	same(t, "in the answer", nil, answer.at("password"))
}

// TestHashFails keeps everything as it was where the password cannot be hashed.
func TestHashFails(t *testing.T) {
	w := newWorld(t)
	before := w.create(w.user(), fullUser)
	busy := errors.New("busy")
	w.engine.Hash = func(context.Context, string) ([]byte, error) { return nil, busy }
	if _, err := w.tryPatch(w.user(), before.id(), `{"op":"replace","path":"password","value":"x"}`); !errors.Is(err, busy) {
		t.Errorf("PATCH answers %v", err)
	}
	w.unchanged("after the failure", w.user(), before)
}

// TestExternalID gives two applications that share a directory each its own name for an account.
func TestExternalID(t *testing.T) {
	w := newWorld(t)
	before := w.create(w.user(), fullUser)
	id := before.id()
	other := application("app_2", store.View{Directory: "app_1", Application: "app_2"}, w.app.Profile)
	there := func() result {
		return w.result(w.engine.Get(t.Context(), other, w.user(), id, scim.Selection{}))
	}
	same(t, "to the other", nil, there().at("externalId"))
	if _, err := w.engine.Patch(t.Context(), other, w.user(), id, patchBody(`{"op":"add","path":"externalId","value":"other"}`), scim.Selection{}); err != nil {
		t.Fatal(err)
	}
	same(t, "to the other now", "other", there().at("externalId"))
	after := w.get(w.user(), id)
	same(t, "to the first", "E-1", after.at("externalId"))
	w.patch(w.user(), id, `{"op":"remove","path":"externalId"}`)
	w.changed("removed", w.user(), after)
	same(t, "removed", nil, w.get(w.user(), id).at("externalId"))
	same(t, "still the other's", "other", there().at("externalId"))
	// Profile rfc lets several accounts carry one.
	w.person("ben", `"externalId":"twice"`)
	w.person("cy", `"externalId":"twice"`)
	same(t, "found", 2.0, w.list(w.user(), filtered(`externalId eq "twice"`)).at("totalResults"))
	w.app.Profile.UniqueExternalID = true
	_, err := w.engine.Create(t.Context(), w.app, w.user(), []byte(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"dan","externalId":"twice"}`), scim.Selection{})
	refused(t, "where it is unique", err, http.StatusConflict, scim.UniqueValue)
}
