package console

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"scimproof/server/calllog"
)

// chart is how many calls there were over a time, as bars of parts that stand on each other.
type chart struct {
	ID, Title string
	Series    []series
	Bars      []bar
	Width     int      // of all bars, in units of the drawing
	Top, Half string   // what the upper edge and the middle stand for, in calls per minute
	Marks     []string // the beginning, the middle and the end of the time
	Each      string   // how long a bar is
}

// series is a part of each bar: the calls of one kind.
type series struct {
	Name, Class string
	Calls       int64
}

// bar is the calls of some minutes.
type bar struct {
	Time  time.Time
	Label string
	Parts []part
	Calls []int64 // by series
}

// part is a rectangle of the drawing.
type part struct {
	X, Y, Height string
	Class, Title string
}

// The drawing is so high, and a bar takes so much of its width with the gap.
const (
	chartHeight = 100
	barWidth    = 10
)

// newChart draws points by status or by operation.
func newChart(by, title string, q asked, points []calllog.Point) chart {
	width := time.Duration(q.minutes()) * time.Minute
	c := chart{ID: by, Title: title, Each: lengthOf(width)}
	begin := q.filter.Since.UTC().Truncate(width)
	for at := begin; at.Before(q.filter.Until); at = at.Add(width) {
		c.Bars = append(c.Bars, bar{Time: at, Label: at.Format("2006-01-02 15:04")})
	}
	c.Width = barWidth * len(c.Bars)
	name := func(p calllog.Point) string {
		if by == "status" {
			return class(p.Class)
		}
		if p.Operation == "" {
			return "other"
		}
		return p.Operation
	}
	c.addSeries(points, name)
	for i := range c.Bars {
		c.Bars[i].Calls = make([]int64, len(c.Series))
	}
	for _, p := range points {
		at := int(p.Time.Sub(begin) / width)
		if at < 0 || at >= len(c.Bars) {
			continue
		}
		s := slices.IndexFunc(c.Series, func(s series) bool { return s.Name == name(p) })
		c.Bars[at].Calls[s] += p.Calls
		c.Series[s].Calls += p.Calls
	}
	c.draw(q.minutes())
	return c
}

func (c *chart) addSeries(points []calllog.Point, name func(calllog.Point) string) {
	for _, p := range points {
		if n := name(p); !slices.ContainsFunc(c.Series, func(s series) bool { return s.Name == n }) {
			c.Series = append(c.Series, series{Name: n, Class: "part-" + n})
		}
	}
	slices.SortFunc(c.Series, func(a, b series) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
}

// draw makes the rectangles, and says what the edge and the times are.
func (c *chart) draw(minutes int) {
	most := int64(1)
	for _, b := range c.Bars {
		most = max(most, b.sum())
	}
	top := roundUp(float64(most) / float64(minutes))
	c.Top, c.Half = short(top), short(top/2)
	scale := chartHeight / (top * float64(minutes))
	for i := range c.Bars {
		c.Bars[i].draw(i, scale, c.Series)
	}
	first, last := c.Bars[0], c.Bars[len(c.Bars)-1]
	c.Marks = []string{first.Label, c.Bars[len(c.Bars)/2].Label, last.Label}
}

func (b bar) sum() (n int64) {
	for _, calls := range b.Calls {
		n += calls
	}
	return n
}

// Any says whether the bar has any calls.
func (b bar) Any() bool { return b.sum() > 0 }

func (b *bar) draw(at int, scale float64, list []series) {
	below := float64(chartHeight)
	for i, calls := range b.Calls {
		if calls == 0 {
			continue
		}
		height := float64(calls) * scale
		below -= height
		b.Parts = append(b.Parts, part{
			X: strconv.Itoa(at*barWidth + 1), Y: fmt.Sprintf("%.2f", below), Height: fmt.Sprintf("%.2f", height),
			Class: list[i].Class, Title: fmt.Sprintf("%s: %d of %s", b.Label, calls, list[i].Name),
		})
	}
}

// roundUp is a number that reads well, and is not less: 1, 2 or 5 times a power of ten.
func roundUp(x float64) float64 {
	step := 0.001
	for {
		for _, n := range []float64{1, 2, 5} {
			if n*step >= x {
				return n * step
			}
		}
		step *= 10
	}
}

func short(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }

func lengthOf(d time.Duration) string {
	switch n := int(d.Minutes()); {
	case n == 1:
		return "a minute"
	case n < 60:
		return fmt.Sprint(n, " minutes")
	case n == 60:
		return "an hour"
	case n < 1440:
		return fmt.Sprint(n/60, " hours")
	case n == 1440:
		return "a day"
	default:
		return fmt.Sprint(n/1440, " days")
	}
}
