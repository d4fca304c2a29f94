package sqlquery

import "scimproof/server/scim"

// Plan is a compiled filter.
type Plan struct {
	// Where is a condition on resource r that every match satisfies.
	Where Fragment
	// Set selects the numbers of resources of the collection from an index; every match is among them. Empty where no index serves.
	Set Fragment
	// SetOnly says that Where is true of all that Set selects.
	SetOnly bool
	// SetOnce says that Set selects no number twice.
	SetOnce bool
	// SetInOrder says that the index holds what Set selects in the order of creation.
	SetInOrder bool
	// Others selects, each once, the numbers of all resources of the collection that do not match. Empty where no index serves.
	Others Fragment
	// Rest is what is left for scim.Cond.Match to decide about each row; nil where nothing is.
	Rest scim.Cond
}

// Compile turns a filter into SQL as far as it goes. A nil filter takes all.
func Compile(d Dialect, t Target, filter scim.Cond) Plan {
	if filter == nil {
		return Plan{Where: True}
	}
	c := compiler{d, t, Indexed(t.Type)}
	p, ok := c.cond(filter)
	if !ok {
		return Plan{Where: True, Rest: filter}
	}
	plan := Plan{Where: p.test, Set: p.set, SetOnly: p.setOnly, SetOnce: p.setOnce, SetInOrder: p.setInOrder}
	if p.exact {
		plan.Others = p.others
	} else {
		plan.Rest = remaining(c, filter)
	}
	return plan
}

// remaining drops the conjuncts that SQL has decided.
func remaining(c compiler, filter scim.Cond) scim.Cond {
	if p, ok := c.cond(filter); ok && p.exact {
		return nil
	}
	and, ok := filter.(scim.AndCond)
	if !ok {
		return filter
	}
	left, right := remaining(c, and.Left), remaining(c, and.Right)
	switch {
	case left == nil:
		return right
	case right == nil:
		return left
	}
	return scim.AndCond{Left: left, Right: right}
}

// predicate is what is known about a condition.
type predicate struct {
	test   Fragment // a condition on r that is true of every match
	exact  bool     // and of nothing else
	set    Fragment // as in Plan; empty where there is none
	others Fragment // as in Plan; empty where there is none
	// setOnly, setOnce and setInOrder are as in Plan.
	setOnly, setOnce, setInOrder bool
	cost                         cost // of set
}

// cost ranks sets by how many rows they are likely to hold: the one to begin a conjunction with is the cheapest.
type cost int

const (
	one   cost = iota // at most one row
	few               // the rows of one value
	span              // a run of values
	sweep             // a whole index
	half              // the rows of a value that many have
)

type compiler struct {
	Dialect
	Target
	indexed map[string]bool
}

func (c compiler) cond(x scim.Cond) (predicate, bool) {
	switch x := x.(type) {
	case scim.AndCond:
		left, lok := c.cond(x.Left)
		right, rok := c.cond(x.Right)
		return and(left, lok, right, rok)
	case scim.OrCond:
		left, lok := c.cond(x.Left)
		right, rok := c.cond(x.Right)
		return or(left, right), lok && rok
	case scim.NotCond:
		p, ok := c.cond(x.X)
		return not(p), ok && p.exact
	case scim.NothingCond:
		return predicate{test: False, exact: true}, true
	case scim.CompareCond:
		return c.compare(x)
	case scim.EachCond:
		return c.each(x)
	}
	return predicate{}, false
}

func and(left predicate, lok bool, right predicate, rok bool) (predicate, bool) {
	switch {
	case !lok:
		right.exact = false
		return right, rok
	case !rok:
		left.exact = false
		return left, true
	}
	out := left
	if left.set.SQL == "" || right.set.SQL != "" && right.cost < left.cost {
		out = right
	}
	out.test = Build("(?) AND (?)", left.test, right.test)
	out.exact = left.exact && right.exact
	out.setOnly = false
	out.others = Fragment{}
	return out, true
}

// not is the negation of a predicate that is exact.
func not(p predicate) predicate {
	out := predicate{test: Build("NOT (?)", p.test), exact: true}
	if p.setOnly && p.setOnce {
		out.others = p.set
	}
	if p.others.SQL != "" {
		out.set, out.setOnly, out.setOnce, out.cost = p.others, true, true, half
	}
	return out
}

func or(left, right predicate) predicate {
	out := predicate{test: Build("(?) OR (?)", left.test, right.test), exact: left.exact && right.exact}
	if left.set.SQL != "" && right.set.SQL != "" {
		out.set = Build("? UNION ?", left.set, right.set)
		out.setOnly = left.setOnly && right.setOnly
		out.setOnce = true
		out.cost = max(left.cost, right.cost)
	}
	return out
}
