package sqlite

import (
	"slices"

	"scimproof/server/scim"
	"scimproof/server/store"
	"scimproof/server/store/sqlquery"
)

// order is how SQL puts the matches of a sorted query in order, as scim.SortCompare does.
type order struct {
	// terms is an ORDER BY over resource r, to the last tie.
	terms sqlquery.Fragment
	// index names the index of table resource that holds the order, or "".
	index string
	// attribute is the key whose index holds the order of those that have it, or "".
	attribute string
}

// order finds the order of the query; ok is false where SQL has none.
func (s *search) order() (o order, ok bool) {
	switch s.SortBy.Key() {
	case "id", "meta.location": // locations differ in the id alone
		return s.columnOrder("r.id", "resource_by_id"), true
	case "meta.created":
		return s.columnOrder("r.created", "resource_by_created"), true
	case "meta.lastModified":
		return s.columnOrder("r.modified", "resource_by_modified"), true
	case "meta.resourceType": // the same for all
		return order{terms: sqlquery.Fragment{SQL: "r.seq"}}, true
	case "externalId":
		return s.valueOrder(sqlquery.Build("(SELECT o.value FROM external_id o WHERE o.resource = r.seq AND o.application = ?)", s.View.Application)), s.SortBy.Attr.CaseExact
	}
	if !sortable(*s.SortBy) || !sqlquery.Indexed(s.Type)[s.SortBy.Key()] {
		return o, false
	}
	o = s.valueOrder(sqlquery.Build("(SELECT o.value FROM resource_key o WHERE o.resource = r.seq AND o.attribute = ?)", attribute(s.SortBy.Key())))
	o.attribute = s.SortBy.Key()
	return o, true
}

// sortable says whether the keys of an attribute sort as its values do: one at most for each resource, and by their bytes.
func sortable(ref scim.Ref) bool {
	leaf := ref.Leaf()
	switch leaf.Type {
	case scim.String, scim.Reference, scim.Boolean: // "false" comes before "true"
		return !ref.Attr.MultiValued && !leaf.MultiValued
	}
	return false
}

// attribute is the number under which the keys of an attribute are kept.
func attribute(key string) sqlquery.Fragment {
	return sqlquery.Build("(SELECT a.seq FROM attribute a WHERE a.name = ?)", key)
}

// columnOrder is the order of a column that every resource has.
func (s *search) columnOrder(column, index string) order {
	return order{terms: sqlquery.Fragment{SQL: column + s.direction() + ", r.seq"}, index: index}
}

// valueOrder is the order of a value that a resource may lack: then it comes last, or, descending, first.
func (s *search) valueOrder(value sqlquery.Fragment) order {
	nulls := " NULLS LAST"
	if s.Descending {
		nulls = " NULLS FIRST"
	}
	return order{terms: sqlquery.Build("?"+s.direction()+nulls+", r.seq", value)}
}

func (s *search) direction() string {
	if s.Descending {
		return " DESC"
	}
	return " ASC"
}

// sorted is a page of a sorted query.
func (s *search) sorted(o order, total, skip int64) ([]store.Record, error) {
	seqs, ok, err := s.walk(o, total, skip)
	if err != nil {
		return nil, err
	}
	if !ok {
		seqs, err = s.numbers(sqlquery.Build("SELECT r.seq ? ORDER BY ? LIMIT ? OFFSET ?", s.fromIndex(), o.terms, s.Count, skip))
		if err != nil {
			return nil, err
		}
	}
	return s.pick(seqs)
}

// walk goes along an index that holds the order, which spares sorting all matches for the sake of one page. ok is false where there is no
// such index, where it would have to be walked too far, and where the page reaches into those that the index does not hold.
func (s *search) walk(o order, total, skip int64) (seqs []int64, ok bool, err error) {
	if !s.scanIsCheaper(total, skip+int64(s.Count)) {
		return nil, false, nil
	}
	if o.index != "" {
		seqs, err = s.numbers(sqlquery.Build("SELECT r.seq FROM resource r INDEXED BY "+o.index+" WHERE r.collection = ? AND (?) AND ?"+
			" ORDER BY ? LIMIT ? OFFSET ?", s.target.Collection, s.plan.Where, s.target.Visible("r"), o.terms, s.Count, skip))
		return seqs, true, err
	}
	if o.attribute == "" {
		return nil, false, nil
	}
	if s.Descending { // those without a value come first
		all, err := s.size(false)
		if err != nil {
			return nil, false, err
		}
		have, err := s.haveKey(o.attribute)
		if err != nil || have < all {
			return nil, false, err
		}
	}
	seqs, err = s.numbers(sqlquery.Build("SELECT k.resource FROM resource_key k INDEXED BY resource_key_by_value"+s.joined()+
		" WHERE k.collection = ? AND k.attribute = ? AND (?) AND ? ORDER BY k.value"+s.direction()+", k.resource LIMIT ? OFFSET ?",
		s.target.Collection, attribute(o.attribute), s.plan.Where, s.target.Visible("r"), s.Count, skip))
	return seqs, int64(len(seqs)) == min(int64(s.Count), total-skip), err
}

// joined is what a walk along keys has to look up of each resource.
func (s *search) joined() string {
	if s.Filter == nil && !s.Scoped {
		return ""
	}
	return " CROSS JOIN resource r ON r.seq = k.resource"
}

// haveKey is how many resources have a key of an attribute that has one value at most.
func (s *search) haveKey(key string) (int64, error) {
	q := sqlquery.Build("SELECT count(*) FROM resource_key k WHERE k.collection = ? AND k.attribute = ?", s.target.Collection, attribute(key))
	return s.number(q.SQL, q.Args...)
}

// numbers reads the numbers of resources.
func (s *search) numbers(q sqlquery.Fragment) (seqs []int64, err error) {
	err = s.query(q, func(scan func(...any) error) (bool, error) {
		var seq int64
		err := scan(&seq)
		seqs = append(seqs, seq)
		return true, err
	})
	return seqs, err
}

// pick reads resources by their numbers, in the order given.
func (s *search) pick(seqs []int64) ([]store.Record, error) {
	records := make([]store.Record, 0, len(seqs))
	for _, seq := range seqs {
		rec, err := s.first(s.Type.Name, sqlquery.Build("SELECT "+recordColumns+" FROM resource r WHERE r.seq = ?", s.View.Application, seq))
		if err != nil {
			return nil, err
		}
		records = append(records, rec)
	}
	return records, nil
}

// hit is a match that waits to be sorted: its number, and as much of it as sorting looks at.
type hit struct {
	seq int64
	key scim.Object
}

// hitOf keeps the attribute that a match sorts by and lets go of the rest.
func hitOf(seq int64, o scim.Object, by scim.Ref) hit {
	if by.URN == "" {
		return hit{seq, scim.Object{by.Attr.Name: o[by.Attr.Name]}}
	}
	extension, _ := o[by.URN].(scim.Object)
	return hit{seq, scim.Object{by.URN: scim.Object{by.Attr.Name: extension[by.Attr.Name]}}}
}

// sortedPage is the part of the hits that the query asks for.
func (s *search) sortedPage(hits []hit) ([]store.Record, error) {
	slices.SortStableFunc(hits, func(a, b hit) int { return scim.SortCompare(*s.SortBy, a.key, b.key, s.Descending) })
	from := min(max(s.Start, 1)-1, len(hits))
	var seqs []int64
	for _, h := range hits[from : from+min(max(s.Count, 0), len(hits)-from)] {
		seqs = append(seqs, h.seq)
	}
	return s.pick(seqs)
}
