package filter

import "strings"

// ParseAttr reads an attribute in the notation of RFC 7644 section 3.10, as sortBy and attributes hold it:
// "userName", "name.familyName", either of them after a schema URN and a colon, or the URN of an extension.
// White space around it is left out. The error is an *Error.
func ParseAttr(text string) (Attr, error) {
	tokens := lex(text, Budget{}.filled())
	p := parser{tokens: tokens}
	attr, err := p.attr()
	if err != nil {
		return Attr{}, err
	}
	if t := p.peek(); t.kind != end {
		return Attr{}, p.unexpected("expected nothing after %s", quote(attr.String()))
	}
	return attr, nil
}

// readAttr takes a word apart. The last colon ends the URN, so that the dot of a version in it is not taken for that of a sub-attribute.
func readAttr(word string, offset int) (Attr, error) {
	a := Attr{Offset: offset}
	rest := word
	if colon := strings.LastIndexByte(word, ':'); colon >= 0 {
		a.URN, rest = word[:colon], word[colon+1:]
		if !isURI(a.URN) {
			return Attr{}, fail(offset, "%s is not a schema URN", quote(a.URN))
		}
		if rest == "" {
			return Attr{}, fail(offset+len(word), "expected an attribute name after %s", quote(word))
		}
	}
	name, sub, dotted := strings.Cut(rest, ".")
	switch {
	case isName(name) && (!dotted || isName(sub)):
		a.Name, a.Sub = name, sub
	case a.URN != "" && isURI(rest): // the last part of an extension's URN, such as 1.0
		a.Name = rest
	case strings.Contains(sub, "."):
		return Attr{}, fail(offset, "%s goes too deep; an attribute has sub-attributes, but they have none", quote(word))
	default:
		return Attr{}, fail(offset, "%s is not the name of an attribute", quote(word))
	}
	return a, nil
}

// isName is ATTRNAME of RFC 7643 section 2.1, with a dollar sign also in front, since $ref is one (erratum 8924).
func isName(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case isLetter(c), c == '$':
		case i > 0 && ('0' <= c && c <= '9' || c == '-' || c == '_'):
		default:
			return false
		}
	}
	return s != ""
}

// isURI accepts the characters of a URI (RFC 3986 section 2) but for parentheses and brackets, which have a meaning in a filter.
func isURI(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isLetter(c) && (c < '0' || c > '9') && !strings.ContainsRune("-._~:/?#@!$&'*+,;=%", rune(c)) {
			return false
		}
	}
	return s != ""
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
