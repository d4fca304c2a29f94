package sqlite

import (
	"scimproof/server/store"
	"scimproof/server/store/sqlquery"
)

// blockBits is how many numbers of resources table block counts together, as a power of two; its triggers shift by as much.
const blockBits = 12

// Query is that of store.Reader.
func (r *reader) Query(q store.Query) (store.Page, error) {
	t, err := r.target(q.View, q.Type, q.Type.Name)
	if err != nil || t.Collection == 0 {
		return store.Page{}, err
	}
	t.Locate = q.Locate
	s := &search{reader: r, Query: q, target: t, plan: sqlquery.Compile(sqlquery.SQLite{}, t, q.Filter)}
	if s.plan.Rest != nil {
		return s.scan()
	}
	if s.SortBy == nil { // Descending has nothing to turn round (RFC 7644 section 3.4.2.3)
		return s.page(s.inOrder)
	}
	o, ok := s.order()
	if !ok {
		return s.scan()
	}
	return s.page(func(total, skip int64) ([]store.Record, error) { return s.sorted(o, total, skip) })
}

// search is a query on its way.
type search struct {
	*reader
	store.Query
	target sqlquery.Target
	plan   sqlquery.Plan
}

// page answers a query that SQL decides alone. read finds the records, given the total and how many of them to skip.
func (s *search) page(read func(total, skip int64) ([]store.Record, error)) (page store.Page, err error) {
	total, err := s.count()
	if err != nil {
		return page, err
	}
	page.Total = int(total)
	start := int64(max(s.Start, 1))
	if s.Count <= 0 || start > total {
		return page, nil
	}
	page.Records, err = read(total, start-1)
	return page, err
}

// inOrder is a page in the order of creation.
func (s *search) inOrder(total, skip int64) ([]store.Record, error) {
	first, before, err := s.seek(skip)
	if err != nil {
		return nil, err
	}
	skip -= before
	from := s.fromIndex()
	if s.scanIsCheaper(total, skip+int64(s.Count)) {
		from = s.fromScan()
	}
	_, records, err := s.records(s.Type.Name, sqlquery.Build("SELECT "+recordColumns+" ? AND r.seq >= ? ORDER BY r.seq LIMIT ? OFFSET ?",
		s.View.Application, from, first, s.Count, skip))
	return records, err
}

// fromScan visits the collection in the order of creation and tests each resource.
func (s *search) fromScan() sqlquery.Fragment {
	return sqlquery.Build("FROM resource r WHERE r.collection = ? AND (?) AND ?", s.target.Collection, s.plan.Where, s.target.Visible("r"))
}

// fromIndex visits what an index selects; the plus keeps SQLite from choosing the list of the collection instead.
func (s *search) fromIndex() sqlquery.Fragment {
	visible := s.target.Visible("r")
	switch {
	case s.plan.Set.SQL != "" && s.plan.SetOnly:
		return sqlquery.Build("FROM resource r WHERE r.seq IN (?) AND ?", s.plan.Set, visible)
	case s.plan.Set.SQL != "":
		return sqlquery.Build("FROM resource r WHERE r.seq IN (?) AND +r.collection = ? AND (?) AND ?",
			s.plan.Set, s.target.Collection, s.plan.Where, visible)
	case s.Scoped:
		return sqlquery.Build("FROM resource r WHERE r.seq IN (?) AND +r.collection = ? AND (?)", s.target.Shown(), s.target.Collection, s.plan.Where)
	}
	return s.fromScan()
}

// scanIsCheaper compares how far a scan in the order of creation has to go until it has met so many matches, when they are evenly
// spread, with a visit to all matches. Where the answer is in doubt the index is right: a scan that guesses wrong reads everything.
func (s *search) scanIsCheaper(total, need int64) bool {
	all, err := s.size(false)
	return err == nil && need*all/max(total, 1) < total
}

// count finds the total: without a filter from the counters that triggers maintain, else from an index alone where one decides.
func (s *search) count() (int64, error) {
	if s.Filter == nil {
		return s.size(s.Scoped)
	}
	if s.plan.SetOnly && !s.Scoped {
		what := "count(*)"
		if !s.plan.SetOnce {
			what = "count(DISTINCT s.resource)"
		}
		q := sqlquery.Build("WITH s (resource) AS (?) SELECT "+what+" FROM s", s.plan.Set)
		return s.number(q.SQL, q.Args...)
	}
	q := sqlquery.Build("SELECT count(*) ?", s.fromIndex())
	return s.number(q.SQL, q.Args...)
}

// size is how many resources the collection has, or, scoped, how many of them the view shows.
func (s *search) size(scoped bool) (int64, error) {
	switch {
	case !scoped:
		return s.number("SELECT coalesce(sum(total), 0) FROM placement WHERE collection = ?", s.target.Collection)
	case s.target.Collection == s.target.Groups:
		q := sqlquery.Build("WITH s (resource) AS (?) SELECT count(*) FROM s", s.target.Shown())
		return s.number(q.SQL, q.Args...)
	}
	return s.number("SELECT coalesce(sum(p.total), 0) FROM placement p WHERE p.collection = ?"+
		" AND p.organization IN (SELECT organization FROM reach WHERE application = ?)", s.target.Collection, s.View.Application)
}

// seek finds where the page lies that begins after so many resources of a list: the number of a resource to begin at, and how many of
// the list come before that one. Without a filter it adds up block counts instead of visiting resources.
func (s *search) seek(skip int64) (first, before int64, err error) {
	if s.Filter != nil || skip < 1<<blockBits || s.Scoped && s.target.Collection == s.target.Groups {
		return 0, 0, nil
	}
	q := sqlquery.Build("SELECT number, sum(total) FROM block WHERE collection = ?", s.target.Collection)
	if s.Scoped {
		q = sqlquery.Build("? AND organization IN (SELECT organization FROM reach WHERE application = ?)", q, s.View.Application)
	}
	err = s.query(sqlquery.Build("? GROUP BY number ORDER BY number", q), func(scan func(...any) error) (bool, error) {
		var number, total int64
		if err := scan(&number, &total); err != nil {
			return false, err
		}
		first = number << blockBits
		if before+total > skip {
			return false, nil
		}
		before += total
		return true, nil
	})
	return first, before, err
}
