package controlapi

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"scimproof/server/control"
)

// New makes the handler of everything below /v1/. The document needs no token.
func New(plane *control.Plane, token *control.AdminToken, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	for path, methods := range every(plane) {
		mux.Handle(path, methods.handler(log))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, log, &control.Error{Status: http.StatusNotFound, Code: "PathNotFound", Message: "Nothing is served at this path; check its spelling."})
	})
	closed := Guarded(mux, token, log)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == documentPath {
			mux.ServeHTTP(w, r)
			return
		}
		closed.ServeHTTP(w, r)
	})
}

// every is the routes of all nouns.
func every(plane *control.Plane) routes {
	all := routes{}
	for _, noun := range []routes{
		instances(plane), organizations(plane), fields(plane), applications(plane), tokens(plane), choices(), resources(plane), clock(plane.TestClock),
		calls(plane.Calls), document(),
	} {
		maps.Copy(all, noun)
	}
	return all
}

// TooManyWrongTokens is the code of a refusal that only a wrong token gets.
const TooManyWrongTokens = "TooManyWrongTokens"

// Guarded lets the bearer of a token pass, and refuses everyone else: with 401, and with 429 a wrong token that comes too soon after others. The
// name of the scheme is compared without regard to case (RFC 9110 section 11.1).
func Guarded(next http.Handler, token *control.AdminToken, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := bearer(r)
		right, wait := token.Check(given)
		switch {
		case right:
			next.ServeHTTP(w, r)
		case wait > 0:
			w.Header().Set("Retry-After", strconv.Itoa(wait))
			refuse(w, log, &control.Error{
				Status: http.StatusTooManyRequests, Code: TooManyWrongTokens,
				Message: fmt.Sprintf("This is not the admin token, and too many wrong ones came of late; send the right one, which always passes, or try again in %d s.", wait),
			})
		default:
			if given != "" {
				log.Warn("a wrong admin token was refused", "from", r.RemoteAddr)
			}
			w.Header().Set("WWW-Authenticate", `Bearer realm="admin"`)
			refuse(w, log, &control.Error{
				Status: http.StatusUnauthorized, Code: "Unauthorized", Message: "This address needs the admin token; send it as a bearer token.",
			})
		}
	})
}

// bearer is the token that a request brings, or "".
func bearer(r *http.Request) string {
	scheme, given, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(given)
}

// routes are the paths of a noun.
type routes map[string]methods

// methods are what a path answers to.
type methods map[string]endpoint

// allow lists them for a client. HEAD is GET without the body, which net/http leaves out.
func (m methods) allow() string {
	names := slices.Collect(maps.Keys(m))
	if m["GET"] != nil {
		names = append(names, "HEAD")
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func (m methods) handler(log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		do := m[method]
		if do == nil {
			w.Header().Set("Allow", m.allow())
			refuse(w, log, &control.Error{
				Status: http.StatusMethodNotAllowed, Code: "MethodNotAllowed", Message: "This path does not answer to that method; use one of " + m.allow() + ".",
			})
			return
		}
		status, body, err := do(w, r)
		stream, ok := body.(streamed)
		if ok && err == nil {
			err = stream(w)
		}
		switch {
		case err != nil:
			refuse(w, log, err)
		case !ok:
			send(w, status, body)
		}
	})
}
