package postgres

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"scimproof/fixtures"
	"scimproof/server/scim"
	"scimproof/server/scim/filter"
	"scimproof/server/store"
	"scimproof/server/store/postgres/pgtest"
)

// TestLongValues has values that no index takes whole, alike in all that an index holds of them, and some with NUL.
func TestLongValues(t *testing.T) {
	s := open(t, pgtest.Start(t).Schema(t), Options{})
	types, err := scim.Load(fixtures.Schemas, "rfc")
	if err != nil {
		t.Fatal(err)
	}
	user := types.Type("User")
	head := strings.Repeat("é", 256) // 512 bytes
	values := []string{
		head[:510], head, head + "a", head + "b", head + "\x00", head + strings.Repeat("x", 3000), head + strings.Repeat("x", 3000) + "z",
		"a\x00b", "a", "a\x00", "\x00", "日本", "\U0010FFFF",
	}
	here := store.View{Directory: "here", Application: "app"}
	err = s.Write(t.Context(), func(tx store.Tx) error {
		for i, v := range values {
			r := store.Record{ID: fmt.Sprintf("user_%02d", i), Type: "User", Version: 1, ExternalID: v, Body: []byte(`{}`),
				Keys: []store.Key{{Attr: "userName", Value: v, Unique: true}}}
			if err := tx.Insert(here, r, true); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	holds := map[string]func(have, want string) bool{
		"eq": func(a, b string) bool { return a == b }, "gt": func(a, b string) bool { return a > b },
		"ge": func(a, b string) bool { return a >= b }, "lt": func(a, b string) bool { return a < b },
		"le": func(a, b string) bool { return a <= b }, "sw": strings.HasPrefix, "ew": strings.HasSuffix, "co": strings.Contains,
	}
	err = s.Read(t.Context(), func(r store.Reader) error {
		for op, hold := range holds {
			for _, attr := range []string{"userName", "externalId"} {
				for _, literal := range values {
					var want []string
					for i, v := range values {
						if hold(v, literal) {
							want = append(want, fmt.Sprintf("user_%02d", i))
						}
					}
					expr, err := filter.Parse(attr+" "+op+" "+quoted(literal), filter.Budget{})
					if err != nil {
						return err
					}
					cond, err := user.Bind(expr)
					if err != nil {
						return err
					}
					page, err := r.Query(store.Query{View: here, Type: user, Filter: cond, Start: 1, Count: 100})
					if err != nil {
						return err
					}
					var got []string
					for _, rec := range page.Records {
						got = append(got, rec.ID)
					}
					if !slices.Equal(got, want) || page.Total != len(want) {
						t.Errorf("%s %s %.20q… (%d bytes): %v (%d), want %v", attr, op, literal, len(literal), got, page.Total, want)
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// quoted is a text as filters write it.
func quoted(s string) string { return `"` + strings.ReplaceAll(s, "\x00", `\u0000`) + `"` }
