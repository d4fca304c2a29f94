package idaas

import (
	"slices"
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// line is what a request says about a phone number; what is "" is left out. Each # of the number stands for a digit.
type line struct{ number, region string }

// doc is the line to send, with its digits filled in.
func (l line) doc(t *check.T) check.Doc {
	d := check.Doc{}
	if l.number != "" {
		d["phoneNumbers"] = list(entry(number(t, l.number)))
	}
	if l.region != "" {
		d["phoneRegion"] = l.region
	}
	return d
}

// Lines that occur often.
var (
	none         = line{}
	hongKong     = line{number: "+852 5#######"}
	china        = line{number: "138########"}
	hongKongHere = line{number: "5#######", region: "852"} // its area code beside it
	britainHere  = line{number: "207#######", region: "44"}
)

// region is the area code of the account as the target shows it, or "".
func (a *account) region(t *check.T) string {
	return t.MustGet(a.path(t), "attributes", "phoneRegion").Text("phoneRegion")
}

// hasRegion expects an area code. A target that shows none of an account with a number leaves nothing to ask about (rule phone-8).
func (a *account) hasRegion(t *check.T, want string) {
	got := a.region(t)
	if got == "" {
		t.NA("the target shows no phoneRegion where attributes=phoneRegion asks for it, so that the area code cannot be seen")
	}
	t.Equal("the area code", got, want)
}

// phoneCheck is a question about the area code that a request leads to.
type phoneCheck struct {
	id, title, requirement string // the title ends where the way follows
	rule, part             string
	ways                   []way
	run                    func(t *check.T, w way)
}

// checks is one check for each way.
func (p phoneCheck) checks() (out []check.Check) {
	for _, w := range p.ways {
		out = append(out, check.Check{
			ID:          "idaas.phone." + p.id + "." + w.id,
			Title:       p.title + " (" + w.name + ")",
			Requirement: p.requirement,
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        p.rule,
			Part:        p.part,
			Needs:       append(slices.Clone(w.needs), check.Phones),
			Since:       1,
			Run:         func(t *check.T) { p.run(t, w) },
		})
	}
	return out
}

// leads is a question: what area code the line leads to where the account had another one before.
func leads(before, sent line, want string) func(*check.T, way) {
	return func(t *check.T, w way) { w.taken(t, before.doc(t), sent.doc(t)).hasRegion(t, want) }
}

// areaCodes ask which area code a number has (rules phone-1 to phone-7).
var areaCodes = slices.Concat(
	phoneCheck{
		id: "plus", rule: "phone-1", ways: ways,
		title:       "A number with + brings its area code",
		requirement: "Without phoneRegion in the request the area code is that of the number, also where another one stood before.",
		run:         leads(britainHere, hongKong, "852"),
	}.checks(),
	phoneCheck{
		id: "default", rule: "phone-2", ways: ways,
		title:       "A number without + has the area code 86",
		requirement: "Where the client gives no phoneRegion, and gave none before, it is 86.",
		run:         leads(none, china, "86"),
	}.checks(),
	phoneCheck{
		id: "given", rule: "phone-3", ways: ways,
		title:       "A number without + has the area code that comes with it",
		requirement: "phoneRegion in the same request says which it is.",
		run:         leads(china, hongKongHere, "852"),
	}.checks(),
	phoneCheck{
		id: "conflict", rule: "phone-4", part: "conflict", ways: ways,
		title:       "A number with + is refused beside another phoneRegion",
		requirement: "Where the two disagree the request fails, and nothing is made or changed.",
		run: func(t *check.T, w way) {
			w.refused(t, line{"+852 5#######", "852"}.doc(t), line{"+852 6#######", "86"}.doc(t), match.Refusal())
		},
	}.checks(),
	[]check.Check{
		{
			ID:          "idaas.phone.agreeing",
			Title:       "A number with + is taken beside the phoneRegion that it begins with",
			Requirement: "A number with + and a phoneRegion that agree are accepted by POST, PUT and PATCH.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "phone-4",
			Part:        "conflict",
			Needs:       []check.Need{check.Users, check.Patch, check.Phones},
			Since:       1,
			Run: func(t *check.T) {
				for _, w := range writes {
					leads(china, line{"+852 5#######", "852"}, "852")(t, w)
				}
			},
		},
		{
			ID:          "idaas.phone.conflict-named",
			Title:       "The error names the area code of the number and the phoneRegion that disagree",
			Requirement: "It is 400 with the scimType invalidValue, and its detail tells both.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "phone-4",
			Part:        "form",
			Needs:       []check.Need{check.Users, check.Phones},
			Since:       1,
			Run: func(t *check.T) {
				sent := number(t, "+852 5#######")
				answer := t.Post(t.Users(), t.User(phone.of(entry(sent)), check.Doc{"phoneRegion": "86"}))
				t.Expect(answer).To(match.Error([]int{400}, "invalidValue"))
				detail := answer.Text("detail")
				t.Hold(strings.Contains(detail, "852"), "a detail that names the area code 852", detail)
				t.Hold(strings.Contains(strings.ReplaceAll(detail, sent, ""), "86"), "a detail that names the phoneRegion 86", detail)
			},
		},
	},
	phoneCheck{
		id: "supplied-stays", rule: "phone-5", ways: []way{byPatch, again},
		title:       "A phoneRegion from the client stays with the next number without +",
		requirement: "A number alone takes the area code that the client supplied before.",
		run:         leads(hongKongHere, line{number: "6#######"}, "852"),
	}.checks(),
	phoneCheck{
		id: "derived-goes", rule: "phone-5", ways: []way{byPatch, again},
		title:       "An area code that was derived does not stay with the next number without +",
		requirement: "What a number brought goes with it: without a phoneRegion from the client the area code is 86.",
		run:         leads(hongKong, china, "86"),
	}.checks(),
	phoneCheck{
		id: "whole", rule: "phone-5", ways: []way{byPut},
		title:       "The area code depends on nothing but what the request carries",
		requirement: "PUT is whole: a phoneRegion from before does not count.",
		run:         leads(hongKongHere, china, "86"),
	}.checks(),
	[]check.Check{
		{
			ID:          "idaas.phone.region-equal",
			Title:       "PATCH of phoneRegion to the area code of the number passes",
			Requirement: "A phoneRegion alone is held against a stored number with +; one that agrees is taken.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "phone-6",
			Needs:       []check.Need{check.Users, check.Patch, check.Phones},
			Since:       1,
			Run:         func(t *check.T) { leads(hongKong, line{region: "852"}, "852")(t, byPatch) },
		},
		{
			ID:          "idaas.phone.region-other",
			Title:       "PATCH of phoneRegion to another than that of the number is refused",
			Requirement: "Beside a stored number with + another area code is 400, and nothing changes.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "phone-6",
			Needs:       []check.Need{check.Users, check.Patch, check.Phones},
			Since:       1,
			Run: func(t *check.T) {
				byPatch.refused(t, hongKong.doc(t), line{region: "86"}.doc(t), match.Status(400))
			},
		},
		{
			ID:          "idaas.phone.region-new",
			Title:       "PATCH of phoneRegion gives a number without + its area code",
			Requirement: "A stored number that came without + takes the new area code.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "phone-6",
			Needs:       []check.Need{check.Users, check.Patch, check.Phones},
			Since:       1,
			Run:         func(t *check.T) { leads(china, line{region: "852"}, "852")(t, byPatch) },
		},
		{
			ID:          "idaas.phone.region-alone",
			Title:       "A phoneRegion without any number is ignored",
			Requirement: "Each request with it succeeds, and the account has no area code; nor does the next number take it.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "phone-7",
			Needs:       []check.Need{check.Users, check.Patch, check.Phones},
			Since:       1,
			Run: func(t *check.T) {
				for _, w := range ways {
					a := w.taken(t, nil, line{region: "852"}.doc(t))
					t.Equal("the area code after "+w.name, a.region(t), "")
					t.Expect(byPatch.send(t, a, china.doc(t))).To(match.Success())
					a.hasRegion(t, "86")
				}
			},
		},
		{
			ID:          "idaas.phone.number-removed",
			Title:       "The area code goes with the number",
			Requirement: "Once the number is removed there is no area code, and the next number does not take it.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "phone-7",
			Needs:       []check.Need{check.Users, check.Patch, check.Phones},
			Since:       1,
			Run: func(t *check.T) {
				a := made(t, hongKongHere.doc(t))
				t.Expect(a.patch(t, check.Op("remove", phone.attr, nil))).To(match.Success())
				t.Equal("the area code", a.region(t), "")
				t.Expect(byPatch.send(t, a, china.doc(t))).To(match.Success())
				a.hasRegion(t, "86")
			},
		},
		{
			ID:          "idaas.phone.region-removed",
			Title:       "An area code that is removed is derived again",
			Requirement: "Without the phoneRegion of the client a number with + has its own area code, and one without has 86.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "phone-7",
			Needs:       []check.Need{check.Users, check.Patch, check.Phones},
			Since:       1,
			Run: func(t *check.T) {
				for want, l := range map[string]line{"86": hongKongHere, "852": {"+852 5#######", "852"}} {
					a := made(t, l.doc(t))
					t.Expect(a.patch(t, check.Op("remove", "phoneRegion", nil))).To(match.Success())
					a.hasRegion(t, want)
				}
			},
		},
	},
)
