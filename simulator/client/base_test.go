package client_test

import (
	"strings"
	"testing"

	"scimproof/simulator/client"
)

func TestParseBaseURL(t *testing.T) {
	for text, want := range map[string]string{
		"https://scim.example.com/v2":       "https://scim.example.com/v2",
		"https://scim.example.com/v2//":     "https://scim.example.com/v2",
		" http://localhost:8080/ ":          "http://localhost:8080",
		"HTTP://[::1]:80/a%2Fb/%7Ec":        "http://[::1]:80/a%2Fb/%7Ec",
		"https://scim.example.com/v2?":      "has a query",
		"https://scim.example.com/?a=b":     "has a query",
		"https://scim.example.com/v2#":      "has a fragment",
		"https://scim.example.com/v2#Users": "has a fragment",
		"https://me:pass@scim.example.com":  "give the credentials on their own",
		"https://me@scim.example.com":       "give the credentials on their own",
		"ftp://scim.example.com":            "start with https:// or http://",
		"scim.example.com/v2":               "start with https:// or http://",
		"localhost:8080/v2":                 "start with https:// or http://",
		"https:///v2":                       "names no host",
		"https://:8080/v2":                  "names no host",
		"http://a b/":                       "cannot be read",
		"":                                  "is empty",
		"  ":                                "is empty",
	} {
		u, err := client.ParseBaseURL(text)
		switch {
		case strings.Contains(want, "://") && strings.HasPrefix(want, "http"):
			if err != nil || u.String() != want {
				t.Errorf("%q: %v, %v", text, u, err)
			}
		case err == nil || !strings.Contains(err.Error(), want):
			t.Errorf("%q: %v should say %q", text, err, want)
		case strings.Contains(err.Error(), "pass"+"@"):
			t.Errorf("%q: the password is in %v", text, err)
		}
	}
}

func TestRelative(t *testing.T) {
	const base = "https://Scim.example.com/tenant/v2"
	for _, c := range []struct {
		base, location, want string
		ok                   bool
	}{
		{base, "https://scim.example.com/tenant/v2/Users/1", "/Users/1", true},
		{base, "HTTPS://SCIM.example.com:443/tenant/v2/Users/1", "/Users/1", true},
		{base, "https://scim.example.com/tenant/v2/Users/a%2Fb%20c", "/Users/a%2Fb%20c", true},
		{base, "https://scim.example.com/tenan%74/v2/Users/1", "/Users/1", true},
		{base, "https://scim.example.com/tenant/v2", "", true},
		{base, "https://scim.example.com/tenant/v2/", "/", true},
		{base, "Users/1", "/Users/1", true},
		{base, "./Users/1?a=b#c", "/Users/1", true},
		{base, "/tenant/v2/Users/1", "/Users/1", true},
		{base, "//scim.example.com/tenant/v2/Users/1", "/Users/1", true},
		{base, "https://scim.example.com/tenant/v2/x/../Users/1", "/Users/1", true},
		{base, "/Users/1", "", false},
		{base, "/tenant/v20/Users/1", "", false},
		{base, "../v1/Users/1", "", false},
		{base, "https://scim.example.com/tenant/v2/../v1/Users/1", "", false},
		{base, "http://scim.example.com/tenant/v2/Users/1", "", false},
		{base, "https://scim.example.com:8443/tenant/v2/Users/1", "", false},
		{base, "https://evil.example.com/tenant/v2/Users/1", "", false},
		{base, "https://scim.example.com.evil.example.com/tenant/v2/Users/1", "", false},
		{base, "https://me@scim.example.com/tenant/v2/Users/1", "", false},
		{base, "urn:uuid:1", "", false},
		{base, "https://%zz", "", false},
		{"http://[::1]:8080", "http://[::1]:8080/Users/1", "/Users/1", true},
		{"http://[::1]:8080", "Users/1", "/Users/1", true},
		{"http://[::1]:8080", "/Users/1", "/Users/1", true},
		{"http://[::1]:8080", "http://[::1]:8080", "", true},
		{"http://h/a%2Fb", "http://h/a%2Fb/Users", "/Users", true},
		{"http://h/a%2Fb", "http://h/a/b/Users", "", false},
		{"http://h/a%2Fb", "Users", "/Users", true},
	} {
		path, ok := connect(t, c.base).Relative(c.location)
		if path != c.want || ok != c.ok {
			t.Errorf("%s below %s: %q, %v", c.location, c.base, path, ok)
		}
	}
}

func FuzzRelative(f *testing.F) {
	f.Add("https://scim.example.com/v2/Users/1")
	f.Add("../v2/./Users//%2e%2e/1")
	f.Add("//x")
	c := connect(f, "https://scim.example.com/v2")
	f.Fuzz(func(t *testing.T, location string) {
		path, ok := c.Relative(location)
		if !ok {
			return
		}
		if path != "" && path[0] != '/' {
			t.Fatalf("%q gives %q", location, path)
		}
		if again, ok := c.Relative(c.BaseURL() + path); !ok || again != path && !strings.Contains(path, ".") {
			t.Errorf("%q gives %q, and that %q, %v", location, path, again, ok)
		}
	})
}
