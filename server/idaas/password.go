package idaas

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"scimproof/server/engine"
)

const (
	password        = "password"
	longestPassword = 64
	// special are the characters that the product counts as special ones.
	special = "@%+\\/'\"!#$^?:,(){}[]~-_.`"
)

// Policy is a template for passwords (rule pass-3).
type Policy struct {
	Name                         string
	Shortest                     int // characters
	Lower, Upper, Digit, Special bool
	NotUserName, NotPersonal     bool // personal are displayName, phone number and the name in the e-mail address
}

// Policies lists the templates, weakest first. The first holds where an instance names none.
func Policies() []Policy {
	return []Policy{
		{Name: "Unrestricted", Shortest: 4},
		{Name: "Simple", Shortest: 6, Lower: true, Digit: true},
		{Name: "Common", Shortest: 8, Lower: true, Upper: true, Digit: true},
		{Name: "Recommended", Shortest: 10, Lower: true, Upper: true, Digit: true, Special: true, NotUserName: true},
		{Name: "Complex", Shortest: 16, Lower: true, Upper: true, Digit: true, Special: true, NotUserName: true, NotPersonal: true},
	}
}

// policyOf is the template of an instance.
func policyOf(app *engine.App) Policy {
	list := Policies()
	for _, p := range list {
		if p.Name == app.Instance.PasswordPolicy {
			return p
		}
	}
	return list[0]
}

// owner is what a password must not give away.
type owner struct{ userName, displayName, phone, mail string }

// breaches says what is wrong with a password, one clause for each broken rule. No clause holds any of it.
func (p Policy) breaches(text string, o owner) []string {
	var out []string
	demand := func(holds bool, format string, args ...any) {
		if !holds {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	length := utf8.RuneCountInString(text)
	demand(length >= p.Shortest, "it has fewer than %d characters", p.Shortest)
	demand(length <= longestPassword, "it has more than %d characters", longestPassword)
	demand(!strings.ContainsFunc(text, unicode.IsControl), "it has control characters")
	demand(!p.Lower || strings.ContainsFunc(text, unicode.IsLower), "it has no lower-case letter")
	demand(!p.Upper || strings.ContainsFunc(text, unicode.IsUpper), "it has no upper-case letter")
	demand(!p.Digit || strings.ContainsFunc(text, unicode.IsDigit), "it has no digit")
	demand(!p.Special || strings.ContainsAny(text, special), "it has no special character such as ! or #")
	demand(!p.NotUserName || !reveals(text, o.userName), "it contains the userName")
	if p.NotPersonal {
		name, _, _ := strings.Cut(o.mail, "@")
		demand(!reveals(text, o.displayName), "it contains the displayName")
		demand(!reveals(text, o.phone), "it contains the phone number")
		demand(!reveals(text, name), "it contains the name in the e-mail address")
	}
	return out
}

// reveals says whether a password contains a fact, without regard to case.
func reveals(text, fact string) bool {
	return fact != "" && strings.Contains(strings.ToLower(text), strings.ToLower(fact))
}

// settlePassword holds a password against the policy, and keeps a real one from being overwritten by the placeholder of a repeated
// submission (rules pass-1, pass-3, idem-4).
func settlePassword(c *engine.Change) error {
	if c.Password == "" {
		return nil
	}
	c.KeepPassword = c.Kind == engine.Resubmit && c.HasPassword
	o := owner{mail: entryValue(c.After, emails)}
	o.userName, _ = c.After["userName"].(string)
	o.displayName, _ = c.After["displayName"].(string)
	if n, err := parseNumber(entryValue(c.After, phoneNumbers)); err == nil {
		o.phone = n.digits
	}
	return refusePassword(policyOf(c.App), policyOf(c.App).breaches(c.Password, o))
}

// refuseEmpty refuses the password that an engine would take for none.
func refuseEmpty(app *engine.App) error {
	return refusePassword(policyOf(app), policyOf(app).breaches("", owner{}))
}

func refusePassword(p Policy, breaches []string) error {
	if len(breaches) == 0 {
		return nil
	}
	return invalid("Password", "the password breaks the policy %s: %s.", p.Name, strings.Join(breaches, "; "))
}
