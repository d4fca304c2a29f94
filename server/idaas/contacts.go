package idaas

import (
	"scimproof/server/engine"
	"scimproof/server/scim"
	"scimproof/server/variant"
)

// checkContacts looks for another account with the same address or number, where that is not allowed (rule mail-1).
func checkContacts(c *engine.Change) error {
	if !c.App.Has(variant.UniqueContacts) {
		return nil
	}
	if address := entryValue(c.After, emails); address != "" {
		value := c.Type.Attribute(emails).Sub("value")
		if err := checkUnique(c, emails, emails+".value", scim.Fold(value, address)); err != nil {
			return err
		}
	}
	canonical, ok := c.Hidden[phoneCanonical].(string)
	if !ok {
		return nil
	}
	return checkUnique(c, phoneNumbers, phoneCanonical, canonical)
}

func checkUnique(c *engine.Change, attr, key, value string) error {
	records, err := c.Reader.ByKey(c.App.View, c.Type.Name, key, value)
	if err != nil {
		return err
	}
	for _, r := range records {
		if r.ID != c.ID {
			return taken(parameter(c.Type, attr), attr)
		}
	}
	return nil
}
