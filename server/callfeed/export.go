package callfeed

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"scimproof/server/calllog"
)

// form is how calls are written.
type form struct {
	contentType string
	writer      func(*bufio.Writer) (write func(calllog.Call) error, flush func() error)
}

var forms = map[string]form{
	"csv":   {"text/csv; charset=utf-8; header=present", newCSV},
	"jsonl": {"application/jsonl", newJSONLines},
}

// Forms are the names that Export knows, in their order.
func Forms() []string { return []string{"csv", "jsonl"} }

// Source has calls: a calllog.Log, or a calllog.Reader.
type Source interface {
	Each(ctx context.Context, f calllog.Filter, fn func(calllog.Call) error) error
}

// Export sends the calls that a filter chooses as a file, the oldest first. An error came before anything was sent; what goes wrong later breaks
// the connection off, so that nobody takes a part for the whole.
func Export(w http.ResponseWriter, r *http.Request, log Source, f calllog.Filter, name string) error {
	form, ok := forms[name]
	if !ok {
		return errors.New("no such form: " + name)
	}
	out := &patient{w: w, control: http.NewResponseController(w)}
	out.begin()
	h := w.Header()
	h.Set("Content-Type", form.contentType)
	h.Set("Content-Disposition", `attachment; filename="calls.`+name+`"`)
	h.Set("Cache-Control", "no-store")
	buffer := bufio.NewWriterSize(out, 64<<10)
	write, flush := form.writer(buffer)
	err := log.Each(r.Context(), f, write)
	if err == nil {
		err = flush()
	}
	switch {
	case err == nil:
		return nil
	case out.sent:
		panic(http.ErrAbortHandler)
	}
	h.Del("Content-Disposition")
	return err
}

func newJSONLines(out *bufio.Writer) (func(calllog.Call) error, func() error) {
	write := func(c calllog.Call) error {
		line, err := json.Marshal(c)
		if err != nil {
			return err
		}
		_, err = out.Write(append(line, '\n'))
		return err
	}
	return write, out.Flush
}

// newCSV has a column for each member of a Call, and a head with its name.
func newCSV(out *bufio.Writer) (func(calllog.Call) error, func() error) {
	table := csv.NewWriter(out)
	columns := columnsOf()
	err := table.Write(columns.names)
	write := func(c calllog.Call) error {
		if err != nil {
			return err
		}
		return table.Write(columns.row(c))
	}
	return write, func() error {
		table.Flush()
		return errors.Join(err, table.Error(), out.Flush())
	}
}

type columns struct{ names []string }

func columnsOf() (c columns) {
	for f := range reflect.TypeFor[calllog.Call]().Fields() {
		c.names = append(c.names, f.Tag.Get("json"))
	}
	return c
}

func (c columns) row(call calllog.Call) []string {
	v := reflect.ValueOf(call)
	out := make([]string, v.NumField())
	for i := range out {
		switch field := v.Field(i).Interface().(type) {
		case time.Time:
			out[i] = field.UTC().Format(time.RFC3339Nano)
		case string:
			out[i] = inert(field)
		case int:
			out[i] = number(int64(field))
		case int64:
			out[i] = number(field)
		}
	}
	return out
}

// formulas are the characters that formulas begin with, and separators those that end a cell where columns are not parted by commas.
const (
	formulas   = "=+-@|%＝＋－＠"
	separators = ";\t\r\n"
)

// inert keeps a spreadsheet from taking what a client has sent for a formula, also one that parts columns by semicolons: some do so where the
// comma is a decimal point, and mind no quotation marks then. It also keeps a terminal that a file is looked at in from obeying: other control
// characters become U+FFFD.
func inert(s string) string {
	var out strings.Builder
	begins := true // whether a cell does
	for i, r := range s {
		if begins && strings.ContainsRune(formulas, r) || i == 0 && strings.ContainsRune(separators, r) {
			out.WriteByte('\'')
		}
		if unicode.IsControl(r) && !strings.ContainsRune(separators, r) {
			r = utf8.RuneError
		}
		out.WriteRune(r)
		begins = strings.ContainsRune(separators, r) || begins && r == '"'
	}
	return out.String()
}
