package replay

import (
	"context"
	"fmt"

	"scimproof/reports/result"
	"scimproof/simulator/client"
)

// cleanUp deletes what the scenario left, also after an interruption. What cannot be deleted is returned.
func (p *play) cleanUp(ctx context.Context) []result.Residue {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.cfg.CleanUp)
	defer cancel()
	return p.made.Clean(ctx, p.plain)
}

// plain sends a request of our own, dressed as the client's.
func (p *play) plain(ctx context.Context, r client.Request) (*client.Answer, error) {
	dress := p.scenario.Persona
	r.Auth, r.Header = auth(dress.AuthOf(p.scenario.Form)), fields(dress.Headers)
	answer, err := p.cfg.Doer.Do(ctx, r)
	if err == nil && answer == nil {
		err = fmt.Errorf("no answer")
	}
	return answer, err
}
