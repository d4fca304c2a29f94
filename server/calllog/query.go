package calllog

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/go-json-experiment/json"
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
		(!f.Failed || c.Status >= 400 || c.Reason != "") &&
		(f.Since.IsZero() || !c.Time.Before(f.Since)) &&
		(f.Until.IsZero() || c.Time.Before(f.Until))
}

// Query returns the calls that a filter chooses, the ones recorded last first, and so many at most. What was recorded before it is there,
// unless it was dropped. Lines that are not whole are passed over.
func (l *Log) Query(ctx context.Context, f Filter, limit int) ([]Call, error) {
	if err := l.settle(ctx); err != nil {
		return nil, err
	}
	all, err := segments(l.dir)
	if err != nil {
		return nil, err
	}
	var out []Call
	for i := len(all) - 1; i >= 0 && len(out) < limit; i-- {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		data, err := os.ReadFile(filepath.Join(l.dir, segmentName(all[i].number)))
		if errors.Is(err, fs.ErrNotExist) {
			continue // it has just made room for others
		}
		if err != nil {
			return nil, err
		}
		out = f.last(data, limit, out)
	}
	return out, nil
}

// settle waits until all that was recorded is written or dropped.
func (l *Log) settle(ctx context.Context) error {
	written := make(chan struct{})
	select {
	case l.asked <- written:
	case <-l.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-written:
	case <-l.done:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// last appends the calls of a segment that the filter chooses, from its end on, until there are so many.
func (f Filter) last(data []byte, limit int, out []Call) []Call {
	for len(data) > 0 && len(out) < limit {
		begin := bytes.LastIndexByte(data[:len(data)-1], '\n') + 1
		line := data[begin:]
		data = data[:begin]
		var c Call
		if err := json.Unmarshal(line, &c); err == nil && f.chooses(c) {
			out = append(out, c)
		}
	}
	return out
}
