package filter

import "strings"

// Parse reads a filter (RFC 7644 section 3.4.2.2). Operators, connectives and not are read in any case; not binds tighter than and,
// and than or. White space may be of any length but must stand where the grammar has a space, except between not and its
// parenthesis. A value path may not stand in another one.
//
// Beyond the grammar it takes emails[type eq "work"].value eq "x", which Entra sends, and reads it as
// emails[type eq "work" and value eq "x"].
//
// The error is an *Error.
func Parse(text string, b Budget) (Expr, error) {
	b = b.filled()
	p := parser{tokens: lex(text, b), budget: b}
	x, err := p.or()
	if err != nil {
		return nil, err
	}
	switch t := p.peek(); t.kind {
	case end:
		return x, nil
	case closing:
		return nil, fail(t.offset, "there is no ( for this )")
	case closeBracket:
		return nil, fail(t.offset, "there is no [ for this ]")
	}
	return nil, p.unexpected("expected and, or, or the end of the filter")
}

// parser walks over the tokens; each method reads one rule of the grammar and stops behind it.
type parser struct {
	tokens []token
	at     int
	budget Budget
	depth  int
	nodes  int
	inPath bool // between the brackets of a value path
}

func (p *parser) peek() token { return p.tokens[p.at] }

// take moves on, but never past the last token.
func (p *parser) take() token {
	t := p.tokens[p.at]
	if p.at < len(p.tokens)-1 {
		p.at++
	}
	return t
}

// unexpected is the error about the present token, or the lexer's where it is one that the lexer refused.
func (p *parser) unexpected(format string, args ...any) error {
	t := p.peek()
	if t.kind == bad {
		return t.err
	}
	return fail(t.offset, format, args...)
}

func (p *parser) or() (Expr, error) {
	return p.chain("or", p.and, func(l, r Expr) Expr { return Or{l, r} })
}

func (p *parser) and() (Expr, error) {
	return p.chain("and", p.term, func(l, r Expr) Expr { return And{l, r} })
}

// chain reads operands between connectives and groups them from the left.
func (p *parser) chain(connective string, operand func() (Expr, error), join func(l, r Expr) Expr) (Expr, error) {
	left, err := operand()
	for err == nil && p.is(connective) {
		t := p.take()
		if err = p.spaces(t); err != nil {
			break
		}
		if err = p.node(t.offset); err != nil {
			break
		}
		var right Expr
		right, err = operand()
		left = join(left, right)
	}
	if err != nil {
		return nil, err
	}
	return left, nil
}

// is says whether the present token is the keyword.
func (p *parser) is(keyword string) bool {
	t := p.peek()
	return t.kind == word && strings.EqualFold(t.text, keyword)
}

// spaces wants white space on both sides of a keyword.
func (p *parser) spaces(keyword token) error {
	if !keyword.spaced {
		return fail(keyword.offset, "expected a space before %s", quote(keyword.text))
	}
	if t := p.peek(); !t.spaced && t.kind != end {
		return p.unexpected("expected a space after %s", quote(keyword.text))
	}
	return nil
}

// term reads a group, a negation, a comparison or a value path.
func (p *parser) term() (Expr, error) {
	t := p.peek()
	if t.kind == open {
		return p.group()
	}
	if t.kind == word && strings.EqualFold(t.text, "not") && p.tokens[p.at+1].kind == open {
		p.take()
		if err := p.node(t.offset); err != nil {
			return nil, err
		}
		x, err := p.group()
		if err != nil {
			return nil, err
		}
		return Not{x}, nil
	}
	attr, err := p.attr()
	if err != nil {
		return nil, err
	}
	if b := p.peek(); b.kind == openBracket && !b.spaced {
		return p.each(attr)
	}
	return p.compare(attr)
}

// group reads a filter in parentheses.
func (p *parser) group() (Expr, error) {
	opening := p.take()
	if err := p.enter(opening.offset); err != nil {
		return nil, err
	}
	x, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.peek().kind != closing {
		return nil, p.unexpected("expected ) for the ( at byte %d", opening.offset)
	}
	p.take()
	p.depth--
	return x, nil
}

// attr reads the name of an attribute.
func (p *parser) attr() (Attr, error) {
	t := p.peek()
	if t.kind != word {
		return Attr{}, p.unexpected("expected an attribute such as userName")
	}
	p.take()
	return readAttr(t.text, t.offset)
}

// each reads a value path after its attribute and, where a sub-attribute follows the brackets, the comparison of it.
func (p *parser) each(attr Attr) (Expr, error) {
	if err := p.node(attr.Offset); err != nil {
		return nil, err
	}
	inner, err := p.brackets(attr)
	if err != nil {
		return nil, err
	}
	if !p.atSub() {
		return Each{attr, inner}, nil
	}
	sub := p.peek()
	name, err := p.sub()
	if err != nil {
		return nil, err
	}
	right, err := p.compare(Attr{Name: name, Offset: sub.offset + 1})
	if err != nil {
		return nil, err
	}
	if err := p.node(sub.offset); err != nil {
		return nil, err
	}
	return Each{attr, And{inner, right}}, nil
}

// brackets reads the filter of a value path. A sub-attribute is never complex (RFC 7643 section 2.3.8), so there is nothing in one
// to choose from.
func (p *parser) brackets(attr Attr) (Expr, error) {
	opening := p.take()
	if p.inPath {
		return nil, fail(opening.offset, "a value path cannot stand in another one")
	}
	if attr.Sub != "" {
		return nil, fail(opening.offset, "expected no [ after the sub-attribute %s; it follows an attribute", quote(attr.Sub))
	}
	if err := p.enter(opening.offset); err != nil {
		return nil, err
	}
	p.inPath = true
	x, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.peek().kind != closeBracket {
		return nil, p.unexpected("expected ] for the [ at byte %d", opening.offset)
	}
	p.take()
	p.inPath = false
	p.depth--
	return x, nil
}

// atSub says whether a sub-attribute follows a closing bracket.
func (p *parser) atSub() bool {
	t := p.peek()
	return t.kind == word && !t.spaced && t.text[0] == '.'
}

// sub reads a sub-attribute after a closing bracket.
func (p *parser) sub() (string, error) {
	t := p.take()
	name := t.text[1:]
	if !isName(name) {
		return "", fail(t.offset+1, "expected a sub-attribute such as value after the dot")
	}
	return name, nil
}

// compare reads an operator and its value.
func (p *parser) compare(attr Attr) (Expr, error) {
	t := p.peek()
	if t.kind != word {
		return nil, p.unexpected("expected an operator such as eq after %s", quote(attr.String()))
	}
	op := Op(strings.ToLower(t.text))
	if !operators[op] {
		return nil, p.unexpected("%s is not an operator; use eq, ne, co, sw, ew, gt, ge, lt, le or pr", quote(t.text))
	}
	p.take()
	if err := p.node(t.offset); err != nil {
		return nil, err
	}
	c := Compare{Attr: attr, Op: op, Offset: t.offset}
	if op == Pr {
		return c, nil
	}
	if v := p.peek(); !v.spaced && v.kind == text {
		return nil, p.unexpected("expected a space after %s", quote(t.text))
	}
	var err error
	c.Value, err = p.value(t.text)
	if err != nil {
		return nil, err
	}
	return c, nil
}

var operators = map[Op]bool{Eq: true, Ne: true, Co: true, Sw: true, Ew: true, Gt: true, Ge: true, Lt: true, Le: true, Pr: true}

// value reads what an operator compares with.
func (p *parser) value(op string) (Value, error) {
	t := p.peek()
	v := Value{Text: t.text}
	switch {
	case t.kind == text:
		v.Kind = String
	case t.kind != word:
		return Value{}, p.unexpected("expected a value after %s", quote(op))
	case t.text == "null":
		v.Kind = Null
	case t.text == "true", t.text == "false":
		v.Kind = Bool
	case isNumber(t.text):
		v.Kind = Number
	default:
		return Value{}, p.unexpected(`expected a value after %s: a text in double quotes, a number, true, false or null`, quote(op))
	}
	p.take()
	return v, nil
}

// enter goes one level down; who entered steps up again by himself.
func (p *parser) enter(offset int) error {
	if p.depth++; p.depth > p.budget.Depth {
		return fail(offset, "more than %d levels of nesting; make the filter simpler", p.budget.Depth)
	}
	return nil
}

// node counts a comparison or connective.
func (p *parser) node(offset int) error {
	if p.nodes++; p.nodes > p.budget.Nodes {
		return fail(offset, "more than %d comparisons and connectives; make the filter simpler", p.budget.Nodes)
	}
	return nil
}
