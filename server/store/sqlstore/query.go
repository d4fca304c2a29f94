package sqlstore

import (
	"slices"

	"scimproof/server/store"
	"scimproof/server/store/sqlquery"
)

// Query is that of store.Reader.
func (r *Reader) Query(q store.Query) (store.Page, error) {
	t, err := r.target(q.View, q.Type, q.Type.Name)
	if err != nil || t.Collection == 0 {
		return store.Page{}, err
	}
	t.Locate = q.Locate
	s := &search{Reader: r, Query: q, target: t, plan: sqlquery.Compile(r.dialect, t, q.Filter)}
	direct := s.plan.SetOnly && s.plan.SetInOrder && s.plan.Rest == nil && s.SortBy == nil && s.After == nil
	if direct && !s.Scoped {
		return s.lookup()
	}
	if err := r.flush(); err != nil {
		return store.Page{}, err
	}
	if err := s.measure(); err != nil {
		return store.Page{}, err
	}
	if direct && !s.partly() {
		return s.lookup()
	}
	if s.plan.Rest != nil {
		return s.scan()
	}
	if s.After != nil {
		return s.behind()
	}
	if s.SortBy == nil {
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
	*Reader
	store.Query
	target sqlquery.Target
	plan   sqlquery.Plan
	all    int64 // how many resources the collection has
	shown  int64 // how many of them the view shows
}

// measure looks up the sizes of the collection, which the triggers count.
func (s *search) measure() (err error) {
	s.all, err = s.number("SELECT coalesce(sum(total), 0) FROM placement WHERE collection = ?", s.target.Collection)
	s.shown = s.all
	if err != nil || !s.Scoped {
		return err
	}
	if s.target.Collection == s.target.Groups {
		s.shown, err = s.size(s.target.Shown())
		return err
	}
	s.shown, err = s.number("SELECT coalesce(sum(p.total), 0) FROM placement p WHERE p.collection = ?"+
		" AND p.organization IN (SELECT organization FROM reach WHERE application = ?)", s.target.Collection, s.View.Application)
	return err
}

// partly says that the view hides some resources of the collection. Where it hides none, the resources found need no second look.
func (s *search) partly() bool { return s.shown < s.all }

// visible is the condition that the view shows resource r.
func (s *search) visible() sqlquery.Fragment {
	if s.partly() {
		return s.target.Own("r")
	}
	return sqlquery.True
}

// lookup answers from an index that holds the matches in the order of creation. Most such queries find one, or none, and that says the
// total as well.
func (s *search) lookup() (page store.Page, err error) {
	skip, count := max(s.Start, 1)-1, max(s.Count, 0)
	seqs, err := s.numbers(sqlquery.Build("WITH s (resource) AS (?) SELECT s.resource FROM s ORDER BY s.resource LIMIT ? OFFSET ?", s.distinct(), count+1, skip))
	if err != nil {
		return page, err
	}
	page.Total = len(seqs)
	if skip > 0 || len(seqs) > count {
		total, err := s.size(s.distinct())
		if err != nil {
			return page, err
		}
		page.Total = int(total)
	}
	page.Records, err = s.pick(seqs[:min(count, len(seqs))])
	return page, err
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

// count finds the total: without a filter from the counters, else from an index alone where one decides.
func (s *search) count() (int64, error) {
	switch {
	case s.Filter == nil:
		return s.shown, nil
	case s.plan.Others.SQL != "" && !s.partly():
		others, err := s.size(s.plan.Others)
		return s.all - others, err
	case s.plan.Others.SQL != "":
		others, err := s.size(sqlquery.Build("SELECT r.seq FROM resource r WHERE r.seq IN (?) AND ?", s.plan.Others, s.visible()))
		return s.shown - others, err
	case s.plan.SetOnly && !s.partly():
		return s.size(s.distinct())
	}
	return s.size(sqlquery.Build("SELECT r.seq ?", s.fromIndex()))
}

// size is how many rows a selection of numbers has.
func (s *search) size(selection sqlquery.Fragment) (int64, error) {
	q := sqlquery.Build("WITH s (resource) AS (?) SELECT count(*) FROM s", selection)
	return s.numberOf(q)
}

// distinct is the set of the plan, each number once.
func (s *search) distinct() sqlquery.Fragment {
	if s.plan.SetOnce {
		return s.plan.Set
	}
	return sqlquery.Build("WITH found (resource) AS (?) SELECT DISTINCT found.resource FROM found", s.plan.Set)
}

// fromScan visits the collection in the order of creation and tests each resource.
func (s *search) fromScan() sqlquery.Fragment {
	return sqlquery.Build("FROM resource r WHERE r.collection = ? AND (?) AND ?", s.target.Collection, s.plan.Where, s.visible())
}

// fromIndex visits what an index selects; the plus keeps SQLite from choosing the list of the collection instead.
func (s *search) fromIndex() sqlquery.Fragment {
	switch {
	case s.plan.Set.SQL != "" && s.plan.SetOnly:
		return sqlquery.Build("FROM resource r WHERE r.seq IN (?) AND ?", s.plan.Set, s.visible())
	case s.plan.Set.SQL != "":
		return sqlquery.Build("FROM resource r WHERE r.seq IN (?) AND +r.collection = ? AND (?) AND ?",
			s.plan.Set, s.target.Collection, s.plan.Where, s.visible())
	case s.partly():
		return sqlquery.Build("FROM resource r WHERE r.seq IN (?) AND +r.collection = ? AND (?)", s.target.Shown(), s.target.Collection, s.plan.Where)
	}
	return s.fromScan()
}

// scanIsCheaper compares how far a scan in the order of creation has to go until it has met so many matches, when they are evenly
// spread, with a visit to all matches. Where the answer is in doubt the index is right: a scan that guesses wrong reads everything.
func (s *search) scanIsCheaper(total, need int64) bool { return need*s.all/max(total, 1) < total }

// inOrder is a page in the order of creation.
func (s *search) inOrder(total, skip int64) ([]store.Record, error) {
	scan := s.scanIsCheaper(total, skip+int64(s.Count))
	if s.plan.SetOnly && !s.partly() && !scan {
		seqs, err := s.numbers(sqlquery.Build("WITH s (resource) AS (?) SELECT s.resource FROM s ORDER BY s.resource LIMIT ? OFFSET ?",
			s.distinct(), s.Count, skip))
		if err != nil {
			return nil, err
		}
		return s.pick(seqs)
	}
	first, before, err := s.seek(skip)
	if err != nil {
		return nil, err
	}
	skip -= before
	from := s.fromIndex()
	if scan || s.scanIsCheaper(total, skip+int64(s.Count)) {
		from = s.fromScan()
	}
	_, records, err := s.records(s.Type.Name, sqlquery.Build("SELECT "+recordColumns+" ? AND r.seq >= ? ORDER BY r.seq LIMIT ? OFFSET ?",
		s.View.Application, from, first, s.Count, skip))
	return records, err
}

// The sizes of the blocks in which resources are counted, as powers of two. The triggers shift by as much.
const (
	blockBits  = 12
	coarseBits = 18
)

// seek finds where the page lies that begins after so many resources of a list: the number of a resource to begin at, and how many of
// the list come before that one. Without a filter it adds up block counts instead of visiting resources.
func (s *search) seek(skip int64) (first, before int64, err error) {
	switch {
	case s.Filter != nil, skip < 1<<blockBits, s.partly() && s.target.Collection == s.target.Groups:
		return 0, 0, nil
	case !s.partly():
		number, before, err := s.block(sqlquery.Build("SELECT number, total FROM block WHERE collection = ? ORDER BY number", s.target.Collection), skip)
		return number << blockBits, before, err
	}
	within := func(bits int, from, to int64) sqlquery.Fragment {
		return sqlquery.Build("SELECT b.number, sum(b.total) FROM placement_block b WHERE b.collection = ? AND b.bits = ?"+
			" AND b.organization IN (SELECT organization FROM reach WHERE application = ?) AND b.number BETWEEN ? AND ? GROUP BY b.number ORDER BY b.number",
			s.target.Collection, bits, s.View.Application, from, to)
	}
	coarse, before, err := s.block(within(coarseBits, 0, 1<<(62-coarseBits)), skip)
	if err != nil {
		return 0, 0, err
	}
	const ratio = coarseBits - blockBits
	fine, inside, err := s.block(within(blockBits, coarse<<ratio, (coarse+1)<<ratio-1), skip-before)
	return fine << blockBits, before + inside, err
}

// block adds up the totals of blocks, in their order, until the next one would reach past skip. It returns that one and the sum before it.
func (s *search) block(blocks sqlquery.Fragment, skip int64) (number, before int64, err error) {
	err = s.query(blocks, func(scan Scan) (bool, error) {
		var total int64
		if err := scan(&number, &total); err != nil {
			return false, err
		}
		if before+total > skip {
			return false, nil
		}
		before += total
		return true, nil
	})
	return number, before, err
}

// numbers reads the numbers of resources.
func (s *search) numbers(q sqlquery.Fragment) (seqs []int64, err error) {
	err = s.query(q, func(scan Scan) (bool, error) {
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

// backwards is pick from the last to the first.
func (s *search) backwards(seqs []int64) ([]store.Record, error) {
	slices.Reverse(seqs)
	return s.pick(seqs)
}
