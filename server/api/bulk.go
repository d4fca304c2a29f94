package api

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"scimproof/server/engine"
	"scimproof/server/scim"
)

// bulk answers a POST to /Bulk (RFC 7644 section 3.7): 200 whatever became of the operations, each of which has a status of its own.
func (c *call) bulk() error {
	if len(c.rest) > 1 {
		return c.nowhere()
	}
	if c.r.Method != http.MethodPost {
		return c.wrongMethod(http.MethodPost)
	}
	if err := c.open(); err != nil {
		return err
	}
	req, err := c.bulkRequest()
	if err != nil {
		return err
	}
	c.unhurried()
	explain := func(err error) *scim.Error { return c.explain(c.r, err) }
	results, err := c.Engine.Bulk(c.r.Context(), c.app, req, engine.BulkOptions{Admit: c.admit, Explain: explain})
	if err != nil {
		return err
	}
	c.operations = results
	return c.document(c.bulkResponse(results))
}

// unhurried lifts the deadlines of the connection for what is left of the call. Many operations, each on the disk before the next, may take
// longer than one request is given, and a client that does not hear of what was done would do it again.
func (c *call) unhurried() {
	deadlines := http.NewResponseController(c.w)
	_ = deadlines.SetReadDeadline(time.Time{}) // the body has been read; that one would pass for a client that has gone
	_ = deadlines.SetWriteDeadline(time.Time{})
	// Either fails where the connection has no deadlines, and then there is nothing to lift.
}

// bulkRequest reads the body as a stream, within the limits.
func (c *call) bulkRequest() (scim.BulkRequest, error) {
	if err := c.acceptable(); err != nil {
		return scim.BulkRequest{}, err
	}
	limit := c.Limits.BulkBody
	over := scim.Refuse(http.StatusRequestEntityTooLarge, "The request is larger than maxPayloadSize (%d bytes) allows; send it in parts.", limit)
	if c.r.ContentLength > limit {
		return scim.BulkRequest{}, over
	}
	body := c.limited(limit)
	req, err := scim.DecodeBulk(body, c.Limits.BulkOperations)
	if err == nil {
		return req, nil
	}
	_, rest := io.Copy(io.Discard, body) // a client that is cut off while it sends may never see the answer
	var known *scim.Error
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig) || errors.As(rest, &tooBig):
		return req, over
	case errors.As(err, &known):
		return req, known
	}
	return req, scim.Refuse(http.StatusBadRequest, "The body could not be read to its end.")
}

// admit holds an operation to what a request of its own is held to.
func (c *call) admit(rt *scim.ResourceType, op scim.BulkOperation) error {
	if err := c.granted(rt, op.Method); err != nil {
		return err
	}
	if limit := c.bodyLimit(rt); int64(len(op.Data)) > limit {
		return tooLarge(limit)
	}
	return nil
}

// bulkOperation is an operation of a BulkResponse. Status is a string, as in an Error.
type bulkOperation struct {
	Location string     `json:"location,omitzero"`
	Method   string     `json:"method"`
	BulkID   string     `json:"bulkId,omitzero"`
	Version  string     `json:"version,omitzero"`
	Status   string     `json:"status"`
	Response *errorBody `json:"response,omitzero"`
}

// bulkResponse is the BulkResponse message. What succeeded leaves the response out: the client has sent it, and its location is there.
func (c *call) bulkResponse(results []engine.BulkResult) any {
	operations := make([]bulkOperation, len(results))
	for i, r := range results {
		o := bulkOperation{
			Location: r.Result.Location, Method: r.Operation.Method, BulkID: r.Operation.BulkID,
			Version: r.Result.Version, Status: strconv.Itoa(r.Result.Status),
		}
		if r.Err != nil {
			body := c.errorBodyOf(r.Err)
			o.Status, o.Response = body.Status, &body
		}
		operations[i] = o
	}
	return struct {
		Schemas    []string        `json:"schemas"`
		Operations []bulkOperation `json:"Operations"`
	}{[]string{scim.BulkResponseSchema}, operations}
}
