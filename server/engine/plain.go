package engine

import (
	"strings"

	"scimproof/server/scim"
	"scimproof/server/store"
)

// Plain adds nothing: SCIM as RFC 7643 and RFC 7644 have it. Other rules embed it and override what they change.
type Plain struct{}

var _ Rules = Plain{}

// Relax takes what Entra ID writes unless it is told otherwise: "True" and "false" in quotes, in any case, for a boolean, and a plain text for
// an object that has a value, such as manager, where an empty one stands for none.
func (Plain) Relax(attr *scim.Attribute, value any) (any, bool) {
	text, ok := value.(string)
	switch {
	case !ok:
		return nil, false
	case attr.Type == scim.Complex && !attr.MultiValued && attr.Sub("value") != nil:
		if text == "" {
			return nil, true
		}
		return scim.Object{"value": text}, true
	case attr.Type != scim.Boolean:
		return nil, false
	}
	switch strings.ToLower(text) {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	return nil, false
}

// Received leaves everything in place.
func (Plain) Received(*App, *scim.ResourceType, scim.Object) error { return nil }

// Operations leaves them as they are.
func (Plain) Operations(_ *App, _ *scim.ResourceType, ops []scim.Operation) ([]scim.Operation, error) {
	return ops, nil
}

// Match finds nothing: every POST is a creation.
func (Plain) Match(*App, store.Reader, *scim.ResourceType, scim.Object) (string, error) {
	return "", nil
}

// Settle leaves the change as it is.
func (Plain) Settle(*Change) error { return nil }

// Filter leaves the filter as it is.
func (Plain) Filter(_ *scim.ResourceType, c scim.Cond) scim.Cond { return c }

// Member lets every resource that is there join.
func (Plain) Member(_ *App, m store.Member, _ store.Record, ok bool) error {
	if !ok {
		return scim.Bad(scim.InvalidValue, "members: %q is the id of no resource here; create it first.", m.ID)
	}
	return nil
}

// Restore has nothing to restore.
func (Plain) Restore(*scim.ResourceType, scim.Object, scim.Object) {}

// Sort sorts by what the client named.
func (Plain) Sort(_ *scim.ResourceType, by scim.Ref) scim.Ref { return by }

// Shape adds nothing.
func (Plain) Shape(*App, *scim.ResourceType, scim.Object, scim.Object, func(string) bool) {}

// Reshapes is false: only a selection changes what is stored.
func (Plain) Reshapes(*App) bool { return false }

// Conflict names the attribute.
func (Plain) Conflict(_ *scim.ResourceType, attr string) *scim.Error { return scim.Conflict(attr) }

// NotFound names the id.
func (Plain) NotFound(rt *scim.ResourceType, id string) *scim.Error {
	return scim.NotFound(rt.Name, id)
}
