package console

import (
	"errors"
	"net/http"
	"net/url"

	"scimproof/server/control"
	"scimproof/server/store"
)

const anAccount = anApplication + "/tokens/{token}/account"

func (c *console) accountRoutes() routes {
	return routes{
		"GET " + anAccount:  view(c.showAccount).page,
		"POST " + anAccount: c.bindToken,
	}
}

// accountPage says for which account a token speaks at /Me, and has the accounts of the application, page by page, to choose another.
type accountPage struct {
	resourcesPage
	Token   tokenRow
	What    string // bearer token or client secret
	Back    string // to the page with the token
	Account []choice
}

// Me says whether the application has a /Me.
func (p accountPage) Me() bool { return hasMe(p.Application.Profile) }

func hasMe(profile string) bool { return profile == "rfc" }

// holder is the account that a token is bound to, as pages show it.
type holder struct {
	Name string
	Path string // of its page; "" where the application does not see it
}

// holders names the accounts that tokens of an application are bound to.
func (c *console) holders(v *visit, h head, rows []tokenRow) error {
	for i, row := range rows {
		rows[i].Me = hasMe(h.Application.Profile) || row.Account != ""
		if row.Account == "" {
			continue
		}
		raw, err := c.one(v, users, row.Account)
		if nowhereToBeSeen(err) {
			rows[i].Holder = holder{Name: row.Account}
			continue
		}
		if err != nil {
			return err
		}
		account, err := readRow(raw)
		if err != nil {
			return err
		}
		rows[i].Holder = holder{account.label(), h.Path + users.path + "/" + url.PathEscape(account.ID)}
	}
	return nil
}

// nowhereToBeSeen tells that an account is not there from a look that failed.
func nowhereToBeSeen(err error) bool {
	reason := (*control.Error)(nil)
	return errors.As(err, &reason) && reason.Status == http.StatusNotFound
}

// label is what a resource is called.
func (r resourceRow) label() string {
	if r.Display != "" {
		return r.Display
	}
	return r.Name
}

func (c *console) showAccount(v *visit, f refusal) error {
	t, err := c.tokenOf(v, v.r.PathValue("token"))
	if err != nil {
		return err
	}
	of := placeOf(t.Kind)
	h, err := c.head(v, of.tab, f)
	if err != nil {
		return err
	}
	own := rows([]store.Token{t}, t.Kind, c.Plane.Clock())
	if err := c.holders(v, h, own); err != nil {
		return err
	}
	values := v.r.URL.Query()
	q := readQuery(values)
	q.Filter = ""
	list, err := c.look(v, users, q)
	if err != nil {
		if f, err = refused("browse", err, values); err != nil {
			return err
		}
		h.Refusal = f
	}
	p := accountPage{
		resourcesPage: resourcesPage{head: h, Query: q, Self: h.Path + "/tokens/" + url.PathEscape(t.ID) + "/account", Total: list.Total},
		Token:         own[0], What: of.name, Back: h.Path + of.tab + of.at,
	}
	on := f.Entered("account", "account", t.Account)
	for _, raw := range list.Resources {
		row, err := readRow(raw)
		if err != nil {
			return err
		}
		p.Rows = append(p.Rows, row)
		p.Account = append(p.Account, choice{row.ID, row.label(), row.ID == on})
	}
	p.turn()
	return c.show(v, f.status(), "account", "Account of a "+p.What, p)
}

// bindToken binds a token to an account that the application sees, or to none.
func (c *console) bindToken(v *visit) error {
	t, err := c.tokenOf(v, v.r.PathValue("token"))
	if err != nil {
		return err
	}
	of := placeOf(t.Kind)
	account, notice := "", "The "+of.name+" is bound to no account any more."
	switch v.r.PostForm.Get("do") {
	case "unbind":
	case "bind":
		account, notice = v.r.PostForm.Get("account"), "The "+of.name+" is bound to the account."
		if account == "" {
			err = problem(http.StatusBadRequest, "InvalidParameter.AccountId", "No account is chosen; choose one, or search for its name.")
			break
		}
		if _, err = c.one(v, users, account); nowhereToBeSeen(err) {
			err = problem(http.StatusNotFound, "ResourceNotFound.User", "The application sees no such account; choose one of these, or search for its name.")
		}
	default:
		err = problem(http.StatusBadRequest, "InvalidParameter.Status", "A token can be bound and unbound; use one of the buttons.")
	}
	if err == nil {
		err = c.Plane.BindToken(v.r.Context(), t.ID, account)
	}
	return c.settle(v, "account", err, c.showAccount, applicationPath(t.Application)+of.tab+of.at, notice)
}
