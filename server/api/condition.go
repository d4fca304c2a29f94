package api

import (
	"net/http"
	"strings"

	"scimproof/server/engine"
	"scimproof/server/scim"
)

// conditions reads If-Match and If-None-Match (RFC 7644 section 3.14, RFC 9110 section 13.2.2), where the profile has versions; else they
// mean nothing here.
func (c *call) conditions() ([]engine.Condition, error) {
	if !c.app.Profile.Has("etag") {
		return nil, nil
	}
	var out []engine.Condition
	tags, given, err := c.tags("If-Match")
	if err != nil {
		return nil, err
	}
	if given {
		out = append(out, engine.IfMatch(tags))
	}
	if tags, given, err = c.tags("If-None-Match"); err != nil {
		return nil, err
	}
	if given {
		instead := http.StatusPreconditionFailed
		if c.reads() {
			instead = http.StatusNotModified
		}
		out = append(out, engine.IfNoneMatch(tags, instead))
	}
	return out, nil
}

// tags reads a header of entity tags.
func (c *call) tags(header string) (tags engine.Tags, given bool, err error) {
	lines := c.r.Header.Values(header)
	if len(lines) == 0 {
		return tags, false, nil
	}
	text := strings.Join(lines, ",")
	tags, ok := engine.ParseTags(text)
	if !ok {
		return tags, true, scim.Bad(scim.InvalidValue, `%s is * or a list of entity tags such as W/"1", in quotation marks, not %q.`, header, scim.Excerpt(text))
	}
	return tags, true, nil
}

// reads says whether the request is a GET or a HEAD.
func (c *call) reads() bool { return c.r.Method == http.MethodGet || c.r.Method == http.MethodHead }
