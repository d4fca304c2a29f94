package check

import "testing"

func TestBelow(t *testing.T) {
	for _, c := range []struct{ base, location, want string }{
		{"https://example.com/scim", "https://example.com/scim/Users/1", "/Users/1"},
		{"https://example.com/scim", "HTTPS://EXAMPLE.com/scim/Users/1", "/Users/1"},
		{"https://example.com/scim", "Users/1", "/Users/1"},
		{"https://example.com/scim", "/scim/Users/1", "/Users/1"},
		{"https://example.com", "/Users/a%2Fb", "/Users/a%2Fb"},
		{"https://example.com/scim/v2", "https://example.com/scim/Users/1", "/Users/1"},
		{"https://example.com/scim", "https://example.com/scim/v2/Users/1", "/Users/1"},
		{"https://example.com/scim/v2", "https://example.com/scim/v2.1/Users/1", "/Users/1"},
		{"https://example.com/scim", "/Users/1", ""},
		{"https://example.com/scim", "https://example.com/scimitar/Users/1", ""},
		{"https://example.com/scim", "https://elsewhere.example/scim/Users/1", ""},
		{"https://example.com/scim", "http://example.com/scim/Users/1", ""},
		{"https://example.com/scim", "urn:example:1", ""},
		{"https://example.com/scim", "%zz", ""},
	} {
		got, ok := (&Target{BaseURL: c.base}).Below(c.location)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s below %s is %q, %v; want %q", c.location, c.base, got, ok, c.want)
		}
	}
}

func TestAbsolute(t *testing.T) {
	target := &Target{BaseURL: "https://example.com/scim"}
	for location, want := range map[string]string{
		"Users/1":                           "https://example.com/scim/Users/1",
		"/scim/Users/1":                     "https://example.com/scim/Users/1",
		"https://example.com/scim/Users/1":  "https://example.com/scim/Users/1",
		"https://example.com/scim/Users/1?": "https://example.com/scim/Users/1?",
		"%zz":                               "%zz",
	} {
		if got := target.Absolute(location); got != want {
			t.Errorf("%s is %s, want %s", location, got, want)
		}
	}
}
