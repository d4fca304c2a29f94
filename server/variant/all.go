package variant

// The names of the variants.
const (
	RefuseOtherTypes      = "refuse-other-types"
	RefuseOtherTypesPatch = "refuse-other-types-patch"
	UntypedIsWork         = "untyped-is-work"
	PlainUserNames        = "plain-user-names"
	CanonicalNumbers      = "canonical-numbers"
	RegionAlways          = "region-always"
	UniqueContacts        = "unique-contacts"
	ResubmissionCreated   = "resubmission-created"
	RefuseUnknown         = "refuse-unknown"
	CreateOnNoMatch       = "create-on-no-match"
)

// All lists the variants, in the order of the rules.
func All() []Variant {
	return []Variant{
		{
			Name: RefuseOtherTypes, Rule: "map-1", Profile: "idaas",
			Effect: "POST and PUT with an entry of emails or phoneNumbers that is not of type work is 400 invalidValue, and nothing is made or changed",
		},
		{
			Name: RefuseOtherTypesPatch, Rule: "map-3", Profile: "idaas",
			Effect: "PATCH that aims at, or brings, an entry of another type than work is 400 invalidValue, and nothing is changed",
		},
		{
			Name: UntypedIsWork, Rule: "map-5", Profile: "idaas",
			Effect: "an entry of emails or phoneNumbers without a type is taken for one of type work",
		},
		{
			Name: PlainUserNames, Rule: "user-2", Profile: "idaas",
			Effect: "userName has letters, digits and the characters _ . @ - and no others",
		},
		{
			Name: CanonicalNumbers, Rule: "phone-8", Profile: "idaas",
			Effect: "a phone number is returned as a plus, the area code and the digits, however it was sent",
		},
		{
			Name: RegionAlways, Rule: "phone-8", Profile: "idaas",
			Effect: "phoneRegion is returned of every account with a phone number, also where it was derived and nobody asks for it",
		},
		{
			Name: UniqueContacts, Rule: "mail-1", Profile: "idaas",
			Effect: "the e-mail address or phone number of another account is 409 uniqueness",
		},
		{
			Name: ResubmissionCreated, Rule: "idem-1", Profile: "idaas",
			Effect: "a repeated submission is answered with 201 instead of 200",
		},
		{
			Name: RefuseUnknown, Rule: "RFC 7644 3.12", Profile: "idaas",
			Effect:  "an attribute that no schema declares, and a schema that the type does not have, is 400 instead of being ignored",
			Changes: []string{"idaas.attributes.accepted", "groups.create.entra"},
		},
		{
			Name: CreateOnNoMatch, Rule: "RFC 7644 3.5.2.3", Profile: "rfc",
			Effect:  "PATCH replace by a value path such as emails[type eq \"work\"].value that matches nothing makes the entry, which Entra ID counts on",
			Changes: []string{"patch.replace.no-target"},
		},
	}
}
