package control

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"

	"scimproof/server/store"
)

// AccessTokenLifetime is how long an access token is good for, as long as its client secret is.
const AccessTokenLifetime = 20 * time.Minute

const (
	accessPrefix = "AT"
	accessSecret = "access token" // name of the key that seals them
)

// IsAccessToken says whether a value has the form of an access token, which no token of an administrator's has.
func IsAccessToken(value string) bool { return strings.HasPrefix(value, accessPrefix) }

// Opens says whether a token is of the kind, is the application's, has the value, and is live now.
func (p *Plane) Opens(t store.Token, kind, application, value string) bool {
	return subtle.ConstantTimeCompare(t.Digest, Digest(value)) == 1 && t.Kind == kind && t.Application == application && Live(t, p.Clock())
}

// NewAccessToken issues what a client secret is exchanged for (RFC 6749 section 4.4). Nothing is kept of it: it names the secret and its
// own end, and is sealed for the secret's application with a key that all replicas share.
func (p *Plane) NewAccessToken(ctx context.Context, secret store.Token) (value string, expires time.Time, err error) {
	key, err := store.SharedSecret(ctx, p.Store, p.Random, accessSecret)
	if err != nil {
		return "", expires, err
	}
	expires = p.now().Truncate(time.Second).Add(AccessTokenLifetime)
	claim := strconv.FormatInt(expires.Unix(), 10) + " " + secret.ID
	return accessPrefix + base64.RawURLEncoding.EncodeToString(append(seal(key, secret.Application, claim), claim...)), expires, nil
}

// AccessToken finds the client secret that an access token of an application was issued for. ok is false where the token is none of ours,
// is another application's, or has ended, be it by itself or because its secret is no longer live.
func (p *Plane) AccessToken(ctx context.Context, application, value string) (secret store.Token, ok bool, err error) {
	sealed, claim, ok := unpack(value)
	if !ok {
		return secret, false, nil
	}
	err = p.Store.Read(ctx, func(r store.Reader) error {
		key, err := r.Secret(accessSecret)
		if err != nil {
			return err
		}
		if !hmac.Equal(sealed, seal(key, application, claim)) {
			return store.ErrNotFound
		}
		id, good := claimed(claim, p.Clock())
		if !good {
			return store.ErrNotFound
		}
		secret, err = r.Token(id)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return store.Token{}, false, nil
	}
	return secret, secret.Kind == ClientSecret && Live(secret, p.Clock()), err
}

// unpack takes an access token apart into its seal and its claim.
func unpack(value string) (sealed []byte, claim string, ok bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(strings.TrimPrefix(value, accessPrefix))
	if err != nil || len(raw) < sha256.Size || !IsAccessToken(value) {
		return nil, "", false
	}
	return raw[:sha256.Size], string(raw[sha256.Size:]), true
}

// claimed reads the id of the client secret out of a claim that has not ended.
func claimed(claim string, now time.Time) (id string, ok bool) {
	end, id, _ := strings.Cut(claim, " ")
	seconds, err := strconv.ParseInt(end, 10, 64)
	return id, err == nil && now.Before(time.Unix(seconds, 0))
}

func seal(key []byte, application, claim string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(application + " " + claim)) // a hash takes all
	return mac.Sum(nil)
}
