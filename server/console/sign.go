package console

import (
	"fmt"
	"net/http"
	"strconv"
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
	given := r.PostForm.Get("token")
	if right, wait := c.Token.Check(given); !right {
		if given != "" && wait == 0 { // who sends none is not braked, and must not fill the log
			c.Log.Warn("a sign-in to the console was refused", "from", r.RemoteAddr)
		}
		c.refuseSignIn(w, wait)
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

// refuseSignIn answers to a wrong token; one that came too soon after others is told how many seconds to wait.
func (c *console) refuseSignIn(w http.ResponseWriter, wait int) {
	status, why := http.StatusUnauthorized, "This is not the admin token; copy it whole from where the server was started."
	if wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(wait))
		status = http.StatusTooManyRequests
		why = fmt.Sprintf("This is not the admin token, and too many wrong ones came of late. Copy the right one whole from where the server was started: it always opens. "+
			"Else wait %d s.", wait)
	}
	c.render(w, status, "sign-in", page{Title: "Sign in", Body: why})
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
