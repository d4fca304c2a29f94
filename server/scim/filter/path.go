package filter

// ParsePath reads the target of a PATCH operation (RFC 7644 section 3.5.2, figure 7): an attribute, a sub-attribute, a value path,
// or a sub-attribute of one, each of them also after a schema URN; or the URN of an extension alone. The error is an *Error.
func ParsePath(text string, b Budget) (Path, error) {
	b = b.filled()
	p := parser{tokens: lex(text, b), budget: b}
	attr, err := p.attr()
	if err != nil {
		return Path{}, err
	}
	path := Path{Attr: attr}
	if t := p.peek(); t.kind == openBracket && !t.spaced {
		if path.Filter, err = p.brackets(attr); err != nil {
			return Path{}, err
		}
		if p.atSub() {
			if path.Sub, err = p.sub(); err != nil {
				return Path{}, err
			}
		}
	}
	if p.peek().kind != end {
		return Path{}, p.unexpected("expected the end of the path after %s", quote(attr.String()))
	}
	return path, nil
}
