package sqlstore

import (
	"fmt"
	"maps"
	"strconv"
	"time"

	"scimproof/server/scim"
	"scimproof/server/store"
	"scimproof/server/store/sqlquery"
)

// scan answers a query that needs a look at each resource: SQL narrows, Match decides, and a sort that SQL cannot do happens here.
func (s *search) scan() (page store.Page, err error) {
	needs := needed(s.plan.Rest, s.Type)
	if s.SortBy != nil {
		needs.add(*s.SortBy, s.Type)
	}
	from, err := s.candidates()
	if err != nil {
		return page, err
	}
	start := max(s.Start, 1)
	var last int64
	if s.After != nil && s.SortBy == nil {
		if last, err = s.last(); err != nil {
			return page, err
		}
	}
	var hits []hit
	q := sqlquery.Build("SELECT "+recordColumns+" ? ORDER BY r.seq", s.View.Application, from)
	err = s.visit(q, func(scan Scan) (bool, error) {
		seq, rec, err := scanRecord(s.Type.Name, scan)
		if err != nil {
			return false, err
		}
		o, err := s.object(seq, rec, needs)
		if err != nil {
			return false, err
		}
		if s.plan.Rest != nil && !s.plan.Rest.Match(o) {
			return true, nil
		}
		page.Total++
		switch {
		case s.SortBy != nil:
			hits = append(hits, hitOf(seq, o, *s.SortBy))
		case len(page.Records) >= s.Count || seq <= last:
		case s.After != nil:
			at, err := writePosition(place{seq: seq})
			page.Positions, page.Records = append(page.Positions, at), append(page.Records, rec)
			return true, err
		case page.Total >= start:
			page.Records = append(page.Records, rec)
		}
		return true, nil
	})
	if err == nil && s.SortBy != nil {
		return s.sortedPage(page, hits)
	}
	return page, err
}

// candidates is where to look, or ErrTooMany, before the first of too many is read.
func (s *search) candidates() (from sqlquery.Fragment, err error) {
	within := func(selection sqlquery.Fragment) (bool, error) {
		n, err := s.size(sqlquery.Build("SELECT 1 FROM (?) AS c LIMIT ?", selection, s.maxScan+1))
		return n <= int64(s.maxScan), err
	}
	tooMany := fmt.Errorf("%w: more than %d", store.ErrTooMany, s.maxScan)
	if s.plan.Set.SQL != "" {
		switch ok, err := within(s.plan.Set); {
		case ok || err != nil:
			return s.fromIndex(), err
		case s.plan.SetOnly && s.plan.SetOnce && !s.partly():
			return from, tooMany
		}
	}
	if s.shown <= int64(s.maxScan) {
		return s.fromIndex(), nil
	}
	from = s.fromScan()
	ok, err := within(sqlquery.Build("SELECT r.seq ?", from))
	if err == nil && !ok {
		err = tooMany
	}
	return from, err
}

// needs says which attributes of a resource a condition looks at that lie outside its own row.
type needs struct{ linked, derived bool }

func (n *needs) add(ref scim.Ref, rt *scim.ResourceType) {
	if ref.URN == "" && ref.Attr != nil {
		n.linked = n.linked || ref.Attr.Name == rt.Linked
		n.derived = n.derived || ref.Attr.Name == rt.Derived
	}
}

func needed(c scim.Cond, rt *scim.ResourceType) (n needs) {
	switch c := c.(type) {
	case scim.AndCond:
		l, r := needed(c.Left, rt), needed(c.Right, rt)
		return needs{l.linked || r.linked, l.derived || r.derived}
	case scim.OrCond:
		l, r := needed(c.Left, rt), needed(c.Right, rt)
		return needs{l.linked || r.linked, l.derived || r.derived}
	case scim.NotCond:
		return needed(c.X, rt)
	case scim.CompareCond:
		n.add(c.Ref, rt)
	case scim.EachCond:
		n.add(c.Ref, rt)
	}
	return n
}

// object assembles what a condition is matched against: the resource as its application sees it, and with what the server hides.
func (s *search) object(seq int64, rec store.Record, n needs) (scim.Object, error) {
	o, err := s.Type.Read(rec.Body)
	if err != nil {
		return nil, fmt.Errorf("%s %s cannot be read: %w", rec.Type, rec.ID, err)
	}
	hidden, err := scim.ReadHidden(rec.Hidden)
	if err != nil {
		return nil, fmt.Errorf("%s %s cannot be read: %w", rec.Type, rec.ID, err)
	}
	maps.Copy(o, hidden)
	o["id"] = rec.ID
	if rec.ExternalID != "" {
		o["externalId"] = rec.ExternalID
	}
	o["meta"] = scim.Object{
		"resourceType": rec.Type,
		"created":      stamp(rec.Created),
		"lastModified": stamp(rec.Modified),
		"version":      `W/"` + strconv.FormatInt(rec.Version, 10) + `"`,
	}
	if s.Locate != nil {
		o["meta"].(scim.Object)["location"] = s.Locate(rec.Type, rec.ID)
	}
	if n.linked {
		err = s.addMembers(o, seq)
	}
	if n.derived && err == nil {
		err = s.addGroups(o, seq)
	}
	return o, err
}

func (s *search) addMembers(o scim.Object, seq int64) error {
	var entries []any
	err := s.members(s.View, seq, func(m store.Member) bool {
		entries = append(entries, s.entry(m.ID, m.Display, m.Type, m.Type))
		return true
	})
	if len(entries) > 0 {
		o[s.Type.Linked] = entries
	}
	return err
}

func (s *search) addGroups(o scim.Object, seq int64) error {
	list, err := s.memberships(s.View, seq)
	var entries []any
	for _, m := range list {
		kind := "indirect"
		if m.Direct {
			kind = "direct"
		}
		entries = append(entries, s.entry(m.ID, m.Display, sqlquery.GroupType, kind))
	}
	if len(entries) > 0 {
		o[s.Type.Derived] = entries
	}
	return err
}

// entry is an element of a linked or derived attribute: a resource of type rt, with what the attribute says in its own type.
func (s *search) entry(id, display, rt, typ string) scim.Object {
	e := scim.Object{"value": id, "type": typ}
	if s.Locate != nil {
		e["$ref"] = s.Locate(rt, id)
	}
	if display != "" {
		e["display"] = display
	}
	return e
}

// stamp writes a time as attributes of type dateTime hold it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
