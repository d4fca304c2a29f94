package scim

import (
	"slices"
	"strconv"
	"time"
)

// union adds the values that a list lacks. One that differs from an element only in what stands beside value and type is merged into it:
// a list should not have two of them (RFC 7643 section 2.4).
func (c *change) union(a *Attribute) error {
	places := make(map[string]int, len(c.list))
	for i, element := range slices.Backward(c.list) {
		places[entryKey(a, element)] = i
	}
	values, _ := c.Value.([]any)
	for _, v := range values {
		key := entryKey(a, v)
		i, there := places[key]
		if !there {
			i = len(c.list)
			places[key] = i
			c.list = append(c.list, cloneValue(v))
		}
		c.touched = append(c.touched, i)
		if o, ok := c.list[i].(Object); ok && there {
			if err := c.merge(a, o, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// entryKey is the same for values of a multi-valued attribute that stand for the same thing: those of one value and type, else those that
// are alike in everything.
func entryKey(a *Attribute, v any) string {
	if o, ok := v.(Object); ok && o["value"] != nil {
		return strconv.Quote(simpleKey(a.Sub("value"), o["value"])) + simpleKey(a.Sub("type"), o["type"])
	}
	return simpleKey(a, v)
}

// simpleKey is the same for equal values of an attribute.
func simpleKey(a *Attribute, v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		if t, ok := parseInstant(v); ok && a.Type == DateTime {
			return "=" + t.UTC().Format(time.RFC3339Nano)
		}
		return "=" + Fold(a, v)
	case Number:
		return v.key()
	}
	return string(appendValue(nil, a, v))
}

// maxComparisons bounds what a remove with values may cost.
const maxComparisons = 1_000_000

// subtract removes the elements that are like one of the values in all that it says, as older Entra applications write it.
func (c *change) subtract(a *Attribute, list []any) (any, error) {
	values, _ := c.Value.([]any)
	if len(values)*len(list) > maxComparisons {
		return nil, Bad(InvalidValue, "There are too many values to be removed from %s; send fewer at a time.", a.Name)
	}
	return slices.DeleteFunc(list, func(element any) bool {
		return slices.ContainsFunc(values, func(v any) bool { return covers(a, element, v) })
	}), nil
}

func covers(a *Attribute, element, v any) bool {
	value, ok := v.(Object)
	if !ok {
		return sameValue(a, element, v)
	}
	o, _ := element.(Object)
	for name, part := range value {
		if o[name] == nil || !sameValue(a.Sub(name), o[name], part) {
			return false
		}
	}
	return true
}
