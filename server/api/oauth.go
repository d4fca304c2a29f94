package api

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"

	"scimproof/server/control"
	"scimproof/server/store"
)

// maxTokenRequest is how many bytes a request for an access token may have.
const maxTokenRequest = 16 << 10

// tokenAnswer is an access token as the client gets it (RFC 6749 section 5.1); expires_at is the product's own.
type tokenAnswer struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int64  `json:"expires_in"` // seconds
	ExpiresAt   int64  `json:"expires_at"` // seconds since 1970
	Scope       string `json:"scope,omitempty"`
}

// tokenRefusal is why there is none (RFC 6749 section 5.2).
type tokenRefusal struct {
	status      int
	Code        string `json:"error"`
	Description string `json:"error_description"`
}

func (e *tokenRefusal) Error() string { return e.Code + ": " + e.Description }

func badTokenRequest(description string) error {
	return &tokenRefusal{http.StatusBadRequest, "invalid_request", description}
}

// issue answers at the token endpoint of an application: a client secret is exchanged for an access token (RFC 6749 section 4.4). Its
// answers are no SCIM messages.
func (c *call) issue(instance, application string) {
	h := c.w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
	answer, err := c.exchange(instance, application)
	if err == nil {
		c.writeToken(http.StatusOK, answer)
		return
	}
	var refusal *tokenRefusal
	if !errors.As(err, &refusal) {
		known := c.explain(c.r, err)
		refusal = &tokenRefusal{known.Status, "server_error", known.Detail}
	}
	if refusal.status == http.StatusUnauthorized && c.r.Header.Get("Authorization") != "" {
		h.Set("WWW-Authenticate", `Basic realm="scim", charset="UTF-8"`)
	}
	c.writeToken(refusal.status, refusal)
}

func (c *call) writeToken(status int, body any) {
	data, err := json.Marshal(body)
	if err != nil {
		panic(err) // strings and numbers of our own always encode
	}
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(status)
	c.w.Write(data) // the client may have gone; nobody is left to tell
}

func (c *call) exchange(instance, application string) (answer tokenAnswer, err error) {
	if c.r.Method != http.MethodPost {
		c.w.Header().Set("Allow", http.MethodPost)
		return answer, &tokenRefusal{http.StatusMethodNotAllowed, "invalid_request", "Ask for a token with POST."}
	}
	form, err := c.tokenForm()
	if err != nil {
		return answer, err
	}
	switch form.Get("grant_type") {
	case "client_credentials":
	case "":
		return answer, badTokenRequest("grant_type is missing; send client_credentials.")
	default:
		return answer, &tokenRefusal{http.StatusBadRequest, "unsupported_grant_type", "Only the grant_type client_credentials is supported."}
	}
	if err := c.identify(instance, application, form); err != nil {
		return answer, err
	}
	return c.grant()
}

// grant issues a token to the client that the call is known to come from.
func (c *call) grant() (answer tokenAnswer, err error) {
	app := c.app.Application
	switch {
	case !app.Enabled:
		return answer, &tokenRefusal{http.StatusBadRequest, "unauthorized_client", "The application is disabled; enable it to go on."}
	case !app.APIEnabled:
		return answer, &tokenRefusal{http.StatusBadRequest, "invalid_grant", "The IDaaS API of the application is off; turn it on to go on."}
	}
	value, expires, err := c.plane().NewAccessToken(c.r.Context(), c.token)
	return tokenAnswer{value, "Bearer", int64(control.AccessTokenLifetime.Seconds()), expires.Unix(), strings.Join(app.Permissions, " ")}, err
}

// tokenForm reads the parameters of a request for a token. They come in the body, each once; what is in the address does not count, since
// addresses are logged on the way.
func (c *call) tokenForm() (url.Values, error) {
	mt, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || mt != "application/x-www-form-urlencoded" {
		return nil, badTokenRequest("Send the parameters in a body of type application/x-www-form-urlencoded.")
	}
	data, err := io.ReadAll(c.limited(maxTokenRequest))
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		return nil, &tokenRefusal{http.StatusRequestEntityTooLarge, "invalid_request", "The body is larger than 16 KiB; send only what a token needs."}
	case err != nil:
		return nil, badTokenRequest("The body could not be read to its end.")
	}
	form, err := url.ParseQuery(string(data))
	if err != nil {
		return nil, badTokenRequest("The body is no form; encode each name and value.")
	}
	for _, values := range form {
		if len(values) > 1 {
			return nil, badTokenRequest("A parameter is there twice; send each once.")
		}
	}
	return form, nil
}

// identify finds the application that the address names, and demands that the request comes from it. Which of the ways its credentials
// are wrong stays our secret.
func (c *call) identify(instance, application string, form url.Values) error {
	id, secret, err := credentials(c.r, form)
	if err != nil {
		return err
	}
	unknown := &tokenRefusal{http.StatusUnauthorized, "invalid_client", "The client is not known here: client_id is the id of the application that this address belongs to, client_secret one of its live client secrets."}
	found, err := c.find(instance, application, control.Digest(secret))
	if errors.Is(err, store.ErrNotFound) {
		return unknown
	}
	if err != nil {
		return err
	}
	if err := c.take(found); err != nil {
		return err
	}
	app := c.app.Application
	if withPrefix("app_", id) != app.ID || !c.plane().Opens(c.token, control.ClientSecret, app.ID, secret) {
		return unknown
	}
	return nil
}

// credentials reads who the client is, from the Authorization header or else from the form (RFC 6749 section 2.3.1).
func credentials(r *http.Request, form url.Values) (id, secret string, err error) {
	if r.Header.Get("Authorization") == "" {
		return form.Get("client_id"), form.Get("client_secret"), nil
	}
	if form.Get("client_secret") != "" {
		return "", "", badTokenRequest("The client secret is in the Authorization header and in the body; send it in one of them.")
	}
	name, password, _ := r.BasicAuth() // what is no Basic scheme is nobody's name
	id, err1 := url.QueryUnescape(name)
	secret, err2 := url.QueryUnescape(password)
	if err1 != nil || err2 != nil {
		return "", "", nil // as with any that is unknown
	}
	if other := form.Get("client_id"); other != "" && withPrefix("app_", other) != withPrefix("app_", id) {
		return "", "", badTokenRequest("client_id is another one in the body than in the Authorization header; send the same or leave it out of the body.")
	}
	return id, secret, nil
}
