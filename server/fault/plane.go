package fault

import (
	"context"
	"net/http"

	"scimproof/server/store"
)

// admitting lets a fault change what decides about each request: the application, its instance, and the token.
func admitting(edit func(a *store.Admission)) func(store.Store) store.Store {
	return func(s store.Store) store.Store { return gate{s, edit} }
}

type gate struct {
	store.Store
	edit func(*store.Admission)
}

func (g gate) Admit(ctx context.Context, application string, digest []byte) (store.Admission, error) {
	a, err := g.Store.Admit(ctx, application, digest)
	if err == nil {
		g.edit(&a)
	}
	return a, err
}

// granted answers the refusals of chosen requests to the control API as if they had been carried out.
func granted(chosen when, status int) func(http.Handler) http.Handler {
	return response(chosen, func(_ *http.Request, a *answer) {
		if a.status >= 400 && a.status < 500 {
			a.status = status
			a.encode(object{})
		}
	})
}
