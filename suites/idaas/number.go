package idaas

import (
	"fmt"
	"slices"
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// noNumbers are too short, too long, not made of digits, or begin with what is no area code.
var noNumbers = []string{
	"1####", "12##############", "+852 5####", "1-800-FLOWERS", "１３８００１３８０００", "++852 5#######", "+00852 5#######", "+999 5#######",
}

// numbers ask what a number looks like, and how it is shown and found (rules phone-8 to phone-10, and mail-1 of numbers).
var numbers = slices.Concat(
	[]check.Check{
		{
			ID:          "idaas.phone.as-sent",
			Title:       "A number comes back as it was sent",
			Requirement: "Clients compare what they sent with what they read; a server may return the canonical form, + with area code and digits.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "phone-8",
			Needs:       []check.Need{check.Users, check.Phones},
			Since:       1,
			Run: func(t *check.T) {
				for _, pattern := range []string{"+1 (415) 2##-####", "138 #### ####"} {
					a, sent := newAccount(t), number(t, pattern)
					a.post(t, a.doc(t, phone.of(entry(sent))))
					shown(t, a, sent, internationally(sent))
				}
			},
		},
		{
			ID:          "idaas.phone.found-as-sent",
			Title:       "A filter finds a number in the form in which it was sent",
			Requirement: "What a client sent is what it looks for.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "phone-8",
			Needs:       []check.Need{check.Users, check.Phones, check.Filter},
			Since:       1,
			Run: func(t *check.T) {
				for _, pattern := range []string{"+1 (415) 2##-####", "138 #### ####"} {
					sent := number(t, pattern)
					a := made(t, phone.of(entry(sent)))
					t.Expect(find(t, check.Eq("phoneNumbers.value", sent))).To(match.Found(a.id))
				}
			},
		},
		{
			ID:          "idaas.phone.found-canonical",
			Title:       "A filter finds a number as + with area code and digits",
			Requirement: "Whatever its form, a number is found by its canonical one, also where its area code was given beside it or is the default.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "phone-8",
			Needs:       []check.Need{check.Users, check.Phones, check.Filter},
			Since:       1,
			Run: func(t *check.T) {
				us, cn, hk := number(t, "+1 (415) 2##-####"), number(t, "138 #### ####"), number(t, "5#######")
				for wanted, doc := range map[string]check.Doc{
					canonical(us):          phone.of(entry(us)),
					"+86" + canonical(cn):  phone.of(entry(cn)),
					"+852" + canonical(hk): {"phoneNumbers": list(entry(hk)), "phoneRegion": "852"},
				} {
					a := made(t, doc)
					t.Expect(find(t, check.Eq("phoneNumbers.value", wanted))).To(match.Found(a.id))
				}
			},
		},
		{
			ID:          "idaas.phone.region-shown",
			Title:       "A phoneRegion that the client supplied comes back",
			Requirement: "Whoever reads the account sees the phoneRegion that came with the number.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "phone-8",
			Needs:       []check.Need{check.Users, check.Phones},
			Since:       1,
			Run: func(t *check.T) {
				t.Expect(made(t, hongKongHere.doc(t)).read(t)).To(match.Value("phoneRegion", "852"))
			},
		},
		{
			ID:          "idaas.phone.region-asked",
			Title:       "A derived area code is shown to a client that asks for it",
			Requirement: "attributes=phoneRegion shows the area code of every account with a number.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "phone-8",
			Needs:       []check.Need{check.Users, check.Phones},
			Since:       1,
			Run: func(t *check.T) {
				a := made(t, hongKong.doc(t))
				t.Expect(t.Get(a.path(t), "attributes", "phoneRegion")).To(match.Value("phoneRegion", "852"))
			},
		},
		{
			ID:          "idaas.phone.written-back",
			Title:       "What a client reads of an account can be written back",
			Requirement: "A PUT of the account as it was read succeeds and changes nothing.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "phone-8",
			Needs:       []check.Need{check.Users, check.Phones},
			Since:       1,
			Run: func(t *check.T) {
				for _, l := range []line{hongKong, china} {
					a := made(t, l.doc(t))
					was := a.look(t)
					t.Expect(t.Put(a.path(t), a.read(t).Doc)).To(match.Success())
					a.still(t, was)
				}
			},
		},
	},
	phoneCheck{
		id: "number-form", rule: "phone-9", part: "limits", ways: ways,
		title: "What is no phone number is refused",
		requirement: "A number has 6 to 15 digits; letters, full-width digits, a doubled +, 00 behind it and an area code that does not exist are 400, " +
			"and nothing is made or changed.",
		run: func(t *check.T, w way) {
			for _, wrong := range noNumbers {
				w.refused(t, phone.of(entry(phone.value(t))), line{number: wrong}.doc(t), match.Status(400))
			}
		},
	}.checks(),
	phoneCheck{
		id: "region-form", rule: "phone-9", part: "limits", ways: ways,
		title:       "What is no area code is refused",
		requirement: "phoneRegion has 1 to 6 digits, with neither + nor 00 in front, and exists; anything else is 400, and nothing is made or changed.",
		run: func(t *check.T, w way) {
			for _, wrong := range []string{"+86", "0086", "1234567", "HK", "999"} {
				w.refused(t, phone.of(entry(phone.value(t))), line{"5#######", wrong}.doc(t), match.Status(400))
			}
		},
	}.checks(),
	[]check.Check{
		{
			ID:          "idaas.phone.bounds",
			Title:       "Numbers of 6 and of 15 digits are taken",
			Requirement: "The shortest and the longest number that there may be are kept, with the area code in front and without.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "phone-9",
			Part:        "limits",
			Needs:       []check.Need{check.Users, check.Phones},
			Since:       1,
			Run:         func(t *check.T) { kept(t, "######", "1##############", "+852 ######", "+852 1##############") },
		},
		{
			ID:          "idaas.phone.separators",
			Title:       "Separators in a number do not count",
			Requirement: "Space, hyphen, dot, parentheses and the prefix tel: are no part of the number.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "phone-9",
			Part:        "separators",
			Needs:       []check.Need{check.Users, check.Phones},
			Since:       1,
			Run: func(t *check.T) {
				kept(t, "138 #### ####", "138-####-####", "138.####.####", "(010) ####-####", "tel:+852-5###-####", "+1 (415) 2##-####")
			},
		},
		{
			ID:          "idaas.phone.extension",
			Title:       "An extension does not count",
			Requirement: "x12, ext 12 and ;ext=12 behind a number are taken, and are no part of it.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "phone-9",
			Part:        "separators",
			Needs:       []check.Need{check.Users, check.Phones},
			Since:       1,
			Run: func(t *check.T) {
				for _, extension := range []string{" x12", " ext 12", ";ext=12"} {
					plain := number(t, "+1 415-2##-####")
					a := newAccount(t)
					a.post(t, a.doc(t, phone.of(entry(plain+extension))))
					shown(t, a, plain+extension, canonical(plain))
				}
			},
		},
		{
			ID:          "idaas.phone.code",
			Title:       "The area code ends where the calling code ends",
			Requirement: "It is 852 in +852 and not 85, 1 in +1242 and not 1242, 7 in +7701 and not 77, in whatever request.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "phone-10",
			Needs:       []check.Need{check.Users, check.Patch, check.Phones},
			Since:       1,
			Run: func(t *check.T) {
				for _, w := range ways {
					for want, pattern := range map[string]string{"852": "+8525#######", "1": "+1242 3######", "7": "+7 701 #######", "353": "+353 1 #######"} {
						leads(britainHere, line{number: pattern}, want)(t, w)
					}
				}
			},
		},
		{
			ID:          "idaas.phone.zeros",
			Title:       "Zeros behind the area code stay",
			Requirement: "The 0 of +39 06 is part of the number: it is shown with it, and not found without it.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "phone-10",
			Needs:       []check.Need{check.Users, check.Phones, check.Filter},
			Since:       1,
			Run: func(t *check.T) {
				a, sent := newAccount(t), number(t, "+39 06 ########")
				a.post(t, a.doc(t, phone.of(entry(sent))))
				shown(t, a, sent, canonical(sent))
				without := strings.Replace(canonical(sent), "+390", "+39", 1)
				t.Expect(find(t, check.Eq("phoneNumbers.value", without))).To(match.Found())
			},
		},
		{
			ID:          "idaas.phone.shared",
			Title:       "Two accounts may have the same phone number",
			Requirement: "A desk has one telephone and several people; a server may answer 409 uniqueness instead.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "mail-1",
			Part:        "shared",
			Needs:       []check.Need{check.Users, check.Phones, check.Filter},
			Since:       1,
			Run:         func(t *check.T) { shared(t, phone) },
		},
	},
)

// shown expects the number of an account in one of its forms.
func shown(t *check.T, a *account, forms ...string) {
	answer := a.read(t)
	t.Expect(answer).To(match.Count(phone.attr, 1))
	got := answer.Text(phone.attr + "[0].value")
	t.Hold(slices.Contains(forms, got), "the number as it was sent, "+forms[0]+", or in its canonical form", fmt.Sprintf("the number %q", got))
}

// internationally is the canonical form of a number that brings its area code or has the default one.
func internationally(number string) string {
	if plain := canonical(number); strings.HasPrefix(plain, "+") {
		return plain
	}
	return "+86" + canonical(number)
}

// kept expects numbers to be taken and shown.
func kept(t *check.T, patterns ...string) {
	for _, pattern := range patterns {
		a, sent := newAccount(t), number(t, pattern)
		answer := t.Post(t.Users(), a.doc(t, phone.of(entry(sent))))
		t.Expect(answer, "the number "+sent).To(match.Success())
		a.id = idOf(t, answer)
		shown(t, a, sent, internationally(sent))
	}
}

// shared makes two accounts with the same value.
func shared(t *check.T, f field) {
	value := f.value(t)
	made(t, f.of(entry(value)))
	b := newAccount(t)
	answer := t.Post(t.Users(), b.doc(t, f.of(entry(value))))
	if answer.Status == 409 {
		t.Expect(answer).To(match.Error([]int{409}, "uniqueness"))
		b.unmade(t)
		return
	}
	t.Expect(answer).To(match.Success())
	b.id = idOf(t, answer)
	f.holds(t, b, value)
}
