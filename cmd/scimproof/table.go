package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
	"unicode/utf8"
)

// column is one of a table: its head, and what of an object stands below it.
type column struct{ head, member string }

// instants are the members that are points in time. A table has them to the second; --json and show have them in full.
var instants = map[string]bool{"time": true, "createTime": true, "expirationTime": true, "lastUsedTime": true, "lastMinute": true}

// reason is the head of the column that explains, and is far longer than the others.
const reason = "REASON"

// print shows objects as a table, or as JSON.
func (p *plane) print(columns []column, list ...entity) error {
	if p.json {
		return p.printJSON(list)
	}
	_, err := io.WriteString(p.world.stdout, p.laidOut(columns, list))
	return err
}

// show prints one object, a member or an item of one in each line, or as JSON.
func (p *plane) show(columns []column, e entity) error {
	if p.json {
		return p.printJSON(e)
	}
	_, err := io.WriteString(p.world.stdout, block(columns, func(c column) []string { return e.items(c.member) }))
	return err
}

// laidOut is a table. Where the terminal is too narrow for it, reasons go below their lines, and where that does not help, each object is a block.
func (p *plane) laidOut(columns []column, list []entity) string {
	whole := table(columns, list)
	if p.fits(whole) || len(list) == 0 {
		return whole
	}
	last := len(columns) - 1
	if columns[last].head == reason {
		if short := table(columns[:last], list); p.fits(short) {
			return hung(short, columns[last], list)
		}
	}
	var out []string
	for _, e := range list {
		out = append(out, block(columns, func(c column) []string { return []string{c.short(e)} }))
	}
	return strings.Join(out, "\n")
}

// fits says whether no line is broken by the terminal, if there is one.
func (p *plane) fits(text string) bool {
	for line := range strings.Lines(text) {
		if p.world.columns > 0 && utf8.RuneCountInString(strings.TrimRight(line, "\n")) > p.world.columns {
			return false
		}
	}
	return true
}

func table(columns []column, list []entity) string {
	var lines strings.Builder
	t := tabwriter.NewWriter(&lines, 0, 0, 2, ' ', 0)
	row := func(cell func(column) string) {
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = cell(c)
		}
		fmt.Fprintln(t, strings.Join(cells, "\t"))
	}
	row(func(c column) string { return c.head })
	for _, e := range list {
		row(func(c column) string { return c.short(e) })
	}
	_ = t.Flush() // a builder takes everything
	var out strings.Builder
	for line := range strings.Lines(lines.String()) { // a cell without a text still has its width
		out.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return out.String()
}

// short is what a table has of an object below a head.
func (c column) short(e entity) string {
	text := e.text(c.member)
	if instants[c.member] {
		if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
			return at.UTC().Format(time.RFC3339)
		}
	}
	return printable(text)
}

// hung is a table with what a further column has of each object in a line of its own.
func hung(table string, c column, list []entity) string {
	var out strings.Builder
	row := -1 // the heads
	for line := range strings.Lines(table) {
		out.WriteString(line)
		if row >= 0 {
			if text := c.short(list[row]); text != "" {
				out.WriteString("  " + text + "\n")
			}
		}
		row++
	}
	return out.String()
}

// block is an object with a member in each line, or in several. What it does not have is left out.
func block(columns []column, cell func(column) []string) string {
	var out strings.Builder
	t := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	for _, c := range columns {
		head := c.head
		for _, text := range cell(c) {
			if text != "" {
				fmt.Fprintf(t, "%s\t%s\n", head, printable(text))
				head = ""
			}
		}
	}
	_ = t.Flush() // a builder takes everything
	return out.String()
}

// printable keeps a terminal from obeying what somebody has put into a name, and from showing the rest of its line in another order.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return '?'
		}
		return r
	}, s)
}

// names are those of the objects at a path, by their ids. A name that several have says nothing, and is left out.
func (p *plane) names(ctx context.Context, path, id, name string) (map[string]string, error) {
	list, err := p.list(ctx, path)
	if err != nil {
		return nil, err
	}
	times := map[string]int{}
	for _, e := range list {
		times[e.text(name)]++
	}
	names := map[string]string{}
	for _, e := range list {
		if times[e.text(name)] == 1 {
			names[e.text(id)] = e.text(name)
		}
	}
	return names, nil
}

// rename puts names in the place of ids, where there are any: people know those.
func rename(list []entity, member string, names map[string]string) {
	for _, e := range list {
		if name := names[e.text(member)]; name != "" {
			e[member] = name
		}
	}
}

// withNames puts names in front of ids, where there are any.
func withNames(ids []string, names map[string]string) []string {
	for i, id := range ids {
		if name := names[id]; name != "" {
			ids[i] = name + " (" + id + ")"
		}
	}
	return ids
}

// applicationNames are the names of applications by their ids, for people: there are none in JSON, and none in a directory of calls. A call may
// have been for none.
func (p *plane) applicationNames(ctx context.Context) (names map[string]string, err error) {
	if p.json {
		return nil, nil
	}
	if names = map[string]string{}; !p.nameless {
		names, err = p.names(ctx, "/v1/applications", "applicationId", "applicationName")
	}
	if err == nil {
		names[""] = "no application"
	}
	return names, err
}

// nameApplications puts the names of applications in the place of their ids. One that is gone keeps its id.
func (p *plane) nameApplications(ctx context.Context, list []entity) error {
	names, err := p.applicationNames(ctx)
	rename(list, "application", names)
	return err
}
