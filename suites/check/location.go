package check

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"scimproof/simulator/client"
)

// Absolute is the URL that a location means. A relative one is taken from the base URL as a folder (RFC 7643 section 2.3.7).
// What is no URL stays as it is.
func (t *Target) Absolute(location string) string {
	if u, ok := t.resolve(location); ok {
		return u.String()
	}
	return location
}

func (t *Target) resolve(location string) (*url.URL, bool) {
	base, err := url.Parse(t.BaseURL + "/")
	if err != nil {
		return nil, false
	}
	u, err := base.Parse(location)
	return u, err == nil && u.Opaque == "" && u.Host != ""
}

var (
	versionBehind = regexp.MustCompile(`/v[0-9]+(\.[0-9]+)*$`)
	versionBefore = regexp.MustCompile(`^/v[0-9]+(\.[0-9]+)*/`)
)

// Below is the escaped path below the base URL that a location leads to, and false where it leads elsewhere. Another version of the API in
// the URL, or none, is the same place (RFC 7643 section 2.4, $ref).
func (t *Target) Below(location string) (string, bool) {
	u, ok := t.resolve(location)
	if !ok || !t.here(u) {
		return "", false
	}
	root := versionBehind.ReplaceAllString(t.path(), "")
	rest, ok := strings.CutPrefix(u.EscapedPath(), root)
	if !ok || !strings.HasPrefix(rest, "/") {
		return "", false
	}
	return versionBefore.ReplaceAllString(rest, "/"), true
}

// here says whether a URL leads to the target's own host.
func (t *Target) here(u *url.URL) bool {
	base, err := url.Parse(t.BaseURL)
	return err == nil && strings.EqualFold(u.Scheme, base.Scheme) && strings.EqualFold(u.Host, base.Host)
}

func (t *Target) path() string {
	base, err := url.Parse(t.BaseURL)
	if err != nil {
		return ""
	}
	return base.EscapedPath()
}

// Follow reads what is at a location. One on another host is not asked, since the credentials do not go there, and leaves nothing to judge;
// one on the target's host that is not below the base URL, or is no URL, breaks the check.
func (t *T) Follow(what, location string) *Answer {
	path, ok := t.Below(location)
	if !ok {
		if u, readable := t.resolve(location); readable && !t.here(u) {
			t.NA("%s leads to %s://%s, where the credentials do not go: give the base URL that the target writes into its answers", what, u.Scheme, u.Host)
		}
		t.Break(what+" below the base URL "+t.BaseURL, what+" "+location)
	}
	query := ""
	if u, ok := t.resolve(location); ok {
		query = u.RawQuery
	}
	return t.Do(client.Request{Method: http.MethodGet, Path: path, Query: query})
}

// Made is what a creation made: its answer or, since a 201 need not carry the resource (RFC 7644 section 3.3), what is at its Location.
func (t *T) Made(a *Answer) *Answer {
	if location := a.Header.Get("Location"); a.OK() && a.Doc == nil && location != "" {
		return t.Follow("Location", location)
	}
	return a
}
