package scim_test

import (
	"errors"
	"strings"
	"testing"

	"scimproof/server/scim"
	"scimproof/server/scim/filter"
)

// bind reads and binds a filter.
func bind(t testing.TB, rt *scim.ResourceType, text string) (scim.Cond, error) {
	t.Helper()
	x, err := filter.Parse(text, filter.Budget{})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return rt.Bind(x)
}

func TestResolve(t *testing.T) {
	rt := typeOf(t, "User")
	const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	for name, want := range map[string]string{
		"userName":                 "userName",
		"USERNAME":                 "userName",
		"name.FAMILYNAME":          "name.familyName",
		"emails":                   "emails",
		"emails.value":             "emails.value",
		"id":                       "id",
		"externalID":               "externalId",
		"meta.lastmodified":        "meta.lastModified",
		"schemas":                  "schemas",
		rt.Schema.ID + ":nickname": "nickName",
		strings.ToUpper(rt.Schema.ID) + ":name.givenname": "name.givenName",
		enterprise + ":department":                        enterprise + ":department",
		strings.ToUpper(enterprise) + ":MANAGER.VALUE":    enterprise + ":manager.value",
		enterprise + ":manager.$ref":                      enterprise + ":manager.$ref",
		enterprise:                                        enterprise,
		strings.ToUpper(enterprise):                       enterprise,
		"department":                                      "",
		"userName.value":                                  "",
		"name.nickname":                                   "",
		enterprise + ":userName":                          "",
		rt.Schema.ID:                                      "",
		"urn:example:other:userName":                      "",
		"nic\u212AName":                                   "", // a Kelvin sign
	} {
		attr, err := filter.ParseAttr(name)
		ref, ok := rt.Resolve(attr)
		if err != nil || !ok {
			ref = scim.Ref{Attr: &scim.Attribute{}}
		}
		if got := ref.Key(); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	attr, _ := filter.ParseAttr("phoneCanonical")
	if _, ok := load(t, "idaas").Type("User").Resolve(attr); ok {
		t.Error("a client can name a hidden attribute")
	}
}

func TestBindRefuses(t *testing.T) {
	rt := thing(t)
	for text, want := range map[string]string{
		`flag gt true`:                    "gt needs an order, and flag is a boolean",
		`flag le false`:                   "le needs an order",
		`blob ge "YQ=="`:                  "ge needs an order, and blob is a binary",
		`blob lt "YQ=="`:                  "lt needs an order",
		`flag co "t"`:                     "co looks into texts, and flag is a boolean",
		`whole sw "1"`:                    "whole is an integer",
		`real ew "1"`:                     "real is a decimal",
		`when co "2020"`:                  "when is a dateTime",
		`blob co "YQ"`:                    "blob is a binary",
		`flag eq "true"`:                  "flag is compared with true or false, without quotes",
		`flag eq 1`:                       "flag is compared with true or false",
		`whole eq "1"`:                    "whole is compared with a number, without quotes",
		`real gt true`:                    "real is compared with a number",
		`text eq 1`:                       "text is compared with a text in double quotes",
		`text co true`:                    "text is compared with a text",
		`link eq false`:                   "link is compared with a text",
		`when gt "yesterday"`:             "when is compared with a date and time such as",
		`when gt "2020-01-01"`:            "date and time",
		`when gt "2020-01-01T00:00:00"`:   "date and time",
		`when eq 5`:                       "when is compared with a text",
		`text gt null`:                    "Nothing can be gt null",
		`other sw null`:                   "Nothing can be sw null",
		`secret eq "x"`:                   "secret is never shown",
		`secret pr`:                       "secret is never shown",
		`secret eq null`:                  "secret is never shown",
		`not (text pr and SECRET sw "a")`: "secret is never shown",
		`one eq "x"`:                      "one has sub-attributes; compare one of them, such as one.a",
		`strict gt "x"`:                   "strict has sub-attributes; compare one of them, such as strict.key",
		`text[value eq "x"]`:              "text has no sub-attributes to choose by",
		`words[value eq "x"]`:             "words has no sub-attributes to choose by",
		`many[n sw "1"]`:                  "n is an integer",
		`many[primary eq "true"]`:         "primary is compared with true or false",
		extraURN + ` eq "x"`:              "is an extension",
		extraURN + `[code eq "x"]`:        "has no sub-attributes to choose by",
		`text pr and flag gt true`:        "gt needs an order",
		`flag gt true or text pr`:         "gt needs an order",
	} {
		_, err := bind(t, rt, text)
		refusal(t, err, "invalidFilter: ..."+want)
	}
	_, err := bind(t, typeOf(t, "User"), `password eq "hunter2"`)
	var refused *scim.Error
	if !errors.As(err, &refused) || strings.Contains(refused.Detail, "hunter2") {
		t.Errorf("a filter on a password says %v", err)
	}
}

func TestBindCompletes(t *testing.T) {
	rt := typeOf(t, "User")
	for text, want := range map[string]string{
		`EMAILS co "X"`:  "emails.value",
		`emails pr`:      "emails",
		`emails ne null`: "emails",
		`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq "M"`: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
		`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User pr`:             "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
	} {
		c, err := bind(t, rt, text)
		if cmp, ok := c.(scim.CompareCond); err != nil || !ok || cmp.Ref.Key() != want {
			t.Errorf("%s compares %v, %v, want %s", text, c, err, want)
		}
	}
	// An instant is handed on in UTC, a text in its fold.
	c, _ := bind(t, rt, `meta.created gt "2020-01-01T01:00:00.5+01:00"`)
	if got := c.(scim.CompareCond).Value; got != "2020-01-01T00:00:00.5Z" {
		t.Errorf("the instant is %v", got)
	}
	c, _ = bind(t, rt, `userName eq "ANN"`)
	if got := c.(scim.CompareCond).Value; got != "ann" {
		t.Errorf("the name is %v", got)
	}
}
