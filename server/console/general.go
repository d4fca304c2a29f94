package console

import (
	"net/url"
	"slices"

	"scimproof/server/control"
	"scimproof/server/variant"
)

func (c *console) generalRoutes() routes {
	show := view(c.showGeneral)
	const page = anApplication + "/general"
	return routes{
		"GET " + page:                         show.page,
		"POST " + anApplication + "/status":   c.change("status", "The status of the application is changed.", "/general", show, readStatus),
		"POST " + anApplication + "/name":     c.change("name", "The name of the application is saved.", "/general", show, readName),
		"POST " + anApplication + "/variants": c.change("variants", "The variants are saved.", "/general", show, readVariants),
		"POST " + anApplication + "/profile":  c.changeProfile,
		"POST " + anApplication + "/delete":   c.deleteApplication,
	}
}

type generalPage struct {
	head
	Profiles []choice
	Variants []choice // those that the profile of the application has
}

func (c *console) showGeneral(v *visit, f refusal) error {
	h, err := c.head(v, "/general", f)
	if err != nil {
		return err
	}
	return c.show(v, f.status(), "general", h.Application.Name, generalPage{h, profiles(), variants(h.Application.Profile)})
}

// variants are the legal freedoms that a profile has, each with what it does.
func variants(profile string) (out []choice) {
	for _, v := range variant.All() {
		if v.Profile == profile {
			out = append(out, choice{ID: v.Name, Name: v.Effect})
		}
	}
	return out
}

func readStatus(f url.Values) (control.ApplicationChange, error) {
	on, err := readSwitch(f)
	return control.ApplicationChange{Enabled: &on}, err
}

func readName(f url.Values) (control.ApplicationChange, error) {
	return control.ApplicationChange{Name: new(f.Get("name"))}, nil
}

func readVariants(f url.Values) (control.ApplicationChange, error) {
	list := f["variant"]
	return control.ApplicationChange{Variants: &list}, nil
}

// changeProfile changes the profile of an application. The variants that the other profile does not have are off from then on.
func (c *console) changeProfile(v *visit) error {
	a, err := c.Plane.Application(v.r.Context(), v.r.PathValue("application"))
	if err == nil {
		change := control.ApplicationChange{Profile: new(v.r.PostForm.Get("profile"))}
		if kept := slices.DeleteFunc(slices.Clone(a.Variants), func(name string) bool {
			known, _ := variant.Named(name)
			return known.Profile != *change.Profile
		}); len(kept) < len(a.Variants) && slices.ContainsFunc(profiles(), func(p choice) bool { return p.ID == *change.Profile }) {
			change.Variants = &kept
		}
		_, err = c.Plane.ChangeApplication(v.r.Context(), a.ID, change)
	}
	return c.settle(v, "profile", err, c.showGeneral, applicationPath(a.ID)+"/general#profile", "The profile of the application is saved.")
}

func (c *console) deleteApplication(v *visit) error {
	a, err := c.Plane.Application(v.r.Context(), v.r.PathValue("application"))
	if err == nil {
		err = confirm(v.r.PostForm, a.Name)
	}
	if err == nil {
		err = c.Plane.DeleteApplication(v.r.Context(), a.ID)
	}
	return c.settle(v, "delete", err, c.showGeneral, homePath, "The application is deleted, and its tokens with it.")
}
