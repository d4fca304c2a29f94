package client

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// ParseBaseURL reads the URL below which a server keeps its SCIM endpoints. Slashes at its end are taken away. The error says what to write.
func ParseBaseURL(text string) (*url.URL, error) {
	text = strings.TrimSpace(text)
	u, err := url.Parse(text)
	switch {
	case text == "":
		return nil, fmt.Errorf("the base URL is empty: write the URL that /Users is below, like https://scim.example.com/v2")
	case err != nil:
		return nil, fmt.Errorf("the base URL cannot be read: write it like https://scim.example.com/v2")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("the base URL has to start with https:// or http://, like https://scim.example.com/v2")
	case u.Hostname() == "":
		return nil, fmt.Errorf("the base URL names no host: write it like https://scim.example.com/v2")
	case u.User != nil:
		return nil, fmt.Errorf("the base URL holds a user name or a password: take them out and give the credentials on their own")
	case u.RawQuery != "" || u.ForceQuery:
		return nil, fmt.Errorf("the base URL has a query: leave out everything from the question mark on (flags like ?aadOptscim062020 belong to Entra ID alone)")
	case u.Fragment != "" || strings.HasSuffix(text, "#"):
		return nil, fmt.Errorf("the base URL has a fragment: leave out everything from the # on")
	}
	trimmed := strings.TrimRight(u.EscapedPath(), "/")
	return url.Parse(u.Scheme + "://" + u.Host + trimmed)
}

// Relative is the escaped path below the base URL that a location leads to, and false where it leads elsewhere: to another host, scheme or
// folder. A relative location is resolved against the base URL, taken as a folder. A query and a fragment are left out.
func (c *Client) Relative(location string) (path string, ok bool) {
	folder := *c.base
	folder.Path, folder.RawPath = folder.Path+"/", ""
	if c.base.RawPath != "" {
		folder.RawPath = c.base.RawPath + "/"
	}
	u, err := folder.Parse(location)
	if err != nil || u.Opaque != "" || u.User != nil || !strings.EqualFold(u.Scheme, c.base.Scheme) || !strings.EqualFold(origin(u), origin(c.base)) {
		return "", false
	}
	return below(c.base.EscapedPath(), u.EscapedPath())
}

// below takes the segments of base off the front of path. Two spellings of one segment are the same segment.
func below(base, path string) (string, bool) {
	have, want := strings.Split(path, "/"), strings.Split(base, "/")
	if len(have) < len(want) {
		return "", false
	}
	for i := range want {
		a, errA := url.PathUnescape(have[i])
		b, errB := url.PathUnescape(want[i])
		if errA != nil || errB != nil || a != b {
			return "", false
		}
	}
	rest := strings.Join(have[len(want):], "/")
	if len(have) == len(want) {
		return "", true
	}
	return "/" + rest, true
}

// origin is host and port, the port of the scheme filled in.
func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[strings.ToLower(u.Scheme)]
	}
	if strings.Contains(u.Hostname(), ":") {
		return "[" + u.Hostname() + "]:" + port
	}
	return u.Hostname() + ":" + port
}

func loopback(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// Authenticated says whether the client has a token to present.
func (c *Client) Authenticated() bool { return c.token != "" }
