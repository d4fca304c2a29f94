package check

import (
	"context"
	"fmt"
	"net/http"

	"scimproof/reports/result"
	"scimproof/simulator/cleanup"
	"scimproof/simulator/client"
)

// Means are what a run is given beside the base URL of the target and its token. The zero value is nothing more.
type Means struct {
	Control   *client.Client // of a control API (docs/control.md), or nil
	TestClock bool           // that API moves the server's clock
	Second    client.Secret  // a second token of the target's application
	Expired   client.Secret  // a token of the target's application that has expired
	Rotate    Rotate         // issues and ends a second token, or nil
}

// Rotate issues a second token of the target's application, or ends the one that it issued last.
type Rotate interface {
	Issue(ctx context.Context) (client.Secret, error)
	Retire(ctx context.Context, token client.Secret) error
}

// offers says whether a run was given something.
func (m Means) offers(n Need) (Offer, string) {
	given := map[Need]bool{
		Control:      m.Control != nil,
		TestClock:    m.Control != nil && m.TestClock,
		SecondToken:  m.Control != nil || m.Rotate != nil || m.Second != "",
		Rotation:     m.Control != nil || m.Rotate != nil,
		ExpiredToken: m.Control != nil && m.TestClock || m.Expired != "",
	}
	if given[n] {
		return Offered, "the run was given it"
	}
	return Withheld, map[Need]string{
		Control:      "it takes the control API, whose address --control gives",
		TestClock:    "it takes a control API that moves the server's clock, which --control gives and serve --test-clock has",
		SecondToken:  "it takes a second token of the application, which --control, --rotate-command or --second-token-env gives",
		Rotation:     "it takes a second token of the application that can be ended, which --control or --rotate-command gives",
		ExpiredToken: "it takes an expired token of the application, which --expired-token-env gives, or --control where the server has a test clock",
	}[n]
}

// Plane is a T that speaks with the control API: paths are below its address, and what it answers is evidence as any other.
func (t *T) Plane() *T {
	if t.Means.Control == nil {
		t.NA("the run was given no control API")
	}
	plane := t.beside(t.Means.Control)
	plane.made = &cleanup.Tracker{} // nothing there is a SCIM resource
	return plane
}

// As is a T that brings another token to the same application.
func (t *T) As(token client.Secret) *T {
	other := t.At(t.BaseURL, token)
	other.made = t.made
	return other
}

// At is a T for another application of the same server, with what the target says about itself. What it makes there is not tracked: who
// made the application removes it with all that it holds.
func (t *T) At(baseURL string, token client.Secret) *T {
	c, err := t.env.Client.At(baseURL, token)
	if err != nil {
		t.Block("the base URL %q of the application cannot be used: %v", baseURL, err)
	}
	t.Later(func(context.Context) []result.Residue { c.Close(); return nil })
	other := t.beside(c)
	other.made = &cleanup.Tracker{}
	target := *t.Target
	target.BaseURL, target.Authenticated = c.BaseURL(), true
	other.Target = &target
	return other
}

// Aside is a T to which being refused is an answer like others, where the question is who is let in.
func (t *T) Aside() *T { return t.beside(t.client) }

// beside is a T for another client.
func (t *T) beside(c *client.Client) *T {
	other := *t
	other.client, other.aside = c, true
	return &other
}

// Later has something done after the body, whatever became of that, the last first. What it could not remove it returns.
func (t *T) Later(do func(context.Context) []result.Residue) {
	t.trace.later = append(t.trace.later, do)
}

// DeleteLater has something deleted after the body.
func (t *T) DeleteLater(path string) {
	c := t.client
	t.Later(func(ctx context.Context) []result.Residue {
		a, err := c.Do(ctx, client.Request{Method: http.MethodDelete, Path: path})
		switch {
		case err != nil:
			return []result.Residue{{Location: c.BaseURL() + path, Reason: err.Error()}}
		case a.Status >= 300 && a.Status != http.StatusNotFound && a.Status != http.StatusGone:
			return []result.Residue{{Location: c.BaseURL() + path, Reason: fmt.Sprintf("DELETE answered %d", a.Status)}}
		}
		return nil
	})
}
