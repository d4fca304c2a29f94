package calllog

import (
	"bytes"
	"context"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Filter chooses calls; a field that is empty chooses all.
type Filter struct {
	Instance, Application, Token    string
	Operation, ResourceType, Target string
	Correlation                     string
	Status                          int
	StatusClass                     int       // 4 for the statuses from 400 to 499
	Failed                          bool      // only statuses from 400, and answers that broke off
	Since, Until                    time.Time // the first is chosen, the last is not
}

func (f Filter) chooses(c Call) bool {
	for _, pair := range [][2]string{
		{f.Instance, c.Instance}, {f.Application, c.Application}, {f.Token, c.Token}, {f.Operation, c.Operation},
		{f.ResourceType, c.ResourceType}, {f.Target, c.Target}, {f.Correlation, c.Correlation},
	} {
		if pair[0] != "" && pair[0] != pair[1] {
			return false
		}
	}
	return (f.Status == 0 || f.Status == c.Status) &&
		(f.StatusClass == 0 || f.StatusClass == c.Status/100) &&
		(!f.Failed || c.Failed()) &&
		(f.Since.IsZero() || !c.Time.Before(f.Since)) &&
		(f.Until.IsZero() || c.Time.Before(f.Until))
}

// Query returns the calls that a filter chooses, the ones recorded last first, and so many at most. What was recorded before it is there,
// unless it was dropped. Lines that are not whole are passed over.
func (r *Reader) Query(ctx context.Context, f Filter, limit int) ([]Call, error) {
	all, err := r.settled(ctx, callFiles)
	if err != nil {
		return nil, err
	}
	var out []Call
	words := f.words()
	for i := len(all) - 1; i >= 0 && len(out) < limit; i-- {
		err := r.linesBack(ctx, all[i], func(line []byte) bool {
			if c, ok := f.read(line, words); ok {
				out = append(out, c)
			}
			return len(out) == limit
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Each gives the calls that a filter chooses to fn, the ones recorded first first, until fn fails.
func (r *Reader) Each(ctx context.Context, f Filter, fn func(Call) error) error {
	words := f.words()
	return r.lines(ctx, callFiles, func(line []byte) error {
		if c, ok := f.read(line, words); ok {
			return fn(c)
		}
		return nil
	})
}

// linesBack gives the lines of a segment of calls to fn, the last first, until it has enough.
func (r *Reader) linesBack(ctx context.Context, s segment, fn func(line []byte) (enough bool)) error {
	file, err := r.open(ctx, callFiles, s)
	if file == nil {
		return err
	}
	defer file.Close()
	return eachLineBack(file, s.size, fn)
}

// read takes a line apart, and says whether the filter chooses it.
func (f Filter) read(line []byte, words [][]byte) (Call, bool) {
	for _, w := range words {
		if !bytes.Contains(line, w) {
			return Call{}, false
		}
	}
	c, ok := readCall(line) // not before, since it costs memory
	return c, ok && f.chooses(c)
}

// readCall takes a line apart. One without a time is no call: appendCall writes none.
func readCall(line []byte) (c Call, ok bool) {
	err := json.Unmarshal(line, &c)
	return c, err == nil && !c.Time.IsZero()
}

// words are what a line must have in it for the filter to choose it: most lines need not be taken apart then.
func (f Filter) words() (out [][]byte) {
	for _, text := range []string{f.Instance, f.Application, f.Token, f.Operation, f.ResourceType, f.Target, f.Correlation} {
		if text != "" {
			quoted, _ := jsontext.AppendQuote(nil, text) // as appendText has it
			out = append(out, quoted)
		}
	}
	return out
}
