package console

import (
	"net/http"

	"scimproof/server/control"
)

const cookieName = "scimproof_console"

func (c *console) askToken(w http.ResponseWriter, r *http.Request) {
	c.render(w, http.StatusOK, "sign-in", page{Title: "Sign in"})
}

// signIn opens a session for who has the admin token. Its form needs no CSRF token: who could forge it has the admin token.
func (c *console) signIn(w http.ResponseWriter, r *http.Request) {
	if !c.readForm(w, r) {
		return
	}
	if !control.SameSecret(r.PostForm.Get("token"), c.Token) {
		c.Log.Warn("a sign-in to the console was refused", "from", r.RemoteAddr)
		c.render(w, http.StatusUnauthorized, "sign-in", page{
			Title: "Sign in", Body: "This is not the admin token; copy it whole from where the server was started.",
		})
		return
	}
	id, err := c.sessions.begin()
	if err != nil {
		c.fail(w, r, "", err)
		return
	}
	setCookie(w, r, id, 0)
	http.Redirect(w, r, homePath, http.StatusSeeOther)
}

func (c *console) signOut(v *visit) error {
	c.sessions.end(v.id)
	setCookie(v.w, v.r, "", -1)
	http.Redirect(v.w, v.r, signInPath, http.StatusSeeOther)
	return nil
}

func setCookie(w http.ResponseWriter, r *http.Request, id string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: id, Path: "/console", MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil,
	})
}
