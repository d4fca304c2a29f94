package idaas

import (
	"scimproof/server/engine"
	"scimproof/server/scim"
	"scimproof/server/store"
)

// Rules are the rules of profile idaas.
type Rules struct {
	engine.Plain
	fields fields // of the application; the zero value has none
}

var _ engine.Rules = Rules{}

// Relax takes texts where Okta and Entra ID send them instead of what the schema says: the status, and the name of a company.
func (Rules) Relax(attr *scim.Attribute, value any) (any, bool) {
	switch {
	case attr.Name == "active" && attr.Type == scim.Boolean:
		return relaxActive(value)
	case attr.Name == organization && attr.Type == scim.Complex:
		return relaxOrganization(value)
	}
	return nil, false
}

// Received reduces a POST or PUT to what counts, and refuses it where that cannot be enough.
func (Rules) Received(app *engine.App, rt *scim.ResourceType, sent scim.Object) error {
	if rt.Name == group {
		return requireName(rt, sent, "displayName")
	}
	if err := requireName(rt, sent, "userName"); err != nil {
		return err
	}
	if sent[password] == "" {
		return refuseEmpty(app)
	}
	return filterEntries(app, sent)
}

// Settle checks and completes a change.
func (r Rules) Settle(c *engine.Change) error {
	if c.Type.Name == group {
		return settleGroup(c)
	}
	if err := settleUser(c); err != nil {
		return err
	}
	return r.settleFields(c)
}

// Member lets users join a group, and nothing else (rule group-2).
func (Rules) Member(_ *engine.App, m store.Member, _ store.Record, ok bool) error {
	if ok && m.Type == user {
		return nil
	}
	return invalid("Members", "%q is the id of no account in the provisioning scope; members are accounts.", m.ID)
}
