// Package interop runs SCIM servers that others wrote, so that tests can judge them: the folders of fixtures/targets.
//
// A folder holds a small main program, the pinned versions of all that it needs, and nothing of ours. The program serves SCIM on the PORT and
// with the SCIM_TOKEN of its environment, and its first line on standard output says where. To add a target, add its folder; where it is
// neither Node.js nor Python, add a kind of its own to kind.go.
package interop

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"path/filepath"
	"time"
)

// Target is a server that runs until it is stopped.
type Target struct {
	BaseURL string
	Token   string

	process *process
}

// Start serves the target whose folder is source, on a port and with a token of its own. What it needs is installed below cache, once for each
// version of the folder. The target ends with ctx, or earlier with Stop. A *Missing says that this machine cannot run the target.
func Start(ctx context.Context, source, cache string) (*Target, error) {
	name := filepath.Base(source)
	kind, err := kindOf(source)
	if err != nil {
		return nil, err
	}
	dir, err := install(ctx, kind, source, cache)
	if err != nil {
		return nil, fmt.Errorf("install %s: %w", name, err)
	}
	t := &Target{Token: rand.Text()}
	if t.process, err = run(ctx, kind.command(dir), "PORT=0", "SCIM_TOKEN="+t.Token); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	if err := t.ready(ctx); err != nil {
		t.Stop()
		return nil, fmt.Errorf("start %s: %w%s", name, err, t.process.lastWords())
	}
	return t, nil
}

// Stop ends the process and returns when it is gone. It may be called again.
func (t *Target) Stop() { t.process.stop() }

// ready waits until the target has said where it serves, and answers there.
func (t *Target) ready(ctx context.Context) error {
	var err error
	if t.BaseURL, err = t.process.address(ctx); err != nil {
		return err
	}
	for {
		err := t.ask(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-t.process.ended:
			return errEnded
		case <-ctx.Done():
			return fmt.Errorf("it does not answer: %w", err)
		}
	}
}

func (t *Target) ask(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, t.BaseURL+"/ServiceProviderConfig", nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+t.Token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s answers %s", req.URL, resp.Status)
	}
	return nil
}
