package engine

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"scimproof/server/scim"
	"scimproof/server/store"
)

// BulkOptions are what Bulk asks its caller. Both are required.
type BulkOptions struct {
	// Admit refuses an operation before anything of it is done.
	Admit func(rt *scim.ResourceType, op scim.BulkOperation) error
	// Explain turns an error of an operation, which may be one of the server, into what the client is told.
	Explain func(error) *scim.Error
}

// BulkResult is what became of an operation. Where Err is nil, Result is what a request of its own would have answered, but for the body.
type BulkResult struct {
	Operation scim.BulkOperation
	Result    Result
	Err       *scim.Error
}

// Bulk carries out the operations of a request (RFC 7644 section 3.7), each as a durable step of its own, until failOnErrors of them have
// failed. The results are of those whose turn came, as they stand in the request. The error is that of ctx: what was done stays done.
//
// Creations that refer to each other in a circle get their ids ahead; the links that cannot be made yet follow when the other end is
// there. Where it never is, what waited for it is deleted again, and its operation has failed. For that, the profile's Rules.Match must
// find nothing.
func (e *Engine) Bulk(ctx context.Context, app *App, req scim.BulkRequest, opt BulkOptions) ([]BulkResult, error) {
	b := &bulk{
		Engine: e, ctx: ctx, app: app, opt: opt, ops: req.Operations, creates: req.Creations(), steps: make([]scim.BulkStep, len(req.Operations)),
		needers: map[int][]int{}, ids: map[int]string{}, results: make([]*BulkResult, len(req.Operations)), later: map[int][]scim.LinkValue{},
	}
	order := req.Order()
	for _, step := range order {
		b.steps[step.Operation] = step
		for _, bulkID := range step.Needs {
			if other, ok := b.creates[bulkID]; ok {
				b.needers[other] = append(b.needers[other], step.Operation)
			}
		}
	}
	for _, step := range order {
		if ctx.Err() != nil || req.FailOnErrors > 0 && b.failed >= req.FailOnErrors {
			break
		}
		b.take(step.Operation)
	}
	b.dropIncomplete()
	var out []BulkResult
	for _, r := range b.results {
		if r != nil {
			out = append(out, *r)
		}
	}
	return out, ctx.Err()
}

// bulk is a request on its way. Operations go by their index.
type bulk struct {
	*Engine
	ctx     context.Context
	app     *App
	opt     BulkOptions
	ops     []scim.BulkOperation
	steps   []scim.BulkStep
	creates map[string]int // by bulkId
	needers map[int][]int  // the operations that refer to what one creates
	ids     map[int]string // of what operations create, or will
	results []*BulkResult  // nil until its turn has come
	failed  int
	later   map[int][]scim.LinkValue // links whose other end is not there yet
}

// take carries out an operation and what waited for it.
func (b *bulk) take(i int) {
	r := &BulkResult{Operation: b.ops[i]}
	b.results[i] = r
	rt, id, err := b.ops[i].Target(b.app.Profile.Registry)
	if err == nil {
		err = b.opt.Admit(rt, b.ops[i])
	}
	if err == nil {
		err = b.resolvable(i)
	}
	if bulkID, ok := scim.BulkReference(id); ok && err == nil {
		id = b.ids[b.creation(bulkID)]
	} else if ok {
		id = ""
	}
	if err == nil {
		r.Result, err = b.carryOut(i, rt, id)
	}
	if r.Result.Location == "" && rt != nil && id != "" && b.ops[i].Method != http.MethodPost {
		r.Result.Location = b.app.Location(rt, url.PathEscape(id))
	}
	if err != nil {
		b.fail(i, err)
		return
	}
	b.complete(i)
}

// resolvable says whether everything that an operation refers to is there, or on its way.
func (b *bulk) resolvable(i int) error {
	for _, bulkID := range b.steps[i].Needs {
		other := b.creation(bulkID)
		if other < 0 {
			return scim.Bad(scim.InvalidValue, "bulkId:%s refers to nothing: no POST of the request has this bulkId.", scim.Excerpt(bulkID))
		}
		if r := b.results[other]; r != nil && r.Err != nil {
			return unmade(bulkID)
		}
		if err := b.reserve(other); err != nil { // what is there has its id
			return err
		}
	}
	return nil
}

func unmade(bulkID string) error {
	return scim.Bad(scim.InvalidValue, "bulkId:%s refers to what could not be created; see to its operation first.", scim.Excerpt(bulkID))
}

// creation is the operation that creates what has the bulkId, or -1.
func (b *bulk) creation(bulkID string) int {
	if i, ok := b.creates[bulkID]; ok {
		return i
	}
	return -1
}

// reserve gives the resource of a creation its id.
func (b *bulk) reserve(i int) error {
	if b.ids[i] != "" {
		return nil
	}
	rt, _, err := b.ops[i].Target(b.app.Profile.Registry)
	if err != nil {
		return unmade(b.ops[i].BulkID)
	}
	b.ids[i], err = b.newID(rt)
	return err
}

// carryOut does what a request of its own would have done.
func (b *bulk) carryOut(i int, rt *scim.ResourceType, id string) (Result, error) {
	op := b.ops[i]
	data := op.Resolve(func(bulkID string) string { return b.ids[b.creation(bulkID)] })
	conditions, err := b.conditions(op)
	switch {
	case err != nil:
		return Result{}, err
	case op.Method == http.MethodPost:
		return b.create(i, rt, data)
	case op.Method == http.MethodPut:
		return b.Replace(b.ctx, b.app, rt, id, data, scim.Selection{}, conditions...)
	case op.Method == http.MethodPatch:
		return b.Patch(b.ctx, b.app, rt, id, data, scim.Selection{}, conditions...)
	}
	return b.Delete(b.ctx, b.app, rt, id, conditions...)
}

// conditions are what the version of an operation demands: it means what If-Match means to a request of its own.
func (b *bulk) conditions(op scim.BulkOperation) ([]Condition, error) {
	if op.Version == "" || !b.app.Profile.Has("etag") {
		return nil, nil
	}
	tags, ok := ParseTags(op.Version)
	if !ok {
		return nil, scim.Bad(scim.InvalidValue, `version is an entity tag such as W/"1", in quotation marks, not %q.`, scim.Excerpt(op.Version))
	}
	return []Condition{IfMatch(tags)}, nil
}

// create carries out a POST, but for the links to what is not there yet.
func (b *bulk) create(i int, rt *scim.ResourceType, data []byte) (Result, error) {
	if err := b.reserve(i); err != nil {
		return Result{}, err
	}
	in, err := b.receive(b.ctx, b.app, rt, data)
	if err != nil {
		return Result{}, err
	}
	in.id = b.ids[i]
	late := map[string]bool{}
	for _, bulkID := range b.steps[i].Late {
		late[b.ids[b.creation(bulkID)]] = true
	}
	now := in.links[:0:0]
	for _, link := range in.links {
		if late[link.Value] {
			b.later[i] = append(b.later[i], link)
		} else {
			now = append(now, link)
		}
	}
	in.links = now
	return b.Engine.create(b.ctx, b.app, rt, in, scim.Selection{})
}

// complete makes the links that waited for what an operation has created.
func (b *bulk) complete(made int) {
	for _, i := range b.needers[made] {
		links, r := b.later[i], b.results[i]
		var ready, left []scim.LinkValue
		for _, link := range links {
			if link.Value == b.ids[made] {
				ready = append(ready, link)
			} else {
				left = append(left, link)
			}
		}
		if len(ready) == 0 || r.Err != nil {
			continue
		}
		b.later[i] = left
		rt, _, _ := b.ops[i].Target(b.app.Profile.Registry)
		version, err := b.join(b.ctx, b.app, rt, b.ids[i], ready)
		if err != nil {
			b.fail(i, err)
			continue
		}
		r.Result.Version = version
	}
}

// join adds links to a resource, and returns its entity tag.
func (e *Engine) join(ctx context.Context, app *App, rt *scim.ResourceType, id string, links []scim.LinkValue) (tag string, err error) {
	ed := edit{
		kind: Patch, touched: func(string) bool { return false }, links: []scim.LinkOperation{{Op: scim.OpAdd, Values: links}},
		merge: func(c *Change) (err error) {
			c.After, err = rt.Patch(c.Before, nil, app.patchOptions())
			return err
		},
	}
	err = e.Store.Write(ctx, func(tx store.Tx) error {
		rec, err := e.update(tx, app, rt, id, ed)
		tag = version(rec)
		return err
	})
	return tag, app.translate(err, rt, id)
}

// fail notes that an operation has failed. What a POST had created goes again, and with it whatever was created because of it.
func (b *bulk) fail(i int, err error) {
	r := b.results[i]
	created := b.ops[i].Method == http.MethodPost && r.Result.Status != 0
	r.Err = b.opt.Explain(err)
	r.Result = Result{Location: r.Result.Location}
	b.failed++
	if b.ops[i].Method != http.MethodPost {
		return
	}
	r.Result.Location = ""
	if created {
		b.remove(i)
	}
	for _, other := range b.needers[i] {
		if o := b.results[other]; o != nil && o.Err == nil && o.Result.Status != 0 {
			b.fail(other, unmade(b.ops[i].BulkID))
		}
	}
}

// remove deletes what an operation has created. It is done even when the client has gone.
func (b *bulk) remove(i int) {
	rt, _, _ := b.ops[i].Target(b.app.Profile.Registry)
	_, err := b.Delete(context.WithoutCancel(b.ctx), b.app, rt, b.ids[i])
	var known *scim.Error
	if err != nil && !(errors.As(err, &known) && known.Status == http.StatusNotFound) {
		b.results[i].Err = b.opt.Explain(err)
	}
}

// dropIncomplete fails the creations that still wait for one whose turn has not come.
func (b *bulk) dropIncomplete() {
	for i, r := range b.results {
		if r == nil {
			continue
		}
		for _, bulkID := range b.steps[i].Late {
			if r.Err == nil && b.results[b.creation(bulkID)] == nil {
				b.fail(i, unmade(bulkID))
			}
		}
	}
}
