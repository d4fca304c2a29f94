package sqlstore

import "scimproof/server/store"

// Tx is a store.Tx over the transaction that its session is in.
type Tx struct {
	Reader
	failed     error
	controlled bool // it has written to the control plane, and begun a new generation
}

var _ store.Tx = (*Tx)(nil)

// NewTx makes a Tx for one step.
func NewTx(s Session, d Dialect, maxScan int, c *Cache) *Tx {
	return &Tx{Reader: *NewReader(s, d, maxScan, c)}
}

// Failed is the error by which a change broke off half-way, or nil. The step must then be undone, even if its function shrugs it off.
func (t *Tx) Failed() error { return t.failed }

// Controlled says whether the step has written to the control plane.
func (t *Tx) Controlled() bool { return t.controlled }

// change runs one statement that writes.
func (t *Tx) change(text string, args ...any) (int, error) {
	if t.session == nil {
		return 0, errOver
	}
	n, err := t.session.Change(text, args)
	return n, t.note(err)
}

// changeAll runs it once for each list of arguments.
func (t *Tx) changeAll(text string, lists [][]any) ([]int, error) {
	if len(lists) == 0 {
		return nil, nil
	}
	if t.session == nil {
		return nil, errOver
	}
	n, err := t.session.ChangeAll(text, lists)
	return n, t.note(err)
}

// note remembers a failure, and says what the violation of a foreign key means: what a row refers to is not there.
func (t *Tx) note(err error) error {
	if err == nil {
		return nil
	}
	if t.session.Violation(err) == Reference {
		err = store.ErrNotFound
	}
	t.failed = err
	return err
}

// must is change for a statement that is about one row: without it, ErrNotFound.
func (t *Tx) must(text string, args ...any) error {
	n, err := t.change(text, args...)
	if err == nil && n == 0 {
		return store.ErrNotFound
	}
	return err
}

// taken makes the violation of a unique index a conflict over the attribute.
func (t *Tx) taken(err error, attr string) error {
	if err != nil && t.session.Violation(err) == Unique {
		return &store.Conflict{Attr: attr}
	}
	return err
}
