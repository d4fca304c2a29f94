// Package check says what a check is: a literal with a stable id, where its requirement stands, what it needs, and a body.
// Level, needs and text are declared once, on the literal; a body never mentions them.
//
// # To add a check
//
// Write a literal into the list of the file for its noun or section, in the package of its area below suites:
//
//	{
//		ID:          "users.create.location",
//		Title:       "A created user has a Location",
//		Requirement: "The answer to a creation carries the URL of the new resource in the Location header.",
//		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
//		Level:       check.Must,
//		Ref:         check.Ref{RFC: "7644", Section: "3.3"},
//		Needs:       []check.Need{check.Users},
//		Since:       1,
//		Run: func(t *check.T) {
//			created := t.Post(t.Users(), t.User())
//			t.Expect(created).To(match.Status(201))
//			t.Expect(created).To(match.HasHeader("Location"))
//		},
//	},
//
// and a fault that breaks it into server/fault (doc.go there). A body asks the target and says what it expects; it never says how bad a
// departure is. What comes before the question, and is not itself the question, goes through the Must methods (MustCreate, MustGet, ...):
// where those fail the check is blocked, not broken. Judge by reading again what was written, not by a status alone. Everything that
// a body creates by POST is deleted when it ends.
//
// A check of profile idaas names its rule (and part) instead of a level and a section. A check whose expectation an IDaaS application
// rightly does not meet names the rules that replace it.
package check
