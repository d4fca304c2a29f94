package filter

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// String writes the attribute in the notation of RFC 7644 section 3.10.
func (a Attr) String() string {
	s := a.Name
	if a.URN != "" {
		s = a.URN + ":" + s
	}
	if a.Sub != "" {
		s += "." + a.Sub
	}
	return s
}

// String writes the value as JSON.
func (v Value) String() string {
	if v.Kind != String {
		return v.Text
	}
	// Invalid UTF-8, which Parse lets through nowhere, is replaced, and that is all the error would say.
	quoted, _ := jsontext.AppendQuote(nil, v.Text)
	return string(quoted)
}

// String writes the filter; a side that is itself a conjunction on the right, or a disjunction, stands in parentheses.
func (x And) String() string {
	return grouped(x.Left, isOr(x.Left)) + " and " + grouped(x.Right, isOr(x.Right) || isAnd(x.Right))
}

// String writes the filter; a right side that is itself a disjunction stands in parentheses.
func (x Or) String() string { return x.Left.String() + " or " + grouped(x.Right, isOr(x.Right)) }

// String writes the filter.
func (x Not) String() string { return "not (" + x.X.String() + ")" }

// String writes the filter.
func (x Compare) String() string {
	s := x.Attr.String() + " " + string(x.Op)
	if x.Op == Pr {
		return s
	}
	return s + " " + x.Value.String()
}

// String writes the value path.
func (x Each) String() string { return x.Attr.String() + "[" + x.Filter.String() + "]" }

// String writes the path in the grammar it was read from.
func (p Path) String() string {
	var b strings.Builder
	b.WriteString(p.Attr.String())
	if p.Filter != nil {
		b.WriteString("[" + p.Filter.String() + "]")
	}
	if p.Sub != "" {
		b.WriteString("." + p.Sub)
	}
	return b.String()
}

func grouped(x Expr, group bool) string {
	if group {
		return "(" + x.String() + ")"
	}
	return x.String()
}

func isOr(x Expr) bool {
	_, ok := x.(Or)
	return ok
}

func isAnd(x Expr) bool {
	_, ok := x.(And)
	return ok
}
