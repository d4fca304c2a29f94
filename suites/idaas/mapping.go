package idaas

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// mappingOf asks of emails and of phoneNumbers which entries are taken (rules map-*).
func mappingOf(f field) []check.Check {
	id := func(what string) string { return "idaas.mapping." + f.id + "." + what }
	writes := []check.Need{check.Users, f.need}
	patches := []check.Need{check.Users, check.Patch, f.need}
	return []check.Check{
		{
			ID:          id("other-types"),
			Title:       "Of " + f.attr + " in a POST only the entry of type work is kept",
			Requirement: "An entry of another type than work is neither stored nor returned.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "map-1",
			Part:        "work",
			Needs:       append(writes, check.Filter),
			Since:       1,
			Run: func(t *check.T) {
				a, want := newAccount(t), f.value(t)
				answer := t.Post(t.Users(), a.doc(t, f.of(typed(f.value(t), "home"), entry(want), typed(f.value(t), "other"))))
				if declined(answer) {
					a.unmade(t)
					return
				}
				t.Expect(answer).To(match.Success())
				a.id = idOf(t, answer)
				f.holds(t, a, want)
			},
		},
		{
			ID:          id("other-types-put"),
			Title:       "Of " + f.attr + " in a PUT only the entry of type work is kept",
			Requirement: "An entry of another type than work is neither stored nor returned, also where it comes with PUT.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "map-1",
			Part:        "work",
			Needs:       writes,
			Since:       1,
			Run: func(t *check.T) {
				before, want := f.value(t), f.value(t)
				a := made(t, f.of(entry(before)))
				answer := byPut.send(t, a, f.of(typed(f.value(t), "home"), entry(want), typed(f.value(t), "mobile")))
				if declined(answer) {
					f.holds(t, a, before)
					return
				}
				t.Expect(answer).To(match.Success())
				f.holds(t, a, want)
			},
		},
		{
			ID:          id("any-case"),
			Title:       "The type of an entry of " + f.attr + " is work in any case",
			Requirement: "The type is compared without regard to case, as that of a multi-valued attribute is.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "map-1",
			Part:        "work",
			Needs:       writes,
			Since:       1,
			Run: func(t *check.T) {
				a, want := newAccount(t), f.value(t)
				a.post(t, a.doc(t, f.of(typed(want, "Work"))))
				f.holds(t, a, want)
			},
		},
		{
			ID:          id("not-matched"),
			Title:       "A filter finds nobody by an entry of " + f.attr + " that is not of type work",
			Requirement: "What was left out of an account cannot be found in it either.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "map-1",
			Part:        "work",
			Needs:       append(writes, check.Filter),
			Since:       1,
			Run: func(t *check.T) {
				a, other, mark := newAccount(t), f.value(t), t.Unique()
				answer := t.Post(t.Users(), a.doc(t, f.of(typed(other, "home"), entry(f.value(t))), check.Doc{"displayName": mark}))
				if declined(answer) {
					t.NA("the target refuses entries of other types, so that there is none to look for")
				}
				t.Expect(answer).To(match.Success())
				for _, filter := range []string{check.Eq(f.attr+".value", other), check.Eq("displayName", mark) + " and " + f.attr + `[type eq "home"]`} {
					found := find(t, filter)
					if declined(found) {
						t.NA("the target does not take the filter %s", filter)
					}
					t.Expect(found).To(match.Found())
				}
			},
		},
		{
			ID:          id("others-alone"),
			Title:       "An account all of whose " + f.attr + " are of other types is made without any",
			Requirement: "Such entries are left out and the request succeeds; a server may refuse them with 400 invalidValue instead and make nothing.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "map-1",
			Part:        "refusal",
			Needs:       append(writes, check.Filter),
			Since:       1,
			Run: func(t *check.T) {
				a := newAccount(t)
				answer := t.Post(t.Users(), a.doc(t, f.of(typed(f.value(t), "home"), typed(f.value(t), "other"))))
				if declined(answer) {
					t.Expect(answer).To(match.Error([]int{400}, "invalidValue"))
					a.unmade(t)
					return
				}
				t.Expect(answer).To(match.Success())
				a.id = idOf(t, answer)
				f.holds(t, a, "")
			},
		},
		{
			ID:          id("one-value"),
			Title:       "Of several entries of " + f.attr + " of type work one is kept",
			Requirement: "The field holds one value, however many a client sends.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "map-2",
			Part:        "single",
			Needs:       writes,
			Since:       1,
			Run: func(t *check.T) {
				a := newAccount(t)
				a.post(t, a.doc(t, f.of(entry(f.value(t)), entry(f.value(t)), entry(f.value(t)))))
				t.Expect(a.read(t)).To(match.Count(f.attr, 1))
			},
		},
		{
			ID:          id("choice"),
			Title:       "Of several entries of " + f.attr + " of type work the primary one is kept, else the first",
			Requirement: "The entry that says primary is the one; where none does, it is the one that comes first.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "map-2",
			Part:        "choice",
			Needs:       writes,
			Since:       1,
			Run: func(t *check.T) {
				a, first := newAccount(t), f.value(t)
				a.post(t, a.doc(t, f.of(entry(first), entry(f.value(t)))))
				f.holds(t, a, first)
				b, primary := newAccount(t), f.value(t)
				b.post(t, b.doc(t, f.of(entry(f.value(t)), check.Doc{"value": primary, "type": "work", "primary": true}, entry(f.value(t)))))
				f.holds(t, b, primary)
			},
		},
		{
			ID:          id("patch-other-type"),
			Title:       "A PATCH aimed at " + f.attr + " of another type has no effect",
			Requirement: "It succeeds and does nothing, so that version and lastModified stay; a server may answer 400 instead.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "map-3",
			Needs:       patches,
			Since:       1,
			Run: func(t *check.T) {
				a := made(t, f.of(entry(f.value(t))))
				tick(t, a.read(t))
				for _, op := range []check.Doc{
					check.Op("replace", f.attr+`[type eq "home"].value`, f.value(t)),
					check.Op("add", f.attr, list(typed(f.value(t), "home"))),
					check.Op("remove", f.attr+`[type eq "home"]`, nil),
				} {
					was, version := a.look(t), touched(a.read(t))
					answer := a.patch(t, op)
					if !declined(answer) {
						t.Expect(answer).To(match.Success())
					}
					a.still(t, was)
					t.Equal("version and lastModified", touched(a.read(t)), version)
				}
			},
		},
		{
			ID:          id("replace-by-others"),
			Title:       "Replacing " + f.attr + " by entries of other types alone empties the field",
			Requirement: "PATCH and PUT alike leave nothing where nothing of type work comes in place of what was there; a server may answer 400 instead.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "map-3",
			Needs:       patches,
			Since:       1,
			Run: func(t *check.T) {
				for _, w := range []way{byPatch, byPut} {
					a := made(t, f.of(entry(f.value(t))))
					was := a.look(t)
					answer := w.send(t, a, f.of(typed(f.value(t), "home")))
					if declined(answer) {
						a.still(t, was)
						continue
					}
					t.Expect(answer).To(match.Success())
					f.holds(t, a, "")
				}
			},
		},
		{
			ID:          id("patch-add"),
			Title:       "PATCH add of a work entry takes the place of the one in " + f.attr,
			Requirement: "Adding where there is a value leaves one value, the new one.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "map-4",
			Part:        "single",
			Needs:       patches,
			Since:       1,
			Run: func(t *check.T) {
				a, next := made(t, f.of(entry(f.value(t)))), f.value(t)
				t.Expect(a.patch(t, check.Op("add", f.attr, list(entry(next))))).To(match.Success())
				f.holds(t, a, next)
			},
		},
		{
			ID:          id("patch-remove"),
			Title:       "PATCH remove of the work entry empties " + f.attr,
			Requirement: `A remove by the path [type eq "work"] leaves no value.`,
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "map-4",
			Part:        "clear",
			Needs:       patches,
			Since:       1,
			Run: func(t *check.T) {
				a := made(t, f.of(entry(f.value(t))))
				t.Expect(a.patch(t, check.Op("remove", f.work(), nil))).To(match.Success())
				f.holds(t, a, "")
			},
		},
		{
			ID:          id("patch-make"),
			Title:       "PATCH of the value of the work entry makes the entry where " + f.attr + " has none",
			Requirement: `Add and replace at [type eq "work"].value both make it: Entra ID sends both.`,
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "map-4",
			Part:        "make",
			Needs:       patches,
			Since:       1,
			Run: func(t *check.T) {
				for _, op := range []string{"add", "replace"} {
					a, value := made(t), f.value(t)
					t.Expect(a.patch(t, check.Op(op, f.work()+".value", value))).To(match.Success())
					f.holds(t, a, value)
				}
			},
		},
		{
			ID:          id("untyped"),
			Title:       "An entry of " + f.attr + " without a type is not kept without one",
			Requirement: "What does not say work is not of type work and left out; a server may take it as work, and then it is the one work entry.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        "map-5",
			Needs:       writes,
			Since:       1,
			Run: func(t *check.T) {
				a, value := newAccount(t), f.value(t)
				answer := t.Post(t.Users(), a.doc(t, f.of(check.Doc{"value": value})))
				if declined(answer) {
					return // as an entry of another type may be (map-1)
				}
				t.Expect(answer).To(match.Success())
				a.id = idOf(t, answer)
				if match.Is(a.read(t), match.Lacks(f.attr)) {
					return
				}
				f.holds(t, a, value)
				t.Expect(a.read(t)).To(match.ValueFold(f.attr+"[0].type", "work"))
			},
		},
	}
}
