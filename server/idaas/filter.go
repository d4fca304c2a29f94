package idaas

import (
	"scimproof/server/scim"
	"scimproof/server/scim/filter"
)

// Filter lets a filter find a phone number in both of its forms, and an area code also where it was derived (rule phone-8).
func (r Rules) Filter(rt *scim.ResourceType, c scim.Cond) scim.Cond {
	if len(r.fields.synced) > 0 {
		c = r.lookAside(rt, c)
	}
	for _, hidden := range rt.Hidden {
		if hidden.Name == phoneCanonical {
			return phoneFilter{rt, scim.Ref{Attr: hidden}}.rewrite(c)
		}
	}
	return c
}

type phoneFilter struct {
	rt        *scim.ResourceType
	canonical scim.Ref
}

func (p phoneFilter) rewrite(c scim.Cond) scim.Cond {
	switch c := c.(type) {
	case scim.AndCond:
		return scim.AndCond{Left: p.rewrite(c.Left), Right: p.rewrite(c.Right)}
	case scim.OrCond:
		return scim.OrCond{Left: p.rewrite(c.Left), Right: p.rewrite(c.Right)}
	case scim.NotCond:
		return scim.NotCond{X: p.rewrite(c.X)}
	case scim.CompareCond:
		switch c.Ref.Key() {
		case phoneNumbers + ".value":
			return p.number(c)
		case phoneRegion:
			return p.region(c)
		}
	case scim.EachCond:
		if c.Ref.Key() == phoneNumbers {
			return scim.AndCond{Left: p.compare(filter.Pr, nil), Right: p.lift(c.X)}
		}
	}
	return c
}

func (p phoneFilter) compare(op filter.Op, value any) scim.Cond {
	return scim.CompareCond{Ref: p.canonical, Op: op, Value: value}
}

// number compares the number as it was sent and in its canonical form.
func (p phoneFilter) number(c scim.CompareCond) scim.Cond {
	switch c.Op {
	case filter.Eq, filter.Co, filter.Sw, filter.Ew:
		return scim.OrCond{Left: c, Right: p.compare(c.Op, c.Value)}
	case filter.Ne:
		return scim.AndCond{Left: c, Right: p.compare(c.Op, c.Value)}
	}
	return c
}

// lift takes a condition on an element to the resource, since there is one element at most, and what is hidden does not stand in it.
func (p phoneFilter) lift(c scim.Cond) scim.Cond {
	switch c := c.(type) {
	case scim.AndCond:
		return scim.AndCond{Left: p.lift(c.Left), Right: p.lift(c.Right)}
	case scim.OrCond:
		return scim.OrCond{Left: p.lift(c.Left), Right: p.lift(c.Right)}
	case scim.NotCond:
		return scim.NotCond{X: p.lift(c.X)}
	case scim.CompareCond:
		c.Ref = scim.Ref{Attr: p.rt.Attribute(phoneNumbers), Sub: c.Ref.Leaf()}
		return p.rewrite(c)
	}
	return c
}

// region asks which area codes satisfy the comparison, and for the numbers that begin with one of them. A comparison that also an
// account without a number satisfies, such as ne, is the negation of the others.
func (p phoneFilter) region(c scim.CompareCond) scim.Cond {
	absent := c.Match(scim.Object{})
	var prefixes []scim.Cond
	for _, code := range callingCodeList {
		if c.Match(scim.Object{phoneRegion: code}) != absent {
			prefixes = append(prefixes, p.compare(filter.Sw, "+"+code))
		}
	}
	found := p.anyOf(prefixes)
	if absent {
		return scim.NotCond{X: found}
	}
	return found
}

// anyOf is a disjunction that nests no deeper than it must.
func (p phoneFilter) anyOf(list []scim.Cond) scim.Cond {
	switch len(list) {
	case 0:
		return scim.NothingCond{}
	case 1:
		return list[0]
	case len(callingCodeList):
		return p.compare(filter.Pr, nil)
	}
	half := len(list) / 2
	return scim.OrCond{Left: p.anyOf(list[:half]), Right: p.anyOf(list[half:])}
}
