package control

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"io"
	"time"

	"scimproof/server/store"
)

// The kinds of token.
const (
	BearerToken  = "bearer_token"
	ClientSecret = "client_secret" // exchanged for a bearer token at the token endpoint
)

const (
	maxTokens = 2 // of a kind, for an application (rule tok-2)
	maxYears  = 3 // rule tok-1, which also has one day at least
	base58    = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
)

// values say what the value of a token looks like: a prefix and so many base58 characters, of almost six random bits each.
var values = map[string]struct {
	prefix string
	length int
}{BearerToken: {"SAT", 124}, ClientSecret: {"CS", 44}}

// Digest is the form in which a token is kept and looked up (rule tok-8).
func Digest(value string) []byte {
	sum := sha256.Sum256([]byte(value))
	return sum[:]
}

// SameSecret compares secrets in a time that tells nothing of them; with no secret wanted nothing is the same.
func SameSecret(given, want string) bool {
	return want != "" && subtle.ConstantTimeCompare(Digest(given), Digest(want)) == 1 // digests are of one length
}

// tokenValue makes the value of a token.
func tokenValue(random io.Reader, kind string) (string, error) {
	form := values[kind]
	out := make([]byte, 0, len(form.prefix)+form.length)
	out = append(out, form.prefix...)
	buf := make([]byte, 256)
	for len(out) < cap(out) {
		if _, err := io.ReadFull(random, buf); err != nil {
			return "", err
		}
		for _, b := range buf {
			// 232 is the largest multiple of 58 in a byte: what lies above would favour the first characters.
			if b < 232 && len(out) < cap(out) {
				out = append(out, base58[b%58])
			}
		}
	}
	return string(out), nil
}

// Tokens lists the tokens of an application, of both kinds.
func (p *Plane) Tokens(ctx context.Context, application string) ([]store.Token, error) {
	return read(ctx, p, func(r store.Reader) ([]store.Token, error) {
		if _, err := r.Application(application); err != nil {
			return nil, absent(err, "Application", application)
		}
		return r.Tokens(application)
	})
}

// Token finds a token.
func (p *Plane) Token(ctx context.Context, id string) (store.Token, error) {
	t, err := read(ctx, p, func(r store.Reader) (store.Token, error) { return r.Token(id) })
	return t, absent(err, "ApplicationToken", id)
}

// AddToken issues a token that is valid for so long, from 1 day to 3 years; a client secret may be without an end (rules tok-1, tok-2).
// The value is returned here and never again.
func (p *Plane) AddToken(ctx context.Context, application, kind string, v Validity) (t store.Token, value string, err error) {
	if _, ok := values[kind]; !ok {
		return t, "", invalid("ApplicationTokenType", "The kind of a token is %s or %s, not %q.", BearerToken, ClientSecret, kind)
	}
	now := p.now()
	expires := v.after(now)
	endless := expires.IsZero() && kind == ClientSecret
	if !endless && (expires.Before(now.AddDate(0, 0, 1)) || expires.After(now.AddDate(maxYears, 0, 0))) {
		return t, "", invalid("ExpirationTime", "A token is valid for 1 day to 3 years; ask for a length in between, such as P90D.")
	}
	if value, err = tokenValue(p.Random, kind); err != nil {
		return t, "", err
	}
	t = store.Token{Application: application, Kind: kind, Digest: Digest(value), Enabled: true, Created: now, Expires: expires}
	if t.ID, err = p.id("token"); err != nil {
		return t, "", err
	}
	err = p.Store.Write(ctx, func(tx store.Tx) error {
		app, err := tx.Application(application)
		if err != nil {
			return absent(err, "Application", application)
		}
		if app.Kind == Template {
			return templateRefused()
		}
		tokens, err := tokensOf(tx, application, kind)
		if err != nil {
			return err
		}
		if len(tokens) >= maxTokens {
			return denied("TokenLimit", "An application has at most %d tokens of a kind; disable and delete one first.", maxTokens)
		}
		return tx.PutToken(t)
	})
	if err != nil {
		return store.Token{}, "", err
	}
	return t, value, nil
}

func tokensOf(r store.Reader, application, kind string) (out []store.Token, err error) {
	list, err := r.Tokens(application)
	for _, t := range list {
		if t.Kind == kind {
			out = append(out, t)
		}
	}
	return out, err
}

// TokenChange is what becomes different of a token; nil stays.
type TokenChange struct {
	Enabled *bool
	Account *string // id of the account that it is bound to, or "" for none
}

// ChangeToken changes a token: all of it, or nothing. The last enabled token that has not expired stays enabled (rule tok-3). The account
// is one that the token's application can see now; what becomes of it later does not change the binding.
func (p *Plane) ChangeToken(ctx context.Context, id string, c TokenChange) (t store.Token, err error) {
	err = p.Store.Write(ctx, func(tx store.Tx) error {
		if t, err = tx.Token(id); err != nil {
			return absent(err, "ApplicationToken", id)
		}
		if c.Enabled != nil && !*c.Enabled && Live(t, p.now()) {
			if err := p.anotherLives(tx, t); err != nil {
				return err
			}
		}
		if c.Account != nil && *c.Account != "" {
			if err := accountSeen(tx, t.Application, *c.Account); err != nil {
				return err
			}
		}
		set(&t.Enabled, c.Enabled)
		set(&t.Account, c.Account)
		return tx.PutToken(t)
	})
	return t, err
}

// accountSeen refuses an account that an application cannot see.
func accountSeen(tx store.Tx, application, account string) error {
	app, err := tx.Application(application)
	if err != nil {
		return absent(err, "Application", application)
	}
	_, err = tx.Get(ViewOf(app), "User", account)
	return absent(err, "User", account)
}

// SetTokenEnabled is ChangeToken for the status alone.
func (p *Plane) SetTokenEnabled(ctx context.Context, id string, enabled bool) (store.Token, error) {
	return p.ChangeToken(ctx, id, TokenChange{Enabled: &enabled})
}

// anotherLives refuses where a token is the last of its kind that opens anything.
func (p *Plane) anotherLives(tx store.Tx, t store.Token) error {
	tokens, err := tokensOf(tx, t.Application, t.Kind)
	if err != nil {
		return err
	}
	for _, o := range tokens {
		if o.ID != t.ID && Live(o, p.now()) {
			return nil
		}
	}
	return denied("LastEnabledToken", "This is the only enabled token; add or enable another one first.")
}

// DeleteToken deletes a token, which must be disabled (rule tok-4).
func (p *Plane) DeleteToken(ctx context.Context, id string) error {
	return p.Store.Write(ctx, func(tx store.Tx) error {
		t, err := tx.Token(id)
		if err != nil {
			return absent(err, "ApplicationToken", id)
		}
		if t.Enabled {
			return denied("TokenEnabled", "An enabled token cannot be deleted; disable it first.")
		}
		return tx.DeleteToken(id)
	})
}

// BindToken binds a token to an account, which /Me then stands for (RFC 7644 section 3.11); with the id "" it is bound to none.
func (p *Plane) BindToken(ctx context.Context, id, account string) error {
	_, err := p.ChangeToken(ctx, id, TokenChange{Account: &account})
	return err
}

// Live says whether a token opens anything at an instant.
func Live(t store.Token, now time.Time) bool {
	return t.Enabled && (t.Expires.IsZero() || now.Before(t.Expires))
}
