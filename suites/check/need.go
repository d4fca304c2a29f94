package check

import (
	"strings"
)

// Need is something that a target must offer before a check makes sense; what it advertises decides (Target.Offers).
type Need string

// The needs.
const (
	Users          Need = "users"  // a resource type User
	Groups         Need = "groups" // a resource type Group
	Patch          Need = "patch"
	Filter         Need = "filter"
	Sort           Need = "sort"
	ETag           Need = "etag"
	Bulk           Need = "bulk"
	ChangePassword Need = "changePassword"
	Auth           Need = "auth"        // a credential was given, so that leaving it out means something
	DisplayName    Need = "displayName" // User has displayName, for clients to write, as all attributes that follow
	Name           Need = "name"        // User has the complex attribute name
	Emails         Need = "emails"      // User has emails
	Phones         Need = "phones"      // User has phoneNumbers
	Active         Need = "active"      // User has active
	Password       Need = "password"    // User has password
	Title          Need = "title"       // User has title, a plain string
	Enterprise     Need = "enterprise"  // User has the enterprise extension with department
	NestedGroups   Need = "nestedGroups"

	// What a run is given beside the base URL and its token (Means).
	Control      Need = "control"      // a control API
	TestClock    Need = "testClock"    // a control API that moves the server's clock
	SecondToken  Need = "secondToken"  // a second token of an application: from a control API, a command that rotates, or a flag
	Rotation     Need = "rotation"     // a second token that can be ended, too
	ExpiredToken Need = "expiredToken" // a token that has expired: from a test clock, or a flag
)

// Offer is what a target says about a need. Where it does not say, a check is worth a try.
type Offer int

// The offers.
const (
	Unsaid Offer = iota
	Offered
	Denied
	Withheld // the target might; the run was not given it
)

// Offers says whether the target offers what a check needs, and where that was read.
func (t *Target) Offers(n Need) (Offer, string) {
	switch n {
	case Users:
		return t.offersType("User")
	case Groups:
		return t.offersType("Group")
	case Patch, Filter, Sort, ETag, Bulk, ChangePassword:
		return t.feature(string(n))
	case Auth:
		if t.Authenticated {
			return Offered, "a token was given"
		}
		return Denied, "no token was given, so that a request without one shows nothing"
	case DisplayName, Name, Emails, Active, Password, Title:
		return t.declares(UserSchema, string(n))
	case Phones:
		return t.declares(UserSchema, "phoneNumbers")
	case Enterprise:
		return t.declares(EnterpriseSchema, "department")
	case NestedGroups:
		return t.nests()
	case Control, TestClock, SecondToken, Rotation, ExpiredToken:
		return t.Means.offers(n)
	}
	return Unsaid, "nothing tells"
}

// feature reads a switch of ServiceProviderConfig (RFC 7643 section 5). Only a plain false denies.
func (t *Target) feature(name string) (Offer, string) {
	where := "ServiceProviderConfig says nothing about " + name
	v := t.Config.At(name + ".supported")
	if v == nil {
		return Unsaid, where
	}
	switch v.String() {
	case "true":
		return Offered, "ServiceProviderConfig says " + name + ".supported is true"
	case "false":
		return Denied, "ServiceProviderConfig says " + name + ".supported is false"
	}
	return Unsaid, where
}

func (t *Target) offersType(name string) (Offer, string) {
	if len(t.Types) == 0 {
		return Unsaid, "ResourceTypes cannot be read"
	}
	if t.resourceType(name) != nil {
		return Offered, "ResourceTypes lists " + name
	}
	return Denied, "ResourceTypes lists no " + name
}

func (t *Target) declares(urn, attribute string) (Offer, string) {
	if len(t.Schemas) == 0 {
		return Unsaid, "Schemas cannot be read"
	}
	a := t.Attribute(urn, attribute)
	if a == nil {
		return Denied, "Schemas declares no " + attribute + " in " + urn
	}
	if a.Text("mutability") == "readOnly" {
		return Denied, "Schemas declares " + attribute + ", and that clients cannot write it"
	}
	return Offered, "Schemas declares " + attribute
}

// nests says whether groups may be members: members.type, where it names its values, names Group.
func (t *Target) nests() (Offer, string) {
	a := t.Attribute(GroupSchema, "members.type")
	if a == nil {
		return Unsaid, "Schemas does not say who may be a member"
	}
	values := a.All("canonicalValues")
	if len(values) == 0 || len(values[0].Items) == 0 {
		return Unsaid, "Schemas does not say who may be a member"
	}
	for _, v := range values[0].Items {
		if strings.EqualFold(v.String(), "Group") {
			return Offered, "Schemas lists Group among the types of members"
		}
	}
	return Denied, "Schemas lists no Group among the types of members"
}
