package controlapi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"scimproof/server/control"
)

// maxBody is how many bytes a body has at most.
const maxBody = 1 << 20

// status is shown as enabled or disabled.
type status bool

func (s status) MarshalText() ([]byte, error) {
	if s {
		return []byte("enabled"), nil
	}
	return []byte("disabled"), nil
}

func (s *status) UnmarshalText(text []byte) error {
	switch string(text) {
	case "enabled", "disabled":
		*s = len(text) == len("enabled")
		return nil
	}
	return errors.New("This is enabled or disabled; write one of the two.")
}

// readBody reads the JSON object that a request carries.
func readBody(w http.ResponseWriter, r *http.Request, into any) error {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return &control.Error{
			Status: http.StatusRequestEntityTooLarge, Code: "RequestTooLarge", Message: fmt.Sprintf("A body has at most %d bytes; send less.", maxBody),
		}
	}
	if err != nil {
		return illBody("", "The body broke off; send it again.")
	}
	if err := storable(data); err != nil {
		return err
	}
	return ill(json.Unmarshal(data, into, json.RejectUnknownMembers(true)))
}

// storable refuses what no member can be: null, which could mean that a value goes or that it stays, and U+0000, which some stores
// cannot keep. It refuses what is no JSON, too.
func storable(data []byte) error {
	d := jsontext.NewDecoder(bytes.NewReader(data))
	for {
		token, err := d.ReadToken()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return ill(err)
		case token.Kind() == 'n':
			return illBody(d.StackPointer(), "This is null, which says nothing; write a value, or leave the member out.")
		case token.Kind() == '"' && strings.ContainsRune(token.String(), 0):
			return illBody(d.StackPointer(), "This has the character U+0000; write plain text.")
		}
	}
}

// ill says in our words what is wrong with a body.
func ill(err error) error {
	var syntax *jsontext.SyntacticError
	var meaning *json.SemanticError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jsontext.ErrDuplicateName) && errors.As(err, &syntax):
		return illBody(syntax.JSONPointer, "This member is there twice; leave one out.")
	case errors.As(err, &syntax):
		return illBody("", "The body is no JSON after %d bytes; send one object in UTF-8, and nothing else.", syntax.ByteOffset)
	case errors.Is(err, json.ErrUnknownName) && errors.As(err, &meaning):
		return illBody(meaning.JSONPointer, "There is no such member here; check its spelling, or leave it out.")
	case errors.As(err, &meaning) && meaning.GoType == reflect.TypeFor[status]() && meaning.JSONKind == '"':
		return illBody(meaning.JSONPointer, "%v", meaning.Err)
	case errors.As(err, &meaning) && meaning.GoType != nil:
		return illBody(meaning.JSONPointer, "This is of another type; write %s.", typeName(meaning.GoType))
	}
	return illBody("", "The body is empty or breaks off; send one JSON object.")
}

// typeName says what JSON a Go type of a body is.
func typeName(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[status]() || t.Kind() == reflect.String:
		return "a string"
	case t.Kind() == reflect.Slice:
		return "an array"
	case t.Kind() == reflect.Bool:
		return "true or false"
	}
	return "an object"
}

// blame is a refusal of one member of a body.
type blame struct {
	because *control.Error
	field   string // "options.0.value"
}

func (b blame) Error() string { return b.because.Error() }

// longestField is how much of a name that a client made up goes back to it, in characters.
const longestField = 128

// illBody blames the member at a pointer, or the body as a whole.
func illBody(at jsontext.Pointer, format string, args ...any) error {
	e := &control.Error{Status: http.StatusBadRequest, Code: "InvalidParameter.Body", Message: fmt.Sprintf(format, args...)}
	if at == "" {
		return e
	}
	field := fmt.Sprintf("%.*s", longestField, strings.Join(slices.Collect(at.Tokens()), "."))
	e.Code = codeOf(field)
	return blame{e, field}
}

// members are the members that the plane calls otherwise, by its name.
var members = map[string]string{
	"ExpirationTime":        "validity",
	"OrganizationalUnitIds": "provisioningScope.organizationalUnitIds",
	"GroupIds":              "provisioningScope.groupIds",
}

// codeOf makes the code that blames a member: that of the plane for the same member.
func codeOf(field string) string {
	for name, member := range members {
		if rest, ok := strings.CutPrefix(field, member); ok && (rest == "" || rest[0] == '.') {
			return "InvalidParameter." + name + rest
		}
	}
	return "InvalidParameter." + eachWord(field, strings.ToUpper)
}

// fieldOf is the member that a code of the plane blames, or "".
func fieldOf(code string) string {
	name, ok := strings.CutPrefix(code, "InvalidParameter.")
	if !ok || name == "Body" {
		return ""
	}
	if member, ok := members[name]; ok {
		return member
	}
	return eachWord(name, strings.ToLower)
}

// eachWord changes the first letter of each word between dots, where it is an ASCII one.
func eachWord(path string, change func(string) string) string {
	words := strings.Split(path, ".")
	for i, w := range words {
		if w != "" && w[0] < utf8.RuneSelf {
			words[i] = change(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, ".")
}

// refusal is the body of an answer that is an error.
type refusal struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Field   string `json:"field,omitzero"` // the member to blame
}

// refuse answers with an error. What is no refusal of the control plane goes to the log, and the client learns only that.
func refuse(w http.ResponseWriter, log *slog.Logger, err error) {
	var e *control.Error
	var b blame
	switch {
	case errors.As(err, &b):
		send(w, b.because.Status, refusal{b.because.Code, b.because.Message, b.field})
	case errors.As(err, &e):
		send(w, e.Status, refusal{e.Code, e.Message, fieldOf(e.Code)})
	default:
		log.Error("control API", "error", err)
		send(w, http.StatusInternalServerError, refusal{Code: "InternalError", Message: "The server broke, and its log says why; try again."})
	}
}

// send writes an answer, which nobody may keep: it can hold the value of a token.
func send(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Cache-Control", "no-store")
	if body == nil {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.MarshalWrite(w, body) // the client may have gone; nobody is left to tell
}
