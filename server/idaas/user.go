package idaas

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"scimproof/server/engine"
	"scimproof/server/scim"
	"scimproof/server/variant"
)

const (
	user  = "User"
	group = "Group"
)

// Characters that fields have at most.
const (
	longestUserName    = 256
	longestDisplayName = 128
	longestExternalID  = 128
	longestMail        = 128
)

// settleUser checks and completes a change of an account. A value that was there before is not judged again.
func settleUser(c *engine.Change) error {
	if c.Kind == engine.Patch {
		settleEntries(c)
	}
	settleActive(c)
	for _, rule := range []func(*engine.Change) error{
		checkUserName, checkTexts, checkMail, settlePhone, checkContacts, settleOrganization, settlePassword,
	} {
		if err := rule(c); err != nil {
			return err
		}
	}
	return nil
}

// checkUserName holds a new userName against its limits (rule user-2).
func checkUserName(c *engine.Change) error {
	name, ok := c.After["userName"].(string)
	switch {
	case !ok:
		return missing("Username", "userName")
	case !changed(c, "userName"):
		return nil
	case name == "" || utf8.RuneCountInString(name) > longestUserName:
		return invalid("Username", "userName has 1 to %d characters; this one has %d.", longestUserName, utf8.RuneCountInString(name))
	case strings.ContainsFunc(name, unicode.IsControl):
		return invalid("Username", "userName has no control characters; leave them out.")
	case strings.TrimFunc(name, unicode.IsSpace) != name:
		return invalid("Username", "userName has no space at either end; leave it out.")
	case c.App.Has(variant.PlainUserNames) && strings.ContainsFunc(name, notPlain):
		return invalid("Username", "userName has letters, digits and the characters _ . @ -; leave out what else there is.")
	}
	return nil
}

func notPlain(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_.@-", r)
}

// checkTexts holds new texts against their lengths (rules user-3, user-4).
func checkTexts(c *engine.Change) error {
	if err := checkLength(c, "displayName", longestDisplayName); err != nil {
		return err
	}
	return checkLength(c, "externalId", longestExternalID)
}

func checkLength(c *engine.Change, attr string, longest int) error {
	text, _ := c.After[attr].(string)
	if n := utf8.RuneCountInString(text); changed(c, attr) && n > longest {
		return invalid(parameter(c.Type, attr), "%s has up to %d characters; this one has %d.", attr, longest, n)
	}
	return nil
}

// settleActive gives an account its status: enabled at first, and as it was where a request leaves active out (rule user-5).
func settleActive(c *engine.Change) {
	if _, ok := c.After["active"].(bool); ok {
		return
	}
	c.After["active"] = true
	if was, ok := c.Before["active"].(bool); ok {
		c.After["active"] = was
	}
}

// relaxActive takes the texts of the booleans, in any case (rule user-5).
func relaxActive(value any) (any, bool) {
	text, ok := value.(string)
	switch {
	case ok && strings.EqualFold(text, "true"):
		return true, true
	case ok && strings.EqualFold(text, "false"):
		return false, true
	}
	return nil, false
}

// requireName demands the attribute that a POST or PUT cannot be without (rules user-2, group-1).
func requireName(rt *scim.ResourceType, sent scim.Object, attr string) error {
	if text, _ := sent[attr].(string); text == "" {
		return missing(parameter(rt, attr), attr)
	}
	return nil
}
