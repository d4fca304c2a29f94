package fault

import (
	"net/http"
	"sync"
)

// deleted are deviations of DELETE (RFC 7644 section 3.6).
var deleted = []Fault{
	{
		Name:   "delete-200",
		Breaks: []string{"users.delete.status"},
		Seen:   "a body that says it is done",
		Wrap: response(deleteUser, func(_ *http.Request, a *answer) {
			if a.status == http.StatusNoContent {
				a.status = http.StatusOK
				a.encode(object{"deleted": true})
			}
		}),
	},
	{
		Name: "delete-does-nothing",
		Breaks: []string{"users.delete.gone", "users.delete.not-listed", "users.delete.put-after", "users.delete.patch-after",
			"users.delete.twice", "idaas.account.delete", "idaas.account.delete-twice"},
		Seen: "a flag set that no other endpoint looks at",
		Wrap: func(next http.Handler) http.Handler {
			var flagged sync.Map
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if deleteUser(r) && header("User-Agent", "scimproof")(r) {
					// The second one is real, so that a run can clean up behind itself.
					if _, again := flagged.LoadOrStore(below(r), true); !again {
						w.WriteHeader(http.StatusNoContent)
						return
					}
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "delete-unknown-500",
		Breaks: []string{"users.delete.unknown"},
		Seen:   "wso2/product-is#11976",
		Wrap:   status(deleteUser, http.StatusNotFound, http.StatusInternalServerError),
	},
	{
		Name:   "deleted-name-reserved",
		Breaks: []string{"users.delete.recreate"},
		Seen:   "soft deletion that keeps the unique index",
		Wrap: func(next http.Handler) http.Handler {
			var gone sync.Map
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case deleteUser(r):
					if doc, ok := decode(call(next, again(r, "GET", below(r), nil)).body); ok {
						gone.Store(doc["userName"], true)
					}
				case createUser(r):
					if doc, ok := decode(drain(r)); ok {
						if _, taken := gone.Load(doc["userName"]); taken {
							refuse(w, http.StatusConflict, "uniqueness", "userName is taken")
							return
						}
					}
				}
				next.ServeHTTP(w, r)
			})
		},
	},
	{
		Name:   "id-from-username",
		Breaks: []string{"users.delete.id-not-reused", "idaas.again.after-delete"},
		Seen:   "ids derived from the name, so that a new account inherits the old one's",
		Wrap: func(next http.Handler) http.Handler {
			var ids sync.Map // userName -> the id it had first
			return document(createUser, func(_ *http.Request, a *answer, doc object) {
				if a.status == http.StatusCreated {
					if id, had := ids.LoadOrStore(doc["userName"], doc["id"]); had {
						doc["id"] = id
					}
				}
			})(next)
		},
	},
}
