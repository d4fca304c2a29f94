package console

import (
	"errors"
	"net/http"

	"scimproof/server/control"
)

const maxForm = 64 << 10 // bytes

// visit is one request of somebody who is signed in.
type visit struct {
	w    http.ResponseWriter
	r    *http.Request
	id   string // of the session
	csrf string
}

// action answers a visit. An error that it returns it has not answered.
type action func(*visit) error

// signedIn lets through who has a session, and of forms only those that the session was given.
func (c *console) signedIn(do action) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{w: w, r: r}
		if cookie, err := r.Cookie(cookieName); err == nil {
			v.id = cookie.Value
		}
		var ok bool
		if v.csrf, ok = c.sessions.csrf(v.id); !ok {
			http.Redirect(w, r, signInPath, http.StatusSeeOther)
			return
		}
		if r.Method == http.MethodPost {
			if !c.readForm(w, r) {
				return
			}
			if !control.SameSecret(r.PostForm.Get("csrf"), v.csrf) {
				c.fail(w, r, v.csrf, problem(http.StatusForbidden, "ForeignForm",
					"This form is not of your session, and nothing has changed; go back, reload the page and send it again."))
				return
			}
		}
		if err := do(v); err != nil {
			c.fail(w, r, v.csrf, err)
		}
	})
}

// readForm reads the form of a request, or answers that it cannot.
func (c *console) readForm(w http.ResponseWriter, r *http.Request) bool {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	err := r.ParseForm()
	if err == nil {
		return true
	}
	refused := problem(http.StatusBadRequest, "InvalidForm",
		"The form cannot be read; reload the page and send it again.")
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		refused = problem(http.StatusRequestEntityTooLarge, "FormTooLarge",
			"The form is larger than 64 KiB; send less.")
	}
	c.fail(w, r, "", refused)
	return false
}

// problem is a refusal of the console itself.
func problem(status int, code, message string) error {
	return &control.Error{Status: status, Code: code, Message: message}
}

// nowhere answers where there is no page.
func nowhere(*visit) error {
	return problem(http.StatusNotFound, "NoSuchPage", "There is no page at this address; go on from the navigation above.")
}

// done sends a visitor who has changed something back to a page, which tells so.
func (c *console) done(v *visit, path, notice string) error {
	c.sessions.tell(v.id, notice)
	http.Redirect(v.w, v.r, path, http.StatusSeeOther)
	return nil
}

// show answers with a page of somebody who is signed in.
func (c *console) show(v *visit, status int, name, title string, body any) error {
	c.render(v.w, status, name, page{
		Title: title, CSRF: v.csrf, Notice: c.sessions.told(v.id), Menu: menu(v.r.URL.Path), Body: body,
	})
	return nil
}

// fail answers with a page that says no more than the error.
func (c *console) fail(w http.ResponseWriter, r *http.Request, csrf string, err error) {
	reason := (*control.Error)(nil)
	if !errors.As(err, &reason) {
		c.Log.Error("the console failed", "error", err)
		reason = &control.Error{
			Status: http.StatusInternalServerError, Code: "InternalError", Message: "The server could not do this; look into its log.",
		}
	}
	p := page{Title: http.StatusText(reason.Status), CSRF: csrf, Body: reason}
	if csrf != "" {
		p.Menu = menu(r.URL.Path)
	}
	c.render(w, reason.Status, "failure", p)
}
