package patch

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

const (
	department = check.EnterpriseSchema + ":department"
	stored     = `"` + check.EnterpriseSchema + `".department` // where a body has it
)

// user makes a user and returns the path of it.
func user(t *check.T, changes ...check.Doc) string {
	return check.Under(t.Users(), t.MustUser(changes...).ID())
}

// named makes a user with a displayName.
func named(t *check.T) (path, name string) {
	name = t.Unique() + " before"
	return user(t, check.Doc{"displayName": name}), name
}

// patched sends operations, expects them to succeed, and reads the resource again.
func patched(t *check.T, path string, ops ...check.Doc) *check.Answer {
	t.Expect(t.Patch(path, check.PatchOps(ops...))).To(match.Success())
	return t.MustGet(path)
}

// refused expects a PATCH of a user from named to be refused with 400, and to leave the displayName as it is.
func refused(t *check.T, path, name string, body any) {
	t.Expect(t.Patch(path, body)).To(match.Error([]int{400}))
	t.Expect(t.MustGet(path)).To(match.Value("displayName", name))
}

func emails(list ...check.Doc) check.Doc { return check.Doc{"emails": values(list...)} }

func values(list ...check.Doc) check.List {
	out := check.List{}
	for _, e := range list {
		out = append(out, e)
	}
	return out
}

func work(value string) check.Doc { return check.Doc{"type": "work", "value": value} }
func home(value string) check.Doc { return check.Doc{"type": "home", "value": value} }

// address is an address that nobody else has.
func address(t *check.T) string { return t.Unique() + "@example.com" }

// mailboxes makes a user with an address for work and one for home. The check ends where the target does not keep two.
func mailboxes(t *check.T) (path, atWork, atHome string) {
	atWork, atHome = address(t), address(t)
	path = user(t, emails(work(atWork), home(atHome)))
	a := t.MustGet(path)
	if !match.Is(a, match.Value("emails[type=work].value", atWork)) || !match.Is(a, match.Value("emails[type=home].value", atHome)) {
		t.NA("the target does not keep two addresses of a user")
	}
	return path, atWork, atHome
}

// mailbox makes a user with an address for work. The check ends where the target does not keep it.
func mailbox(t *check.T) (path, atWork string) {
	atWork = address(t)
	path = user(t, emails(work(atWork)))
	keeps(t, path, "emails[type=work].value", atWork)
	return path, atWork
}

// person makes a user with both parts of a name. The check ends where the target does not keep them.
func person(t *check.T) (path string) {
	path = user(t, check.Doc{"name": check.Doc{"givenName": "Ann", "familyName": "Before"}})
	keeps(t, path, "name.givenName", "Ann")
	keeps(t, path, "name.familyName", "Before")
	return path
}

// keeps ends the check unless the resource has the value: a target that does not keep what it is sent cannot be asked to change it.
func keeps(t *check.T, path, at string, want any) {
	if !match.Is(t.MustGet(path), match.Value(at, want)) {
		t.NA("the target did not keep %s as it was sent", at)
	}
}

// optional ends the check where the target requires the attribute of a user, so that it cannot be asked to let go of it.
func optional(t *check.T, attribute string) {
	if a := t.Attribute(check.UserSchema, attribute); a != nil && a.Text("required") == "true" {
		t.NA("Schemas declares %s as required", attribute)
	}
}
