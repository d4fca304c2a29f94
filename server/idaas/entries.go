package idaas

import (
	"reflect"
	"slices"
	"strings"

	"scimproof/server/engine"
	"scimproof/server/scim"
	"scimproof/server/variant"
)

const (
	emails       = "emails"
	phoneNumbers = "phoneNumbers"
	work         = "work"
)

// single are the multi-valued attributes that hold one value, of type work (rules map-*).
var single = []string{emails, phoneNumbers}

func isSingle(attr string) bool { return slices.Contains(single, attr) }

// isWork says whether an entry counts (rules map-1, map-5).
func isWork(app *engine.App, entry scim.Object) bool {
	kind, typed := entry["type"].(string)
	if !typed {
		return app.Has(variant.UntypedIsWork)
	}
	return strings.EqualFold(kind, work)
}

// pick chooses the one entry that counts, or nil, and says whether there were entries of another type. Of several that count it is
// the primary one, else the first (rule map-2).
func pick(app *engine.App, value any) (chosen scim.Object, others bool) {
	entries, _ := value.([]any)
	for _, el := range entries {
		entry, _ := el.(scim.Object)
		if !isWork(app, entry) {
			others = true
			continue
		}
		if primary, _ := entry["primary"].(bool); chosen == nil || primary && chosen["primary"] != true {
			chosen = entry
		}
	}
	return chosen, others
}

// put makes the entry the only one of the attribute; an entry without a value is none.
func put(o scim.Object, attr string, entry scim.Object) {
	if entry["value"] == nil {
		delete(o, attr)
		return
	}
	if entry["type"] == nil {
		entry["type"] = work
	}
	o[attr] = []any{entry}
}

// filterEntries reduces what a POST or PUT carried to what counts.
func filterEntries(app *engine.App, sent scim.Object) error {
	for _, attr := range single {
		entry, others := pick(app, sent[attr])
		if others && app.Has(variant.RefuseOtherTypes) {
			return otherType(attr)
		}
		put(sent, attr, entry)
	}
	return nil
}

func otherType(attr string) error {
	return invalid(parameters[user][attr], "entries of %s have the type work here, and no other.", attr)
}

// settleEntries reduces what a PATCH has left to what counts. What the PATCH brought stands before what was there (rule map-4).
func settleEntries(c *engine.Change) {
	for _, attr := range single {
		entry, _ := pick(c.App, fresh(c, attr))
		if entry == nil {
			entry, _ = pick(c.App, c.After[attr])
		}
		put(c.After, attr, entry)
	}
}

// fresh are the entries of an attribute that were not there before.
func fresh(c *engine.Change, attr string) any {
	before, _ := c.Before[attr].([]any)
	after, _ := c.After[attr].([]any)
	return slices.DeleteFunc(slices.Clone(after), func(el any) bool {
		return slices.ContainsFunc(before, func(old any) bool { return reflect.DeepEqual(old, el) })
	})
}

// entryValue is the value of the one entry, or "".
func entryValue(o scim.Object, attr string) string {
	entries, _ := o[attr].([]any)
	if len(entries) == 0 {
		return ""
	}
	entry, _ := entries[0].(scim.Object)
	value, _ := entry["value"].(string)
	return value
}

// changed says whether the change is one of the attribute.
func changed(c *engine.Change, attr string) bool {
	return !reflect.DeepEqual(c.Before[attr], c.After[attr])
}
