package engine

import (
	"scimproof/server/scim"
	"scimproof/server/variant"
)

// refusesUnknown says whether attributes that no schema declares are an error.
func (a *App) refusesUnknown() bool { return a.Profile.RefuseUnknown || a.Has(variant.RefuseUnknown) }

// patchOptions is how the application takes PATCH: as its profile does, but for the freedoms that are switched on.
func (a *App) patchOptions() scim.PatchOptions {
	opt := a.Profile.Patch
	opt.Relax = a.Profile.Rules.Relax
	opt.IgnoreUnknown = opt.IgnoreUnknown && !a.refusesUnknown()
	opt.CreateOnNoMatch = opt.CreateOnNoMatch || a.Has(variant.CreateOnNoMatch)
	return opt
}
