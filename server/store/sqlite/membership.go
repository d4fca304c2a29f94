package sqlite

import (
	"errors"

	"scimproof/server/store"
	"scimproof/server/store/sqlquery"
)

// memberPage is how many members are read at a time. The callback runs between pages, free to read from the store itself.
const memberPage = 1024

// Members is that of store.Reader.
func (r *reader) Members(v store.View, group string, yield func(store.Member) bool) error {
	holder, err := r.findAny(v, group)
	if err != nil {
		return err
	}
	return r.members(v, holder, yield)
}

func (r *reader) members(v store.View, holder int64, yield func(store.Member) bool) error {
	t, err := r.target(v, nil, "")
	if err != nil {
		return err
	}
	last := int64(0)
	for {
		var page []store.Member
		q := sqlquery.Build("SELECT m.position, x.id, c.type, x.display FROM membership m CROSS JOIN resource x ON x.seq = m.member"+
			" CROSS JOIN collection c ON c.seq = x.collection WHERE m.holder = ? AND m.position > ? AND ? ORDER BY m.position LIMIT ?",
			holder, last, t.Visible("x"), memberPage)
		err := r.query(q, func(scan func(...any) error) (bool, error) {
			var m store.Member
			err := scan(&last, &m.ID, &m.Type, &m.Display)
			page = append(page, m)
			return true, err
		})
		if err != nil {
			return err
		}
		for _, m := range page {
			if !yield(m) {
				return nil
			}
		}
		if len(page) < memberPage {
			return nil
		}
	}
}

// Memberships is that of store.Reader. Direct ones come first; each kind in the order in which the groups were created.
func (r *reader) Memberships(v store.View, id string) ([]store.Membership, error) {
	seq, err := r.findAny(v, id)
	if err != nil {
		return nil, err
	}
	return r.memberships(v, seq)
}

func (r *reader) memberships(v store.View, member int64) (list []store.Membership, err error) {
	t, err := r.target(v, nil, "")
	if err != nil {
		return nil, err
	}
	shown := t.Visible("g")
	q := sqlquery.Build("WITH RECURSIVE up (seq) AS ("+
		"SELECT m.holder FROM membership m CROSS JOIN resource g ON g.seq = m.holder WHERE m.member = ? AND ?"+
		" UNION SELECT m.holder FROM up CROSS JOIN membership m ON m.member = up.seq CROSS JOIN resource g ON g.seq = m.holder WHERE ?)"+
		" SELECT g.id, g.display, EXISTS (SELECT 1 FROM membership d WHERE d.member = ? AND d.holder = g.seq) AS direct"+
		" FROM up CROSS JOIN resource g ON g.seq = up.seq ORDER BY direct DESC, g.seq", member, shown, shown, member)
	err = r.query(q, func(scan func(...any) error) (bool, error) {
		var m store.Membership
		err := scan(&m.ID, &m.Display, &m.Direct)
		list = append(list, m)
		return true, err
	})
	return list, err
}

// AddMembers is that of store.Tx.
func (t *tx) AddMembers(v store.View, group string, members []store.Member) (int, error) {
	holder, err := t.findAny(v, group)
	if err != nil || len(members) == 0 {
		return 0, err
	}
	joining, err := t.findAll(v, members) // all are found before one is written
	if err != nil {
		return 0, err
	}
	position, err := t.number("SELECT coalesce(max(position), 0) FROM membership WHERE holder = ?", holder)
	if err != nil {
		return 0, err
	}
	joined := 0
	for _, member := range joining {
		n, err := t.change("INSERT INTO membership (holder, position, member) VALUES (?, ?, ?) ON CONFLICT (member, holder) DO NOTHING",
			holder, position+1, member)
		if err != nil {
			return joined, err
		}
		joined += n
		position += int64(n)
	}
	return joined, nil
}

// findAll is find for many, which have few types.
func (t *tx) findAll(v store.View, members []store.Member) ([]int64, error) {
	targets := map[string]sqlquery.Target{}
	seqs := make([]int64, len(members))
	for i, m := range members {
		target, known := targets[m.Type]
		if !known {
			var err error
			if target, err = t.target(v, nil, m.Type); err != nil {
				return nil, err
			}
			targets[m.Type] = target
		}
		var err error
		if seqs[i], err = t.findIn(target, m.ID); err != nil {
			return nil, err
		}
	}
	return seqs, nil
}

// RemoveMembers is that of store.Tx.
func (t *tx) RemoveMembers(v store.View, group string, ids []string) (int, error) {
	holder, err := t.findAny(v, group)
	if err != nil {
		return 0, err
	}
	left := 0
	for _, id := range ids {
		member, err := t.findAny(v, id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return left, err
		}
		n, err := t.change("DELETE FROM membership WHERE member = ? AND holder = ?", member, holder)
		if err != nil {
			return left, err
		}
		left += n
	}
	return left, nil
}

// ClearMembers is that of store.Tx.
func (t *tx) ClearMembers(v store.View, group string) (int, error) {
	holder, err := t.findAny(v, group)
	if err != nil {
		return 0, err
	}
	if !v.Scoped {
		return t.change("DELETE FROM membership WHERE holder = ?", holder)
	}
	target, err := t.target(v, nil, "")
	if err != nil {
		return 0, err
	}
	q := sqlquery.Build("DELETE FROM membership WHERE holder = ? AND member IN"+
		" (SELECT x.seq FROM membership m CROSS JOIN resource x ON x.seq = m.member WHERE m.holder = ? AND ?)", holder, holder, target.Visible("x"))
	return t.change(q.SQL, q.Args...)
}
