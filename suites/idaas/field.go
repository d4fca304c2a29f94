package idaas

import (
	"net/http"

	"github.com/onsi/gomega/types"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// The namespaces under which Okta and Entra ID can be told to send what an instance adds to accounts.
const (
	oktaForm  = "urn:ietf:params:scim:schemas:extension:customfield:2.0:User"
	entraForm = "urn:ietf:params:scim:schemas:extension:Proof:2.0:User"
)

// addField makes an extended field of a sandbox and returns its id.
func (s *sandbox) addField(name, kind string, changes ...check.Doc) string {
	d := check.Doc{"fieldName": name, "fieldDisplayName": name, "fieldDataType": kind, "fieldDisplayType": "input"}
	if kind == "boolean" {
		d["fieldDisplayType"] = "select"
	}
	for _, c := range changes {
		for name, value := range c {
			d[name] = value
		}
	}
	return s.member(s.make(s.path()+"/fields", d), "fieldId")
}

// option is a value that a field can have.
func option(value, status string) check.Doc {
	return check.Doc{"value": value, "displayName": value, "status": status}
}

// syncs is what has an application synchronize fields under a namespace.
func syncs(urn string, ids ...string) check.Doc {
	return check.Doc{"userCustomFieldNamespace": urn, "supportedUserCustomFieldIds": texts(ids)}
}

// newFielded makes a field named badge, and an application that synchronizes it under Okta's namespace.
func newFielded(t *check.T, changes ...check.Doc) *application {
	s := newSandbox(t)
	return s.application(syncs(oktaForm, s.addField("badge", "string", changes...)))
}

// fieldAt is the path of a field in a body.
func fieldAt(urn, name string) string { return `"` + urn + `".` + name }

// byObject is a PATCH without a path, whose value is an object.
var byObject = way{
	id: "patch-object", name: "PATCH without a path", needs: byPatch.needs,
	send: func(t *check.T, a *account, changes check.Doc) *check.Answer {
		return a.patch(t, check.Op("replace", "", changes))
	},
}

// extends is what one of the ways sends to say something of extended fields.
func (w way) extends(urn string, values check.Doc) check.Doc {
	switch w.id {
	case byPatch.id:
		out := check.Doc{}
		for name, value := range values {
			out[urn+":"+name] = value
		}
		return out
	case byObject.id:
		return check.Doc{urn: values}
	}
	return check.Doc{"schemas": check.List{check.UserSchema, urn}, urn: values}
}

// keptField is a question about a field that comes in one of the ways.
func keptField(w way) check.Check {
	return check.Check{
		ID:          "idaas.field.kept." + w.id,
		Title:       "A selected field is stored (" + w.name + ")",
		Requirement: "What the request says of the field under the configured URN is there, under that URN, when the account is read again.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "ext-3",
		Part:        "kept",
		Needs:       append([]check.Need{check.Control}, w.needs...),
		Since:       1,
		Run: func(t *check.T) {
			app := newFielded(t)
			a := w.taken(app.T, byPost.extends(oktaForm, check.Doc{"badge": "B1"}), w.extends(oktaForm, check.Doc{"badge": "B2"}))
			app.Expect(a.read(app.T)).To(match.Value(fieldAt(oktaForm, "badge"), "B2"))
		},
	}
}

// stray is a field that an application does not synchronize, under the URN that it comes under.
type stray struct{ about, urn, name string }

var strays = []stray{{"a field under another URN", entraForm, "badge"}, {"a field that is not selected", oktaForm, "wing"}}

// newStray makes an application beside which there is a field that it does not synchronize.
func newStray(t *check.T) (app *application, badge, wing string) {
	s := newSandbox(t)
	badge, wing = s.addField("badge", "string"), s.addField("wing", "string")
	return s.application(syncs(oktaForm, badge)), badge, wing
}

// untaken sends a stray field in every way, and expects it to be nowhere, neither at once nor once the application is changed so that it
// would synchronize it.
func (a *application) untaken(x stray, change check.Doc) {
	var sent []*account
	for _, w := range writes {
		subject := w.subject(a.T, nil)
		answer := w.send(a.T, subject, w.extends(x.urn, check.Doc{x.name: "B1"}))
		if w.makes && declined(answer) {
			continue // there is no account that could have it
		}
		sent = append(sent, subject)
	}
	a.withoutStray(sent, "at once", x)
	a.set(change)
	a.withoutStray(sent, "after the change", x)
}

// withoutStray expects accounts without a stray field under any of the URNs.
func (a *application) withoutStray(accounts []*account, when string, x stray) {
	for _, subject := range accounts {
		answer := subject.read(a.T)
		for _, urn := range []string{oktaForm, entraForm} {
			a.Expect(answer, when).To(match.Lacks(fieldAt(urn, x.name)))
		}
	}
}

// deselected is an account with a field that an application has synchronized and does so no more, while another one does.
type deselected struct {
	app, keeper *application
	badge       string // id of the field
	a           *account
}

func newDeselected(t *check.T) deselected {
	s := newSandbox(t)
	badge := s.addField("badge", "string")
	d := deselected{app: s.application(syncs(oktaForm, badge)), keeper: s.application(syncs(entraForm, badge)), badge: badge}
	d.a = made(d.app.T, byPost.extends(oktaForm, check.Doc{"badge": "B1"}))
	d.app.Expect(d.a.read(d.app.T), "while it is selected").To(match.Value(fieldAt(oktaForm, "badge"), "B1"))
	d.app.set(syncs(oktaForm))
	return d
}

// refusedField is a question about a value that breaks what is said of a field.
func refusedField(id, title, requirement string, run func(t *check.T)) check.Check {
	return check.Check{
		ID: "idaas.field." + id, Title: title, Requirement: requirement, Profiles: []check.Profile{check.IDaaS}, Rule: "ext-6",
		Needs: []check.Need{check.Control, check.Users, check.Patch, check.Filter}, Since: 1, Run: run,
	}
}

// extended ask about the fields that an instance adds to accounts (rules ext-*).
var extended = []check.Check{
	{
		ID:          "idaas.field.namespace",
		Title:       "Fields come under the namespace that the application is set to",
		Requirement: "Okta's URN and one of Entra ID's form both work: a field sent under the one that is set comes back under it.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "ext-1",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			for _, urn := range []string{oktaForm, entraForm} {
				s := newSandbox(t)
				app := s.application(syncs(urn, s.addField("badge", "string")))
				a := byPost.taken(app.T, nil, byPost.extends(urn, check.Doc{"badge": "B1"}))
				app.Expect(a.read(app.T)).To(match.Value(fieldAt(urn, "badge"), "B1"))
			}
		},
	},
	{
		ID:          "idaas.field.namespace-each",
		Title:       "Each application has a namespace of its own",
		Requirement: "Two applications over the same accounts, set to different URNs, see the same value, each under its own URN alone.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "ext-1",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			id := s.addField("badge", "string")
			first, second := s.application(syncs(oktaForm, id)), s.application(syncs(entraForm, id))
			a := byPost.taken(first.T, nil, byPost.extends(oktaForm, check.Doc{"badge": "B1"}))
			first.Expect(a.read(first.T)).To(match.All(match.Value(fieldAt(oktaForm, "badge"), "B1"), match.Lacks(`"`+entraForm+`"`)))
			second.Expect(a.read(second.T)).To(match.All(match.Value(fieldAt(entraForm, "badge"), "B1"), match.Lacks(`"`+oktaForm+`"`)))
		},
	},
	{
		ID:          "idaas.field.namespace-refused",
		Title:       "A text that is no URN is refused as a namespace",
		Requirement: "The setting fails with a reason, and the namespace stays the one that it was.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "ext-1",
		Needs:       []check.Need{check.Control},
		Since:       1,
		Run: func(t *check.T) {
			app := newFielded(t)
			plane := app.s.plane
			for _, text := range []string{"customfield", "https://example.com/fields", "urn:", "urn:example:custom fields"} {
				plane.Expect(plane.Patch(app.path(), check.Doc{"userCustomFieldNamespace": text}), "the namespace "+check.Quote(text)).To(match.Denied())
				plane.Expect(plane.MustGet(app.path())).To(match.Value("userCustomFieldNamespace", oktaForm))
			}
		},
	},
	{
		ID:          "idaas.field.targets",
		Title:       "Only extended fields can be targets of synchronization",
		Requirement: "An id that no field has, the name of an attribute of SCIM and a field of another instance are refused, and the selection stays.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "ext-2",
		Needs:       []check.Need{check.Control},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			badge := s.addField("badge", "string")
			app := s.application(syncs(oktaForm, badge))
			for _, wrong := range []struct{ about, id string }{
				{"an id that no field has", "ufd_" + t.Unique()},
				{"an attribute of SCIM", "displayName"},
				{"the field of another instance", newSandbox(t).addField("badge", "string")},
			} {
				s.plane.Expect(s.plane.Patch(app.path(), syncs(oktaForm, badge, wrong.id)), wrong.about).To(match.Denied())
				s.plane.Expect(s.plane.MustGet(app.path()), wrong.about).To(match.All(
					match.Count("supportedUserCustomFieldIds", 1), match.Contains("supportedUserCustomFieldIds", badge)))
			}
		},
	},
	{
		ID:          "idaas.field.several",
		Title:       "Several fields can be targets of synchronization",
		Requirement: "All that are selected are stored and returned, texts, numbers and booleans.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "ext-2",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			app := s.application(syncs(oktaForm, s.addField("badge", "string"), s.addField("grade", "number"), s.addField("remote", "boolean")))
			a := byPost.taken(app.T, nil, byPost.extends(oktaForm, check.Doc{"badge": "B1", "grade": 7, "remote": true}))
			app.Expect(a.read(app.T)).To(match.All(
				match.Value(fieldAt(oktaForm, "badge"), "B1"), match.Value(fieldAt(oktaForm, "grade"), 7), match.Value(fieldAt(oktaForm, "remote"), true)))
		},
	},
	keptField(byPost),
	keptField(byPut),
	keptField(byPatch),
	keptField(byObject),
	keptField(again),
	{
		ID:          "idaas.field.kept.patch-remove",
		Title:       "PATCH remove by a path with the URN takes a field away",
		Requirement: "The field is gone when the account is read again.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "ext-3",
		Part:        "kept",
		Needs:       []check.Need{check.Control, check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			app := newFielded(t)
			a := made(app.T, byPost.extends(oktaForm, check.Doc{"badge": "B1"}))
			app.Expect(a.patched(app.T, check.Op("remove", oktaForm+":badge", nil))).To(match.Lacks(fieldAt(oktaForm, "badge")))
		},
	},
	{
		ID:          "idaas.field.schemas",
		Title:       "The schemas of an account list the namespace",
		Requirement: "An account with a field has the configured URN among its schemas, whether POST or PATCH brought the field.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "ext-3",
		Part:        "kept",
		Needs:       []check.Need{check.Control, check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			app := newFielded(t)
			for _, w := range []way{byPost, byPatch} {
				a := w.taken(app.T, nil, w.extends(oktaForm, check.Doc{"badge": "B1"}))
				app.Expect(a.read(app.T), "after "+w.name).To(match.Schema(oktaForm))
			}
		},
	},
	{
		ID:          "idaas.field.filter",
		Title:       "A filter finds an account by a field",
		Requirement: "URN:field eq finds the account that has the value and no other.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "ext-3",
		Part:        "filter",
		Needs:       []check.Need{check.Control, check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			app := newFielded(t)
			a := made(app.T, byPost.extends(oktaForm, check.Doc{"badge": "B1"}))
			made(app.T, byPost.extends(oktaForm, check.Doc{"badge": "B2"}))
			made(app.T)
			app.Expect(find(app.T, check.Eq(oktaForm+":badge", "B1"))).To(match.Found(a.id))
			app.Expect(find(app.T, check.Eq(oktaForm+":badge", "B3"))).To(match.Found())
		},
	},
	{
		ID:          "idaas.field.other-urn",
		Title:       "Nothing of a field under another URN is stored",
		Requirement: "It is neither under that URN nor under the configured one, and does not appear when the namespace is set to it later.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "ext-4",
		Part:        "unsynced",
		Needs:       []check.Need{check.Control, check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			app, badge, _ := newStray(t)
			app.untaken(strays[0], syncs(entraForm, badge))
		},
	},
	{
		ID:          "idaas.field.unselected",
		Title:       "Nothing of a field that is not selected is stored",
		Requirement: "It is not returned, and does not appear when the field is selected later.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "ext-4",
		Part:        "unsynced",
		Needs:       []check.Need{check.Control, check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			app, badge, wing := newStray(t)
			app.untaken(strays[1], syncs(oktaForm, badge, wing))
		},
	},
	{
		ID:          "idaas.field.deselected",
		Title:       "Nothing that a client sends is stored in a field that is no longer selected",
		Requirement: "PUT, PATCH and a repeated POST with it leave the value, as another application that selects the field sees it, and so it is selected again.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "ext-4",
		Part:        "unsynced",
		Needs:       []check.Need{check.Control, check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			d := newDeselected(t)
			for _, w := range []way{byPut, byPatch, again} {
				w.send(d.app.T, d.a, w.extends(oktaForm, check.Doc{"badge": "B2"}))
				d.keeper.Expect(d.a.read(d.keeper.T), "after "+w.name).To(match.Value(fieldAt(entraForm, "badge"), "B1"))
			}
			d.app.set(syncs(oktaForm, d.badge))
			d.app.Expect(d.a.read(d.app.T), "selected again").To(match.Value(fieldAt(oktaForm, "badge"), "B1"))
		},
	},
	{
		ID:          "idaas.field.deselected-unseen",
		Title:       "A field that is no longer selected is not to be seen",
		Requirement: "Neither /Schemas nor the account shows it, and no filter finds the account by it, while another application that selects it does.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "ext-5",
		Needs:       []check.Need{check.Control, check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			d := newDeselected(t)
			d.app.Expect(d.app.Get("/Schemas")).To(match.All(match.Status(http.StatusOK), match.Lacks("Resources[id="+oktaForm+"].attributes[name=badge]")))
			d.app.Expect(d.a.read(d.app.T)).To(match.All(match.Lacks(fieldAt(oktaForm, "badge")), match.Lacks(fieldAt(entraForm, "badge"))))
			anAccount.finds(d.app.T, []string{"filter", check.Eq(oktaForm+":badge", "B1")})
			anAccount.finds(d.app.T, []string{"filter", check.Eq(entraForm+":badge", "B1")})
			t.Expect(find(d.keeper.T, check.Eq(entraForm+":badge", "B1"))).To(match.Found(d.a.id))
		},
	},
	{
		ID:          "idaas.field.ignored",
		Title:       "Sending a field that is not synchronized is no error",
		Requirement: "The request succeeds and what else it says of the account takes effect; or it is 400.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "ext-4",
		Part:        "ignored",
		Needs:       []check.Need{check.Control, check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			app, _, _ := newStray(t)
			for _, x := range strays {
				for _, w := range writes {
					says, name := w.extends(x.urn, check.Doc{x.name: "B1"}), t.Unique()
					says["displayName"] = name
					a := w.subject(app.T, nil)
					answer := w.send(app.T, a, says)
					if declined(answer) {
						continue
					}
					app.Expect(answer, x.about+" by "+w.name).To(match.Success())
					app.Expect(a.read(app.T), x.about+" by "+w.name).To(match.Value("displayName", name))
				}
			}
		},
	},
	{
		ID:          "idaas.field.declared",
		Title:       "/Schemas declares the fields under the namespace",
		Requirement: "The configured URN is a schema at that Base URL, with the selected fields as attributes, and none at the Base URL of another application.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "ext-5",
		Needs:       []check.Need{check.Control},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			app, other := s.application(syncs(entraForm, s.addField("badge", "string"), s.addField("grade", "number"))), s.application()
			schema := "Resources[id=" + entraForm + "]"
			app.Expect(app.Get("/Schemas")).To(match.All(match.Has(schema+".attributes[name=badge]"), match.Has(schema+".attributes[name=grade]")))
			other.Expect(other.Get("/Schemas")).To(match.All(match.Status(http.StatusOK), match.Lacks(schema)))
		},
	},
	{
		ID:          "idaas.field.extension",
		Title:       "/ResourceTypes names the namespace as a schema extension of User",
		Requirement: "The configured URN is among the schemaExtensions of User at that Base URL.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "ext-5",
		Needs:       []check.Need{check.Control},
		Since:       1,
		Run: func(t *check.T) {
			app := newFielded(t)
			app.Expect(app.Get("/ResourceTypes")).To(match.Has("Resources[name=User].schemaExtensions[schema=" + oktaForm + "]"))
		},
	},
	refusedField("type", "A value that is not of the type of its field is refused",
		"A text for a number or for a boolean, or an object for a text, is 400 invalidValue, and no account is made or changed.",
		func(t *check.T) {
			s := newSandbox(t)
			app := s.application(syncs(oktaForm, s.addField("badge", "string"), s.addField("grade", "number"), s.addField("remote", "boolean")))
			for _, w := range writes {
				for _, wrong := range []check.Doc{{"grade": "seven"}, {"remote": "perhaps"}, {"badge": check.Doc{"part": "B1"}}} {
					w.refused(app.T, nil, w.extends(oktaForm, wrong), invalidField)
				}
			}
		}),
	refusedField("options", "A field takes one of its options and nothing else",
		"A text that is no option, or an option that is disabled, is 400 invalidValue, and no account is made or changed.",
		func(t *check.T) {
			app := newFielded(t, check.Doc{
				"fieldDisplayType": "select", "options": list(option("north", "enabled"), option("south", "enabled"), option("east", "disabled")),
			})
			for _, w := range writes {
				for _, wrong := range []string{"west", "east"} {
					w.refused(app.T, byPost.extends(oktaForm, check.Doc{"badge": "north"}), w.extends(oktaForm, check.Doc{"badge": wrong}), invalidField)
				}
			}
		}),
	refusedField("required", "A required field that is selected cannot be left out",
		"POST and PUT without it and a PATCH that removes it are 400, and no account is made or changed.",
		func(t *check.T) {
			app := newFielded(t, check.Doc{"required": true})
			with := byPost.extends(oktaForm, check.Doc{"badge": "B1"})
			for _, w := range []way{byPost, byPut} {
				w.refused(app.T, with, nil, invalidField)
			}
			a := made(app.T, with)
			was := a.look(app.T)
			// RFC 7644 section 3.5.2.2 has a scimType of its own for the remove of what is required.
			app.Expect(a.patch(app.T, check.Op("remove", oktaForm+":badge", nil))).To(match.Error([]int{http.StatusBadRequest}, "invalidValue", "mutability"))
			a.still(app.T, was)
		}),
	refusedField("again", "A repeated POST is held to what is said of a field",
		"A value of another type, or no option, is 400 invalidValue, one that another account has is 409 uniqueness; the account stays as it is.",
		func(t *check.T) {
			s := newSandbox(t)
			app := s.application(syncs(oktaForm, s.addField("badge", "string", check.Doc{"unique": true}), s.addField("grade", "number"),
				s.addField("wing", "string", check.Doc{"fieldDisplayType": "select", "options": list(option("north", "enabled"))})))
			made(app.T, byPost.extends(oktaForm, check.Doc{"badge": "B1"}))
			a := made(app.T)
			was := a.look(app.T)
			for _, x := range []struct {
				wrong   check.Doc
				refusal types.GomegaMatcher
			}{
				{check.Doc{"grade": "seven"}, invalidField},
				{check.Doc{"wing": "west"}, invalidField},
				{check.Doc{"badge": "B1"}, match.Error([]int{http.StatusConflict}, "uniqueness")},
			} {
				app.Expect(app.Post(app.Users(), a.doc(app.T, byPost.extends(oktaForm, x.wrong)))).To(x.refusal)
				a.still(app.T, was)
			}
		}),
	refusedField("required-unselected", "A required field that is not selected asks nothing of a client",
		"POST, PUT and PATCH of an account without it succeed.",
		func(t *check.T) {
			s := newSandbox(t)
			s.addField("wing", "string", check.Doc{"required": true})
			app := s.application(syncs(oktaForm, s.addField("badge", "string")))
			for _, w := range writes {
				a := w.taken(app.T, nil, check.Doc{"displayName": "Changed"})
				app.Expect(a.read(app.T), "after "+w.name).To(match.Value("displayName", "Changed"))
			}
		}),
	refusedField("unique", "A value that another account has is refused in a unique field",
		"It is 409 uniqueness, and no account is made or changed.",
		func(t *check.T) {
			app := newFielded(t, check.Doc{"unique": true})
			made(app.T, byPost.extends(oktaForm, check.Doc{"badge": "B1"}))
			for _, w := range writes {
				w.refused(app.T, nil, w.extends(oktaForm, check.Doc{"badge": "B1"}), match.Error([]int{http.StatusConflict}, "uniqueness"))
			}
		}),
}

// invalidField is the refusal of a value that breaks what is said of its field.
var invalidField = match.Error([]int{http.StatusBadRequest}, "invalidValue")
