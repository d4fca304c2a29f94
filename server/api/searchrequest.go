package api

import (
	"errors"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"scimproof/server/engine"
	"scimproof/server/scim"
)

const searchSchema = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"

// searchRequest reads a SearchRequest message (RFC 7644 section 3.4.3). Names may be written in any case, null is as good as left out, and
// what the message does not have is passed over. cursors says whether it has a cursor.
func searchRequest(body []byte, cursors bool) (q engine.Query, err error) {
	m, err := members(body)
	if err != nil {
		return q, err
	}
	var schemas []string
	countError := scim.InvalidValue
	if raw, ok := m["cursor"]; ok && cursors {
		var cursor string
		if cursor, err = text("cursor", raw); err != nil {
			return q, err
		}
		q.Cursor, countError = &cursor, scim.InvalidCount
	}
	for name, raw := range m {
		switch name {
		case "schemas":
			schemas, err = texts(name, raw)
		case "attributes":
			q.Attributes, err = texts(name, raw)
		case "excludedattributes":
			q.Excluded, err = texts("excludedAttributes", raw)
		case "filter":
			q.Filter, err = text(name, raw)
		case "sortby":
			q.SortBy, err = text("sortBy", raw)
		case "sortorder":
			q.SortOrder, err = text("sortOrder", raw)
		case "startindex":
			q.StartIndex, err = whole("startIndex", raw, scim.InvalidValue)
		case "count":
			q.Count, err = whole(name, raw, countError)
		}
		if err != nil {
			return q, err
		}
	}
	for _, urn := range schemas {
		if strings.EqualFold(urn, searchSchema) {
			return q, nil
		}
	}
	return q, scim.Bad(scim.InvalidValue, "schemas must name %s.", searchSchema)
}

// members takes a JSON object apart: its values but null, by their names in lower case.
func members(body []byte) (map[string]jsontext.Value, error) {
	var raw map[string]jsontext.Value
	if err := json.Unmarshal(body, &raw); err != nil || raw == nil {
		return nil, scim.Bad(scim.InvalidSyntax, "The body is no JSON object that can be read; send a SearchRequest.")
	}
	out := make(map[string]jsontext.Value, len(raw))
	for name, value := range raw {
		lower := strings.ToLower(name)
		if _, twice := out[lower]; twice {
			return nil, scim.Bad(scim.InvalidSyntax, "%s is there twice.", scim.Excerpt(name))
		}
		out[lower] = value
	}
	for name, value := range out {
		if value.Kind() == 'n' {
			delete(out, name)
		}
	}
	return out, nil
}

func text(name string, raw jsontext.Value) (out string, err error) {
	if raw.Kind() != '"' {
		return "", scim.Bad(scim.InvalidValue, "%s is a string.", name)
	}
	return out, json.Unmarshal(raw, &out)
}

func texts(name string, raw jsontext.Value) (out []string, err error) {
	var list []jsontext.Value
	if err = json.Unmarshal(raw, &list); raw.Kind() != '[' || err != nil {
		return nil, scim.Bad(scim.InvalidValue, "%s is an array of strings.", name)
	}
	for _, v := range list {
		s, err := text("Each element of "+name, v)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// whole reads a whole number. What lies beyond an int is as good as the largest one.
func whole(name string, raw jsontext.Value, kind scim.ErrorType) (*int, error) {
	n, err := strconv.ParseInt(string(raw), 10, 32)
	if raw.Kind() != '0' || err != nil && !errors.Is(err, strconv.ErrRange) {
		return nil, scim.Bad(kind, "%s is a whole number, without quotation marks, fraction or exponent.", name)
	}
	v := int(n)
	return &v, nil
}
