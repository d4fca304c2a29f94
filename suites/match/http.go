package match

import (
	"fmt"
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/onsi/gomega/types"

	"scimproof/simulator/tree"
	"scimproof/suites/check"
)

// Status wants one of the statuses.
func Status(codes ...int) types.GomegaMatcher {
	return matcher{"status " + words(codes), "status", func(a *check.Answer) (string, bool) {
		return brief(a), slices.Contains(codes, a.Status)
	}}
}

// Success wants a status of 200 to 299.
func Success() types.GomegaMatcher {
	return matcher{"a status of 200 to 299", "status", func(a *check.Answer) (string, bool) { return brief(a), a.OK() }}
}

// Refusal wants a status of 400 to 499.
func Refusal() types.GomegaMatcher {
	return matcher{"a status of 400 to 499", "status", func(a *check.Answer) (string, bool) { return brief(a), a.Status >= 400 && a.Status < 500 }}
}

// Denied wants a refusal of the control API: 400 to 499 but 401, with a code and a message in the body.
func Denied() types.GomegaMatcher {
	return matcher{"a status of 400 to 499, with a code and a message", "status", func(a *check.Answer) (string, bool) {
		got := brief(a)
		switch {
		case a.Status < 400 || a.Status > 499 || a.Status == 401:
			return got, false
		case a.Text("code") == "":
			return got + ", no code", false
		case a.Text("message") == "":
			return got + ", no message", false
		}
		return got, true
	}}
}

// HasHeader wants the header field, with a value.
func HasHeader(name string) types.GomegaMatcher {
	return matcher{"a header " + name, name, func(a *check.Answer) (string, bool) {
		if v := a.Header.Get(name); v != "" {
			return name + ": " + short(v), true
		}
		return "no " + name, false
	}}
}

// Header wants a part, whatever its case, in the value of a header field.
func Header(name, part string) types.GomegaMatcher {
	return matcher{fmt.Sprintf("a header %s with %s", name, part), name, func(a *check.Answer) (string, bool) {
		v := strings.Join(a.Header.Values(name), ", ")
		if v == "" {
			return "no " + name, false
		}
		return name + ": " + short(v), strings.Contains(strings.ToLower(v), strings.ToLower(part))
	}}
}

// MediaType wants one of the media types, whatever their parameters.
func MediaType(list ...string) types.GomegaMatcher {
	return matcher{"Content-Type " + words(list), "Content-Type", func(a *check.Answer) (string, bool) {
		value := a.Header.Get("Content-Type")
		if value == "" {
			return "no Content-Type", false
		}
		mt, _, err := mime.ParseMediaType(value)
		return "Content-Type: " + short(value), err == nil && slices.Contains(list, mt)
	}}
}

// JSON wants a body that is JSON.
func JSON() types.GomegaMatcher {
	return matcher{"a body that is JSON", "body", func(a *check.Answer) (string, bool) {
		switch {
		case a.Doc != nil:
			return "JSON", true
		case a.Broken != nil:
			return brief(a) + ", " + a.Broken.Error() + ": " + short(string(a.Body)), false
		}
		return brief(a) + ", no body", false
	}}
}

// Empty wants no body.
func Empty() types.GomegaMatcher {
	return matcher{"no body", "body", func(a *check.Answer) (string, bool) {
		return short(string(a.Body)), len(strings.TrimSpace(string(a.Body))) == 0
	}}
}

// Error wants an Error message with one of the statuses and, where types are named, one of those scimTypes (RFC 7644 section 3.12).
func Error(codes []int, scimTypes ...string) types.GomegaMatcher {
	wanted := "status " + words(codes) + " and an Error message"
	if len(scimTypes) > 0 {
		wanted += " with scimType " + words(scimTypes)
	}
	return matcher{wanted, "status", func(a *check.Answer) (string, bool) {
		if !slices.Contains(codes, a.Status) {
			return brief(a), false
		}
		if problem := errorProblem(a); problem != "" {
			return brief(a) + ", " + problem, false
		}
		if len(scimTypes) > 0 && !slices.Contains(scimTypes, a.Text("scimType")) {
			if a.Text("scimType") == "" {
				return brief(a) + ", no scimType", false
			}
			return brief(a), false
		}
		return brief(a), true
	}}
}

// ScimType wants one of the scimTypes in the body, whatever the status.
func ScimType(list ...string) types.GomegaMatcher {
	return matcher{"scimType " + words(list), "scimType", func(a *check.Answer) (string, bool) {
		if a.Text("scimType") == "" {
			return brief(a) + ", no scimType", false
		}
		return brief(a), slices.Contains(list, a.Text("scimType"))
	}}
}

// errorProblem says what keeps a body from being an Error message, or "".
func errorProblem(a *check.Answer) string {
	if a.Doc == nil || a.Doc.Kind != tree.Object {
		return "the body is no JSON object"
	}
	if !slices.ContainsFunc(elements(a.At("schemas")), func(n *tree.Node) bool { return n.String() == check.ErrorSchema }) {
		return "schemas does not name the Error message"
	}
	if s := a.At("status"); s == nil || strings.Trim(s.String(), " ") != strconv.Itoa(a.Status) {
		return "its member status is " + describe(s)
	}
	return ""
}

func elements(n *tree.Node) []*tree.Node {
	if n == nil {
		return nil
	}
	return n.Items
}

// Says wants a word in the detail of an Error message, such as a code of the product.
func Says(word string) types.GomegaMatcher {
	return matcher{"a detail that says " + word, "detail", func(a *check.Answer) (string, bool) {
		return brief(a), strings.Contains(a.Text("detail"), word)
	}}
}
