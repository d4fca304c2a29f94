package scim

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// Append writes a resource as JSON: schemas, which lists the base schema and the extensions that have a value, then id, externalId, the
// attributes in the order of their schema, the extensions, and meta. The same object always gives the same bytes. What the resource type
// does not declare is left out.
func (rt *ResourceType) Append(dst []byte, o Object) []byte {
	dst = append(dst, `{"schemas":[`...)
	dst = appendText(dst, rt.Schema.ID)
	for _, e := range rt.Extensions {
		if ext, _ := o[e.Schema.ID].(Object); len(ext) > 0 {
			dst = append(dst, ',')
			dst = appendText(dst, e.Schema.ID)
		}
	}
	dst = append(dst, ']')
	dst = appendAttributes(dst, Common[1:3], o, true)
	dst = appendAttributes(dst, rt.Schema.Attributes, o, true)
	for _, e := range rt.Extensions {
		if ext, _ := o[e.Schema.ID].(Object); len(ext) > 0 {
			dst = append(dst, ',')
			dst = appendText(dst, e.Schema.ID)
			dst = append(dst, ':', '{')
			dst = appendAttributes(dst, e.Schema.Attributes, ext, false)
			dst = append(dst, '}')
		}
	}
	dst = appendAttributes(dst, Common[3:], o, true)
	return append(dst, '}')
}

// appendAttributes writes the members of an object, without its braces. following says that members stand before them.
func appendAttributes(dst []byte, attrs []*Attribute, o Object, following bool) []byte {
	for _, a := range attrs {
		v := o[a.Name]
		if v == nil {
			continue
		}
		if following {
			dst = append(dst, ',')
		}
		following = true
		dst = append(dst, '"')
		dst = append(dst, a.Name...) // a name has nothing to escape
		dst = append(dst, '"', ':')
		dst = appendValue(dst, a, v)
	}
	return dst
}

func appendValue(dst []byte, a *Attribute, v any) []byte {
	switch v := v.(type) {
	case string:
		return appendText(dst, v)
	case bool:
		if v {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case Number:
		return append(dst, v...)
	case Object:
		dst = append(dst, '{')
		dst = appendAttributes(dst, a.SubAttributes, v, false)
		return append(dst, '}')
	case []any:
		dst = append(dst, '[')
		for i, element := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendValue(dst, a, element)
		}
		return append(dst, ']')
	}
	panic(fmt.Sprintf("scim: %s holds a %T, which is no value of an Object", a.Name, v))
}

func appendText(dst []byte, s string) []byte {
	// The error says that invalid UTF-8 has been replaced. None gets past Decode.
	dst, _ = jsontext.AppendQuote(dst, s)
	return dst
}
