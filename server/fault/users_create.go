package fault

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"scimproof/server/store"
)

var (
	createUser = and(method("POST"), collection(users))
	readUser   = and(method("GET"), single(users))
	putUser    = and(method("PUT"), single(users))
	deleteUser = and(method("DELETE"), single(users))
)

// created are deviations of POST (RFC 7644 section 3.3) that show on users.
var created = []Fault{
	{
		Name:   "create-200",
		Breaks: []string{"users.create.status"},
		Seen:   "FusionAuth#1775",
		Wrap:   status(method("POST"), http.StatusCreated, http.StatusOK),
	},
	{
		Name:   "create-without-location",
		Breaks: []string{"users.create.location"},
		Seen:   "elimity PR #198, laravel-scim-server#148, SCIMMY routers",
		Wrap:   response(method("POST"), func(_ *http.Request, a *answer) { a.header.Del("Location") }),
	},
	{
		Name:   "location-of-another-id",
		Breaks: []string{"users.create.location-resolves"},
		Seen:   "wso2/charon#127: an id that was never stored",
		Wrap: document(createUser, func(_ *http.Request, a *answer, doc object) {
			if meta, ok := doc["meta"].(object); ok && a.status == http.StatusCreated {
				wrong, _ := meta["location"].(string)
				wrong += "0"
				meta["location"] = wrong
				a.header.Set("Location", wrong)
			}
		}),
	},
	{
		Name:   "location-differs-from-meta",
		Breaks: []string{"users.create.meta-location"},
		Seen:   "a header built from the request and a body built from a setting",
		Wrap: response(createUser, func(_ *http.Request, a *answer) {
			if l := a.header.Get("Location"); l != "" {
				a.header.Set("Location", l+"?")
			}
		}),
	},
	{
		Name:   "create-empty-body",
		Breaks: []string{"users.create.body"},
		Seen:   "servers that answer 201 and leave the client to look",
		Wrap: response(createUser, func(_ *http.Request, a *answer) {
			if a.status == http.StatusCreated {
				a.body = nil
				a.header.Del("Content-Type")
			}
		}),
	},
	{
		Name:   "no-id",
		Breaks: []string{"users.create.id"},
		Seen:   "SimpleIdServer#45",
		Wrap:   resources(under(users), func(res object) { delete(res, "id") }),
	},
	{
		Name:   "client-chooses-id",
		Breaks: []string{"users.create.id-not-clients"},
		Seen:   "ids taken from the body",
		Wrap: echo(createUser, func(sent, res object) {
			if sent["id"] != nil {
				res["id"] = sent["id"]
			}
		}),
	},
	{
		Name:   "client-writes-meta",
		Breaks: []string{"users.create.readonly-not-stored"},
		Seen:   "bodies stored whole",
		Wrap:   echo(createUser, takeMeta),
	},
	{
		Name:   "meta-missing",
		Breaks: []string{"users.create.meta"},
		Seen:   "resources mapped from a table without timestamps",
		Wrap:   resources(under(users), func(res object) { delete(res, "meta") }),
	},
	{
		Name:   "modified-before-anybody-did",
		Breaks: []string{"users.create.last-modified"},
		Seen:   "two timestamps taken one after the other",
		Wrap: resources(under(users), func(res object) {
			if m, ok := res["meta"].(object); ok {
				m["created"] = "2024-02-29T12:00:00.000Z"
			}
		}),
	},
	{
		Name:   "meta-type-lower-case",
		Breaks: []string{"users.create.meta-type"},
		Seen:   "resource types named after their endpoint",
		Wrap: resources(under(users), func(res object) {
			if m, ok := res["meta"].(object); ok {
				m["resourceType"] = "user"
			}
		}),
	},
	{
		Name:   "timestamps-of-a-database",
		Breaks: []string{"users.create.meta-datetime"},
		Seen:   "timestamps printed by a database",
		Wrap: resources(under(users), func(res object) {
			if m, ok := res["meta"].(object); ok {
				m["created"] = "2026-01-02 03:04:05"
				m["lastModified"] = "2026-01-02 03:04:05"
			}
		}),
	},
	{
		Name:   "no-schemas",
		Breaks: []string{"users.create.schemas"},
		Seen:   "responses that leave the envelope out",
		Wrap:   resources(under(users), func(res object) { delete(res, "schemas") }),
	},
	{
		Name:   "username-optional",
		Breaks: []string{"users.create.username-required", "idaas.account.user-name-required"},
		Seen:   "required attributes declared and not enforced",
		Wrap: payload(createUser, func(doc object) {
			if find(doc, "userName") == "" {
				doc["userName"] = "made-up-" + token()
			}
		}),
	},
	{
		Name:   "missing-value-422",
		Breaks: []string{"users.create.username-required-type"},
		Seen:   "validation of a web framework: 422 for whatever is missing",
		Wrap:   status(createUser, http.StatusBadRequest, http.StatusUnprocessableEntity),
	},
	{
		Name:   "username-blank-accepted",
		Breaks: []string{"users.create.username-blank"},
		Seen:   "presence checked, content not",
		Wrap: payload(createUser, func(doc object) {
			if k := find(doc, "userName"); k != "" {
				if s, ok := doc[k].(string); ok && strings.TrimSpace(s) == "" {
					doc[k] = "blank-" + token()
				}
			}
		}),
	},
	{
		Name:   "duplicate-500",
		Breaks: []string{"users.create.duplicate", "users.create.duplicate-case"},
		Seen:   "sourcegraph#48353, keycloak-scim-server#109",
		Wrap:   status(createUser, http.StatusConflict, http.StatusInternalServerError),
	},
	{
		Name:   "duplicate-400",
		Breaks: []string{"users.create.duplicate-status"},
		Seen:   "one status for all that is wrong with a body; RFC 7643 section 7 allows it",
		Wrap:   status(createUser, http.StatusConflict, http.StatusBadRequest),
	},
	{
		Name:   "uniqueness-case-sensitive",
		Breaks: []string{"users.create.duplicate-case"},
		Seen:   "AzureAD/SCIMReferenceCode: compared case by case, though filters are not",
		Wrap: payload(createUser, func(doc object) {
			if s, ok := doc["userName"].(string); ok && s == strings.ToUpper(s) {
				doc["userName"] = s + token()
			}
		}),
	},
	{
		Name:   "uniqueness-left-to-clients",
		Breaks: []string{"users.create.race", "users.create.duplicate", "users.replace.duplicate"},
		Seen:   "a look before the write and no unique index behind it",
		Store:  func(s store.Store) store.Store { return loose{s} },
	},
	{
		Name:   "conflict-without-type",
		Breaks: []string{"users.create.duplicate-type"},
		Seen:   "getsentry/sentry#117860",
		Wrap: failing(method("POST", "PUT", "PATCH"), func(a *answer, doc object) {
			if a.status == http.StatusConflict {
				delete(doc, "scimType")
			}
		}),
	},
	{
		Name:   "readonly-refused",
		Breaks: []string{"users.create.readonly-ignored"},
		Seen:   "pingidentity/scim2#93, SAP scimono#176",
		Wrap: refuseWhen(createUser, http.StatusBadRequest, "mutability", func(doc object) bool {
			return doc["meta"] != nil || doc["groups"] != nil
		}),
	},
	{
		Name:   "names-case-sensitive",
		Breaks: []string{"users.create.name-case"},
		Seen:   "bodies bound to structs by exact name",
		Wrap: payload(createUser, func(doc object) {
			for k := range doc {
				if strings.EqualFold(k, "userName") && k != "userName" || strings.EqualFold(k, "displayName") && k != "displayName" {
					delete(doc, k)
				}
			}
		}),
	},
	{
		Name:   "null-list-refused",
		Breaks: []string{"users.create.null"},
		Seen:   "SCIMMY: expected to be a collection",
		Wrap: refuseWhen(createUser, http.StatusBadRequest, "invalidValue", func(doc object) bool {
			list, sent := doc["emails"]
			return sent && list == nil
		}),
	},
	{
		Name:   "null-refused",
		Breaks: []string{"users.create.null"},
		Seen:   "type checks that do not know null",
		Wrap: refuseWhen(createUser, http.StatusBadRequest, "invalidValue", func(doc object) bool {
			for _, v := range doc {
				if v == nil {
					return true
				}
			}
			return false
		}),
	},
	{
		Name:   "null-stored",
		Breaks: []string{"users.create.null-not-returned"},
		Seen:   "unassigned attributes written out as null",
		Wrap: document(or(createUser, readUser), func(_ *http.Request, a *answer, doc object) {
			if a.status < 300 {
				doc["displayName"] = nil
			}
		}),
	},
	{
		Name:   "duplicate-names-merged",
		Breaks: []string{"users.create.duplicate-attribute"},
		Seen:   "maps that keep the last of two names differing by case",
		Wrap: payload(createUser, func(doc object) {
			seen := map[string]bool{}
			for k := range doc {
				if seen[strings.ToLower(k)] {
					delete(doc, k)
				}
				seen[strings.ToLower(k)] = true
			}
		}),
	},
	{
		Name:   "wrong-type-stored",
		Breaks: []string{"users.create.wrong-type"},
		Seen:   "untyped stores",
		Wrap: payload(createUser, func(doc object) {
			if _, ok := doc["displayName"].(string); !ok {
				delete(doc, "displayName")
			}
		}),
	},
	{
		Name:   "unknown-attribute-echoed",
		Breaks: []string{"users.create.unknown-attribute", "idaas.attributes.unsynced"},
		Seen:   "stores that keep whatever they are sent",
		Wrap: echo(createUser, func(sent, res object) {
			for k, v := range sent {
				if _, known := res[k]; !known && !strings.EqualFold(k, "password") {
					res[k] = v
				}
			}
		}),
	},
	{
		Name:   "external-id-lost",
		Breaks: []string{"users.create.external-id", "idaas.account.external-id", "idaas.group.external-id"},
		Seen:   "servers without a column for it",
		Wrap:   resources(under(users, groups), func(res object) { delete(res, "externalId") }),
	},
	{
		Name:   "external-id-invented",
		Breaks: []string{"users.create.external-id-not-invented", "idaas.account.external-id-absent"},
		Seen:   "externalId set to the server's own id",
		Wrap: resources(under(users), func(res object) {
			if res["externalId"] == nil {
				res["externalId"] = res["id"]
			}
		}),
	},
	{
		Name:   "password-returned",
		Breaks: []string{"users.create.password", "projection.never", "idaas.password.returned", "idaas.password.asked-for"},
		Seen:   "elimity-based servers echo it",
		Wrap: document(or(under(users)), func(_ *http.Request, a *answer, doc object) {
			if a.status < 300 && doc["Resources"] == nil {
				doc["password"] = "$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA"
			}
		}),
	},
	{
		Name:   "active-as-number",
		Breaks: []string{"users.create.active", "users.read.types"},
		Seen:   "grokability/snipe-it#13948",
		Wrap: resources(under(users), func(res object) {
			if b, ok := res["active"].(bool); ok {
				res["active"] = map[bool]int{true: 1, false: 0}[b]
			}
		}),
	},
	{
		Name:   "always-active",
		Breaks: []string{"users.create.inactive"},
		Seen:   "accounts that are enabled when they are made, whatever was asked",
		Wrap:   payload(createUser, func(doc object) { doc["active"] = true }),
	},
	{
		Name:   "list-of-one-unwrapped",
		Breaks: []string{"users.read.types"},
		Seen:   "serializers that turn a list of one into the one",
		Wrap: resources(under(users), func(res object) {
			if list, ok := res["emails"].([]any); ok && len(list) == 1 {
				res["emails"] = list[0]
			}
		}),
	},
	{
		Name:   "extension-flattened",
		Breaks: []string{"users.create.extension"},
		Seen:   "extension attributes merged into the core",
		Wrap: resources(under(users), func(res object) {
			if ext, ok := res[enterpriseURN].(object); ok {
				for k, v := range ext {
					res[k] = v
				}
				delete(res, enterpriseURN)
			}
		}),
	},
	{
		Name:   "schemas-order-matters",
		Breaks: []string{"users.create.schemas-order"},
		Seen:   "the first URN taken as the type",
		Wrap: refuseWhen(createUser, http.StatusBadRequest, "invalidSyntax", func(doc object) bool {
			list, ok := doc["schemas"].([]any)
			return ok && len(list) > 1 && list[0] != userURN
		}),
	},
	{
		Name:   "two-primaries-kept",
		Breaks: []string{"users.create.one-primary"},
		Seen:   "wso2/product-is#10033, SCIMMY, elimity",
		Wrap: both(echo(createUser, func(sent, res object) { res["emails"] = sent["emails"] }), payload(createUser, func(doc object) {
			if list, ok := doc["emails"].([]any); ok && len(list) > 1 {
				doc["emails"] = list[:1]
			}
		})),
	},
}

const enterpriseURN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

// takeMeta writes what a client sent as meta over what the server has.
func takeMeta(sent, res object) {
	theirs, _ := sent["meta"].(object)
	ours, _ := res["meta"].(object)
	for k, v := range theirs {
		ours[k] = v
	}
}

// loose is a store in which nothing has to be unique.
type loose struct{ store.Store }

// Write is that of a store.
func (s loose) Write(ctx context.Context, fn func(store.Tx) error) error {
	return s.Store.Write(ctx, func(tx store.Tx) error { return fn(looseTx{tx}) })
}

type looseTx struct{ store.Tx }

// Insert is that of a store.
func (t looseTx) Insert(v store.View, r store.Record, uniqueExternal bool) error {
	return t.Tx.Insert(v, common(r), uniqueExternal)
}

// Update is that of a store.
func (t looseTx) Update(v store.View, r store.Record, uniqueExternal bool) error {
	return t.Tx.Update(v, common(r), uniqueExternal)
}

// common takes the uniqueness off the keys of a record.
func common(r store.Record) store.Record {
	r.Keys = slices.Clone(r.Keys)
	for i := range r.Keys {
		r.Keys[i].Unique = false
	}
	return r
}
