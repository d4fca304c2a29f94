package variant

import (
	"regexp"
	"testing"
)

func TestAllAreComplete(t *testing.T) {
	name := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	seen := map[string]bool{}
	for _, v := range All() {
		if !name.MatchString(v.Name) || seen[v.Name] {
			t.Errorf("the name %q is used twice or is not lower-case words with hyphens", v.Name)
		}
		seen[v.Name] = true
		if v.Rule == "" || v.Effect == "" {
			t.Errorf("%s has no rule or no effect", v.Name)
		}
		if v.Profile != "idaas" && v.Profile != "rfc" {
			t.Errorf("%s is for profile %q", v.Name, v.Profile)
		}
		if got, ok := Named(v.Name); !ok || got.Effect != v.Effect {
			t.Errorf("Named(%q) = %v, %v", v.Name, got, ok)
		}
	}
	if v, ok := Named("no-such"); ok {
		t.Errorf("Named(no-such) = %v", v)
	}
}
