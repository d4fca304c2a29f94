package main

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"scimproof/fixtures/rules"
	"scimproof/suites/catalogue"
	"scimproof/suites/check"
)

// loadCatalogue reads the rules and the checks, which come with the program: where they are wrong, the program is.
func loadCatalogue() (rules.Book, []check.Check, error) {
	book, err := rules.Load()
	if err != nil {
		return book, nil, broken(err)
	}
	all, err := catalogue.All(book)
	if err != nil {
		return book, nil, broken(err)
	}
	return book, all, nil
}

// selection are the flags that choose checks.
type selection struct {
	profiles []string
	only     []string
}

func (s *selection) add(c *cobra.Command, profiles string) {
	c.Flags().StringSliceVar(&s.profiles, "profile", nil, profiles)
	c.Flags().StringSliceVar(&s.only, "only", nil, "only the checks with these ids; * stands for any part, users.create for all below it, idem-1 for the checks of that rule")
}

// parsed are the profiles by name; none where none was asked for.
func (s *selection) parsed() ([]check.Profile, error) {
	var out []check.Profile
	for _, name := range s.profiles {
		p := check.Profile(strings.ToLower(strings.TrimSpace(name)))
		if !slices.Contains(check.Profiles, p) {
			return nil, usage("there is no profile %q; there are %s", name, joined(check.Profiles, ", "))
		}
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out, nil
}

func joined[T ~string](list []T, sep string) string {
	var out []string
	for _, v := range list {
		out = append(out, string(v))
	}
	return strings.Join(out, sep)
}

func listCommand(w world) *cobra.Command {
	var s selection
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "Print the catalogue of checks",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, all, err := loadCatalogue()
			if err != nil {
				return err
			}
			profiles, err := s.parsed()
			if err != nil {
				return err
			}
			if profiles == nil {
				profiles = check.Profiles
			}
			chosen, err := check.Select(all, profiles, s.only)
			if err != nil {
				return usage("%v", err)
			}
			if asJSON {
				return printJSON(w, chosen)
			}
			return printTable(w, chosen)
		},
	}
	s.add(c, "only checks that one of these profiles counts: rfc, idaas, okta, entra (default: all)")
	c.Flags().BoolVar(&asJSON, "json", false, "print an array of JSON objects")
	return c
}

// listed is a check as list --json prints it. Programs read it: fields may come, none goes.
type listed struct {
	ID       string          `json:"id"`
	Title    string          `json:"title"`
	Level    check.Level     `json:"level"`
	RFC      string          `json:"rfc"`
	Section  string          `json:"section"`
	Profiles []check.Profile `json:"profiles"`
	Needs    []check.Need    `json:"needs"`
}

func printJSON(w world, all []check.Check) error {
	out := []listed{}
	for _, c := range all {
		needs := c.Needs
		if needs == nil {
			needs = []check.Need{}
		}
		out = append(out, listed{c.ID, c.Title, c.Level, c.Ref.RFC, c.Ref.Section, c.Profiles, needs})
	}
	data, err := json.Marshal(out, jsontext.WithIndent("  "))
	if err != nil {
		return broken(err)
	}
	fmt.Fprintln(w.stdout, string(data))
	return nil
}

func printTable(w world, all []check.Check) error {
	t := tabwriter.NewWriter(w.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ID\tLEVEL\tSECTION\tPROFILES\tTITLE")
	for _, c := range all {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", c.ID, c.Level, source(c), joined(c.Profiles, ","), c.Title)
	}
	return t.Flush()
}

// source is where the requirement of a check stands: "RFC 7644 3.3", "IDaaS idem-1".
func source(c check.Check) string {
	if c.Ref.RFC >= "0" && c.Ref.RFC < ":" {
		return "RFC " + c.Ref.RFC + " " + c.Ref.Section
	}
	return c.Ref.RFC + " " + c.Ref.Section
}
