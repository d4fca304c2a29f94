package postgres

import (
	"cmp"
	"slices"
)

// place is what a counter counts: the resources of a collection in an organization, whose numbers lie in one block.
type place struct {
	collection   int64
	organization string
	block        int64
}

// blockBits is the size of a block, as a power of two.
const blockBits = 12

// Count is that of sqlstore.Counter.
func (s *session) Count(collection, seq int64, organization string, by int) {
	if s.pending == nil {
		s.pending = map[place]int64{}
	}
	s.pending[place{collection, organization, seq >> blockBits}] += int64(by)
}

// addCounts adds up sums in the rows that belong to this connection.
const addCounts = `WITH d AS (
	SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::bigint[]) AS u (collection, organization, number, total)
), by_organization AS (
	INSERT INTO placement AS p (collection, organization, slot, total)
	SELECT collection, organization, pg_backend_pid() % 64, sum(total) FROM d GROUP BY collection, organization
	ON CONFLICT (collection, organization, slot) DO UPDATE SET total = p.total + excluded.total
), by_block AS (
	INSERT INTO block_slot AS b (collection, number, slot, total)
	SELECT collection, number, pg_backend_pid() % 64, sum(total) FROM d GROUP BY collection, number
	ON CONFLICT (collection, number, slot) DO UPDATE SET total = b.total + excluded.total
)
INSERT INTO placement_block AS p (collection, bits, organization, number, slot, total)
SELECT collection, bits, organization, number >> (bits - 12), pg_backend_pid() % 64, sum(total)
FROM d CROSS JOIN (VALUES (12), (18)) AS v (bits) GROUP BY collection, bits, organization, number >> (bits - 12)
ON CONFLICT (collection, bits, organization, number, slot) DO UPDATE SET total = p.total + excluded.total`

// Flush is that of sqlstore.Counter. Two steps that fall to the same rows take them in the same order.
func (s *session) Flush() error {
	if s.broken != nil || len(s.pending) == 0 {
		return s.broken
	}
	var places []place
	for p := range s.pending {
		places = append(places, p)
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.collection, b.collection), cmp.Compare(a.organization, b.organization), cmp.Compare(a.block, b.block))
	})
	var collections, blocks, totals []int64
	var organizations [][]byte
	for _, p := range places {
		collections, blocks, totals = append(collections, p.collection), append(blocks, p.block), append(totals, s.pending[p])
		organizations = append(organizations, []byte(p.organization))
	}
	s.pending = nil
	_, err := s.conn.Exec(s.ctx, addCounts, collections, organizations, blocks, totals)
	return s.note(err)
}
