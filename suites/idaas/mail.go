package idaas

import (
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// noAddresses are texts that are no e-mail address, whatever one allows in one.
var noAddresses = []string{"jo", "jo@", "@example.com", "jo@@example.com", "jo doe@example.com", "jo@example..com", "jo@exa mple.com"}

// addresses ask what an e-mail address is (rule mail-1).
var addresses = []check.Check{
	{
		ID:          "idaas.mail.form",
		Title:       "What is no e-mail address is refused",
		Requirement: "A work entry of emails that has not the form of an address is refused, and no account is made.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "mail-1",
		Part:        "form",
		Needs:       []check.Need{check.Users, check.Emails, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			for _, wrong := range noAddresses {
				byPost.refused(t, nil, mail.of(entry(wrong)), match.Refusal())
			}
		},
	},
	{
		ID:          "idaas.mail.form-changed",
		Title:       "An address is not replaced by what is none",
		Requirement: "PUT and PATCH with a text that has not the form of an address are refused and change nothing.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "mail-1",
		Part:        "form",
		Needs:       []check.Need{check.Users, check.Patch, check.Emails},
		Since:       1,
		Run: func(t *check.T) {
			for i, w := range []way{byPut, byPatch} {
				w.refused(t, mail.of(entry(address(t))), mail.of(entry(noAddresses[i])), match.Refusal())
			}
		},
	},
	{
		ID:          "idaas.mail.length",
		Title:       "An address has up to 128 characters",
		Requirement: "One of 128 characters is kept whole, one of 129 is refused.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "mail-1",
		Part:        "form",
		Needs:       []check.Need{check.Users, check.Emails, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			a, longest := newAccount(t), longAddress(t, 128)
			a.post(t, a.doc(t, mail.of(entry(longest))))
			mail.holds(t, a, longest)
			byPost.refused(t, nil, mail.of(entry(longAddress(t, 129))), match.Refusal())
		},
	},
	{
		ID:          "idaas.mail.shared",
		Title:       "Two accounts may have the same e-mail address",
		Requirement: "Mailboxes are shared; a server may answer 409 uniqueness instead.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "mail-1",
		Part:        "shared",
		Needs:       []check.Need{check.Users, check.Emails, check.Filter},
		Since:       1,
		Run:         func(t *check.T) { shared(t, mail) },
	},
}

// longAddress is an address of so many characters; no label and no local part is longer than RFC 5321 section 4.5.3.1 lets it be.
func longAddress(t *check.T, length int) string {
	const end = ".example.com"
	local := t.Unique() + "@"
	rest := length - len(local) - len(end)
	first := min(rest, 60)
	if rest == first {
		return local + strings.Repeat("d", first) + end
	}
	return local + strings.Repeat("d", first) + "." + strings.Repeat("e", rest-first-1) + end
}
