package scim

import (
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// The URNs of the messages of /Bulk (RFC 7644 section 3.7).
const (
	BulkRequestSchema  = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
	BulkResponseSchema = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
)

// BulkRequest is a BulkRequest message.
type BulkRequest struct {
	FailOnErrors int // so many errors end it; 0 where the client did not say
	Operations   []BulkOperation
}

// BulkOperation is one operation of a BulkRequest as the client wrote it. What it did not write is empty.
type BulkOperation struct {
	Method, Path, BulkID, Version string
	Data                          []byte // JSON
}

// DecodeBulk reads a BulkRequest from a stream. Nothing is said about an operation alone: one that is wrong fails by itself, later.
// The error is a 400 where the message cannot be understood, a 413 where it has more operations than are allowed, or that of the stream.
func DecodeBulk(stream io.Reader, allowed int) (BulkRequest, error) {
	source := &source{Reader: stream}
	m := bulkMessage{
		parser:  parser{dec: jsontext.NewDecoder(source, jsontext.AllowDuplicateNames(true))},
		allowed: allowed,
		bulkIDs: map[string]bool{},
	}
	if err := m.read(); err != nil {
		if source.err != nil {
			err = source.err
		}
		return BulkRequest{}, err
	}
	return m.request, nil
}

// source is a stream that remembers how it broke.
type source struct {
	io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// bulkMessage is a BulkRequest as far as it is read.
type bulkMessage struct {
	parser
	request BulkRequest
	allowed int
	isBulk  bool
	bulkIDs map[string]bool
}

func (m *bulkMessage) read() error {
	if m.dec.PeekKind() != '{' {
		if err := m.skip(); err != nil {
			return err
		}
		return Bad(InvalidSyntax, "The body is a JSON object: a BulkRequest message.")
	}
	if err := m.object(m.member); err != nil {
		return err
	}
	if err := m.end(); err != nil {
		return err
	}
	if !m.isBulk {
		return Bad(InvalidSyntax, "schemas must be there and list %s.", BulkRequestSchema)
	}
	if len(m.request.Operations) == 0 {
		return Bad(InvalidSyntax, "Operations must be there and hold at least one operation.")
	}
	return nil
}

func (m *bulkMessage) member(name []byte) (err error) {
	kind := m.dec.PeekKind()
	switch {
	case sameName(name, "schemas") && kind == '[':
		return m.array(maxElements, func() error {
			v, err := m.any()
			urn, _ := v.(string)
			m.isBulk = m.isBulk || sameName(urn, BulkRequestSchema)
			return err
		})
	case sameName(name, "failOnErrors") && kind != 'n':
		m.request.FailOnErrors, err = m.failOnErrors()
		return err
	case !sameName(name, "Operations"):
		return m.skip()
	case kind != '[':
		if err := m.skip(); err != nil {
			return err
		}
		return Bad(InvalidSyntax, "Operations is an array of operations.")
	}
	return m.array(math.MaxInt, m.operation)
}

// failOnErrors reads how many errors end the request. 0 is refused: some mean by it at the first error, and others never.
func (m *bulkMessage) failOnErrors() (int, error) {
	v, err := m.any()
	if err != nil {
		return 0, err
	}
	text, _ := v.(Number)
	n, err := strconv.ParseInt(string(text), 10, 32)
	if err != nil || n < 1 {
		return 0, Bad(InvalidValue, "failOnErrors is a whole number of errors, 1 or more; leave it out to go on whatever fails.")
	}
	return int(n), nil
}

func (m *bulkMessage) operation() error {
	if len(m.request.Operations) == m.allowed {
		return Refuse(http.StatusRequestEntityTooLarge,
			"The request has more operations than maxOperations (%d) allows; send them in several requests.", m.allowed)
	}
	if m.dec.PeekKind() != '{' {
		if err := m.skip(); err != nil {
			return err
		}
		return Bad(InvalidSyntax, "An operation is a JSON object with method, path, bulkId and data.")
	}
	var op BulkOperation
	err := m.object(func(name []byte) (err error) {
		switch {
		case sameName(name, "method"):
			op.Method, err = m.textOf(name)
		case sameName(name, "path"):
			op.Path, err = m.textOf(name)
		case sameName(name, "bulkId"):
			op.BulkID, err = m.textOf(name)
		case sameName(name, "version"):
			op.Version, err = m.textOf(name)
		case sameName(name, "data"):
			op.Data, err = m.data()
		default:
			err = m.skip()
		}
		return err
	})
	if err != nil {
		return err
	}
	if op.BulkID != "" && m.bulkIDs[op.BulkID] {
		return Bad(InvalidValue, "bulkId %q is there twice; nothing has been carried out, since a reference to it could mean either.", Excerpt(op.BulkID))
	}
	m.bulkIDs[op.BulkID] = true
	m.request.Operations = append(m.request.Operations, op)
	return nil
}

// data reads what an operation carries; null is nothing.
func (m *bulkMessage) data() ([]byte, error) {
	if m.dec.PeekKind() == 'n' {
		return nil, m.skip()
	}
	return m.raw()
}

// Target finds the resource type that an operation is about and, unless it is a POST, the id of the resource, which may be a reference.
// The error says why the operation cannot be carried out; a type and id that could be read come with it.
func (op BulkOperation) Target(r *Registry) (rt *ResourceType, id string, err error) {
	segments, err := op.segments()
	if err != nil {
		return nil, "", err
	}
	if rt = r.Endpoint("/" + segments[0]); rt == nil {
		return nil, "", Refuse(http.StatusNotFound, "path %q leads nowhere; /ResourceTypes lists the endpoints.", Excerpt(op.Path))
	}
	if len(segments) == 2 {
		id = segments[1]
	}
	creates := op.Method == http.MethodPost
	switch op.Method {
	case "":
		return rt, id, Bad(InvalidSyntax, "An operation has a method: POST, PUT, PATCH or DELETE.")
	case http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
	default:
		return rt, id, Refuse(http.StatusMethodNotAllowed, "The method of an operation is POST, PUT, PATCH or DELETE, not %q.", Excerpt(op.Method))
	}
	switch {
	case creates && id != "":
		return rt, id, Refuse(http.StatusMethodNotAllowed, "POST takes the path of an endpoint, such as %s, without an id.", rt.Endpoint)
	case !creates && id == "":
		return rt, id, Refuse(http.StatusMethodNotAllowed, "%s takes the path of one resource, such as %s/{id}.", op.Method, rt.Endpoint)
	case creates && op.BulkID == "":
		return rt, id, Bad(InvalidSyntax, "POST needs a bulkId, so that the answer can tell what was made.")
	case op.Method != http.MethodDelete && op.Data == nil:
		return rt, id, Bad(InvalidSyntax, "%s needs data: the body that a request of its own would have.", op.Method)
	}
	return rt, id, nil
}

// segments takes the path apart: an endpoint, and an id or nothing.
func (op BulkOperation) segments() ([]string, error) {
	below, ok := strings.CutPrefix(op.Path, "/")
	segments := strings.Split(strings.TrimSuffix(below, "/"), "/")
	if !ok || strings.ContainsAny(below, "?#") {
		return nil, Bad(InvalidSyntax,
			"path is relative to the base URL and begins with a slash, such as /Users or /Users/{id}, without a query; it is %q.", Excerpt(op.Path))
	}
	if len(segments) > 2 {
		return nil, Refuse(http.StatusNotFound, "path %q leads nowhere; /ResourceTypes lists the endpoints.", Excerpt(op.Path))
	}
	for i, s := range segments {
		var err error
		if segments[i], err = url.PathUnescape(s); err != nil {
			return nil, Bad(InvalidSyntax, "path %q cannot be decoded; percent-encode what is not a letter or digit.", Excerpt(op.Path))
		}
	}
	return segments, nil
}

// Excerpt is the beginning of a text that a client sent, for a message.
func Excerpt(text string) string {
	const shown = 80
	if len(text) <= shown {
		return text
	}
	return strings.ToValidUTF8(text[:shown], "") + "..."
}
