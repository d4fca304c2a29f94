package idaas

import (
	"strings"

	"scimproof/server/engine"
	"scimproof/server/scim"
	"scimproof/server/variant"
)

const (
	phoneRegion = "phoneRegion"
	// phoneCanonical is what the server keeps about a number: + and area code and digits. It says which area code an account has; the
	// attribute phoneRegion is there only where the client supplied one (rule phone-8).
	phoneCanonical = "phoneCanonical"
	// defaultRegion is the area code of a number that comes with none (rule phone-2).
	defaultRegion = "86"
	longestRegion = 6
)

// settlePhone gives a phone number its area code (rules phone-1 to phone-7).
func settlePhone(c *engine.Change) error {
	if c.After[phoneNumbers] == nil {
		delete(c.After, phoneRegion)
		delete(c.Hidden, phoneCanonical)
		return nil
	}
	text := entryValue(c.After, phoneNumbers)
	n, err := parseNumber(text)
	if err != nil {
		return invalid("PhoneNumber", "%q is not a phone number: %v.", text, err)
	}
	region, err := regionOf(c, n)
	if err != nil {
		return err
	}
	c.Hidden[phoneCanonical] = n.canonical(region)
	return nil
}

// regionOf finds the area code of a number. The client's phoneRegion stays in force until a number brings another one.
func regionOf(c *engine.Change, n number) (string, error) {
	given, ok := c.After[phoneRegion].(string)
	if !ok {
		if n.code != "" {
			return n.code, nil
		}
		return defaultRegion, nil
	}
	if !c.Touched(phoneRegion) && n.code != "" && given != n.code {
		delete(c.After, phoneRegion)
		return n.code, nil
	}
	if err := checkRegion(given); err != nil {
		return "", err
	}
	if n.code != "" && given != n.code {
		return "", invalid("PhoneRegion", "phoneRegion is %s, but the number begins with +%s; send what agrees.", given, n.code)
	}
	return given, nil
}

// checkRegion holds a phoneRegion against the form of one (rule phone-9).
func checkRegion(text string) error {
	switch {
	case text == "" || len(text) > longestRegion || strings.Trim(text, "0123456789") != "" || strings.HasPrefix(text, "00"):
		return invalid("PhoneRegion", "phoneRegion is 1 to %d digits without + or 00 in front, not %q.", longestRegion, text)
	case !callingCodes[text]:
		return invalid("PhoneRegion", "there is no area code %s; send one such as 86, and leave what follows it to the number.", text)
	}
	return nil
}

// Shape shows the area code where it was derived and the client asks for it (rule phone-8).
func (Rules) Shape(app *engine.App, rt *scim.ResourceType, o, hidden scim.Object, named func(string) bool) {
	canonical, ok := hidden[phoneCanonical].(string)
	if rt.Name != user || !ok {
		return
	}
	if named(phoneRegion) || app.Has(variant.RegionAlways) {
		o[phoneRegion], _, _ = splitCode(canonical[1:])
	}
	if app.Has(variant.CanonicalNumbers) {
		entry := o[phoneNumbers].([]any)[0].(scim.Object)
		entry["value"] = canonical
	}
}

// Reshapes says that numbers are not returned as they are stored, or that fields are kept apart.
func (r Rules) Reshapes(app *engine.App) bool {
	return len(r.fields.synced) > 0 || app.Has(variant.RegionAlways) || app.Has(variant.CanonicalNumbers)
}
