package sqlite

import "maps"

// place is what a counter counts: the resources of a collection in an organization, whose numbers lie in one block.
type place struct {
	collection   int64
	organization string
	block        int64
}

// blockBits is the size of a block, as a power of two, and coarseBits that of a coarse one.
const (
	blockBits  = 12
	coarseBits = 18
)

// Count is that of sqlstore.Counter. Steps that share a commit share what is written for it, too.
func (s *session) Count(collection, seq int64, organization string, by int) {
	if s.pending == nil {
		s.pending = map[place]int64{}
	}
	s.pending[place{collection, organization, seq >> blockBits}] += int64(by)
}

// Flush is that of sqlstore.Counter.
func (s *session) Flush() error {
	for p, n := range s.pending {
		if n == 0 {
			continue
		}
		for _, add := range []struct {
			text string
			args []any
		}{
			{"INSERT INTO block (collection, number, total) VALUES (?, ?, ?)" +
				" ON CONFLICT (collection, number) DO UPDATE SET total = total + excluded.total", []any{p.collection, p.block, n}},
			{"INSERT INTO placement (collection, organization, total) VALUES (?, ?, ?)" +
				" ON CONFLICT (collection, organization) DO UPDATE SET total = total + excluded.total", []any{p.collection, p.organization, n}},
			{addToBlock, []any{p.collection, blockBits, p.organization, p.block, n}},
			{addToBlock, []any{p.collection, coarseBits, p.organization, p.block >> (coarseBits - blockBits), n}},
		} {
			if _, err := s.affected(add.text, add.args...); err != nil {
				return err
			}
		}
	}
	clear(s.pending)
	return nil
}

const addToBlock = "INSERT INTO placement_block (collection, bits, organization, number, total) VALUES (?, ?, ?, ?, ?)" +
	" ON CONFLICT (collection, bits, organization, number) DO UPDATE SET total = total + excluded.total"

// counted remembers what is pending before a step; the function that it returns goes back to that when nothing remains of the step, not
// even what it has flushed.
func (s *session) counted() (forget func()) {
	before := maps.Clone(s.pending)
	return func() { s.pending = before }
}
