package client

import (
	"fmt"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	"scimproof/reports/result"
)

// Auth is how a request presents the client's token.
type Auth int

// The ways. Without a token nothing is sent, whatever the way.
const (
	AuthBearer Auth = iota // "Bearer " and the token
	AuthNone               // no Authorization
	AuthRaw                // the token alone, without a scheme
	AuthFolded             // "bearer " and the token: the name of a scheme has no case (RFC 9110 section 11.1)
)

// Request is what goes over the wire.
//
// Where Header has none, Accept and (with a body) Content-Type are application/scim+json, and User-Agent is that of the Config.
// One of these three with an empty value means that none is sent.
type Request struct {
	Method string
	Path   string // below the base URL, escaped; empty or starting with "/"
	Query  string // escaped, byte for byte, without the question mark
	Header []result.Header
	Body   []byte // nil for none
	Auth   Auth

	// Authorization is sent as it stands in place of the client's token, unless it is empty.
	Authorization string
}

// Answer is what came back.
type Answer struct {
	Status   int
	Header   http.Header
	Body     []byte // decoded, where the target compressed it
	Exchange result.Exchange
}

// MediaType is that of SCIM messages (RFC 7644 section 3.1).
const MediaType = "application/scim+json"

// Fields that net/http writes by itself. A request that needs another framing is one for Raw.
var framing = []string{"Content-Length", "Transfer-Encoding", "Trailer"}

// target is the request line's: the path on the server, with the query.
func (c *Client) target(r *Request) (string, error) {
	if r.Path != "" && r.Path[0] != '/' {
		return "", fmt.Errorf("client: path %q does not start with /", r.Path)
	}
	if i := strings.IndexFunc(r.Path, outside("?#")); i >= 0 {
		return "", fmt.Errorf("client: path %q: byte %d is not escaped", r.Path, i)
	}
	if i := strings.IndexFunc(r.Query, outside("#")); i >= 0 {
		return "", fmt.Errorf("client: query %q: byte %d is not escaped", r.Query, i)
	}
	target := c.base.EscapedPath() + r.Path
	if target == "" {
		target = "/"
	}
	if strings.HasPrefix(target, "//") {
		return "", fmt.Errorf("client: path %q starts with two slashes, which names a host; send it with Raw", r.Path)
	}
	if r.Query != "" {
		target += "?" + r.Query
	}
	return target, nil
}

// outside tells what cannot stand in a part of a request line: white space, control characters, and what would end the part.
func outside(delimiters string) func(rune) bool {
	return func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(delimiters, r) }
}

// fields are the header fields in the order in which they were given, defaults behind them, without Host and Content-Length.
func (c *Client) fields(r *Request) ([]result.Header, error) {
	var out []result.Header
	given := map[string]bool{}
	for _, h := range r.Header {
		name := textproto.CanonicalMIMEHeaderKey(h.Name)
		if slices.Contains(framing, name) {
			return nil, fmt.Errorf("client: %s follows from the body; send other framing with Raw", name)
		}
		if h.Name == "" || strings.ContainsFunc(h.Name, separator) || strings.ContainsFunc(h.Value, control) {
			return nil, fmt.Errorf("client: header %q cannot be sent as it stands; send it with Raw", h.Name)
		}
		given[name] = true
		if h.Value == "" && (name == "User-Agent" || name == "Accept" || name == "Content-Type") {
			continue
		}
		out = append(out, h)
	}
	add := func(name, value string) {
		if value != "" && !given[name] {
			out = append(out, result.Header{Name: name, Value: value})
		}
	}
	add("User-Agent", c.userAgent)
	add("Accept", c.media)
	if r.Body != nil {
		add("Content-Type", c.media)
	}
	add("Authorization", c.authorization(r))
	return out, nil
}

func control(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }
func separator(r rune) bool {
	return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
}

func (c *Client) authorization(r *Request) string {
	token := c.token.Reveal()
	switch {
	case r.Authorization != "":
		return r.Authorization
	case token == "" || r.Auth == AuthNone:
		return ""
	case r.Auth == AuthRaw:
		return token
	case r.Auth == AuthFolded:
		return "bearer " + token
	}
	return "Bearer " + token
}

// httpHeader gives the fields in the form in which net/http sends them as they are spelled.
func httpHeader(fields []result.Header) (header http.Header, host string) {
	header = http.Header{"User-Agent": {""}} // an empty one keeps net/http from sending its own
	for _, h := range fields {
		switch name := textproto.CanonicalMIMEHeaderKey(h.Name); name {
		case "Host":
			host = h.Value
		case "User-Agent":
			header[name] = []string{h.Value}
		default:
			header[h.Name] = append(header[h.Name], h.Value)
		}
	}
	return header, host
}

// Bytes are those of a request as Do would send it, for checks that break them and send them with Raw.
// They hold the token.
func (c *Client) Bytes(r Request) ([]byte, error) {
	target, err := c.target(&r)
	if err != nil {
		return nil, err
	}
	fields, err := c.fields(&r)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(fields, func(h result.Header) bool { return strings.EqualFold(h.Name, "Host") }) {
		fields = append([]result.Header{{Name: "Host", Value: c.base.Host}}, fields...)
	}
	if len(r.Body) > 0 || r.Method == http.MethodPost || r.Method == http.MethodPut || r.Method == http.MethodPatch {
		fields = append(fields, result.Header{Name: "Content-Length", Value: strconv.Itoa(len(r.Body))})
	}
	var b strings.Builder
	b.WriteString(r.Method + " " + target + " HTTP/1.1\r\n")
	for _, h := range fields {
		b.WriteString(h.Name + ": " + h.Value + "\r\n")
	}
	b.WriteString("\r\n")
	b.Write(r.Body)
	return []byte(b.String()), nil
}
