package fault

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// cut shortens a text attribute to so many characters.
func cut(o object, attr string, length int) {
	if text, ok := o[attr].(string); ok {
		if runes := []rune(text); len(runes) > length {
			o[attr] = string(runes[:length])
		}
	}
}

// reshape changes a text attribute.
func reshape(attr string, edit func(string) string) func(object) {
	return func(o object) {
		if text, ok := o[attr].(string); ok {
			o[attr] = edit(text)
		}
	}
}

// accountsNamed are deviations of how an account is named (rules user-1 to user-4).
var accountsNamed = []Fault{
	{
		Name:   "ids-collide",
		Breaks: []string{"idaas.account.id"},
		Seen:   "ids from a generator with a constant seed",
		Wrap: func(next http.Handler) http.Handler {
			var first sync.Map
			return document(createUser, func(_ *http.Request, a *answer, doc object) {
				if a.status == http.StatusCreated {
					doc["id"], _ = first.LoadOrStore("id", doc["id"])
				}
			})(next)
		},
	},
	{
		Name:   "id-from-the-body",
		Breaks: []string{"idaas.account.id-ignored"},
		Seen:   "bodies bound to the row that is stored",
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				sent, _ := decode(drain(r))
				document(createUser, func(_ *http.Request, a *answer, doc object) {
					if sent["id"] != nil && a.status == http.StatusCreated {
						doc["id"] = sent["id"]
					}
				})(next).ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "id-of-the-revision",
		Breaks: []string{"idaas.account.id-stable"},
		Seen:   "each change a new row, and the row's key shown as the id",
		Wrap: aftermath(or(putUser, patchUser), func(res object) {
			id, _ := res["id"].(string)
			res["id"] = id + "-2"
		}),
	},
	{
		Name:   "uniqueness-on-create-alone",
		Breaks: []string{"idaas.account.user-name-unique-put", "idaas.account.user-name-unique-patch", "idaas.account.external-id-unique"},
		Seen:   "a look-up before the insert, and none before the update",
		Wrap:   status(or(putUser, patchUser), http.StatusConflict, http.StatusOK),
	},
	{
		Name:   "username-cut",
		Breaks: []string{"idaas.account.user-name-length"},
		Seen:   "the product's own limit of an earlier year, 64",
		Wrap:   payload(createUser, func(doc object) { cut(doc, "userName", 64) }),
	},
	{
		Name:   "username-tidied",
		Breaks: []string{"idaas.account.user-name-spaces"},
		Seen:   "names trimmed instead of refused",
		Wrap: payload(createUser, reshape("userName", func(name string) string {
			return strings.TrimSpace(strings.Map(func(r rune) rune {
				if unicode.IsControl(r) {
					return -1
				}
				return r
			}, name))
		})),
	},
	{
		Name:   "username-without-odd-characters",
		Breaks: []string{"idaas.account.user-name-characters"},
		Seen:   "names reduced to what the directory behind takes",
		Wrap: payload(createUser, reshape("userName", func(name string) string {
			return strings.Map(func(r rune) rune {
				if strings.ContainsRune("'#+ ", r) {
					return -1
				}
				return r
			}, name)
		})),
	},
	{
		Name:   "display-name-once",
		Breaks: []string{"idaas.account.display-name"},
		Seen:   "a field that is set on create and left alone afterwards",
		Wrap:   tell(or(putUser, patchUser), func(says object) { delete(says, "displayName") }),
	},
	{
		Name:   "display-name-cut",
		Breaks: []string{"idaas.account.display-name-length"},
		Seen:   "the product's own limit of an earlier year, 64",
		Wrap:   payload(createUser, func(doc object) { cut(doc, "displayName", 64) }),
	},
	{
		Name:   "external-id-folded",
		Breaks: []string{"idaas.account.external-id-case"},
		Seen:   "keys in lower case throughout",
		Wrap:   payload(createUser, reshape("externalId", strings.ToLower)),
	},
}

// accountsEnabled are deviations of active (rule user-5).
var accountsEnabled = []Fault{
	{
		Name:   "deactivation-ignored",
		Breaks: []string{"idaas.status.create", "idaas.status.put", "idaas.status.patch", "idaas.status.again"},
		Seen:   "ssoready/ssoready#155, go-scim#67: the user stays active",
		Wrap: payload(writesUser, func(doc object) {
			enabled := func(o object) {
				if o["active"] == false {
					o["active"] = true
				}
			}
			enabled(doc)
			for _, op := range writtenOps(doc) {
				if value, ok := op["value"].(object); ok {
					enabled(value)
				}
				if op["path"] == "active" && op["value"] == false {
					op["value"] = true
				}
			}
		}),
	},
	{
		Name:   "disabled-not-found",
		Breaks: []string{"idaas.status.still-there"},
		Seen:   "deactivation taken for deletion",
		Wrap: response(readUser, func(_ *http.Request, a *answer) {
			if doc, ok := decode(a.body); ok && doc["active"] == false {
				a.status = http.StatusNotFound
				a.encode(object{"schemas": []string{errorURN}, "status": "404", "detail": "no such account"})
			}
		}),
	},
	{
		Name:   "disabled-for-good",
		Breaks: []string{"idaas.status.back"},
		Seen:   "deactivation as a one-way street",
		Wrap:   deaf(patchUser, func(op object) bool { return op["path"] == "active" && op["value"] == true }),
	},
	{
		Name:   "disabled-by-default",
		Breaks: []string{"idaas.status.default"},
		Seen:   "booleans that are false where nobody says anything",
		Wrap: payload(createUser, func(doc object) {
			if doc["active"] == nil {
				doc["active"] = false
			}
		}),
	},
	{
		Name:   "put-enables",
		Breaks: []string{"idaas.status.put-absent", "idaas.attributes.put-keeps"},
		Seen:   "defaults of a creation applied to every PUT",
		Wrap: payload(putUser, func(doc object) {
			if doc["active"] == nil {
				doc["active"] = true
			}
		}),
	},
	{
		Name:   "active-in-quotes-refused",
		Breaks: []string{"idaas.status.text"},
		Seen:   "strict types; Entra ID sends texts",
		Wrap: refuseTold(writesUser, "invalidValue", func(says object) bool {
			_, text := says["active"].(string)
			return text
		}),
	},
	{
		Name:   "any-text-is-true",
		Breaks: []string{"idaas.status.other"},
		Seen:   "ssoready/ssoready#155: a text that is not empty taken for true",
		Wrap: tell(writesUser, func(says object) {
			if says["active"] != nil && says["active"] != false {
				says["active"] = true
			}
		}),
	},
}

// foreignAttributes are those that the profile does not sync.
var foreignAttributes = []string{"name", "nickName", "title", "addresses", "roles", "preferredLanguage"}

// accountsExtended are deviations of attributes that are not synchronized, and of those that PUT leaves out (rules user-7, user-8).
var accountsExtended = []Fault{
	{
		Name:   "foreign-attributes-patched",
		Breaks: []string{"idaas.attributes.unsynced-patch"},
		Seen:   "PATCH on a document store, past the mapping",
		Wrap: aftermath(with(patchUser, func(op object) bool { return op["path"] == "title" }), func(res object) {
			res["title"] = "Chief"
		}),
	},
	{
		Name:   "foreign-attributes-refused",
		Breaks: []string{"idaas.attributes.accepted"},
		Seen:   "schemas enforced to the letter",
		Wrap: refuseTold(writesUser, "invalidSyntax", func(says object) bool {
			return slices.ContainsFunc(foreignAttributes, func(name string) bool { return says[name] != nil })
		}),
	},
	{
		Name:   "foreign-attributes-declared",
		Breaks: []string{"idaas.attributes.undeclared"},
		Seen:   "the schema of RFC 7643 section 8.7.1, copied",
		Wrap: resources(readSchemas, func(res object) {
			if list, ok := res["attributes"].([]any); ok && res["id"] == userURN {
				res["attributes"] = append(list, object{"name": "title", "type": "string", "multiValued": false, "required": false})
			}
		}),
	},
}

// organizationIn is the organization that an object has under the enterprise URN.
func organizationIn(o object) any {
	extension, _ := o[enterpriseURN].(object)
	return extension["organization"]
}

// inOrganization lets a fault change where users are shown to be.
func inOrganization(res object, edit func(organization object)) {
	if o, ok := organizationIn(res).(object); ok {
		edit(o)
	}
}

// accountsPlaced are deviations of organization (rules org-*, sync-2).
var accountsPlaced = []Fault{
	{
		Name:   "unplaced",
		Breaks: []string{"idaas.organization.placed"},
		Seen:   "accounts that hang in the air until an administrator moves them",
		Wrap:   resources(under(users), func(res object) { delete(res, enterpriseURN) }),
	},
	{
		Name:   "placed-anywhere",
		Breaks: []string{"idaas.organization.default"},
		Seen:   "the first organization that the database returns",
		Wrap: resources(under(users), func(res object) {
			inOrganization(res, func(o object) { o["organizationId"] = "ou_" + res["id"].(string) })
		}),
	},
	{
		Name:   "organization-on-request",
		Breaks: []string{"idaas.organization.shown"},
		Seen:   "returned by default where it should be always",
		Wrap:   resources(asks("attributes"), func(res object) { delete(res, enterpriseURN) }),
	},
	{
		Name:   "same-organization-refused",
		Breaks: []string{"idaas.organization.same"},
		Seen:   "any organization in an update taken for a move, which needs another permission",
		Wrap: refuseWhen(or(putUser, patchUser), http.StatusBadRequest, "mutability", func(doc object) bool {
			_, patched := told(doc)[enterpriseURN+":organization"].(object)
			return patched || organizationIn(doc) != nil
		}),
	},
	{
		Name:   "put-moves-away",
		Breaks: []string{"idaas.organization.stays"},
		Seen:   "PUT without organization places the account at the root",
		Wrap: aftermath(putUser, func(res object) {
			inOrganization(res, func(o object) { o["organizationId"] = "ou_root" })
		}),
	},
	{
		Name:   "organization-not-removable",
		Breaks: []string{"idaas.organization.removed"},
		Seen:   "a required column",
		Wrap:   picky(patchUser, "mutability", aims("remove", enterpriseURN)),
	},
	{
		Name: "unknown-organization-ignored",
		Breaks: []string{
			"idaas.organization.unknown.post", "idaas.organization.unknown.put", "idaas.organization.unknown.patch", "idaas.organization.unknown.again",
		},
		Seen: "look-ups whose failure means the default",
		Wrap: payload(writesUser, func(doc object) {
			// A text that is no id is rightly ignored.
			if extension, ok := doc[enterpriseURN].(object); ok && extension["organization"] != nil {
				extension["organization"] = "nowhere"
			}
			for _, op := range writtenOps(doc) {
				if op["path"] == enterpriseURN+":organization" {
					op["value"] = "nowhere"
				}
			}
		}),
	},
	{
		Name:   "company-refused",
		Breaks: []string{"idaas.organization.company"},
		Seen:   "organization declared complex; Okta and Entra ID send a text",
		Wrap: refuseWhen(writesUser, http.StatusBadRequest, "invalidValue", func(doc object) bool {
			_, sent := organizationIn(doc).(string)
			_, patched := told(doc)[enterpriseURN+":organization"].(string)
			return sent || patched
		}),
	},
}
