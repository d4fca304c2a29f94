package idaas

import (
	"net/http"

	"scimproof/server/engine"
	"scimproof/server/scim"
)

const (
	enterprise     = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	organization   = "organization"
	organizationID = "organizationId"
)

// companyName is what stands for organizationId where the client sent a text instead of the object (rule org-5). Only Settle sees it.
type companyName string

// relaxOrganization takes the text that the RFC has in place of the object.
func relaxOrganization(value any) (any, bool) {
	text, ok := value.(string)
	return scim.Object{organizationID: companyName(text)}, ok
}

// settleOrganization places an account and shows where it is (rules org-1 to org-5, sync-2).
func settleOrganization(c *engine.Change) error {
	if c.Kind == engine.Create {
		c.Organization = c.App.Application.Target
	}
	extension, _ := c.After[enterprise].(scim.Object)
	object, _ := extension[organization].(scim.Object)
	if err := place(c, object[organizationID]); err != nil {
		return err
	}
	if c.Organization == "" {
		return scim.Refuse(http.StatusForbidden,
			"synchronization_target_unset: there is no organization to place the account in; choose the application's synchronization target, or name an organization.")
	}
	if extension == nil {
		extension = scim.Object{}
		c.After[enterprise] = extension
	}
	extension[organization] = scim.Object{organizationID: c.Organization}
	return nil
}

// place moves the account to the organization that the client named, if it named one.
func place(c *engine.Change, named any) error {
	id, strict := named.(string)
	if name, loose := named.(companyName); loose {
		id = string(name)
	}
	if named == nil || id == c.Organization && c.Kind != engine.Create {
		return nil
	}
	in, err := c.Reader.InScope(c.App.Application.ID, id)
	switch {
	case err != nil:
		return err
	case in:
		c.Organization = id
	case strict:
		return scim.Bad(scim.InvalidValue,
			"OrganizationUnitIdNotInScopes: organization %q is unknown or outside the provisioning scope; name one inside it, or none.", id)
	}
	return nil
}
