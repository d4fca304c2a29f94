package scim

import "net/http"

// BulkStep is the turn of one operation.
type BulkStep struct {
	Operation int // its index
	// Needs are the bulkIds that it refers to, in its path or data, whether or not an operation has them.
	Needs []string
	// Late are those of Needs that only a later step creates, since that one needs this one: circular references (RFC 7644 section 3.7.1).
	Late []string
}

// Order says in which order operations are carried out: as they stand, but that a creation which is needed sooner comes sooner. Of the
// creations that need each other in a circle one has to come first, and its references are late.
func (r BulkRequest) Order() []BulkStep {
	o := ordering{ops: r.Operations, creates: r.Creations(), state: make([]turn, len(r.Operations))}
	for i := range o.ops {
		o.visit(i)
	}
	return o.steps
}

// Creations maps each bulkId that can be referred to to the operation that creates it.
func (r BulkRequest) Creations() map[string]int {
	out := map[string]int{}
	for i, op := range r.Operations {
		if op.Method == http.MethodPost && op.BulkID != "" {
			out[op.BulkID] = i
		}
	}
	return out
}

type turn byte

const (
	toCome turn = iota
	begun
	had
)

// ordering is a walk through operations along their references, depth first.
type ordering struct {
	ops     []BulkOperation
	creates map[string]int
	state   []turn
	steps   []BulkStep
}

func (o *ordering) visit(i int) {
	if o.state[i] != toCome {
		return
	}
	o.state[i] = begun
	step := BulkStep{Operation: i, Needs: o.ops[i].needs()}
	for _, bulkID := range step.Needs {
		other, ok := o.creates[bulkID]
		if !ok {
			continue
		}
		o.visit(other)
		if o.state[other] == begun {
			step.Late = append(step.Late, bulkID)
		}
	}
	o.state[i] = had
	o.steps = append(o.steps, step)
}

// needs lists the references of the path and of the data.
func (op BulkOperation) needs() []string {
	needs := op.References()
	if segments, err := op.segments(); err == nil && len(segments) == 2 {
		if bulkID, ok := BulkReference(segments[1]); ok {
			needs = append(needs, bulkID)
		}
	}
	return needs
}
