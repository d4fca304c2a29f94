package engine

import (
	"scimproof/server/scim"
	"scimproof/server/store"
)

// mergeReach is how many resources of several types are put in order for a page at most. Whoever wants to go further takes a cursor.
const mergeReach = 10_000

// merged is a page of a listing.
type merged struct {
	total   int
	entries []entry
	// positions are, of each lane, where the page ends; more says that something follows. Only where the listing goes by positions.
	positions []store.Position
	more      bool
}

// entry is a resource in a listing.
type entry struct {
	*lane
	rec store.Record
}

// read finds the page that the listing asks for. With cursors it begins where they say.
func (l *listing) read(r store.Reader, c *cursors) (merged, error) {
	switch {
	case l.count == 0:
		total, err := l.total(r)
		return merged{total: total}, err
	case c != nil:
		return l.behind(r, c.positions, l.count)
	case l.sorted && len(l.lanes) > 1:
		return l.sortedFrom(r)
	}
	return l.inTurn(r)
}

// total is how many resources match.
func (l *listing) total(r store.Reader) (total int, err error) {
	for _, n := range l.lanes {
		page, err := r.Query(n.Query) // Count is 0
		if err != nil {
			return 0, err
		}
		total += page.Total
	}
	return total, nil
}

// inTurn is a page of the lanes one after the other.
func (l *listing) inTurn(r store.Reader) (out merged, err error) {
	for i := range l.lanes {
		n := &l.lanes[i]
		q := n.Query
		q.Start, q.Count = max(1, l.start-out.total), l.count-len(out.entries)
		page, err := r.Query(q)
		if err != nil {
			return out, err
		}
		out.total += page.Total
		for _, rec := range page.Records {
			out.entries = append(out.entries, entry{n, rec})
		}
	}
	return out, nil
}

// sortedFrom is a page of lanes in a common order, counted from the first resource.
func (l *listing) sortedFrom(r store.Reader) (out merged, err error) {
	if l.start+l.count > mergeReach {
		return out, scim.Bad(scim.TooMany, "Resources of several types are sorted as far as startIndex %d; use a cursor, or ask for one type.", mergeReach)
	}
	out, err = l.behind(r, make([]store.Position, len(l.lanes)), l.start-1+l.count)
	out.entries = out.entries[min(l.start-1, len(out.entries)):]
	return out, err
}

// behind is a page of so many resources behind positions of the lanes, each of which may be empty.
func (l *listing) behind(r store.Reader, positions []store.Position, count int) (out merged, err error) {
	heads := make([]*head, len(l.lanes))
	for i := range l.lanes {
		heads[i] = &head{listing: l, lane: &l.lanes[i], position: append(store.Position{}, positions[i]...), need: count + 1}
		if err := heads[i].fill(r); err != nil {
			return out, err
		}
		out.total += heads[i].total
	}
	for {
		h := foremost(heads)
		out.more = h != nil
		if h == nil || len(out.entries) == count {
			break
		}
		out.entries = append(out.entries, entry{h.lane, h.records[0]})
		if err := h.next(r); err != nil {
			return out, err
		}
	}
	for _, h := range heads {
		out.positions = append(out.positions, h.position)
	}
	return out, nil
}

// head is where a lane has got to.
type head struct {
	*listing
	*lane
	position  store.Position // behind which the lane goes on
	need      int            // how many records are wanted at most
	total     int
	records   []store.Record // read ahead
	positions []store.Position
	value     any // that the first of them sorts by, where lanes are compared
}

// chunk is how many records are read ahead at most.
const chunk = 500

// fill reads ahead.
func (h *head) fill(r store.Reader) error {
	q := h.Query
	q.After, q.Count = h.position, min(h.need, chunk)
	page, err := r.Query(q)
	if err != nil {
		return err
	}
	h.total, h.records, h.positions = page.Total, page.Records, page.Positions
	return h.look(r)
}

// next passes over the first record.
func (h *head) next(r store.Reader) error {
	h.position, h.need = h.positions[0], h.need-1
	h.records, h.positions = h.records[1:], h.positions[1:]
	if len(h.records) == 0 && h.need > 0 {
		return h.fill(r)
	}
	return h.look(r)
}

// look finds what the first record sorts by.
func (h *head) look(r store.Reader) (err error) {
	h.value = nil
	if len(h.records) == 0 || h.SortBy == nil || len(h.lanes) == 1 {
		return nil
	}
	o, err := h.app.complete(r, h.Type, h.records[0], func(name string) bool { return h.SortBy.URN == "" && name == h.SortBy.Attr.Name })
	if err == nil {
		h.value = h.SortBy.SortValue(o)
	}
	return err
}

// foremost is the head that comes first, or nil where all lanes are at their end. Of equal ones it is the first.
func foremost(heads []*head) (first *head) {
	for _, h := range heads {
		if len(h.records) > 0 && (first == nil || h.before(first)) {
			first = h
		}
	}
	return first
}

// before says whether a head comes before one of an earlier lane. It does so only by its value.
func (h *head) before(other *head) bool {
	by := h.SortBy
	if by == nil {
		by = other.SortBy
	}
	if by == nil {
		return false
	}
	order := scim.CompareSorted(by.Leaf(), h.value, other.value)
	if h.Descending {
		return order > 0
	}
	return order < 0
}
