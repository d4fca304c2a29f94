package sqlquery

import (
	"strconv"
	"strings"
	"time"

	"scimproof/server/scim"
	"scimproof/server/scim/filter"
)

// values is where the values of an attribute lie: rows beside the resource, or the resource's own row.
type values struct {
	column string // of one value
	// test is the condition that r has a row that satisfies cond.
	test func(cond Fragment) Fragment
	// set selects the resources that have such a row; nil where no index leads to them.
	set func(cond Fragment) Fragment
	// always says that every resource has a value.
	always bool
	// many says that a resource can have several values, distinct that it has none of them twice.
	many, distinct bool
	// unique says that no two resources have the same value, ordered that an index holds those that have it in the order of creation.
	unique, ordered bool
}

// compare compiles a comparison of an attribute of the resource itself.
func (c compiler) compare(x scim.CompareCond) (predicate, bool) {
	if x.Ref.Attr == nil {
		return predicate{}, false
	}
	if x.Ref.URN == "" {
		switch x.Ref.Attr.Name {
		case c.Type.Linked:
			return c.linked(x)
		case c.Type.Derived:
			return c.derived(x)
		case "meta":
			return c.meta(x)
		}
	}
	v, ok := c.values(x.Ref)
	if !ok {
		return predicate{}, false
	}
	if x.Op == filter.Pr {
		return existence(v), true
	}
	want, ok := literal(x.Ref.Leaf(), x.Op, x.Value)
	if !ok {
		return predicate{}, false
	}
	return c.comparison(v, x.Op, want)
}

// values finds the rows of an attribute that has an index.
func (c compiler) values(ref scim.Ref) (values, bool) {
	if ref.URN == "" && ref.Sub == nil {
		switch ref.Attr.Name {
		case "id":
			return c.own("id", true), true
		case "externalId":
			return c.external(), ref.Attr.CaseExact // they are kept as they are, not folded
		}
	}
	if !c.indexed[ref.Key()] {
		return values{}, false
	}
	return c.keys(ref), true
}

// own are the values of a column of table resource.
func (c compiler) own(column string, unique bool) values {
	return values{
		column: "r." + column,
		test:   func(cond Fragment) Fragment { return cond },
		set: func(cond Fragment) Fragment {
			return Build("SELECT r.seq FROM resource r WHERE r.collection = ? AND ?", c.Collection, cond)
		},
		always: true,
		unique: unique,
	}
}

func (c compiler) external() values {
	return values{
		column: "e.value",
		test: func(cond Fragment) Fragment {
			return Build("EXISTS (SELECT 1 FROM external_id e WHERE e.resource = r.seq AND e.application = ? AND ?)", c.View.Application, cond)
		},
		set: func(cond Fragment) Fragment {
			return Build("SELECT e.resource FROM external_id e WHERE e.application = ? AND e.collection = ? AND ?", c.View.Application, c.Collection, cond)
		},
		ordered: true,
	}
}

func (c compiler) keys(ref scim.Ref) values {
	number := Build("(SELECT a.seq FROM attribute a WHERE a.name = ?)", ref.Key())
	return values{
		column: "k.value",
		test: func(cond Fragment) Fragment {
			return Build("EXISTS (SELECT 1 FROM resource_key k WHERE k.resource = r.seq AND k.attribute = ? AND ?)", number, cond)
		},
		set: func(cond Fragment) Fragment {
			return Build("SELECT k.resource FROM resource_key k WHERE k.collection = ? AND k.attribute = ? AND ?", c.Collection, number, cond)
		},
		many:     ref.Attr.MultiValued || ref.Leaf().MultiValued,
		distinct: true,
		unique:   isUnique(ref.Leaf()),
		ordered:  true,
	}
}

// literal is the text to compare an index with; ok is false where the index does not decide the comparison.
func literal(leaf *scim.Attribute, op filter.Op, value any) (string, bool) {
	equality := op == filter.Eq || op == filter.Ne
	switch v := value.(type) {
	case string:
		switch leaf.Type {
		case scim.String, scim.Reference:
			return scim.Fold(leaf, v), true
		}
	case bool:
		return strconv.FormatBool(v), leaf.Type == scim.Boolean && equality
	}
	return "", false
}

// existence is pr.
func existence(v values) predicate {
	if v.always {
		return predicate{test: True, exact: true}
	}
	p := predicate{test: v.test(True), exact: true}
	if v.set != nil {
		p.set, p.setOnly, p.setOnce, p.cost = v.set(True), true, !v.many, half
	}
	return p
}

// comparison is true of r when one of its values satisfies the operator; ne also when it has none.
func (c compiler) comparison(v values, op filter.Op, want string) (predicate, bool) {
	if op == filter.Ne && !v.many {
		p, ok := c.comparison(v, filter.Eq, want)
		return not(p), ok
	}
	if op == filter.Ne {
		return predicate{test: Build("? OR NOT ?", v.test(Build(v.column+" <> ?", want)), v.test(True)), exact: true}, true
	}
	cond, ok := text(c.Dialect, v.column, op, want)
	if !ok {
		return predicate{}, false
	}
	p := predicate{test: v.test(cond), exact: true}
	if v.set != nil {
		p.set, p.setOnly = v.set(cond), true
		p.setOnce = !v.many || v.distinct && op == filter.Eq
		p.setInOrder = op == filter.Eq && v.ordered
		p.cost = costOf(op, v, want)
	}
	return p, true
}

func costOf(op filter.Op, v values, want string) cost {
	switch op {
	case filter.Eq:
		switch {
		case v.unique:
			return one
		case want == "true" || want == "false":
			return half
		}
		return few
	case filter.Sw, filter.Gt, filter.Ge, filter.Lt, filter.Le:
		return span
	}
	return sweep
}

// meta compiles what the server keeps about a resource.
func (c compiler) meta(x scim.CompareCond) (predicate, bool) {
	if x.Ref.Sub == nil {
		return predicate{}, false
	}
	var column string
	switch x.Ref.Sub.Name {
	case "created":
		column = "created"
	case "lastModified":
		column = "modified"
	case "location":
		return c.location(x)
	case "resourceType": // the same for all that are searched
		if x.Match(scim.Object{"meta": scim.Object{"resourceType": c.Type.Name}}) {
			return predicate{test: True, exact: true}, true
		}
		return predicate{test: False, exact: true}, true
	default:
		return predicate{}, false
	}
	v := c.own(column, false)
	if x.Op == filter.Pr {
		return existence(v), true
	}
	s, ok := x.Value.(string)
	if !ok {
		return predicate{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return predicate{}, false
	}
	cond, ok := instant(v.column, x.Op, t)
	if !ok {
		return predicate{}, false
	}
	return predicate{test: cond, exact: true, set: v.set(cond), setOnly: true, setOnce: true, cost: span}, true
}

// location compiles a comparison of meta.location, where it says whether a resource has the URL: that is, its last part as its id.
func (c compiler) location(x scim.CompareCond) (predicate, bool) {
	want, isText := x.Value.(string)
	if c.Locate == nil || !isText || !x.Ref.Sub.CaseExact || x.Op != filter.Eq && x.Op != filter.Ne {
		return predicate{}, false
	}
	id := want[strings.LastIndexByte(want, '/')+1:]
	if c.Locate(c.Type.Name, id) != want { // it is not the URL of any resource of the type
		if x.Op == filter.Eq {
			return predicate{test: False, exact: true}, true
		}
		return predicate{test: True, exact: true}, true
	}
	return c.comparison(c.own("id", true), x.Op, id)
}

// each compiles a value path over an attribute whose sub-attributes have indexes. An index knows values, not which of them stand in one
// element: a single comparison is decided, a disjunction is the disjunction of its sides, and of a conjunction each side is necessary.
func (c compiler) each(x scim.EachCond) (predicate, bool) {
	if x.Ref.Attr == nil {
		return predicate{}, false
	}
	if x.Ref.URN == "" && x.Ref.Attr.Name == c.Type.Linked && c.Type.Linked != "" {
		return c.linkedEach(x)
	}
	switch inner := x.X.(type) {
	case scim.OrCond:
		left, lok := c.each(scim.EachCond{Ref: x.Ref, X: inner.Left})
		right, rok := c.each(scim.EachCond{Ref: x.Ref, X: inner.Right})
		return or(left, right), lok && rok
	case scim.AndCond:
		left, lok := c.each(scim.EachCond{Ref: x.Ref, X: inner.Left})
		right, rok := c.each(scim.EachCond{Ref: x.Ref, X: inner.Right})
		p, ok := and(left, lok, right, rok)
		p.exact = false
		return p, ok
	case scim.NothingCond:
		return predicate{test: False, exact: true}, true
	case scim.CompareCond:
		if inner.Op == filter.Ne { // also true of an element without the sub-attribute, which no index shows
			return predicate{}, false
		}
		inner.Ref = element(x.Ref, inner.Ref)
		return c.compare(inner)
	}
	return predicate{}, false
}

// element is a reference inside a value path as the resource would name it.
func element(outer, inner scim.Ref) scim.Ref {
	sub := inner.Sub
	if sub == nil {
		sub = inner.Attr
	}
	return scim.Ref{URN: outer.URN, Attr: outer.Attr, Sub: sub}
}
