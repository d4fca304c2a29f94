package check_test

import (
	"strings"
	"testing"

	"scimproof/suites/check"
)

func good(id string, change ...func(*check.Check)) check.Check {
	c := check.Check{
		ID: id, Title: "T", Requirement: "R.", Profiles: []check.Profile{check.RFC}, Level: check.Must,
		Ref: check.Ref{RFC: "7644", Section: "3.3"}, Since: 1, Run: func(*check.T) {},
	}
	for _, f := range change {
		f(&c)
	}
	return c
}

func idaas(rule string) func(*check.Check) {
	return func(c *check.Check) {
		c.Profiles, c.Rule, c.Level, c.Ref = []check.Profile{check.IDaaS}, rule, "", check.Ref{}
	}
}

func TestSelect(t *testing.T) {
	all := []check.Check{
		good("users.create.status"), good("users.create.location"), good("users.read.status"),
		good("patch.entra.op-case", func(c *check.Check) { c.Profiles = []check.Profile{check.Entra} }),
		good("users.list.count", func(c *check.Check) { c.Profiles = []check.Profile{check.RFC, check.Okta} }),
		good("idaas.resubmit.same", idaas("idem-1")),
	}
	for _, c := range []struct {
		profiles []check.Profile
		only     []string
		want     string
		wrong    string
	}{
		{profiles: []check.Profile{check.RFC}, want: "users.create.status users.create.location users.read.status users.list.count"},
		{profiles: []check.Profile{check.Okta}, want: "users.list.count"},
		{profiles: []check.Profile{check.RFC}, only: []string{"users.create"}, want: "users.create.status users.create.location"},
		{profiles: []check.Profile{check.RFC}, only: []string{"users.*.status", "users.list.*"}, want: "users.create.status users.read.status users.list.count"},
		{profiles: []check.Profile{check.IDaaS}, only: []string{"idem-1"}, want: "idaas.resubmit.same"},
		{profiles: []check.Profile{check.RFC}, only: []string{"users.creat"}, wrong: `no check is called "users.creat"`},
		{profiles: []check.Profile{check.RFC}, only: []string{"users.["}, wrong: "cannot be read"},
		{profiles: []check.Profile{check.Okta}, only: []string{"patch.*"}, wrong: "no check of profile okta is called patch.*"},
	} {
		got, err := check.Select(all, c.profiles, c.only)
		var ids []string
		for _, g := range got {
			ids = append(ids, g.ID)
		}
		switch {
		case c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)):
			t.Errorf("%v %v: error %v, want one with %q", c.profiles, c.only, err, c.wrong)
		case c.wrong == "" && (err != nil || strings.Join(ids, " ") != c.want):
			t.Errorf("%v %v: %v, %v, want %s", c.profiles, c.only, ids, err, c.want)
		}
	}
}

func TestValidate(t *testing.T) {
	if errs := check.Validate([]check.Check{good("a.b"), good("c.d", idaas("idem-1"))}); len(errs) != 0 {
		t.Fatal(errs)
	}
	for want, c := range map[string]check.Check{
		"the id is not":           good("Users.create"),
		"full stop":               good("a.b", func(c *check.Check) { c.Title = "T." }),
		"sentences":               good("a.b", func(c *check.Check) { c.Requirement = "" }),
		"no body":                 good("a.b", func(c *check.Check) { c.Run = nil }),
		"catalogue version":       good("a.b", func(c *check.Check) { c.Since = 0 }),
		"no profile counts":       good("a.b", func(c *check.Check) { c.Profiles = nil }),
		`no profile "x"`:          good("a.b", func(c *check.Check) { c.Profiles = []check.Profile{"x"} }),
		`no level "CAN"`:          good("a.b", func(c *check.Check) { c.Level = "CAN" }),
		"the level is missing":    good("a.b", func(c *check.Check) { c.Level = "" }),
		"the source is missing":   good("a.b", func(c *check.Check) { c.Ref = check.Ref{} }),
		`"three" is no section`:   good("a.b", func(c *check.Check) { c.Ref.Section = "three" }),
		"only a check of profile": good("a.b", func(c *check.Check) { c.Rule = "idem-1" }),
		"names its rule":          good("a.b", idaas("")),
	} {
		errs := check.Validate([]check.Check{c})
		if len(errs) != 1 || !strings.Contains(errs[0].Error(), want) {
			t.Errorf("%v, want one with %q", errs, want)
		}
	}
	if errs := check.Validate([]check.Check{good("a.b"), good("a.b")}); len(errs) != 1 || !strings.Contains(errs[0].Error(), "twice") {
		t.Errorf("two of one id: %v", errs)
	}
}
