package fault

import (
	"slices"
	"strings"

	"scimproof/server/store"
)

// templates are the names of the policies for passwords, weakest first.
var templates = []string{"Unrestricted", "Simple", "Common", "Recommended", "Complex"}

// passwordsHeld are deviations of the policy that an instance is given (rule pass-3).
var passwordsHeld = []Fault{
	{
		Name:   "policy-one-weaker",
		Breaks: []string{"idaas.policy.simple", "idaas.policy.common", "idaas.policy.recommended", "idaas.policy.complex"},
		Seen:   "a list that counts from one, read as one that counts from zero",
		Store: admitting(func(a *store.Admission) {
			if i := slices.Index(templates, a.Instance.PasswordPolicy); i > 0 {
				a.Instance.PasswordPolicy = templates[i-1]
			}
		}),
	},
	{
		Name:   "policy-of-the-product",
		Breaks: []string{"idaas.policy.unrestricted", "idaas.policy.simple"},
		Seen:   "the rule of the sign-up page held against every password, whatever the tenant chose",
		Store:  admitting(func(a *store.Admission) { a.Instance.PasswordPolicy = "Common" }),
	},
	{
		Name:   "policy-blind-to-the-owner",
		Breaks: []string{"idaas.policy.recommended", "idaas.policy.complex"},
		Seen:   "a password compared with the name as a whole, where it is to be searched for it",
		Wrap: payload(createUser, func(doc object) {
			password, _ := doc["password"].(string)
			for _, fact := range facts(doc) {
				if password != fact {
					password = strings.ReplaceAll(password, fact, "")
				}
			}
			if doc["password"] != nil {
				doc["password"] = password
			}
		}),
	},
}

// facts are what a user says that a password could hold.
func facts(doc object) (out []string) {
	add := func(v any) {
		if text, _ := v.(string); text != "" {
			out = append(out, text)
		}
	}
	add(doc["userName"])
	add(doc["displayName"])
	each(doc["phoneNumbers"], func(entry object) { add(entry["value"]) })
	each(doc["emails"], func(entry object) {
		address, _ := entry["value"].(string)
		name, _, _ := strings.Cut(address, "@")
		add(name)
	})
	return out
}
