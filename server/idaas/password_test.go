package idaas

import (
	"slices"
	"strings"
	"testing"

	"scimproof/server/engine"
	"scimproof/server/store"
)

func policyNamed(t *testing.T, name string) Policy {
	t.Helper()
	for _, p := range Policies() {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("there is no policy %s", name)
	return Policy{}
}

func TestPolicies(t *testing.T) {
	jo := owner{userName: "Jo.Doe", displayName: "Joana Doe", phone: "4155552671", mail: "jdoe@example.com"}
	for _, c := range []struct {
		policy, password string
		want             []string // a word of each breach, in order
	}{
		{"Unrestricted", "abcd", nil},
		{"Unrestricted", "äöü€", nil},
		{"Unrestricted", "jo.doe", nil},
		{"Unrestricted", "abc", []string{"fewer than 4"}},
		{"Unrestricted", "äöü", []string{"fewer than 4"}},
		{"Unrestricted", "", []string{"fewer than 4"}},
		{"Unrestricted", strings.Repeat("ü", 64), nil},
		{"Unrestricted", strings.Repeat("a", 65), []string{"more than 64"}},
		{"Unrestricted", "abc\x00d", []string{"control"}},
		{"Unrestricted", "abcd\n", []string{"control"}},
		{"Unrestricted", "abcd\u0085", []string{"control"}},
		{"Simple", "abcde1", nil},
		{"Simple", "abcd1", []string{"fewer than 6"}},
		{"Simple", "ABCDE1", []string{"lower-case"}},
		{"Simple", "abcdef", []string{"digit"}},
		{"Simple", "", []string{"fewer than 6", "lower-case", "digit"}},
		{"Common", "Abcdefg1", nil},
		{"Common", "Abcdef1", []string{"fewer than 8"}},
		{"Common", "abcdefg1", []string{"upper-case"}},
		{"Common", "ABCDEFG1", []string{"lower-case"}},
		{"Common", "Abcdefgh", []string{"digit"}},
		{"Recommended", "Abcdefgh1!", nil},
		{"Recommended", "Abcdefg1!", []string{"fewer than 10"}},
		{"Recommended", "Abcdefghi1", []string{"special"}},
		{"Recommended", "Abcdefghi1 ", []string{"special"}}, // a space is none
		{"Recommended", "xxJO.DOE-Yy1", []string{"userName"}},
		{"Recommended", "xxJoana Doe1-", nil},
		{"Complex", "Abcdefghijklmn1!", nil},
		{"Complex", "Abcdefghijklm1!", []string{"fewer than 16"}},
		{"Complex", "Abcdefgh1!jo.doe", []string{"userName"}},
		{"Complex", "Abcd1!JOANA DOEx", []string{"displayName"}},
		{"Complex", "Abcd!x4155552671", []string{"phone number"}},
		{"Complex", "Abcdefghij1!JDOE", []string{"e-mail"}},
		{"Complex", "jo.doe", []string{"fewer than 16", "upper-case", "digit", "userName"}},
	} {
		got := policyNamed(t, c.policy).breaches(c.password, jo)
		if len(got) != len(c.want) {
			t.Errorf("%s: breaches(%q) = %q, want %q", c.policy, c.password, got, c.want)
			continue
		}
		for i, word := range c.want {
			if !strings.Contains(got[i], word) {
				t.Errorf("%s: breaches(%q) = %q, want %q", c.policy, c.password, got, c.want)
			}
		}
	}
}

func TestEverySpecialCharacterCounts(t *testing.T) {
	p := policyNamed(t, "Recommended")
	for _, r := range "@%+\\/'\"!#$^?:,(){}[]~-_.`" {
		if got := p.breaches("Abcdefghi1"+string(r), owner{}); got != nil {
			t.Errorf("%q does not count as special: %q", r, got)
		}
	}
}

func TestFactsThatAreNotThereAreInNoPassword(t *testing.T) {
	if got := policyNamed(t, "Complex").breaches("Abcdefghijklmn1!", owner{}); got != nil {
		t.Errorf("breaches = %q", got)
	}
}

func TestPolicyOfAnInstance(t *testing.T) {
	for name, want := range map[string]string{"": "Unrestricted", "Common": "Common", "Complex": "Complex", "Unheard": "Unrestricted"} {
		app := &engine.App{Instance: store.Instance{PasswordPolicy: name}}
		if got := policyOf(app).Name; got != want {
			t.Errorf("an instance with policy %q has %s, want %s", name, got, want)
		}
	}
	if names := []string{"Unrestricted", "Simple", "Common", "Recommended", "Complex"}; !slices.EqualFunc(Policies(), names, func(p Policy, n string) bool { return p.Name == n }) {
		t.Errorf("the policies are %v, want %v", Policies(), names)
	}
}
