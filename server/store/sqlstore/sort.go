package sqlstore

import (
	"slices"

	"scimproof/server/scim"
	"scimproof/server/store"
	"scimproof/server/store/sqlquery"
)

// order is how SQL puts the matches of a sorted query in order, as scim.SortCompare does: by a value that every resource has, or by one
// that a resource may lack, which then comes last. Descending is the same order backwards.
type order struct {
	// value is an expression over resource r, NULL where it lacks the value.
	value sqlquery.Fragment
	// column names the column of resource that value is, and index the index that holds it; or they are "".
	column, index string
	// keys is where the values are kept apart from the resource, or nil.
	keys *keys
}

// keys are rows of a table k, at most one for each resource, with an index on them in the order of value and resource.
type keys struct {
	table string
	which sqlquery.Fragment
}

// order finds the order of the query; ok is false where SQL has none.
func (s *search) order() (o order, ok bool) {
	switch s.SortBy.Key() {
	case "id", "meta.location": // locations differ in the id alone
		return columnOrder("r.id", "resource_by_id"), true
	case "meta.created":
		return columnOrder("r.created", "resource_by_created"), true
	case "meta.lastModified":
		return columnOrder("r.modified", "resource_by_modified"), true
	case "meta.resourceType": // the same for all
		return columnOrder("r.collection", "resource_in_order"), true
	case "externalId":
		return order{
			value: sqlquery.Build("(SELECT o.value FROM external_id o WHERE o.resource = r.seq AND o.application = ?)", s.View.Application),
			keys: &keys{s.dialect.Along("external_id k", "external_id_by_value"),
				sqlquery.Build("k.application = ? AND k.collection = ?", s.View.Application, s.target.Collection)},
		}, s.SortBy.Attr.CaseExact
	}
	if !sortable(*s.SortBy) || !sqlquery.Indexed(s.Type)[s.SortBy.Key()] {
		return o, false
	}
	attribute := sqlquery.Build("(SELECT a.seq FROM attribute a WHERE a.name = ?)", s.SortBy.Key())
	return order{
		value: sqlquery.Build("(SELECT o.value FROM resource_key o WHERE o.resource = r.seq AND o.attribute = ?)", attribute),
		keys: &keys{s.dialect.Along("resource_key k", "resource_key_by_value"),
			sqlquery.Build("k.collection = ? AND k.attribute = ?", s.target.Collection, attribute)},
	}, true
}

func columnOrder(column, index string) order {
	return order{value: sqlquery.Fragment{SQL: column}, column: column, index: index}
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

// sorted is a page of a sorted query.
func (s *search) sorted(o order, total, skip int64) ([]store.Record, error) {
	count := min(int64(s.Count), total-skip)
	after := total - skip - count // how many follow the page
	if s.Descending {
		skip, after = after, skip
	}
	seqs, ok, err := s.walk(o, total, skip, after, count)
	if err == nil && !ok {
		seqs, err = s.numbers(sqlquery.Build("SELECT r.seq ? ORDER BY ? ASC NULLS LAST, r.seq LIMIT ? OFFSET ?", s.fromIndex(), o.value, count, skip))
	}
	if err != nil {
		return nil, err
	}
	if s.Descending {
		return s.backwards(seqs)
	}
	return s.pick(seqs)
}

// walk goes along an index that holds the order, from the end that is nearer to the page, which spares sorting all matches. The page has so
// many matches before and after it, in ascending order, and is returned so. ok is false where the walk would be long, and where the page
// reaches into those that the index does not hold.
func (s *search) walk(o order, total, before, after, count int64) (seqs []int64, ok bool, err error) {
	fromEnd := after < before
	if o.keys != nil {
		fromEnd = before-after > s.all/2 // else it costs more than it saves to find out about those that lack the value, which come last
	}
	if fromEnd && o.keys != nil {
		have, err := s.size(sqlquery.Build("SELECT k.resource FROM "+o.keys.table+" WHERE ?", o.keys.which))
		if err != nil {
			return nil, false, err
		}
		fromEnd = have == s.all
	}
	skip, direction := before, " ASC"
	if fromEnd {
		skip, direction = after, " DESC"
	}
	if !s.scanIsCheaper(total, skip+count) {
		return nil, false, nil
	}
	seqs, err = s.numbers(sqlquery.Build("? LIMIT ? OFFSET ?", s.along(o, o.number(), sqlquery.True, direction), count, skip))
	if fromEnd {
		slices.Reverse(seqs)
	}
	return seqs, int64(len(seqs)) == count, err
}

// number is the column that names the resource in the rows of along.
func (o order) number() string {
	if o.keys == nil {
		return "r.seq"
	}
	return "k.resource"
}

// along selects columns of the matches from an index, as far as a bound allows.
func (s *search) along(o order, columns string, bound sqlquery.Fragment, direction string) sqlquery.Fragment {
	if o.keys == nil {
		return sqlquery.Build("SELECT "+columns+" FROM "+s.dialect.Along("resource r", o.index)+" WHERE r.collection = ? AND (?) AND ? AND ?"+
			" ORDER BY "+o.column+direction+", r.seq"+direction, s.target.Collection, s.plan.Where, s.visible(), bound)
	}
	table, which := o.keys.table, o.keys.which
	if s.Filter != nil || s.partly() { // else the index alone says enough
		table, which = table+" CROSS JOIN resource r", sqlquery.Build("r.seq = k.resource AND ?", which)
	}
	return sqlquery.Build("SELECT "+columns+" FROM "+table+" WHERE ? AND (?) AND ? AND ? ORDER BY "+s.dialect.Order("k.value", direction)+", k.resource"+direction,
		which, s.plan.Where, s.visible(), bound)
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

// sortedPage is the part of the hits, which come in the order of creation, that the query asks for.
func (s *search) sortedPage(page store.Page, hits []hit) (store.Page, error) {
	if s.Descending {
		slices.Reverse(hits)
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return scim.SortCompare(*s.SortBy, a.key, b.key, s.Descending) })
	if s.After != nil {
		return s.hitsBehind(page, hits)
	}
	from := min(max(s.Start, 1)-1, len(hits))
	var seqs []int64
	for _, h := range hits[from : from+min(max(s.Count, 0), len(hits)-from)] {
		seqs = append(seqs, h.seq)
	}
	var err error
	page.Records, err = s.pick(seqs)
	return page, err
}
