package filter

import (
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// tokenKind says what a token is. Attributes, operators, connectives and literals are all words: only their place
// tells them apart, so that an attribute may be called "order", "not" or "eq".
type tokenKind int

const (
	end tokenKind = iota
	bad           // what the lexer refuses; err says why
	word
	text // a string in double quotes, decoded
	open
	closing
	openBracket
	closeBracket
)

type token struct {
	kind   tokenKind
	text   string
	offset int
	spaced bool // white space stands before it
	err    error
}

// lex splits a text into tokens. The last one is end or bad.
func lex(s string, budget Budget) []token {
	if len(s) > budget.Length {
		return []token{{kind: bad, err: fail(budget.Length, "the text is longer than %d bytes; shorten it", budget.Length)}}
	}
	if i := invalidUTF8(s); i >= 0 {
		return []token{{kind: bad, err: fail(i, "the text is not valid UTF-8")}}
	}
	var tokens []token
	for i := 0; ; {
		start := i
		for i < len(s) && isSpace(s[i]) {
			i++
		}
		t := next(s, i)
		t.offset, t.spaced = i, i > start
		tokens = append(tokens, t.token)
		if t.kind == end || t.kind == bad {
			return tokens
		}
		i += t.size
	}
}

// sized is a token and how many bytes it takes up.
type sized struct {
	token
	size int
}

func next(s string, i int) sized {
	if i == len(s) {
		return sized{}
	}
	switch s[i] {
	case '(':
		return sized{token{kind: open, text: "("}, 1}
	case ')':
		return sized{token{kind: closing, text: ")"}, 1}
	case '[':
		return sized{token{kind: openBracket, text: "["}, 1}
	case ']':
		return sized{token{kind: closeBracket, text: "]"}, 1}
	case '"':
		return lexString(s, i)
	}
	n := strings.IndexFunc(s[i:], func(r rune) bool { return r < utf8.RuneSelf && (isSpace(byte(r)) || strings.ContainsRune(`()[]"`, r)) })
	if n < 0 {
		n = len(s) - i
	}
	return sized{token{kind: word, text: s[i : i+n]}, n}
}

// lexString reads a JSON string (RFC 8259 section 7). Its end is found first; what is between is the JSON library's.
func lexString(s string, start int) sized {
	for i := start + 1; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			if i+1 < len(s) && !strings.ContainsRune(`"\/bfnrtu`, rune(s[i+1])) {
				return refuse(i, `a backslash in a string is written \\`)
			}
			i++
		case s[i] < ' ':
			return refuse(i, `a control character in a string is written as an escape such as \n`)
		case s[i] == '"':
			value, err := jsontext.AppendUnquote(nil, s[start:i+1])
			if err != nil {
				return refuse(start, `the string has a \u escape that stands for no character`)
			}
			return sized{token{kind: text, text: string(value)}, i + 1 - start}
		}
	}
	return refuse(start, "the string has no closing quote")
}

func refuse(offset int, reason string) sized {
	return sized{token: token{kind: bad, err: &Error{offset, reason}}}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// invalidUTF8 is the offset of the first byte that belongs to no character, or -1.
func invalidUTF8(s string) int {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return i
			}
		}
	}
	return -1
}

// isNumber says whether a word is a JSON number (RFC 8259 section 6).
func isNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole := digits(s)
	if whole == 0 || whole > 1 && s[0] == '0' {
		return false
	}
	s = s[whole:]
	if rest, ok := strings.CutPrefix(s, "."); ok {
		n := digits(rest)
		if n == 0 {
			return false
		}
		s = rest[n:]
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		s = s[1:]
		if s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		return s != "" && digits(s) == len(s)
	}
	return s == ""
}

// digits counts the digits that a text begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}
