package control

import "scimproof/server/store"

// ViewOf is the window of an application on the store: an idaas application shares the directory of its instance, as far as its scope
// reaches; an rfc application has a directory of its own.
func ViewOf(a store.Application) store.View {
	if a.Profile == "rfc" {
		return store.View{Directory: a.ID, Application: a.ID}
	}
	return store.View{Directory: a.Instance, Application: a.ID, Scoped: true}
}
