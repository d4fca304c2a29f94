package sqlstore

import (
	"cmp"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"

	"scimproof/server/scim"
	"scimproof/server/store"
	"scimproof/server/store/sqlquery"
)

// place is where a match stands in the order of a query: its number and, where the query sorts, the value that it sorts by or nil.
type place struct {
	seq   int64
	value any
}

// position is how a place is written: each value as text.
type position struct {
	Seq   int64   `json:"seq"`
	Value *string `json:"value,omitzero"`
}

func writePosition(p place) (store.Position, error) {
	out := position{Seq: p.seq}
	if p.value != nil {
		text := fmt.Sprint(p.value)
		out.Value = &text
	}
	return json.Marshal(out)
}

// readPosition returns the place behind which a page begins, or nil where it is the first page; read makes a value of a text.
func readPosition(data store.Position, read func(string) (any, error)) (*place, error) {
	if len(data) == 0 {
		return nil, nil
	}
	var p position
	if err := json.Unmarshal(data, &p); err != nil {
		return nil, fmt.Errorf("this is no position: %w", err)
	}
	out := &place{seq: p.Seq}
	if p.Value == nil {
		return out, nil
	}
	var err error
	out.value, err = read(*p.Value)
	return out, err
}

// behind answers a query with After that SQL decides alone.
func (s *search) behind() (page store.Page, err error) {
	total, err := s.count()
	if err != nil {
		return page, err
	}
	page.Total = int(total)
	if s.Count <= 0 || total == 0 {
		return page, nil
	}
	var places []place
	if s.SortBy == nil {
		places, err = s.behindCreated(total)
	} else if o, ok := s.order(); ok {
		places, err = s.behindSorted(o, total)
	} else {
		return s.scan()
	}
	if err != nil {
		return page, err
	}
	return s.placed(page, places)
}

// placed fills a page with the resources at the places.
func (s *search) placed(page store.Page, places []place) (store.Page, error) {
	seqs := make([]int64, len(places))
	for i, p := range places {
		seqs[i] = p.seq
		text, err := writePosition(p)
		if err != nil {
			return page, err
		}
		page.Positions = append(page.Positions, text)
	}
	var err error
	page.Records, err = s.pick(seqs)
	return page, err
}

// behindCreated goes on in the order of creation.
func (s *search) behindCreated(total int64) (places []place, err error) {
	last, err := s.last()
	if err != nil {
		return nil, err
	}
	scan := s.scanIsCheaper(total, int64(s.Count))
	var q sqlquery.Fragment
	switch {
	case scan:
		q = sqlquery.Build("SELECT r.seq ? AND r.seq > ? ORDER BY r.seq LIMIT ?", s.fromScan(), last, s.Count)
	case s.plan.SetOnly && !s.partly():
		q = sqlquery.Build("WITH s (resource) AS (?) SELECT s.resource FROM s WHERE s.resource > ? ORDER BY s.resource LIMIT ?", s.distinct(), last, s.Count)
	default:
		q = sqlquery.Build("SELECT r.seq ? AND r.seq > ? ORDER BY r.seq LIMIT ?", s.fromIndex(), last, s.Count)
	}
	seqs, err := s.numbers(q)
	for _, seq := range seqs {
		places = append(places, place{seq: seq})
	}
	return places, err
}

// last is the number behind which a page in the order of creation begins: 0, which no resource has, begins with the first.
func (s *search) last() (int64, error) {
	after, err := readPosition(s.After, noValue)
	if after == nil {
		return 0, err
	}
	return after.seq, err
}

func noValue(text string) (any, error) {
	return nil, fmt.Errorf("a position in the order of creation has no value %q", text)
}

// behindSorted goes on in the order of a value. Those that lack it follow the others, or, in descending order, come before them.
func (s *search) behindSorted(o order, total int64) (places []place, err error) {
	after, err := readPosition(s.After, o.read)
	if err != nil {
		return nil, err
	}
	having := func() error {
		if after != nil && after.value == nil && s.Descending { // the position lies before all of them
			return s.having(o, nil, total, &places)
		}
		if after != nil && after.value == nil {
			return nil
		}
		return s.having(o, after, total, &places)
	}
	lacking := func() error {
		if after != nil && after.value != nil && !s.Descending {
			return s.lacking(o, nil, &places)
		}
		if after != nil && after.value != nil {
			return nil
		}
		return s.lacking(o, after, &places)
	}
	if s.Descending {
		having, lacking = lacking, having
	}
	if err := having(); err != nil {
		return nil, err
	}
	return places, lacking()
}

// read makes of the text in a position what the order's value is in SQL.
func (o order) read(text string) (any, error) {
	if o.column == "" || o.column == "r.id" {
		return text, nil
	}
	return strconv.ParseInt(text, 10, 64)
}

// direction is how the query goes through the order: the word for ORDER BY, and the sign of what lies ahead.
func (s *search) direction() (word, ahead string) {
	if s.Descending {
		return " DESC", "<"
	}
	return " ASC", ">"
}

// having adds matches that have the value, behind a place or from the first on, until the page is full.
func (s *search) having(o order, after *place, total int64, places *[]place) error {
	need := s.Count - len(*places)
	if need <= 0 {
		return nil
	}
	word, ahead := s.direction()
	bound := func(value, seq string) sqlquery.Fragment {
		if after == nil {
			return sqlquery.True
		}
		return sqlquery.Build("("+value+", "+seq+") "+ahead+" (?, ?)", after.value, after.seq)
	}
	if s.scanIsCheaper(total, int64(need)) {
		seq, column := o.number(), o.column
		if o.keys != nil {
			column = "k.value"
		}
		return s.places(places, sqlquery.Build("? LIMIT ?", s.along(o, seq+", "+column, bound(column, seq), word), need))
	}
	return s.places(places, sqlquery.Build("WITH m (seq, value) AS (SELECT r.seq, ? ?) SELECT m.seq, m.value FROM m WHERE m.value IS NOT NULL AND ?"+
		" ORDER BY m.value"+word+", m.seq"+word+" LIMIT ?", o.value, s.fromIndex(), bound("m.value", "m.seq"), need))
}

// lacking adds matches that lack the value, in the order of creation or against it.
func (s *search) lacking(o order, after *place, places *[]place) error {
	need := s.Count - len(*places)
	if need <= 0 || o.keys == nil {
		return nil
	}
	have, err := s.size(sqlquery.Build("SELECT k.resource FROM "+o.keys.table+" WHERE ?", o.keys.which))
	if err != nil || have == s.all {
		return err
	}
	word, ahead := s.direction()
	bound := sqlquery.True
	if after != nil {
		bound = sqlquery.Build("r.seq "+ahead+" ?", after.seq)
	}
	return s.places(places, sqlquery.Build("SELECT r.seq, NULL ? AND ? IS NULL AND ? ORDER BY r.seq"+word+" LIMIT ?", s.fromIndex(), o.value, bound, need))
}

// places reads rows of a number and a value.
func (s *search) places(to *[]place, q sqlquery.Fragment) error {
	return s.query(q, func(scan Scan) (bool, error) {
		var p place
		err := scan(&p.seq, &p.value)
		if text, ok := p.value.([]byte); ok {
			p.value = string(text)
		}
		*to = append(*to, p)
		return true, err
	})
}

// hitsBehind is sortedPage where the query has After.
func (s *search) hitsBehind(page store.Page, hits []hit) (store.Page, error) {
	after, err := readPosition(s.After, sortValue(*s.SortBy))
	if err != nil {
		return page, err
	}
	var places []place
	for _, h := range hits {
		p := place{h.seq, s.SortBy.SortValue(h.key)}
		if len(places) < s.Count && (after == nil || s.comesBehind(p, *after)) {
			places = append(places, p)
		}
	}
	return s.placed(page, places)
}

func (s *search) comesBehind(p, after place) bool {
	order := scim.CompareSorted(s.SortBy.Leaf(), p.value, after.value)
	if order == 0 {
		order = cmp.Compare(p.seq, after.seq)
	}
	if s.Descending {
		order = -order
	}
	return order > 0
}

// sortValue makes of the text in a position what SortValue says of a resource.
func sortValue(by scim.Ref) func(string) (any, error) {
	return func(text string) (any, error) {
		switch by.Leaf().Type {
		case scim.Boolean:
			return text == "true", nil
		case scim.Integer, scim.Decimal:
			return scim.Number(text), nil
		}
		return text, nil
	}
}
