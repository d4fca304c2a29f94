package scim

import (
	"strconv"
	"time"
)

// KeyText is the text under which an index keeps a simple value of an attribute. Values that compare equal have the same one: texts are
// folded as the attribute demands, instants are in UTC, and of a number only the value counts.
func KeyText(a *Attribute, v any) string {
	switch v := v.(type) {
	case string:
		if t, ok := parseInstant(v); ok && a.Type == DateTime {
			return t.UTC().Format(time.RFC3339Nano)
		}
		return Fold(a, v)
	case bool:
		return strconv.FormatBool(v)
	case Number:
		return v.key()
	}
	return string(appendValue(nil, a, v))
}

// key is the same for numbers of the same value.
func (n Number) key() string {
	s := n.scientific()
	return strconv.Itoa(s.sign) + " " + s.digits + " " + strconv.FormatInt(s.exponent, 10)
}
