package controlapi

import (
	"context"
	"slices"

	"scimproof/server/control"
	"scimproof/server/idaas"
	"scimproof/server/variant"
)

// policyView is a password policy that an instance can have.
type policyView struct {
	Name        string `json:"passwordPolicy"`
	Shortest    int    `json:"minLength"`
	Lower       bool   `json:"lowerCase"`
	Upper       bool   `json:"upperCase"`
	Digit       bool   `json:"digit"`
	Special     bool   `json:"special"`
	NotUserName bool   `json:"notUserName"`
	NotPersonal bool   `json:"notPersonal"`
}

// variantView is a legal freedom that an application of the profile can have.
type variantView struct {
	Name    string `json:"variant"`
	Rule    string `json:"rule"`
	Profile string `json:"profile"`
	Effect  string `json:"effect"`
}

// choices lists what can be chosen elsewhere; nothing of it changes.
func choices() routes {
	return routes{
		"/v1/password-policies": {"GET": listed(fixed(idaas.Policies()), func(p idaas.Policy) policyView { return policyView(p) })},
		"/v1/scenarios":         {"GET": listed(fixed(slices.Clone(control.Scenarios)), func(s string) string { return s })},
		"/v1/variants": {"GET": listed(fixed(variant.All()), func(v variant.Variant) variantView {
			return variantView{v.Name, v.Rule, v.Profile, v.Effect}
		})},
	}
}

func fixed[T any](all []T) func(context.Context, string) ([]T, error) {
	return func(context.Context, string) ([]T, error) { return all, nil }
}
