package api

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"scimproof/server/engine"
	"scimproof/server/scim"
)

const scimJSON = "application/scim+json"

// mediaType chooses the type of an answer: application/scim+json, unless the client takes application/json and not that (RFC 7644 section 3.8).
func mediaType(r *http.Request) string {
	accept := strings.Join(r.Header.Values("Accept"), ",")
	plain := false
	for _, part := range strings.Split(accept, ",") {
		mt, _, err := mime.ParseMediaType(part)
		switch {
		case err != nil:
		case mt == scimJSON || mt == "*/*" || mt == "application/*":
			return scimJSON
		case mt == "application/json":
			plain = true
		}
	}
	if plain {
		return "application/json"
	}
	return scimJSON
}

// send writes an answer. HEAD gets the headers alone.
func (c *call) send(res engine.Result) error {
	c.describe(res, res.Body != nil)
	if res.Body == nil {
		c.w.WriteHeader(res.Status)
		return nil
	}
	writeBody(c.w, c.r, res.Status, res.Body)
	return nil
}

// describe sets the headers that tell of a resource. carried says that the answer has it, or would have had it but for a 304.
func (c *call) describe(res engine.Result, carried bool) {
	h := c.w.Header()
	if res.Location != "" {
		// POST tells where the resource is, also where it was there before (rule idem-1); any other answer that carries the resource
		// tells what it is a representation of.
		if c.r.Method == http.MethodPost {
			h.Set("Location", res.Location)
		} else if carried || res.Status == http.StatusNotModified {
			h.Set("Content-Location", res.Location)
		}
	}
	if res.Version != "" && c.app.Profile.Has("etag") {
		h.Set("ETag", res.Version)
	}
}

// maxStreams is how many answers may leave while they are read: a slow client keeps one of the store's readers busy, and others need some.
const maxStreams = 4

// stream sends an answer that do makes. Where it is too large to be held, it leaves in chunks while it is read, without a Content-Length,
// unless there are too many of that kind.
func (c *call) stream(do func(engine.Begin) (engine.Result, error)) error {
	defer func() {
		if c.begun {
			c.streams.Add(-1)
		}
	}()
	res, err := do(func(head engine.Result) io.Writer {
		if c.streams.Add(1) > maxStreams {
			c.streams.Add(-1)
			return nil
		}
		c.begun = true
		c.describe(head, true)
		c.w.Header().Set("Content-Type", mediaType(c.r))
		c.w.WriteHeader(head.Status)
		if c.r.Method == http.MethodHead {
			return io.Discard
		}
		return c.w
	})
	if err != nil || c.begun {
		return err
	}
	return c.send(res)
}

func writeBody(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	w.Header().Set("Content-Type", mediaType(r))
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(body) // the client may have gone; nobody is left to tell
	}
}

// errorBody is the Error message (RFC 7644 section 3.12). Status is a string there.
type errorBody struct {
	Schemas  []string       `json:"schemas"`
	Status   string         `json:"status"`
	ScimType scim.ErrorType `json:"scimType,omitempty"`
	Detail   string         `json:"detail,omitempty"`
}

// errorBodyOf is what a client is told. The correlation id ends the detail, which most clients show to people and keep, unlike a header or a
// member of our own; it begins as ever, with the product's code where there is one (rule mon-2).
func (c *call) errorBodyOf(e *scim.Error) errorBody {
	detail := strings.ToValidUTF8(e.Detail, "\uFFFD")
	if c.correlation != "" {
		detail = strings.TrimSpace(detail + " (correlation id " + c.correlation + ")")
	}
	return errorBody{[]string{scim.ErrorSchema}, strconv.Itoa(e.Status), e.Type, detail}
}

func (c *call) writeError(e *scim.Error) {
	body, err := json.Marshal(c.errorBodyOf(e))
	if err != nil {
		panic(err) // a string that is valid UTF-8 always encodes
	}
	c.errorBody = body
	writeBody(c.w, c.r, e.Status, body)
}

// acceptable refuses a body that does not say it is JSON.
func (c *call) acceptable() error {
	ct := c.r.Header.Get("Content-Type")
	if ct == "" {
		return nil
	}
	mt, params, err := mime.ParseMediaType(ct)
	charset := strings.ToLower(params["charset"])
	if err != nil || mt != scimJSON && mt != "application/json" || charset != "" && charset != "utf-8" {
		return scim.Refuse(http.StatusUnsupportedMediaType, "Send the body as application/scim+json in UTF-8, not as %q.", ct)
	}
	return nil
}

// bodyLimit is how many bytes a resource of a type may be sent in.
func (c *call) bodyLimit(rt *scim.ResourceType) int64 {
	if rt.Linked != "" {
		return c.Limits.GroupBody
	}
	return c.Limits.Body
}

func tooLarge(limit int64) error {
	return scim.Refuse(http.StatusRequestEntityTooLarge, "The body is larger than %d bytes; send less at a time.", limit)
}

// resourceBody reads what a write carries, within the limit.
func (c *call) resourceBody(rt *scim.ResourceType) ([]byte, error) { return c.read(c.bodyLimit(rt)) }

// read reads the body of a request that carries JSON.
func (c *call) read(limit int64) ([]byte, error) {
	if err := c.acceptable(); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(c.limited(limit))
	c.body = data
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		return nil, tooLarge(limit)
	case err != nil:
		return nil, scim.Refuse(http.StatusBadRequest, "The body could not be read to its end.")
	}
	return data, nil
}
