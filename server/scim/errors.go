package scim

import (
	"fmt"
	"net/http"
)

// ErrorType is a scimType of RFC 7644 table 9.
type ErrorType string

// The scimTypes of RFC 7644 table 9.
const (
	InvalidFilter ErrorType = "invalidFilter"
	TooMany       ErrorType = "tooMany"
	UniqueValue   ErrorType = "uniqueness"
	MutabilityErr ErrorType = "mutability"
	InvalidSyntax ErrorType = "invalidSyntax"
	InvalidPath   ErrorType = "invalidPath"
	NoTarget      ErrorType = "noTarget"
	InvalidValue  ErrorType = "invalidValue"
	InvalidVers   ErrorType = "invalidVers"
	Sensitive     ErrorType = "sensitive"
)

// The scimTypes that cursors add (RFC 9865 section 2.1).
const (
	InvalidCursor ErrorType = "invalidCursor"
	ExpiredCursor ErrorType = "expiredCursor"
	InvalidCount  ErrorType = "invalidCount"
)

// ErrorSchema is the URN of the Error message (RFC 7644 section 3.12).
const ErrorSchema = "urn:ietf:params:scim:api:messages:2.0:Error"

// Error is a refusal that a client is told about (RFC 7644 section 3.12). Status is an HTTP status;
// Type may be empty; Detail is one sentence for people that says what to do.
type Error struct {
	Status int
	Type   ErrorType
	Detail string
}

func (e *Error) Error() string {
	if e.Type == "" {
		return fmt.Sprintf("%d: %s", e.Status, e.Detail)
	}
	return fmt.Sprintf("%d %s: %s", e.Status, e.Type, e.Detail)
}

// Bad is a 400 with a scimType.
func Bad(t ErrorType, format string, args ...any) *Error {
	return &Error{http.StatusBadRequest, t, fmt.Sprintf(format, args...)}
}

// NotFound is the 404 of a resource that is not there, or not to be seen.
func NotFound(typ, id string) *Error {
	return &Error{http.StatusNotFound, "", fmt.Sprintf("%s %s is not here; it may have been deleted.", typ, id)}
}

// Conflict is the 409 of a value that another resource has (RFC 7644 section 3.3). It says nothing about the other one.
func Conflict(attr string) *Error {
	return &Error{http.StatusConflict, UniqueValue, fmt.Sprintf("Another resource has this %s; send a different one.", attr)}
}

// Refuse is an error with any status and no scimType.
func Refuse(status int, format string, args ...any) *Error {
	return &Error{status, "", fmt.Sprintf(format, args...)}
}
