package controlapi

import (
	"context"
	"time"

	"scimproof/server/control"
	"scimproof/server/store"
)

// tokenView shows a token without its value, which nobody has any more.
type tokenView struct {
	ID          string    `json:"applicationTokenId"`
	Application string    `json:"applicationId"`
	Kind        string    `json:"applicationTokenType"`
	Status      status    `json:"status"`
	Account     string    `json:"accountId"`
	Created     time.Time `json:"createTime"`
	Expires     time.Time `json:"expirationTime,omitzero"` // absent where it has no end
	Expired     bool      `json:"expired,omitzero"`        // it opens nothing any more, whatever its status
	LastUsed    time.Time `json:"lastUsedTime,omitzero"`   // absent where it was never used
}

// viewToken shows tokens as they are at the time of the plane.
func viewToken(p *control.Plane) func(store.Token) tokenView {
	return func(t store.Token) tokenView {
		expired := !t.Expires.IsZero() && !p.Clock().Before(t.Expires)
		return tokenView{t.ID, t.Application, t.Kind, status(t.Enabled), t.Account, t.Created, t.Expires, expired, t.LastUsed}
	}
}

type newToken struct {
	Kind     string  `json:"applicationTokenType"`
	Validity *string `json:"validity"` // P90D; absent for no end
}

// issued is a token with its value, as it is shown once.
type issued struct {
	tokenView
	Value string `json:"applicationToken"`
}

type tokenChange struct {
	Status  *status `json:"status"`
	Account *string `json:"accountId"` // "" for none
}

func tokens(p *control.Plane) routes {
	return routes{
		"/v1/applications/{id}/tokens": {
			"GET": listed(p.Tokens, viewToken(p)),
			"POST": created(func(ctx context.Context, application string, n newToken) (issued, error) {
				return addToken(ctx, p, application, n)
			}, func(t issued) issued { return t }),
		},
		"/v1/tokens/{id}": {
			"GET": found(p.Token, viewToken(p)),
			"PATCH": answered(func(ctx context.Context, id string, c tokenChange) (store.Token, error) {
				return p.ChangeToken(ctx, id, control.TokenChange{Enabled: (*bool)(c.Status), Account: c.Account})
			}, viewToken(p)),
			"DELETE": deleted(p.DeleteToken),
		},
	}
}

func addToken(ctx context.Context, p *control.Plane, application string, n newToken) (issued, error) {
	var validity control.Validity
	if n.Validity != nil {
		var err error
		if validity, err = control.ParseValidity(*n.Validity); err != nil {
			return issued{}, err
		}
	}
	t, value, err := p.AddToken(ctx, application, n.Kind, validity)
	return issued{viewToken(p)(t), value}, err
}
