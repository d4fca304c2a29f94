package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"scimproof/server/scim"
	"scimproof/server/store"
)

// testPaging has so many accounts that an implementation which counts in blocks has several of them, some with holes and some empty, and
// looks at pages all over the list, in the middle of a block and across its end.
func testPaging(t *testing.T, s store.Store) {
	found(t, s)
	const size = 13_000
	places := []string{"east", "west", "lab", ""}
	place := map[string]string{}
	var order []string
	write(t, s, func(tx store.Tx) error {
		for i := range size {
			id := fmt.Sprintf("user_%05d", size-i)
			order, place[id] = append(order, id), places[i%len(places)]
			r := named(id, place[id], id)
			r.Keys = nil // this is not about them
			if err := tx.Insert(of(wide), r, false); err != nil {
				return err
			}
		}
		return nil
	})
	pagesAlike(t, s, "inserted", order, place)
	write(t, s, func(tx store.Tx) (err error) {
		for i, id := range order {
			if i%3 == 0 || 4000 < i && i < 8500 {
				delete(place, id)
				err = errors.Join(err, tx.Delete(of(wide), "User", id))
			} else if i%5 == 0 {
				place[id] = "lab"
				err = errors.Join(err, tx.Update(of(wide), store.Record{ID: id, Type: "User", Version: 2, Organization: "lab", Body: []byte(`{}`)}, false))
			}
		}
		return err
	})
	order = slices.DeleteFunc(order, func(id string) bool { _, there := place[id]; return !there })
	pagesAlike(t, s, "with holes", order, place)
}

func pagesAlike(t *testing.T, s store.Store, when string, order []string, place map[string]string) {
	t.Helper()
	var inNarrow []string
	for _, id := range order {
		if place[id] == "east" || place[id] == "lab" {
			inNarrow = append(inNarrow, id)
		}
	}
	read(t, s, func(r store.Reader) error {
		for v, want := range map[store.View][]string{of(wide): order, inScope(narrow): inNarrow} {
			for _, start := range []int{-3, 0, 1, 2, 77, 1500, 2047, 4000, 4095, 4096, 4097, 5000, 6143, 8193, len(want) - 1, len(want), len(want) + 1, 1 << 40} {
				for _, count := range []int{-1, 0, 1, 50} {
					page, err := r.Query(store.Query{View: v, Type: userType, Start: start, Count: count})
					if err != nil {
						return err
					}
					from := min(max(start, 1)-1, len(want))
					part := want[from:min(from+max(count, 0), len(want))]
					if got := idsOf(page.Records); page.Total != len(want) || !slices.Equal(got, part) {
						t.Errorf("%s: from %d, %d at most: total %d and %v, want %d and %v", when, start, count, page.Total, got, len(want), part)
					}
				}
			}
		}
		return nil
	})
}

// testTooMany goes to the edge of what may be looked at one by one, and past it.
func testTooMany(t *testing.T, s store.Store) {
	add := func(from, to int) {
		write(t, s, func(tx store.Tx) error {
			for i := from; i < to; i++ {
				o := scim.Object{"userName": fmt.Sprint("u", i), "title": "x", "active": i < 10}
				if err := tx.Insert(of(wide), user(fmt.Sprintf("user_%d", i), "", o), false); err != nil {
					return err
				}
			}
			return nil
		})
	}
	query := func(filter, sortBy string) (store.Page, error) {
		q := store.Query{View: of(wide), Type: userType, Start: 1, Count: 5}
		if filter != "" {
			q.Filter = bind(t, userType, filter)
		}
		if sortBy != "" {
			q.SortBy = bindSort(t, userType, sortBy)
		}
		var page store.Page
		err := s.Read(t.Context(), func(r store.Reader) (err error) {
			page, err = r.Query(q)
			return err
		})
		return page, err
	}
	type ask struct{ filter, sortBy string }
	want := func(when string, total int, asks ...ask) {
		t.Helper()
		for _, a := range asks {
			if page, err := query(a.filter, a.sortBy); err != nil || page.Total != total || len(page.Records) != min(total, 5) {
				t.Errorf("%s: %q by %q: total %d, %d records, %v; want %d", when, a.filter, a.sortBy, page.Total, len(page.Records), err, total)
			}
		}
	}
	rowByRow := []ask{{`title eq "x"`, ""}, {`not (title eq "y")`, ""}, {`title pr or userName eq "u1"`, ""}, {"", "title"}, {`userName sw "u"`, "title"}}
	add(0, MaxScan)
	want("as many as allowed", MaxScan, rowByRow...)
	add(MaxScan, MaxScan+1)
	for _, a := range rowByRow {
		if _, err := query(a.filter, a.sortBy); !errors.Is(err, store.ErrTooMany) {
			t.Errorf("one more: %q by %q: %v, want ErrTooMany", a.filter, a.sortBy, err)
		}
	}
	want("the whole list", MaxScan+1, ask{}, ask{"", "id"}, ask{"", "meta.created"}, ask{`userName sw "u"`, ""}, ask{`userName pr`, "meta.lastModified"})
	want("narrowed by an index", 10, ask{`title eq "x" and active eq true`, ""}, ask{`active eq true and title pr`, "title"}, ask{`active eq true`, "title"})
	want("narrowed to one", 1, ask{`userName eq "u7" and title eq "x"`, ""}, ask{`id eq "user_7" and title pr`, "title"})
}
