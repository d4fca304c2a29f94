package sqlstore

import (
	"slices"

	"scimproof/server/store"
	"scimproof/server/store/sqlquery"
)

// memberPage is how many members are read at a time. The callback runs between pages, free to read from the store itself.
const memberPage = 1024

// Members is that of store.Reader.
func (r *Reader) Members(v store.View, group string, yield func(store.Member) bool) error {
	holder, err := r.findAny(v, group)
	if err != nil {
		return err
	}
	return r.members(v, holder, yield)
}

func (r *Reader) members(v store.View, holder int64, yield func(store.Member) bool) error {
	t, err := r.target(v, nil, "")
	if err != nil {
		return err
	}
	last := int64(0)
	for {
		var page []store.Member
		q := sqlquery.Build("SELECT m.position, x.id, c.type, x.display FROM membership m CROSS JOIN resource x CROSS JOIN collection c"+
			" WHERE x.seq = m.member AND c.seq = x.collection AND m.holder = ? AND m.position > ? AND ? ORDER BY m.position LIMIT ?",
			holder, last, t.Visible("x"), memberPage)
		err := r.query(q, func(scan Scan) (bool, error) {
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
func (r *Reader) Memberships(v store.View, id string) ([]store.Membership, error) {
	seq, err := r.findAny(v, id)
	if err != nil {
		return nil, err
	}
	return r.memberships(v, seq)
}

func (r *Reader) memberships(v store.View, member int64) (list []store.Membership, err error) {
	// What holds members is a group, so that the scope alone decides; without a join, SQLite keeps the statement prepared.
	shown := sqlquery.True
	if v.Scoped {
		shown = sqlquery.Build("EXISTS (SELECT 1 FROM scope_group sg WHERE sg.application = ? AND sg.resource = m.holder)", v.Application)
	}
	q := sqlquery.Build("WITH RECURSIVE up (seq) AS ("+
		"SELECT m.holder FROM membership m WHERE m.member = ? AND ?"+
		" UNION SELECT m.holder FROM up CROSS JOIN membership m WHERE m.member = up.seq AND ?)"+
		" SELECT g.id, g.display, EXISTS (SELECT 1 FROM membership d WHERE d.member = ? AND d.holder = g.seq) AS direct"+
		" FROM up CROSS JOIN resource g WHERE g.seq = up.seq ORDER BY direct DESC, g.seq", member, shown, shown, member)
	err = r.query(q, func(scan Scan) (bool, error) {
		var m store.Membership
		err := scan(&m.ID, &m.Display, &m.Direct)
		list = append(list, m)
		return true, err
	})
	return list, err
}

// AddMembers is that of store.Tx.
func (t *Tx) AddMembers(v store.View, group string, members []store.Member) (int, error) {
	holder, err := t.findAny(v, group)
	if err != nil || len(members) == 0 {
		return 0, err
	}
	joining, err := t.findAll(v, members) // all are found before one is written
	if err != nil {
		return 0, err
	}
	lists := make([][]any, len(joining))
	for i, member := range joining {
		lists[i] = []any{member, holder}
	}
	joined, err := t.changeAll("INSERT INTO membership (holder, position, member)"+
		" SELECT h.seq, "+t.dialect.NextPosition("h.seq")+", CAST(? AS bigint) FROM resource h WHERE h.seq = ? ON CONFLICT (member, holder) DO NOTHING", lists)
	return sum(joined), err
}

// findAll is find for many, which have few types.
func (t *Tx) findAll(v store.View, members []store.Member) ([]int64, error) {
	var seqs []int64
	for rest := members; len(rest) > 0; {
		same := 1
		for same < len(rest) && rest[same].Type == rest[0].Type {
			same++
		}
		target, err := t.target(v, nil, rest[0].Type)
		if err != nil {
			return nil, err
		}
		found, err := t.findEach(rest[:same], func(id string) sqlquery.Fragment { return inType(target, id) })
		if err != nil {
			return nil, err
		}
		seqs, rest = append(seqs, found...), rest[same:]
	}
	if slices.Contains(seqs, 0) {
		return nil, store.ErrNotFound
	}
	return seqs, nil
}

// findEach finds the number of each member by a query that differs in arguments alone, or 0.
func (t *Tx) findEach(members []store.Member, by func(id string) sqlquery.Fragment) ([]int64, error) {
	if t.session == nil {
		return nil, errOver
	}
	var text string
	lists := make([][]any, len(members))
	for i, m := range members {
		q := by(m.ID)
		text, lists[i] = q.SQL, q.Args
	}
	return t.session.Find(text, lists)
}

// RemoveMembers is that of store.Tx.
func (t *Tx) RemoveMembers(v store.View, group string, ids []string) (int, error) {
	holder, err := t.findAny(v, group)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	target, err := t.target(v, nil, "")
	if err != nil {
		return 0, err
	}
	members := make([]store.Member, len(ids))
	for i, id := range ids {
		members[i].ID = id
	}
	leaving, err := t.findEach(members, func(id string) sqlquery.Fragment { return inDirectory(target, id) })
	if err != nil {
		return 0, err
	}
	var lists [][]any
	for _, member := range leaving {
		if member != 0 {
			lists = append(lists, []any{member, holder})
		}
	}
	left, err := t.changeAll("DELETE FROM membership WHERE member = ? AND holder = ?", lists)
	return sum(left), err
}

func sum(list []int) (n int) {
	for _, v := range list {
		n += v
	}
	return n
}

// ClearMembers is that of store.Tx.
func (t *Tx) ClearMembers(v store.View, group string) (int, error) {
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
		" (SELECT x.seq FROM membership m CROSS JOIN resource x WHERE x.seq = m.member AND m.holder = ? AND ?)", holder, holder, target.Visible("x"))
	return t.change(q.SQL, q.Args...)
}
