package projection

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// someone is a new user with a displayName and an externalId, by the path to read it.
func someone(t *check.T, changes ...check.Doc) (created *check.Answer, path string) {
	both := check.Doc{"displayName": "Ada " + t.Unique(), "externalId": "Ext-" + t.Unique()}
	created = t.MustUser(append([]check.Doc{both}, changes...)...)
	return created, check.Under(t.Users(), created.ID())
}

// reads ends the check unless a plain GET shows all of the attributes: what does not come by itself cannot be chosen.
func reads(t *check.T, path string, attributes ...string) {
	whole := t.MustGet(path)
	for _, a := range attributes {
		if !match.Is(whole, match.Has(a)) {
			t.NA("the target does not show %s", a)
		}
	}
}

// sometimes ends the check where the target declares that an attribute is always returned, or never by itself.
func sometimes(t *check.T, name string) {
	a := t.Attribute(check.UserSchema, name)
	if a == nil {
		return
	}
	if returned := a.Text("returned"); returned != "" && returned != "default" {
		t.NA("the target declares that %s is returned %s", name, returned)
	}
}
