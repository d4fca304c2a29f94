package api

import (
	"context"

	"scimproof/server/engine"
	"scimproof/server/scim"
)

type changer func(ctx context.Context, app *engine.App, rt *scim.ResourceType, id string, body []byte, sel scim.Selection, conditions ...engine.Condition) (engine.Result, error)

// change answers a PUT or a PATCH.
func (c *call) change(rt *scim.ResourceType, id string, do changer) error {
	sel, err := c.selection(rt)
	if err != nil {
		return err
	}
	conditions, err := c.conditions()
	if err != nil {
		return err
	}
	body, err := c.resourceBody(rt)
	if err != nil {
		return err
	}
	res, err := do(c.r.Context(), c.app, rt, id, body, sel, conditions...)
	if err != nil {
		return err
	}
	return c.send(res)
}
