package control

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"time"

	"scimproof/server/store"
)

const (
	maxTokens   = 2              // for an application (rule tok-2)
	minValidity = 24 * time.Hour // rule tok-1
	maxYears    = 3
	tokenPrefix = "SAT"
	tokenLength = 124
	base58      = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
)

// Digest is the form in which a token is kept and looked up (rule tok-8).
func Digest(value string) []byte {
	sum := sha256.Sum256([]byte(value))
	return sum[:]
}

// tokenValue makes a token: SAT and 124 base58 characters, 726 random bits.
func tokenValue(random io.Reader) (string, error) {
	out := make([]byte, 0, len(tokenPrefix)+tokenLength)
	out = append(out, tokenPrefix...)
	buf := make([]byte, 256)
	for len(out) < len(tokenPrefix)+tokenLength {
		if _, err := io.ReadFull(random, buf); err != nil {
			return "", err
		}
		for _, b := range buf {
			// 232 is the largest multiple of 58 in a byte: what lies above would favour the first characters.
			if b < 232 && len(out) < len(tokenPrefix)+tokenLength {
				out = append(out, base58[b%58])
			}
		}
	}
	return string(out), nil
}

// AddToken issues a bearer token that is valid for so long (rules tok-1, tok-2). The value is returned here and never again.
func (p *Plane) AddToken(ctx context.Context, application string, validity time.Duration) (t store.Token, value string, err error) {
	now := p.now()
	if validity < minValidity || now.Add(validity).After(now.AddDate(maxYears, 0, 0)) {
		return t, "", invalid("ExpirationTime", "A token is valid for 1 day to 3 years; ask for a length in between.")
	}
	if value, err = tokenValue(p.Random); err != nil {
		return t, "", err
	}
	t = store.Token{Application: application, Digest: Digest(value), Enabled: true, Created: now, Expires: now.Add(validity)}
	if t.ID, err = p.id("token"); err != nil {
		return t, "", err
	}
	err = p.Store.Write(ctx, func(tx store.Tx) error {
		app, err := tx.Application(application)
		if err != nil {
			return absent(err, "Application", application)
		}
		if app.Kind == "template" {
			return denied("TemplateApplication", "A template application cannot sync inbound; use a standard or custom one.")
		}
		tokens, err := tx.Tokens(application)
		if err != nil {
			return err
		}
		if len(tokens) >= maxTokens {
			return denied("TokenLimit", "An application has at most %d tokens; disable and delete one first.", maxTokens)
		}
		return tx.PutToken(t)
	})
	if err != nil {
		return store.Token{}, "", err
	}
	return t, value, nil
}

// SetTokenEnabled enables or disables a token. The last enabled token that has not expired stays enabled (rule tok-3).
func (p *Plane) SetTokenEnabled(ctx context.Context, id string, enabled bool) error {
	return p.Store.Write(ctx, func(tx store.Tx) error {
		t, err := tx.Token(id)
		if err != nil {
			return absent(err, "ApplicationToken", id)
		}
		if !enabled && p.live(t) {
			tokens, err := tx.Tokens(t.Application)
			if err != nil {
				return err
			}
			others := 0
			for _, o := range tokens {
				if o.ID != t.ID && p.live(o) {
					others++
				}
			}
			if others == 0 {
				return denied("LastEnabledToken", "This is the only enabled token; add or enable another one first.")
			}
		}
		t.Enabled = enabled
		return tx.PutToken(t)
	})
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

// BindToken binds a token to an account, which /Me then stands for (RFC 7644 section 3.11); with the id "" it is bound to none. The
// account is one that the token's application can see now. What becomes of the account later does not change the binding.
func (p *Plane) BindToken(ctx context.Context, id, account string) error {
	return p.Store.Write(ctx, func(tx store.Tx) error {
		t, err := tx.Token(id)
		if err != nil {
			return absent(err, "ApplicationToken", id)
		}
		if account != "" {
			app, err := tx.Application(t.Application)
			if err != nil {
				return absent(err, "Application", t.Application)
			}
			if _, err := tx.Get(ViewOf(app), "User", account); err != nil {
				return absent(err, "User", account)
			}
		}
		t.Account = account
		return tx.PutToken(t)
	})
}

// live says whether a token opens anything now.
func (p *Plane) live(t store.Token) bool { return t.Enabled && p.now().Before(t.Expires) }

func absent(err error, kind, id string) error {
	if errors.Is(err, store.ErrNotFound) {
		return notFound(kind, id)
	}
	return err
}
