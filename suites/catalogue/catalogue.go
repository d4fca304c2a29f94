// Package catalogue is the explicit, ordered list of all checks.
//
// To add an area, write a package below suites with func Checks() []check.Check and list it in areas.
package catalogue

import (
	"errors"
	"fmt"

	"scimproof/fixtures/rules"
	"scimproof/suites/check"
	"scimproof/suites/discovery"
	"scimproof/suites/filter"
	"scimproof/suites/groups"
	"scimproof/suites/idaas"
	"scimproof/suites/listing"
	"scimproof/suites/patch"
	"scimproof/suites/projection"
	"scimproof/suites/protocol"
	"scimproof/suites/users"
)

// Version is the version of the catalogue: Check.Since counts in it.
const Version = 1

// areas are the packages of checks, in the order in which a reader meets them.
var areas = []func() []check.Check{
	protocol.Checks,
	discovery.Checks,
	users.Checks,
	projection.Checks,
	filter.Checks,
	listing.Checks,
	patch.Checks,
	groups.Checks,
	idaas.Checks,
}

// All is every check, with the level and source that the basis of its rule gives to one of profile idaas. The error names everything that is
// wrong with the literals, which a test keeps out.
func All(book rules.Book) ([]check.Check, error) {
	var all []check.Check
	for _, area := range areas {
		all = append(all, area()...)
	}
	errs := check.Validate(all)
	for i := range all {
		if err := complete(&all[i], book); err != nil {
			errs = append(errs, fmt.Errorf("check %q: %w", all[i].ID, err))
		}
	}
	return all, errors.Join(errs...)
}

// complete fills in what the rule of a check says, and refuses a rule that there is not.
func complete(c *check.Check, book rules.Book) error {
	for _, r := range c.Replaced {
		if _, ok := book.Rule(r); !ok {
			return fmt.Errorf("replaced by %q, which is no rule", r)
		}
	}
	if c.Rule == "" {
		return nil
	}
	level, err := book.Level(c.Rule, c.Part, string(c.Level))
	if err != nil {
		return err
	}
	if r, _ := book.Rule(c.Rule); len(r.Parts) > 0 && c.Part == "" {
		return fmt.Errorf("rule %s has parts; name the one that the check asks about", c.Rule)
	}
	c.Level = check.Level(level)
	c.Ref = check.Ref{RFC: "IDaaS", Section: c.Rule}
	return nil
}
