package console

import (
	"net/http"
	"slices"

	"scimproof/server/control"
)

func (c *console) rotationRoutes() routes {
	return routes{
		"GET " + anApplication + "/rotation":  view(c.showRotation).page,
		"POST " + anApplication + "/rotation": c.rotate,
	}
}

// The steps of a rotation. What tokens there are decides which one is on.
const (
	issueStep   = iota + 1 // another token
	moveStep               // the traffic to it, and disable the old one
	disableStep            // the old one, which has expired by itself
	deleteStep             // the old one
)

// rotationPage leads from one bearer token to another without a request lost.
type rotationPage struct {
	head
	Step     int
	Old, New *tokenRow // nil where there is none
	Secret   string    // the value of a token that was issued right now
}

// stepOf finds the step that tokens allow, the oldest first, and which of two is to go: one that opens nothing, else the older one.
func stepOf(tokens []tokenRow) (step int, old, latest *tokenRow) {
	switch len(tokens) {
	case 0:
		return issueStep, nil, nil
	case 1:
		return issueStep, &tokens[0], nil
	}
	old, latest = &tokens[0], &tokens[1]
	if old.Status == "enabled" && latest.Status != "enabled" {
		old, latest = latest, old
	}
	switch old.Status {
	case "enabled":
		return moveStep, old, latest
	case "expired":
		return disableStep, old, latest
	default:
		return deleteStep, old, latest
	}
}

func (c *console) showRotation(v *visit, f refusal) error { return c.showRotationWith(v, f, "") }

// showRotationWith shows the page with the value of a token that was issued, if any.
func (c *console) showRotationWith(v *visit, f refusal, secret string) error {
	h, err := c.head(v, "", f)
	if err != nil {
		return err
	}
	tokens, err := c.Plane.Tokens(v.r.Context(), h.Application.ID)
	if err != nil {
		return err
	}
	list := rows(tokens, control.BearerToken, c.Plane.Clock())
	if err := c.holders(v, h, list); err != nil {
		return err
	}
	slices.SortStableFunc(list, func(a, b tokenRow) int { return a.Created.Compare(b.Created) })
	p := rotationPage{head: h, Secret: secret}
	p.Step, p.Old, p.New = stepOf(list)
	return c.show(v, f.status(), "rotation", "Rotate the bearer token of "+h.Application.Name, p)
}

// rotate takes the step that a form asks for.
func (c *console) rotate(v *visit) error {
	path, do := applicationPath(v.r.PathValue("application"))+"/rotation", v.r.PostForm.Get("do")
	if do == "issue" {
		secret, err := c.issue(v, control.BearerToken)
		if err != nil {
			return c.settle(v, "tokens", err, c.showRotation, "", "")
		}
		return c.showRotationWith(v, refusal{}, secret)
	}
	t, err := c.tokenOf(v, v.r.PostForm.Get("token"))
	if err == nil && t.Kind != control.BearerToken {
		err = problem(http.StatusBadRequest, "InvalidParameter.ApplicationTokenType", "This is a client secret; change it under IDaaS API.")
	}
	if err == nil {
		err = c.do(v.r.Context(), t, do)
	}
	notice := map[string]string{
		"disable": "The old token is disabled. If the external system still uses it, enable it again.",
		"enable":  "The token is enabled again.",
		"delete":  "The old token is deleted, and the rotation is done.",
	}[do]
	return c.settle(v, "token", err, c.showRotation, path, notice)
}
