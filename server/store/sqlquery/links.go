package sqlquery

import (
	"scimproof/server/scim"
	"scimproof/server/scim/filter"
)

// inDirectory is the condition that a resource lies in the directory of the view, whatever its type.
func (c compiler) inDirectory(alias string) Fragment {
	return Build(alias+".collection IN (SELECT d.seq FROM collection d WHERE d.directory = ?)", c.View.Directory)
}

// linked compiles a comparison of the linked attribute (members).
func (c compiler) linked(x scim.CompareCond) (predicate, bool) {
	v := c.members()
	if x.Ref.Sub == nil {
		v.set = nil
		return existence(v), x.Op == filter.Pr
	}
	column, found := c.memberColumn(x.Ref.Sub)
	if column == "" {
		return predicate{}, false
	}
	if !found || x.Op != filter.Eq {
		v.set = nil
	}
	if x.Op == filter.Pr {
		return existence(v), true
	}
	want, ok := literal(x.Ref.Sub, x.Op, x.Value)
	if !ok {
		return predicate{}, false
	}
	v.column = column
	return c.comparison(v, x.Op, want)
}

// linkedEach compiles a value path over the linked attribute. Each member is a row, so that anything about value and type is decided.
func (c compiler) linkedEach(x scim.EachCond) (predicate, bool) {
	cond, found, ok := c.memberCond(x.X)
	if !ok {
		return predicate{}, false
	}
	v := c.members()
	p := predicate{test: v.test(cond), exact: true}
	if found {
		p.set, p.setOnly, p.cost = v.set(cond), true, few
	}
	return p, true
}

// memberCond compiles a condition on one member, over its row x; found says that an index leads to it.
func (c compiler) memberCond(x scim.Cond) (cond Fragment, found, ok bool) {
	switch x := x.(type) {
	case scim.AndCond:
		left, lfound, lok := c.memberCond(x.Left)
		right, rfound, rok := c.memberCond(x.Right)
		return Build("(?) AND (?)", left, right), lfound || rfound, lok && rok
	case scim.OrCond:
		left, lfound, lok := c.memberCond(x.Left)
		right, rfound, rok := c.memberCond(x.Right)
		return Build("(?) OR (?)", left, right), lfound && rfound, lok && rok
	case scim.NotCond:
		inner, _, ok := c.memberCond(x.X)
		return Build("NOT (?)", inner), false, ok
	case scim.NothingCond:
		return False, false, true
	case scim.CompareCond:
		return c.memberCompare(x)
	}
	return Fragment{}, false, false
}

// memberCompare is memberCond for a comparison. A member has a value and a type, so that ne asks about these alone.
func (c compiler) memberCompare(x scim.CompareCond) (cond Fragment, found, ok bool) {
	sub := x.Ref.Leaf()
	column, found := c.memberColumn(sub)
	if column == "" {
		return Fragment{}, false, false
	}
	if x.Op == filter.Pr {
		return True, false, true
	}
	want, ok := literal(sub, x.Op, x.Value)
	if !ok {
		return Fragment{}, false, false
	}
	if x.Op == filter.Ne {
		return Build(column+" <> ?", want), false, true
	}
	cond, ok = text(c.Dialect, column, x.Op, want)
	return cond, found && x.Op == filter.Eq, ok
}

// members are the rows of the linked attribute that the view shows.
func (c compiler) members() values {
	return values{
		test: func(cond Fragment) Fragment {
			return Build("EXISTS (SELECT 1 FROM membership m CROSS JOIN resource x WHERE x.seq = m.member AND m.holder = r.seq AND (?) AND ?)",
				cond, c.Visible("x"))
		},
		set: func(cond Fragment) Fragment {
			return Build("SELECT m.holder FROM resource x CROSS JOIN membership m CROSS JOIN resource h"+
				" WHERE m.member = x.seq AND h.seq = m.holder AND ? AND (?) AND ? AND h.collection = ?", c.inDirectory("x"), cond, c.Visible("x"), c.Collection)
		},
		many: true,
	}
}

// memberColumn is a sub-attribute of a member as an expression over its row x, folded as the sub-attribute is; "" where the row does
// not have it. found says that an index leads from a value to the member. An id is its own fold, by the store's contract.
func (c compiler) memberColumn(sub *scim.Attribute) (column string, found bool) {
	switch sub.Name {
	case "value":
		return "x.id", true
	case "type":
		const name = "(SELECT t.type FROM collection t WHERE t.seq = x.collection)"
		if sub.CaseExact {
			return name, false
		}
		return c.Lower(name), false // names of resource types are ASCII
	}
	return "", false
}

// derived compiles a comparison of the derived attribute (groups): the ids of the groups that a resource belongs to, directly or
// through other groups.
func (c compiler) derived(x scim.CompareCond) (predicate, bool) {
	if x.Ref.Sub != nil && x.Ref.Sub.Name != "value" {
		return predicate{}, false
	}
	if x.Op == filter.Pr {
		return existence(c.directGroups()), true
	}
	v := c.groups()
	if x.Op != filter.Eq {
		v.set = nil
	}
	want, ok := literal(x.Ref.Sub, x.Op, x.Value)
	if !ok {
		return predicate{}, false
	}
	return c.comparison(v, x.Op, want)
}

// directGroups are the groups that the view shows and that a resource belongs to directly: who is in no such group is in none.
func (c compiler) directGroups() values {
	return values{
		test: func(cond Fragment) Fragment {
			return Build("EXISTS (SELECT 1 FROM membership m CROSS JOIN resource g WHERE g.seq = m.holder AND m.member = r.seq AND ? AND ?)", cond, c.Visible("g"))
		},
		set: func(cond Fragment) Fragment {
			return Build("SELECT m.member FROM resource g CROSS JOIN membership m CROSS JOIN resource h"+
				" WHERE m.holder = g.seq AND h.seq = m.member AND g.collection = ? AND ? AND ? AND h.collection = ?",
				c.Groups, cond, c.Visible("g"), c.Collection)
		},
		many: true,
	}
}

// groups are the groups that the view shows and that lead to the resource by groups that it shows: upward from a resource, which is
// in few, or downward from a group, through the few of its members that have members.
func (c compiler) groups() values {
	shown := c.Visible("g")
	return values{
		column: "g.id",
		test: func(cond Fragment) Fragment {
			return Build("EXISTS (WITH RECURSIVE up (seq) AS ("+
				"SELECT m.holder FROM membership m CROSS JOIN resource g WHERE g.seq = m.holder AND m.member = r.seq AND ?"+
				" UNION SELECT m.holder FROM up CROSS JOIN membership m CROSS JOIN resource g WHERE m.member = up.seq AND g.seq = m.holder AND ?)"+
				" SELECT 1 FROM up CROSS JOIN resource g WHERE g.seq = up.seq AND ?)", shown, shown, cond)
		},
		set: func(cond Fragment) Fragment {
			return Build("SELECT m.member FROM membership m CROSS JOIN resource h WHERE h.seq = m.member AND h.collection = ? AND m.holder IN ("+
				"WITH RECURSIVE down (seq) AS (SELECT g.seq FROM resource g WHERE ? AND ? AND ?"+
				" UNION SELECT m.member FROM down CROSS JOIN membership m CROSS JOIN resource g"+
				" WHERE m.holder = down.seq AND g.seq = m.member AND EXISTS (SELECT 1 FROM membership n WHERE n.holder = m.member) AND ?) SELECT seq FROM down)",
				c.Collection, c.inDirectory("g"), shown, cond, shown)
		},
		many: true,
	}
}
