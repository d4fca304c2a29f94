package fault

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"scimproof/server/store"
)

// tokensKept are deviations of how long tokens are valid, how many there are, which can be ended, and what they open.
var tokensKept = []Fault{
	{
		Name:   "token-end-in-local-time",
		Breaks: []string{"idaas.token.shortest"},
		Seen:   "an end worked out in the time of the data centre and written as UTC",
		ControlStore: issued(func(k *store.Token) {
			if !k.Expires.IsZero() {
				k.Expires = k.Expires.Add(8 * time.Hour)
			}
		}),
	},
	{
		Name:   "token-year-of-360-days",
		Breaks: []string{"idaas.token.longest"},
		Seen:   "libraries that count a year as twelve months of thirty days",
		ControlStore: issued(func(k *store.Token) {
			if long(k) {
				k.Expires = k.Created.AddDate(0, 0, 3*360)
			}
		}),
	},
	{
		Name:    "token-validity-raised",
		Breaks:  []string{"idaas.token.too-short"},
		Seen:    "servers that lift a value to the least that is allowed",
		Control: validityAs("P1D", "P0D", "PT23H"),
	},
	{
		Name:    "token-validity-cut",
		Breaks:  []string{"idaas.token.too-long"},
		Seen:    "servers that cut a value to the most that is allowed",
		Control: validityAs("P3Y", "P3Y1D", "P37M", "P1097D", "P100Y"),
	},
	{
		Name:    "token-validity-guessed",
		Breaks:  []string{"idaas.token.ill-formed"},
		Seen:    "servers that fall back to a default where a value cannot be read",
		Control: validityAs("P90D", "", "P", "P-30D", "30 days", "2099-12-31"),
	},
	{
		Name:    "token-without-end",
		Breaks:  []string{"idaas.token.endless"},
		Seen:    "access tokens of several products, which never expire unless somebody says when",
		Control: validityAs("P3Y", absent),
		ControlStore: issued(func(k *store.Token) {
			if long(k) {
				k.Expires = time.Time{}
			}
		}),
	},
	{
		Name:         "third-token",
		Breaks:       []string{"idaas.token.third"},
		Seen:         "a limit that is held against the first page of a list",
		ControlStore: tokenRules{all: func(list []store.Token) []store.Token { return list[:min(len(list), 1)] }}.over,
	},
	{
		Name:   "disabled-token-not-counted",
		Breaks: []string{"idaas.token.third-beside-disabled"},
		Seen:   "a limit that counts what is in use",
		ControlStore: tokenRules{all: func(list []store.Token) []store.Token {
			return slices.DeleteFunc(list, func(k store.Token) bool { return !k.Enabled })
		}}.over,
	},
	{
		Name:         "token-rules-without-lock",
		Breaks:       []string{"idaas.token.third-race", "idaas.token.last-enabled-race"},
		Seen:         "every server that counts first and writes in a second step",
		ControlStore: unlocked,
	},
	{
		Name:   "last-token-disabled",
		Breaks: []string{"idaas.token.last-enabled"},
		Seen:   "a rule that asks for another token, and not for an enabled one",
		ControlStore: tokenRules{all: func(list []store.Token) []store.Token {
			for i := range list {
				list[i].Enabled = true
			}
			return list
		}}.over,
	},
	{
		Name:   "expired-token-counts",
		Breaks: []string{"idaas.token.expired-does-not-count", "idaas.token.expired-can-go"},
		Seen:   "a rule that looks at the status alone, which stays enabled when a token expires",
		ControlStore: tokenRules{
			one: endless,
			all: func(list []store.Token) []store.Token {
				for i := range list {
					endless(&list[i])
				}
				return list
			},
		}.over,
	},
	{
		Name:    "enabled-token-deleted",
		Breaks:  []string{"idaas.token.delete-enabled"},
		Seen:    "a DELETE that disables first, to be helpful",
		Control: disableFirst,
	},
	{
		Name:         "deleted-in-name-only",
		Breaks:       []string{"idaas.token.delete-disabled", "idaas.token.application-deleted"},
		Seen:         "rows that are marked as deleted, and a query that forgets to look at the mark",
		ControlStore: writing(func(tx store.Tx) store.Tx { return undeletedTx{tx} }),
	},
	{
		Name:         "issuing-ends-the-first",
		Breaks:       []string{"idaas.rotation.seamless"},
		Seen:         "products with a button that regenerates the token",
		ControlStore: tokenRules{issue: disableOthers}.over,
	},
	closedWhileIssuing(),
	{
		Name:   "one-token-at-a-time",
		Breaks: []string{"idaas.rotation.side-by-side"},
		Seen:   "a session for each application, which the token that came last takes over",
		Store: func(s store.Store) store.Store {
			return &takeover{Store: s, seen: map[string]bool{}, last: map[string]string{}}
		},
	},
	{
		Name:   "longest-token-overflows",
		Breaks: []string{"idaas.token.ends-open"},
		Seen:   "a length in milliseconds that does not fit into 32 bits, so that the token has ended when it begins",
		Store: admitting(func(a *store.Admission) {
			if long(&a.Token) {
				a.Token = store.Token{}
			}
		}),
	},
	{
		Name:   "shortest-token-rounded-away",
		Breaks: []string{"idaas.token.ends-open"},
		Seen:   "the end of a token taken for the beginning of the day before it",
		Store: admitting(func(a *store.Admission) {
			if a.Token.Expires.Sub(a.Token.Created) <= 24*time.Hour {
				a.Token = store.Token{}
			}
		}),
	},
	{
		Name:   "token-cached",
		Breaks: []string{"idaas.token.disabled", "idaas.token.deleted"},
		Seen:   "gateways that keep what a token opens until they are restarted",
		Store:  func(s store.Store) store.Store { return &tokenCache{Store: s, keep: time.Hour} },
	},
	{
		Name:   "token-cached-for-seconds",
		Breaks: []string{"idaas.token.prompt"},
		Seen:   "most gateways, which look a token up again now and then",
		Store:  func(s store.Store) store.Store { return &tokenCache{Store: s, keep: 2500 * time.Millisecond} },
	},
	{
		Name:   "known-token-without-challenge",
		Breaks: []string{"idaas.token.challenge"},
		Seen:   "a gateway that refuses what nobody issued, and an application behind it that refuses the rest in its own way",
		Wrap: response(always, func(r *http.Request, a *answer) {
			if a.status == http.StatusUnauthorized && strings.HasPrefix(r.Header.Get("Authorization"), "Bearer SAT") {
				a.header.Del("WWW-Authenticate")
			}
		}),
	},
	{
		Name:   "expired-token-opens",
		Breaks: []string{"idaas.token.expired", "idaas.clock.ends-token"},
		Seen:   "an end that is shown to the administrator and that nobody looks at",
		Store:  admitting(func(a *store.Admission) { endless(&a.Token) }),
	},
	{
		Name:   "token-decides-the-application",
		Breaks: []string{"idaas.token.foreign", "idaas.base-url.foreign-token"},
		Seen:   "servers that find the tenant by the token and take the path for decoration",
		Store:  func(s store.Store) store.Store { return byToken{s} },
	},
	{
		Name:   "one-base-url",
		Breaks: []string{"idaas.base-url.own"},
		Seen:   "one address for all tenants, told apart by the token",
		Control: document(always, func(_ *http.Request, _ *answer, doc object) {
			if doc["scimBasePath"] != nil {
				doc["scimBasePath"] = "/v2/shared/scim"
			}
		}),
	},
	{
		Name:    "clock-stands-still",
		Breaks:  []string{"idaas.clock.moves"},
		Seen:    "a switch for tests that is taken and has no effect",
		Control: payload(and(method("POST"), ends("/clock")), func(doc object) { doc["advance"] = "PT0S" }),
	},
	{
		Name:   "clock-of-one-process",
		Breaks: []string{"idaas.clock.everywhere"},
		Seen:   "a clock that one process moves and another one does not see",
		ControlStore: issued(func(k *store.Token) {
			k.Created, k.Expires = k.Created.Add(-time.Hour), k.Expires.Add(-time.Hour)
		}),
	},
}

// issued lets a fault change each token that is issued.
func issued(edit func(k *store.Token)) func(store.Store) store.Store {
	return tokenRules{issue: func(_ store.Tx, k *store.Token) error {
		edit(k)
		return nil
	}}.over
}

// long says whether a token was asked for for about three years.
func long(k *store.Token) bool { return k.Expires.Sub(k.Created) > 1000*24*time.Hour }

func endless(k *store.Token) { k.Expires = time.Time{} }

// absent stands for a validity that nobody names.
const absent = "\x00"

// validityAs makes one validity of others.
func validityAs(becomes string, others ...string) func(http.Handler) http.Handler {
	return payload(and(method("POST"), ends("/tokens")), func(doc object) {
		is, named := doc["validity"].(string)
		if !named {
			is = absent
		}
		if slices.Contains(others, is) {
			doc["validity"] = becomes
		}
	})
}

// disableFirst disables a token and tries again where it could not be deleted.
func disableFirst(next http.Handler) http.Handler {
	return response(and(method("DELETE"), inside("/v1/tokens/")), func(r *http.Request, a *answer) {
		if a.status < 300 {
			return
		}
		disable := r.Clone(r.Context())
		disable.Method = http.MethodPatch
		disable.Header.Set("Content-Type", "application/json")
		setBody(disable, encode(object{"status": "disabled"}))
		call(next, disable)
		*a = *call(next, r)
	})(next)
}

// inside chooses requests by the beginning of their path.
func inside(prefix string) when {
	return func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, prefix) }
}

// undeletedTx deletes neither tokens nor applications.
type undeletedTx struct{ store.Tx }

// DeleteToken is that of a store.
func (undeletedTx) DeleteToken(string) error { return nil }

// DeleteApplication is that of a store.
func (undeletedTx) DeleteApplication(string) error { return nil }

// disableOthers disables the tokens that an application has before it is issued another one.
func disableOthers(tx store.Tx, k *store.Token) error {
	others, err := tx.Tokens(k.Application)
	for i := 0; i < len(others) && err == nil; i++ {
		others[i].Enabled = false
		err = tx.PutToken(others[i])
	}
	return err
}

// closedWhileIssuing refuses every request to an application for as long as a token of it is being issued: until it has refused one, or a
// moment has passed.
func closedWhileIssuing() Fault {
	issues := and(method("POST"), inside("/v1/applications/"), ends("/tokens"))
	var closed sync.Map // a channel by id of the application
	return Fault{
		Name:   "closed-while-issuing",
		Breaks: []string{"idaas.rotation.seamless"},
		Seen:   "servers that empty their table of tokens and read it again after each change",
		Store:  func(s store.Store) store.Store { return closing{s, &closed} },
		Control: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if issues(r) {
					application, refused := strings.Split(r.URL.Path, "/")[3], make(chan struct{}) // /v1/applications/{id}/tokens
					closed.Store(application, refused)
					select {
					case <-refused:
					case <-time.After(200 * time.Millisecond):
						closed.Delete(application)
					}
				}
				next.ServeHTTP(w, r)
			})
		},
	}
}

// closing knows no token of an application that is closed, and opens it again when it has refused one.
type closing struct {
	store.Store
	closed *sync.Map
}

// Admit is that of a store.
func (s closing) Admit(ctx context.Context, application string, digest []byte) (store.Admission, error) {
	a, err := s.Store.Admit(ctx, application, digest)
	if refused, ok := s.closed.LoadAndDelete(application); ok {
		a.Token = store.Token{}
		close(refused.(chan struct{}))
	}
	return a, err
}

// takeover admits the token of an application that was the last to be seen for the first time.
type takeover struct {
	store.Store
	mu   sync.Mutex
	seen map[string]bool   // by token
	last map[string]string // token by application
}

// Admit is that of a store.
func (s *takeover) Admit(ctx context.Context, application string, digest []byte) (store.Admission, error) {
	a, err := s.Store.Admit(ctx, application, digest)
	if err != nil || a.Token.ID == "" {
		return a, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.seen[a.Token.ID] {
		s.seen[a.Token.ID], s.last[application] = true, a.Token.ID
	}
	if s.last[application] != a.Token.ID {
		a.Token = store.Token{}
	}
	return a, nil
}

// tokenCache keeps each token that opens something for a while as it was then.
type tokenCache struct {
	store.Store
	keep time.Duration
	kept sync.Map // store.Token by application and digest
}

// Admit is that of a store.
func (s *tokenCache) Admit(ctx context.Context, application string, digest []byte) (store.Admission, error) {
	a, err := s.Store.Admit(ctx, application, digest)
	if err != nil {
		return a, err
	}
	key := application + " " + string(digest)
	if k, ok := s.kept.Load(key); ok {
		a.Token = k.(store.Token)
	} else if a.Token.Enabled {
		s.kept.Store(key, a.Token)
		time.AfterFunc(s.keep, func() { s.kept.Delete(key) })
	}
	return a, nil
}

// byToken admits a request to the application of its token, whatever it was sent to.
type byToken struct{ store.Store }

// Admit is that of a store.
func (s byToken) Admit(ctx context.Context, application string, digest []byte) (store.Admission, error) {
	err := s.Read(ctx, func(r store.Reader) error {
		k, err := r.TokenByDigest(digest)
		if err == nil {
			application = k.Application
		}
		return nil // a token that nobody knows belongs nowhere else
	})
	if err != nil {
		return store.Admission{}, err
	}
	return s.Store.Admit(ctx, application, digest)
}
