package main

import (
	"context"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"scimproof/server/control"
)

var tokenColumns = []column{
	{"ID", "applicationTokenId"}, {"KIND", "applicationTokenType"}, {"STATUS", "status"}, {"CREATED", "createTime"}, {"EXPIRES", "expirationTime"},
	{"LAST USED", "lastUsedTime"}, {"ACCOUNT", "accountId"},
}

func tokenCommand(w world) *cobra.Command {
	f := &controlFlags{}
	list := f.command(w, "list APP", "List the tokens of an application", oneArg("application"), func(ctx context.Context, p *plane, args []string) error {
		e, err := p.application(ctx, args[0])
		if err != nil {
			return err
		}
		tokens, err := p.list(ctx, "/v1/applications/"+e.text("applicationId")+"/tokens")
		if err != nil {
			return err
		}
		p.sayExpired(tokens...)
		return p.print(tokenColumns, tokens...)
	})
	change := func(verb, short string, body entity) *cobra.Command {
		return f.command(w, verb+" TOKEN", short, oneArg("token id"), func(ctx context.Context, p *plane, args []string) error {
			var changed entity
			if err := p.do(ctx, http.MethodPatch, "/v1/tokens/"+url.PathEscape(args[0]), body, &changed); err != nil {
				return err
			}
			p.sayExpired(changed)
			return p.show(tokenColumns, changed)
		})
	}
	remove := f.command(w, "delete TOKEN", "Delete a token, which must be disabled", oneArg("token id"), func(ctx context.Context, p *plane, args []string) error {
		return p.do(ctx, http.MethodDelete, "/v1/tokens/"+url.PathEscape(args[0]), nil, nil)
	})
	return noun(f, "token", "Issue, list, disable, bind and delete the tokens of an application", list, addTokenCommand(w, f),
		change("enable", "Enable a token", entity{"status": "enabled"}),
		change("disable", "Disable a token; the only enabled one stays", entity{"status": "disabled"}),
		bindTokenCommand(w, f), remove)
}

// sayExpired has people read of an enabled token whose end has come that it has expired.
func (p *plane) sayExpired(tokens ...entity) {
	for _, t := range tokens {
		if !p.json && t["expired"] == true && t.text("status") == "enabled" {
			t["status"] = "expired"
		}
	}
}

func addTokenCommand(w world, f *controlFlags) *cobra.Command {
	var validity, kind string
	c := f.command(w, "add APP", "Issue a token; its value is printed now and never again", oneArg("application"), func(ctx context.Context, p *plane, args []string) error {
		e, err := p.application(ctx, args[0])
		if err != nil {
			return err
		}
		body := entity{"applicationTokenType": kind}
		if validity != "" {
			body["validity"] = validity
		}
		var made entity
		if err := p.do(ctx, http.MethodPost, "/v1/applications/"+e.text("applicationId")+"/tokens", body, &made); err != nil {
			return err
		}
		return p.show(append([]column{{"TOKEN", "applicationToken"}}, tokenColumns...), made)
	})
	c.Flags().StringVar(&validity, "validity", "P90D", "how long it is valid: P1D to P3Y; P0D for a client_secret without end")
	c.Flags().StringVar(&kind, "kind", control.BearerToken, "bearer_token, or client_secret for the OAuth token endpoint, which app show names; the id of the application is the client_id")
	return c
}

func bindTokenCommand(w world, f *controlFlags) *cobra.Command {
	var account string
	c := f.command(w, "bind TOKEN", "Bind a token to an account, which /Me then stands for", oneArg("token id"), func(ctx context.Context, p *plane, args []string) error {
		var changed entity
		if err := p.do(ctx, http.MethodPatch, "/v1/tokens/"+url.PathEscape(args[0]), entity{"accountId": account}, &changed); err != nil {
			return err
		}
		p.sayExpired(changed)
		return p.show(tokenColumns, changed)
	})
	c.Flags().StringVar(&account, "account", "", "id of the account, or empty for none")
	return c
}
