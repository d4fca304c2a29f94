package replay

import (
	"context"
	"fmt"
	"strings"

	"scimproof/reports/result"
	"scimproof/simulator/persona"
	"scimproof/simulator/tree"
)

// pages is a walk through a list as a client takes it: the next page starts one page size further, whatever came.
type pages struct {
	step  *persona.Step
	seen  map[string]int // id -> page that showed it
	total int            // as the first page says
}

var (
	idsPath   = must("Resources.id")
	listPath  = must("Resources")
	totalPath = must("totalResults")
)

func must(path string) tree.Path {
	p, err := tree.ParsePath(path)
	if err != nil {
		panic(err)
	}
	return p
}

// walk plays a step with paging. Each page is a row of its own; a last row says whether everyone who had to be there was shown.
func (p *play) walk(ctx context.Context, step *persona.Step) {
	w := &pages{step: step, seen: map[string]int{}}
	for n := 1; n <= step.Paging.Limit; n++ {
		start := (n-1)*step.Paging.Size + 1
		p.memory.Turn(start, step.Paging.Size)
		out, h := p.exchange(ctx, step)
		out.Name = fmt.Sprintf("%s, page %d", step.Name, n)
		if out.Outcome == result.Pass {
			if wrong := w.turn(n, start, h.body); wrong != "" {
				out.Outcome, out.Reason, out.Actual = result.Fail, wrong, out.Actual+"; "+wrong
			}
		}
		p.record(step, out)
		if h == nil || h.status != 200 || ctx.Err() != nil {
			return
		}
		if start+step.Paging.Size > w.total {
			p.record(step, p.everyone(w))
			return
		}
	}
	p.record(step, result.Step{Name: step.Name + ", everyone", Outcome: result.Skip, Actual: "not looked at",
		Reason: fmt.Sprintf("the target holds %d, more than the walk of %d pages covers", w.total, step.Paging.Limit)})
}

// turn takes in one page and says what is wrong with it.
func (w *pages) turn(n, start int, body *tree.Node) string {
	if body == nil {
		return "the page has no body"
	}
	total := totalResults(body)
	if n == 1 {
		w.total = total
	}
	got := 0
	if list := listPath.Find(body); len(list) == 1 {
		got = len(list[0].Items)
	}
	for _, id := range idsPath.Find(body) {
		if before, again := w.seen[id.String()]; again {
			return fmt.Sprintf("id %s is on page %d and on page %d", cut(id.String()), before, n)
		}
		w.seen[id.String()] = n
	}
	due := min(w.step.Paging.Size, total-start+1)
	if got < due {
		return fmt.Sprintf("the page holds %d of %d; the client goes on at startIndex %d and never sees what lies between", got, due, start+w.step.Paging.Size)
	}
	return ""
}

func totalResults(body *tree.Node) int {
	var n int
	if found := totalPath.Find(body); len(found) == 1 {
		if _, err := fmt.Sscan(found[0].String(), &n); err != nil {
			return 0
		}
	}
	return n
}

// everyone judges whether the pages showed the ids that they had to.
func (p *play) everyone(w *pages) result.Step {
	out := result.Step{Name: w.step.Name + ", everyone", Outcome: result.Pass, Actual: fmt.Sprintf("%d on %d pages", len(w.seen), maxPage(w.seen)),
		Expected: "every resource once, among them those made before. " + w.step.Why}
	var lost []string
	for _, text := range w.step.Paging.Includes {
		id, err := p.memory.Text(text)
		if err != nil {
			out.Outcome, out.Reason = result.Blocked, err.Error()
			return out
		}
		if _, ok := w.seen[id]; !ok {
			lost = append(lost, id)
		}
	}
	if len(lost) > 0 {
		out.Outcome, out.Reason = result.Fail, "no page shows "+strings.Join(lost, ", ")
	}
	return out
}

func maxPage(seen map[string]int) int {
	last := 0
	for _, n := range seen {
		last = max(last, n)
	}
	return last
}
