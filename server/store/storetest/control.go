package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"scimproof/server/scim"
	"scimproof/server/store"
)

// wantSame compares what one read answers; an error is an answer, too.
func wantSame[T any](t *testing.T, s store.Store, what string, want T, get func(store.Reader) (T, error)) {
	t.Helper()
	read(t, s, func(r store.Reader) error {
		got, err := get(r)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s differs (-want +got):\n%s", what, d)
		}
		return err
	})
}

// wantAbsent checks that each call answers ErrNotFound.
func wantAbsent(t *testing.T, s store.Store, calls map[string]func(store.Tx) error) {
	t.Helper()
	for name, call := range calls {
		if err := s.Write(context.Background(), call); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", name, err)
		}
	}
}

func testInstances(t *testing.T, s store.Store) {
	wantSame(t, s, "the list of none", nil, store.Reader.Instances)
	b := store.Instance{ID: "b", Name: "Bee ☃", PasswordPolicy: "Unrestricted", Created: at(1)}
	a := store.Instance{ID: "a"}
	write(t, s, func(tx store.Tx) error { return errors.Join(tx.PutInstance(b), tx.PutInstance(a)) })
	b.Name = "Bee again"
	write(t, s, func(tx store.Tx) error { return tx.PutInstance(b) })
	wantSame(t, s, "the list", []store.Instance{b, a}, store.Reader.Instances)
	wantSame(t, s, "one", b, func(r store.Reader) (store.Instance, error) { return r.Instance("b") })
	wantAbsent(t, s, map[string]func(store.Tx) error{
		"Instance": func(tx store.Tx) error { _, err := tx.Instance("c"); return err },
	})
}

func testApplications(t *testing.T, s store.Store) {
	b := store.Application{
		ID: "b", Instance: "i", Name: "Bee", Kind: "custom", Profile: "idaas", Enabled: true, APIEnabled: true,
		Permissions: []string{"read", "write,", ""}, Scope: []string{"o2", "o1"}, Target: "o1", Variants: []string{`a "quote"`},
		Namespace: "urn:x", Fields: []string{"f"}, Created: at(1),
	}
	a := store.Application{ID: "a", Instance: "i"}
	c := store.Application{ID: "c", Instance: "other"}
	write(t, s, func(tx store.Tx) error {
		return errors.Join(tx.PutApplication(b), tx.PutApplication(a), tx.PutApplication(c))
	})
	b.Name, b.Enabled, b.APIEnabled, b.Scope, b.Permissions = "Bee again", false, false, nil, []string{"read"}
	write(t, s, func(tx store.Tx) error { return tx.PutApplication(b) })
	list := func(r store.Reader) ([]store.Application, error) { return r.Applications("i") }
	wantSame(t, s, "the list", []store.Application{b, a}, list)
	wantSame(t, s, "one", c, func(r store.Reader) (store.Application, error) { return r.Application("c") })
	wantSame(t, s, "the list of none", nil, func(r store.Reader) ([]store.Application, error) { return r.Applications("nowhere") })
	testDeleteApplication(t, s)
	wantSame(t, s, "the list after a delete", []store.Application{a}, list)
}

// testDeleteApplication deletes application b: what is its own goes with it, resources stay.
func testDeleteApplication(t *testing.T, s store.Store) {
	dir := store.View{Directory: "i", Application: "b"}
	write(t, s, func(tx store.Tx) error {
		return errors.Join(
			tx.PutOrganization(store.Organization{ID: "o1", Instance: "i"}),
			tx.PutApplication(store.Application{ID: "b", Instance: "i", Scope: []string{"o1"}}),
			tx.PutToken(store.Token{ID: "t1", Application: "b", Digest: []byte("1")}),
			tx.PutToken(store.Token{ID: "t2", Application: "a", Digest: []byte("2")}),
			tx.Insert(dir, user("user_1", "o1", scim.Object{"userName": "ann", "externalId": "e"}), true),
			tx.Update(store.View{Directory: "i", Application: "a"}, user("user_1", "o1", scim.Object{"userName": "ann", "externalId": "e"}), true),
			tx.Insert(dir, group("group_1", "G"), true),
			tx.AddToScope("b", "group_1"),
			tx.Insert(store.View{Directory: "b", Application: "b"}, user("user_2", "o1", scim.Object{"userName": "own"}), true),
			tx.DeleteApplication("b"))
	})
	wantAbsent(t, s, map[string]func(store.Tx) error{
		"the application":         func(tx store.Tx) error { _, err := tx.Application("b"); return err },
		"deleting it twice":       func(tx store.Tx) error { return tx.DeleteApplication("b") },
		"its token":               func(tx store.Tx) error { _, err := tx.Token("t1"); return err },
		"its token by the digest": func(tx store.Tx) error { _, err := tx.TokenByDigest([]byte("1")); return err },
		"a group of its scope":    func(tx store.Tx) error { return tx.RemoveFromScope("b", "group_1") },
	})
	write(t, s, func(tx store.Tx) error { // one of its id that comes later inherits nothing
		return tx.PutApplication(store.Application{ID: "b", Instance: "i"})
	})
	wantSame(t, s, "what is placed there", 1, func(r store.Reader) (int, error) { return r.Placed("o1") })
	wantSame(t, s, "its own directory", nil, func(r store.Reader) ([]store.Record, error) {
		return r.ByKey(store.View{Directory: "b", Application: "b"}, "User", "userName", "own")
	})
	read(t, s, func(r store.Reader) error {
		rec, err := r.Get(dir, "User", "user_1")
		if rec.ExternalID != "" {
			t.Errorf("the externalId of a deleted application is still there: %q", rec.ExternalID)
		}
		other, err2 := r.Get(store.View{Directory: "i", Application: "a"}, "User", "user_1")
		if other.ExternalID != "e" {
			t.Errorf("another application's externalId is %q, want e", other.ExternalID)
		}
		scoped, err3 := r.InScope("b", "o1")
		groups, err4 := r.ScopeGroups("b")
		if scoped || len(groups) != 0 {
			t.Errorf("the scope of a deleted application is still there: %v, %v", scoped, groups)
		}
		_, err5 := r.Token("t2")
		return errors.Join(err, err2, err3, err4, err5)
	})
	write(t, s, func(tx store.Tx) error { return tx.DeleteApplication("b") })
}

func testTokens(t *testing.T, s store.Store) {
	found(t, s)
	b := store.Token{ID: "b", Application: wide, Kind: "bearer_token", Digest: []byte{0, 1, 255}, Enabled: true, Created: at(1), Expires: at(1).AddDate(3, 0, 0), Account: "user_1"}
	a := store.Token{ID: "a", Application: wide, Digest: []byte("a")}
	c := store.Token{ID: "c", Application: narrow, Digest: []byte("c")}
	write(t, s, func(tx store.Tx) error { return errors.Join(tx.PutToken(b), tx.PutToken(a), tx.PutToken(c)) })
	list := func(r store.Reader) ([]store.Token, error) { return r.Tokens(wide) }
	b.Enabled, b.LastUsed, b.Account = false, at(7).Add(999*time.Microsecond), "user_2"
	write(t, s, func(tx store.Tx) error { return tx.PutToken(b) })
	b.LastUsed = at(7)
	wantSame(t, s, "the list", []store.Token{b, a}, list)
	wantSame(t, s, "one", c, func(r store.Reader) (store.Token, error) { return r.Token("c") })
	wantSame(t, s, "one by its digest", b, func(r store.Reader) (store.Token, error) { return r.TokenByDigest([]byte{0, 1, 255}) })

	err := s.Write(context.Background(), func(tx store.Tx) error {
		return tx.PutToken(store.Token{ID: "d", Application: narrow, Digest: []byte("a")})
	})
	if !conflictOver(err, "digest") {
		t.Errorf("a digest that another token has: %v, want a conflict", err)
	}
	wantAbsent(t, s, map[string]func(store.Tx) error{
		"a token of no application": func(tx store.Tx) error {
			return tx.PutToken(store.Token{ID: "d", Application: "app_unknown", Digest: []byte("d")})
		},
		"Token":         func(tx store.Tx) error { _, err := tx.Token("d"); return err },
		"TokenByDigest": func(tx store.Tx) error { _, err := tx.TokenByDigest([]byte("d")); return err },
		"no digest":     func(tx store.Tx) error { _, err := tx.TokenByDigest(nil); return err },
		"DeleteToken":   func(tx store.Tx) error { return tx.DeleteToken("d") },
	})
	write(t, s, func(tx store.Tx) error { return tx.DeleteToken("b") })
	wantSame(t, s, "the list after a delete", []store.Token{a}, list)
	wantAbsent(t, s, map[string]func(store.Tx) error{
		"a deleted one by its digest": func(tx store.Tx) error { _, err := tx.TokenByDigest([]byte{0, 1, 255}); return err },
	})
}

func testOrganizations(t *testing.T, s store.Store) {
	b := store.Organization{ID: "b", Instance: "i", Name: "Bee"}
	a := store.Organization{ID: "a", Instance: "i", Parent: "b", Name: "Ay"}
	c := store.Organization{ID: "c", Instance: "other", Name: "Cee"}
	write(t, s, func(tx store.Tx) error {
		return errors.Join(tx.PutOrganization(b), tx.PutOrganization(a), tx.PutOrganization(c))
	})
	b.Name = "Bee again"
	write(t, s, func(tx store.Tx) error { return tx.PutOrganization(b) })
	list := func(r store.Reader) ([]store.Organization, error) { return r.Organizations("i") }
	wantSame(t, s, "the list", []store.Organization{b, a}, list)
	wantSame(t, s, "one", c, func(r store.Reader) (store.Organization, error) { return r.Organization("c") })
	write(t, s, func(tx store.Tx) error { return tx.DeleteOrganization("b") })
	wantSame(t, s, "the list after a delete", []store.Organization{a}, list)
	wantAbsent(t, s, map[string]func(store.Tx) error{
		"Organization":       func(tx store.Tx) error { _, err := tx.Organization("b"); return err },
		"DeleteOrganization": func(tx store.Tx) error { return tx.DeleteOrganization("b") },
	})
}

func testSecrets(t *testing.T, s store.Store) {
	secret := func(name string) func(store.Reader) ([]byte, error) {
		return func(r store.Reader) ([]byte, error) { return r.Secret(name) }
	}
	write(t, s, func(tx store.Tx) error {
		return errors.Join(tx.PutSecret("a", []byte{0, 1, 255}), tx.PutSecret("b", []byte("bee")), tx.PutSecret("b", []byte("again")))
	})
	wantSame(t, s, "a secret", []byte{0, 1, 255}, secret("a"))
	wantSame(t, s, "one written over", []byte("again"), secret("b"))
	wantAbsent(t, s, map[string]func(store.Tx) error{
		"Secret": func(tx store.Tx) error { _, err := tx.Secret("A"); return err },
	})
}

func testFields(t *testing.T, s store.Store) {
	b := store.Field{
		ID: "b", Instance: "i", Name: "badge", DisplayName: "Badge ☃", Description: "at the door", Type: "string", Input: "select",
		Required: true, Unique: true, Enabled: true, Created: at(1),
		Options: []store.Option{{Value: "x", DisplayName: "Ex", Enabled: true}, {Value: "y"}},
	}
	a := store.Field{ID: "a", Instance: "i"}
	c := store.Field{ID: "c", Instance: "other"}
	write(t, s, func(tx store.Tx) error { return errors.Join(tx.PutField(b), tx.PutField(a), tx.PutField(c)) })
	b.Required, b.Unique, b.Enabled, b.Options = false, false, false, b.Options[:1]
	write(t, s, func(tx store.Tx) error { return tx.PutField(b) })
	list := func(r store.Reader) ([]store.Field, error) { return r.Fields("i") }
	wantSame(t, s, "the list", []store.Field{b, a}, list)
	wantSame(t, s, "one", c, func(r store.Reader) (store.Field, error) { return r.Field("c") })
	write(t, s, func(tx store.Tx) error { return tx.DeleteField("b") })
	wantSame(t, s, "the list after a delete", []store.Field{a}, list)
	wantAbsent(t, s, map[string]func(store.Tx) error{
		"Field":       func(tx store.Tx) error { _, err := tx.Field("b"); return err },
		"DeleteField": func(tx store.Tx) error { return tx.DeleteField("b") },
	})
}

// testDeleteInstance deletes one of two instances: all that it has goes, and nothing of the other.
func testDeleteInstance(t *testing.T, s store.Store) {
	fill := func(tx store.Tx, in string) error {
		app := in + "_app"
		dir := store.View{Directory: in, Application: app}
		return errors.Join(
			tx.PutInstance(store.Instance{ID: in}),
			tx.PutOrganization(store.Organization{ID: in + "_o", Instance: in}),
			tx.PutField(store.Field{ID: in + "_f", Instance: in}),
			tx.PutApplication(store.Application{ID: app, Instance: in, Scope: []string{in + "_o"}}),
			tx.PutToken(store.Token{ID: in + "_t", Application: app, Digest: []byte(in)}),
			tx.Insert(dir, user(in+"_user", in+"_o", scim.Object{"userName": "ann", "externalId": "e"}), true),
			tx.Insert(store.View{Directory: app, Application: app}, user(in+"_own", "", scim.Object{"userName": "own"}), true))
	}
	write(t, s, func(tx store.Tx) error { return errors.Join(fill(tx, "one"), fill(tx, "two")) })
	write(t, s, func(tx store.Tx) error { return tx.DeleteInstance("one") })
	calls := func(in string) map[string]func(store.Tx) error {
		dir := store.View{Directory: in, Application: in + "_app"}
		return map[string]func(store.Tx) error{
			"the instance":    func(tx store.Tx) error { _, err := tx.Instance(in); return err },
			"an organization": func(tx store.Tx) error { _, err := tx.Organization(in + "_o"); return err },
			"a field":         func(tx store.Tx) error { _, err := tx.Field(in + "_f"); return err },
			"an application":  func(tx store.Tx) error { _, err := tx.Application(in + "_app"); return err },
			"a token":         func(tx store.Tx) error { _, err := tx.Token(in + "_t"); return err },
			"an account":      func(tx store.Tx) error { _, err := tx.Get(dir, "User", in+"_user"); return err },
			"an account of a directory of its own": func(tx store.Tx) error {
				_, err := tx.Get(store.View{Directory: in + "_app"}, "User", in+"_own")
				return err
			},
		}
	}
	wantAbsent(t, s, calls("one"))
	for name, call := range calls("two") {
		if err := s.Write(context.Background(), call); err != nil {
			t.Errorf("%s of another instance: %v", name, err)
		}
	}
	wantSame(t, s, "what is placed in it", 0, func(r store.Reader) (int, error) { return r.Placed("one_o") })
	wantSame(t, s, "what is placed in another", 1, func(r store.Reader) (int, error) { return r.Placed("two_o") })
	wantAbsent(t, s, map[string]func(store.Tx) error{"deleting it twice": func(tx store.Tx) error { return tx.DeleteInstance("one") }})
}

// testAdmission asks before and after each kind of change: an answer is never older than a step that has ended.
func testAdmission(t *testing.T, s store.Store) {
	in := store.Instance{ID: "i", Name: "One"}
	app := store.Application{ID: "a", Instance: "i", Name: "Ay", Enabled: true}
	token := store.Token{ID: "t", Application: "a", Digest: []byte("d"), Enabled: true}
	field := store.Field{ID: "f", Instance: "i", Name: "badge"}
	admit := func(digest []byte) store.Admission {
		t.Helper()
		got, err := s.Admit(context.Background(), "a", digest)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if _, err := s.Admit(context.Background(), "a", nil); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("an application that is not there: %v, want ErrNotFound", err)
	}
	write(t, s, func(tx store.Tx) error { return errors.Join(tx.PutInstance(in), tx.PutApplication(app)) })
	want := store.Admission{Application: app, Instance: in}
	check := func(when string, digest []byte) {
		t.Helper()
		for range 2 { // the second may come from memory
			if d := cmp.Diff(want, admit(digest)); d != "" {
				t.Errorf("%s differs (-want +got):\n%s", when, d)
			}
		}
	}
	check("without a token", nil)
	check("with a token that is not there", []byte("d"))
	write(t, s, func(tx store.Tx) error { return tx.PutToken(token) })
	want.Token = token
	check("with a token", []byte("d"))
	for name, change := range map[string]func(tx store.Tx) error{
		"a token that changes":        func(tx store.Tx) error { want.Token.Enabled = false; return tx.PutToken(want.Token) },
		"an application that changes": func(tx store.Tx) error { want.Application.Name = "Again"; return tx.PutApplication(want.Application) },
		"an instance that changes":    func(tx store.Tx) error { want.Instance.Name = "Again"; return tx.PutInstance(want.Instance) },
		"a field that comes":          func(tx store.Tx) error { want.Fields = []store.Field{field}; return tx.PutField(field) },
	} {
		write(t, s, change)
		check(name, []byte("d"))
	}
	if err := s.Write(context.Background(), func(tx store.Tx) error { return errors.Join(tx.DeleteToken("t"), errors.New("no")) }); err == nil {
		t.Fatal("a step that fails has ended well")
	}
	check("a change that failed", []byte("d"))
	write(t, s, func(tx store.Tx) error { return tx.DeleteToken("t") })
	want.Token = store.Token{}
	check("a token that goes", []byte("d"))
	write(t, s, func(tx store.Tx) error { return tx.DeleteField("f") })
	want.Fields = nil
	check("a field that goes", nil)
	write(t, s, func(tx store.Tx) error { return tx.DeleteApplication("a") })
	if _, err := s.Admit(context.Background(), "a", []byte("d")); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an application that has gone: %v, want ErrNotFound", err)
	}
}
