package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"scimproof/server/scim"
	"scimproof/server/store"
)

// testPositions follows positions from page to page and meets what one long page holds, in the same order.
func testPositions(t *testing.T, s store.Store) {
	m := people()
	write(t, s, m.fill)
	views := []store.View{{Directory: "people", Application: "app_here"}, {Directory: "people", Application: "app_here", Scoped: true}}
	filters := []string{"", `userName pr`, `userName gt "b"`, `title pr`, `active eq true`, `userName eq "ann"`, `userName eq "nobody"`, `not (active eq true)`}
	for _, by := range []string{
		"", "userName", "displayName", "code", "title", "active", "level", "hired", "name.familyName", "emails.value", "id", "externalId",
		"meta.created", "meta.lastModified", "meta.resourceType", "meta.version", "groups.value", extensionURN + ":desk",
	} {
		for _, text := range filters {
			q := store.Query{Type: userType, Locate: locate}
			if text != "" {
				q.Filter = bind(t, userType, text)
			}
			if by != "" {
				q.SortBy = bindSort(t, userType, by)
			}
			for _, q.View = range views {
				for _, q.Descending = range []bool{false, true} {
					whole := q
					whole.Start, whole.Count = 1, 100
					total, want := m.answer(whole)
					for _, q.Count = range []int{1, 2, 3, 100} {
						name := fmt.Sprintf("%q by %q, descending %v, view %+v, %d at a time", text, by, q.Descending, q.View, q.Count)
						if got := follow(t, s, q, total, nil); !slices.Equal(got, want) {
							t.Errorf("%s: %q, want %q", name, got, want)
						}
					}
				}
			}
		}
	}
}

// follow goes from page to page until one is empty and returns who was met. between, unless it is nil, is called after each page.
func follow(t *testing.T, s store.Store, q store.Query, total int, between func(page int, last string)) (ids []string) {
	t.Helper()
	ids, q.After = []string{}, store.Position{}
	for n := 0; ; n++ {
		var page store.Page
		read(t, s, func(r store.Reader) (err error) {
			page, err = r.Query(q)
			return err
		})
		if len(page.Positions) != len(page.Records) || len(page.Records) > q.Count || total >= 0 && page.Total != total || n > 1000 {
			t.Fatalf("page %d has %d records with %d positions and the total %d, want at most %d and %d", n, len(page.Records), len(page.Positions), page.Total, q.Count, total)
		}
		if len(page.Records) == 0 {
			return ids
		}
		ids = append(ids, idsOf(page.Records)...)
		q.After = page.Positions[len(page.Positions)-1]
		if between != nil {
			between(n, ids[len(ids)-1])
		}
	}
}

// testPositionsChurn changes the directory between the pages: who was met last goes, others come, go, and change what they sort by. Who
// stays as they are is met exactly once.
func testPositionsChurn(t *testing.T, s store.Store) {
	found(t, s)
	for _, by := range []string{"", "userName", "displayName", "title", "meta.lastModified"} {
		for _, descending := range []bool{false, true} {
			v := store.View{Directory: fmt.Sprint(instanceID, by, descending), Application: wide}
			var stable []string
			write(t, s, func(tx store.Tx) error {
				for i := range 60 {
					if i%3 != 2 {
						stable = append(stable, fmt.Sprintf("user_%d", i))
					}
					if err := tx.Insert(v, churned(i, 0), false); err != nil {
						return err
					}
				}
				return nil
			})
			q := store.Query{View: v, Type: userType, Descending: descending, Count: 7, Locate: locate}
			if by != "" {
				q.SortBy = bindSort(t, userType, by)
			}
			met := follow(t, s, q, -1, func(page int, last string) {
				if page > 12 { // or it would never end
					return
				}
				write(t, s, func(tx store.Tx) error {
					if err := tx.Delete(v, "User", last); err != nil {
						return err
					}
					if err := tx.Update(v, churned(6*page+5, page+1), false); err != nil && !errors.Is(err, store.ErrNotFound) {
						return err
					}
					return tx.Insert(v, churned(1000+page, page), false)
				})
			})
			times := map[string]int{}
			for _, id := range met {
				times[id]++
			}
			for _, id := range stable {
				if times[id] != 1 {
					t.Errorf("by %q, descending %v: %s is met %d times", by, descending, id, times[id])
				}
			}
		}
	}
}

// churned is account number i in its edition: names that say nothing about the order of creation, and every fourth without most of them.
func churned(i, edition int) store.Record {
	mixed := (i*37 + edition*11) % 101
	o := scim.Object{"userName": fmt.Sprintf("u%03d_%d", mixed, i)}
	if i%4 != 0 {
		o["displayName"], o["title"] = fmt.Sprintf("d%02d", mixed%10), fmt.Sprintf("t%02d", mixed%7)
	}
	r := user(fmt.Sprintf("user_%d", i), "", o)
	r.Version, r.Modified = int64(edition+1), at(mixed%20)
	return r
}
