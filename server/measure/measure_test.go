package measure

import (
	"bytes"
	"flag"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

var (
	program  = flag.String("measure", "", "the program to measure, such as bin/scimproof; without it nothing is measured")
	sizes    = flag.String("sizes", "10000,1000000", "people in the directory, one table each")
	seconds  = flag.Int("seconds", 5, "how long each operation runs")
	only     = flag.String("only", "", "measure the operations whose names contain this")
	parallel = flag.Int("connections", 32, "connections that send at once")
)

// batch is how many people a request for /Bulk brings while the directory is filled.
const batch = 100

// loaders is how many connections fill it. They share commits.
const loaders = 32

func TestMeasures(t *testing.T) {
	if *program == "" {
		t.Skip("measuring takes minutes: make bench")
	}
	for size := range strings.SplitSeq(*sizes, ",") {
		t.Run(size, func(t *testing.T) {
			var n int
			if _, err := fmt.Sscan(size, &n); err != nil || n < 100 {
				t.Fatalf("-sizes %q: a directory has at least 100 people", size)
			}
			measure(t, n)
		})
	}
}

// measure fills a directory and prints what each operation costs in it.
func measure(t *testing.T, size int) {
	on := reference(t, *program)
	d := fill(t, on, size)
	length := time.Duration(*seconds) * time.Second
	fmt.Printf("%-28s %8s %9s %9s %9s   %9s %9s %6s\n", "operation", "req/s", "CPU", "p50", "p99", "bare CPU", "bare p99", "ratio")
	for _, op := range append(operations, withPassword) {
		if !strings.Contains(op.name, *only) {
			continue
		}
		_, body := once(t, on, op.next(0, d))
		d.more += 1
		ours := drive(t, on, *parallel, length, op.status, func(n int) (request, bool) { return op.next(n, d), true })
		if op.status == http.StatusCreated {
			d.more += ours.requests + *parallel
		}
		theirs := figures{}
		if !op.once {
			plain := bare(t, op.status, body)
			theirs = drive(t, plain, *parallel, length, op.status, func(n int) (request, bool) { return op.next(n, d), true })
			plain.stop()
		}
		row(op.name, ours, theirs)
	}
	scan(t, on, d)
	fmt.Printf("memory of the server: %d MiB at most\n\n", on.peak())
}

func row(name string, ours, theirs figures) {
	line := fmt.Sprintf("%-28s %8.0f %9s %9s %9s", name, float64(ours.requests)/ours.wall.Seconds(), micro(ours.cpu), micro(ours.p50), micro(ours.p99))
	if theirs.requests > 0 {
		line += fmt.Sprintf("   %9s %9s %6.2f", micro(theirs.cpu), micro(theirs.p99), float64(ours.cpu)/float64(theirs.cpu))
	}
	fmt.Println(line)
}

func micro(d time.Duration) string { return fmt.Sprintf("%d µs", d.Microseconds()) }

// scan asks once for what no index answers: it looks at everybody, or is refused.
func scan(t *testing.T, on target, d *directory) {
	began := time.Now()
	status, body := once(t, on, unindexed.next(0, d))
	said := ""
	if status != http.StatusOK {
		said = fmt.Sprintf(": %s", bytes.TrimSpace(body))
	}
	fmt.Printf("%-28s %d in %v%.200s\n", unindexed.name, status, time.Since(began).Round(time.Millisecond), said)
}

// fill sends the people to an empty target and says how fast they went in.
func fill(t *testing.T, on target, size int) *directory {
	t.Helper()
	d := &directory{size: size, more: size, ids: make([]string, size)}
	batches := (size + batch - 1) / batch
	c := make([]*connection, loaders)
	work := make(chan int)
	done := make(chan error, len(c))
	cpu, began := on.cpu(), time.Now()
	for i := range c {
		var err error
		if c[i], err = dial(on.base, on.token); err != nil {
			t.Fatal(err)
		}
		defer c[i].Close()
		go func() { done <- d.send(c[i], work) }()
	}
	var failed error
	for b := 0; b < batches && failed == nil; b++ {
		select {
		case work <- b:
		case failed = <-done:
		}
	}
	close(work)
	for range c {
		if failed == nil {
			failed = <-done
		}
	}
	if failed != nil {
		t.Fatal(failed)
	}
	wall, spent := time.Since(began), on.cpu()-cpu
	fmt.Printf("%d people by /Bulk in %v: %.0f per second, %s of CPU each; memory %d MiB at most\n",
		size, wall.Round(time.Millisecond), float64(size)/wall.Seconds(), micro(spent/time.Duration(size)), on.peak())
	status, body := once(t, on, request{"GET", "/Users?count=0", ""})
	if want := fmt.Sprintf(`"totalResults":%d`, size); status != http.StatusOK || !bytes.Contains(body, []byte(want)) {
		t.Fatalf("the directory answers %d %s, want %s", status, body, want)
	}
	return d
}

// send fills the target with the batches it is given and keeps the ids.
func (d *directory) send(c *connection, work <-chan int) error {
	for b := range work {
		first, last := b*batch, min((b+1)*batch, d.size)
		var body bytes.Buffer
		body.WriteString(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[`)
		for i := first; i < last; i++ {
			if i > first {
				body.WriteByte(',')
			}
			fmt.Fprintf(&body, `{"method":"POST","path":"/Users","bulkId":"%d","data":%s}`, i, person(i))
		}
		body.WriteString("]}")
		status, answer, err := c.do(request{"POST", "/Bulk", body.String()})
		if err != nil || status != http.StatusOK {
			return fmt.Errorf("/Bulk answers %d: %.300s %w", status, answer, err)
		}
		var out struct {
			Operations []struct {
				Location, Status, BulkID string
				Response                 jsontext.Value
			}
		}
		if err := json.Unmarshal(answer, &out, json.MatchCaseInsensitiveNames(true)); err != nil {
			return err
		}
		for i, op := range out.Operations {
			if op.Status != "201" {
				return fmt.Errorf("person %d is refused: %s %s", first+i, op.Status, op.Response)
			}
			d.ids[first+i] = op.Location[strings.LastIndexByte(op.Location, '/')+1:]
		}
	}
	return nil
}
