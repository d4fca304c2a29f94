package engine

import (
	"net/http"
	"slices"
	"strings"

	"scimproof/server/scim"
)

// Condition is asked, with the entity tag of a resource that is there, whether an operation may go on: 0, or the status to answer instead,
// which is 412 or, for a GET, 304. It is asked inside the transaction that writes, so that nothing comes between.
type Condition func(version string) (instead int)

// Tags are entity tags that a client has written (RFC 9110 section 8.8.3).
type Tags struct {
	any  bool     // "*"
	tags []string // quoted, without the mark of weakness
}

// ParseTags reads "*" or a list of entity tags.
func ParseTags(text string) (t Tags, ok bool) {
	if strings.Trim(text, " \t") == "*" {
		return Tags{any: true}, true
	}
	for rest := text; ; {
		rest = strings.TrimLeft(rest, " \t,") // a list may have empty elements
		if rest == "" {
			return t, len(t.tags) > 0
		}
		tag, after, ok := cutTag(rest)
		if !ok {
			return t, false
		}
		t.tags = append(t.tags, tag)
		rest = strings.TrimLeft(after, " \t")
		if rest != "" && rest[0] != ',' {
			return t, false
		}
	}
}

// cutTag cuts an entity tag off the front of a text.
func cutTag(text string) (tag, rest string, ok bool) {
	text = strings.TrimPrefix(text, "W/")
	if !strings.HasPrefix(text, `"`) {
		return "", "", false
	}
	end := strings.IndexByte(text[1:], '"') + 2
	if end < 2 || strings.ContainsFunc(text[1:end-1], func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return "", "", false
	}
	return text[:end], text[end:], true
}

// Match says whether one of the tags is that of a resource. The comparison is the weak one, also for If-Match, where RFC 9110 section
// 13.1.1 has the strong one: a version identifies a resource, whatever part of it an answer shows, and SCIM clients send the weak tags
// that they were given (RFC 7644 section 3.14).
func (t Tags) Match(version string) bool {
	return t.any || slices.Contains(t.tags, strings.TrimPrefix(version, "W/"))
}

// IfMatch lets an operation go on where the resource has one of the tags.
func IfMatch(t Tags) Condition {
	return func(version string) int {
		if t.Match(version) {
			return 0
		}
		return http.StatusPreconditionFailed
	}
}

// IfNoneMatch lets an operation go on where the resource has none of the tags; instead is the answer where it has one.
func IfNoneMatch(t Tags, instead int) Condition {
	return func(version string) int {
		if t.Match(version) {
			return instead
		}
		return 0
	}
}

// hold asks the conditions in their order. The error is a 412; unchanged says that the answer is 304.
func hold(conditions []Condition, version string) (unchanged bool, err error) {
	for _, c := range conditions {
		switch c(version) {
		case 0:
		case http.StatusNotModified:
			return true, nil
		default:
			return false, scim.Refuse(http.StatusPreconditionFailed, "The resource has the version %s, which the request rules out; read it again and decide anew.", version)
		}
	}
	return false, nil
}
