package control_test

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"scimproof/server/control"
	"scimproof/server/store"
	"scimproof/server/store/sqlite"
	"scimproof/server/variant"
)

const day = 24 * time.Hour

// bench is a control plane over an empty store, with a clock that the test moves.
type bench struct {
	*control.Plane
	now time.Time
}

func newBench(t *testing.T) *bench {
	t.Helper()
	st, err := sqlite.Open(t.Context(), sqlite.Memory, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	b := &bench{now: time.Date(2026, 2, 28, 12, 0, 0, 0, time.UTC)}
	b.Plane = &control.Plane{Store: st, Clock: func() time.Time { return b.now }, Random: rand.Reader}
	return b
}

// application makes an application in an instance of its own.
func (b *bench) application(t *testing.T) store.Application {
	t.Helper()
	in, root, err := b.NewInstance(t.Context(), "Test")
	if err != nil {
		t.Fatal(err)
	}
	a, err := b.AddApplication(t.Context(), control.NewApplication{
		Instance: in.ID, Name: "Test", Kind: control.Custom, Profile: "idaas", With: control.Inbound([]string{root.ID}, root.ID),
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (b *bench) tokens(t *testing.T, application string) (list []store.Token) {
	t.Helper()
	err := b.Store.Read(t.Context(), func(r store.Reader) (err error) {
		list, err = r.Tokens(application)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// set enables or disables a token.
func (b *bench) set(id string, enabled bool) error {
	_, err := b.SetTokenEnabled(context.Background(), id, enabled)
	return err
}

// wantCode checks that an error is a refusal with the code.
func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	var e *control.Error
	switch {
	case code == "" && err != nil:
		t.Errorf("refused with %v", err)
	case code != "" && (!errors.As(err, &e) || e.Code != code):
		t.Errorf("the error is %v, want %s", err, code)
	}
}

func TestAddApplicationRefuses(t *testing.T) {
	b := newBench(t)
	in, root, err := b.NewInstance(t.Context(), "Test")
	if err != nil {
		t.Fatal(err)
	}
	aside, err := b.NewOrganization(t.Context(), root.ID, "Aside")
	if err != nil {
		t.Fatal(err)
	}
	inside, err := b.NewOrganization(t.Context(), root.ID, "Inside")
	if err != nil {
		t.Fatal(err)
	}
	below, err := b.NewOrganization(t.Context(), inside.ID, "Below")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*control.NewApplication)
		code   string
	}{
		"right":                       {func(*control.NewApplication) {}, ""},
		"standard":                    {func(n *control.NewApplication) { n.Kind = "standard" }, ""},
		"target below the scope":      {func(n *control.NewApplication) { n.With.Target = new(below.ID) }, ""},
		"longest name":                {func(n *control.NewApplication) { n.Name = strings.Repeat("ü", 64) }, ""},
		"no name":                     {func(n *control.NewApplication) { n.Name = "" }, "InvalidParameter.ApplicationName"},
		"name too long":               {func(n *control.NewApplication) { n.Name = strings.Repeat("ü", 65) }, "InvalidParameter.ApplicationName"},
		"template":                    {func(n *control.NewApplication) { n.Kind = "template" }, "OperationDenied.TemplateApplication"},
		"unknown profile":             {func(n *control.NewApplication) { n.Profile = "okta" }, "InvalidParameter.Profile"},
		"unknown instance":            {func(n *control.NewApplication) { n.Instance = "idaas_none" }, "ResourceNotFound.Instance"},
		"target outside the scope":    {func(n *control.NewApplication) { n.With.Target = new(aside.ID) }, "OperationDenied.TargetNotInScope"},
		"target above the scope":      {func(n *control.NewApplication) { n.With.Target = new(root.ID) }, "OperationDenied.TargetNotInScope"},
		"no target":                   {func(n *control.NewApplication) { n.With.Target = nil }, ""},
		"a variant":                   {func(n *control.NewApplication) { n.With.Variants = &[]string{variant.UntypedIsWork} }, ""},
		"unknown variant":             {func(n *control.NewApplication) { n.With.Variants = &[]string{"none"} }, "InvalidParameter.Variants"},
		"a variant of other profiles": {func(n *control.NewApplication) { n.With.Variants = &[]string{variant.CreateOnNoMatch} }, "InvalidParameter.Variants"},
	} {
		t.Run(name, func(t *testing.T) {
			n := control.NewApplication{Instance: in.ID, Name: "Test", Kind: "custom", Profile: "idaas", With: control.Inbound([]string{inside.ID}, inside.ID)}
			c.change(&n)
			a, err := b.AddApplication(t.Context(), n)
			wantCode(t, err, c.code)
			if got := b.has(t, a.ID); got != (c.code == "") {
				t.Errorf("the application is kept: %v", got)
			}
		})
	}
}

func (b *bench) has(t *testing.T, application string) bool {
	t.Helper()
	err := b.Store.Read(t.Context(), func(r store.Reader) error {
		_, err := r.Application(application)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		t.Fatal(err)
	}
	return err == nil
}

func TestNewOrganizationNeedsItsParent(t *testing.T) {
	_, err := newBench(t).NewOrganization(t.Context(), "ou_none", "Below")
	wantCode(t, err, "ResourceNotFound.OrganizationalUnit")
}

func TestTokenValidity(t *testing.T) {
	b := newBench(t)
	a := b.application(t)
	for _, c := range []struct {
		validity control.Validity
		expires  time.Time
	}{
		{control.Days(1), b.now.AddDate(0, 0, 1)},
		{control.Validity{Years: 3}, b.now.AddDate(3, 0, 0)},
		{control.Validity{}, time.Time{}},
		{control.Validity{Years: 3, Days: 1}, time.Time{}},
		{control.Days(-1), time.Time{}},
		{control.Validity{Years: 9999, Months: 9999, Days: 9999}, time.Time{}},
	} {
		token, value, err := b.AddToken(t.Context(), a.ID, control.BearerToken, c.validity)
		if c.expires.IsZero() {
			wantCode(t, err, "InvalidParameter.ExpirationTime")
			continue
		}
		wantCode(t, err, "")
		if !token.Expires.Equal(c.expires) {
			t.Errorf("a token for %v expires at %v, want %v", c.validity, token.Expires, c.expires)
		}
		if len(value) != 127 || !strings.HasPrefix(value, "SAT") || strings.ContainsAny(value, "0OIl") {
			t.Errorf("the token is %q, want SAT and 124 base58 characters", value)
		}
	}
	if n := len(b.tokens(t, a.ID)); n != 2 {
		t.Errorf("%d tokens are kept, want 2", n)
	}
}

func TestTokenLimit(t *testing.T) {
	b := newBench(t)
	a := b.application(t)
	for _, code := range []string{"", "", "OperationDenied.TokenLimit"} {
		_, _, err := b.AddToken(t.Context(), a.ID, control.BearerToken, control.Days(1))
		wantCode(t, err, code)
	}
	_, _, err := b.AddToken(t.Context(), "app_none", control.BearerToken, control.Days(1))
	wantCode(t, err, "ResourceNotFound.Application")
}

func TestTheLastEnabledTokenStays(t *testing.T) {
	b := newBench(t)
	a := b.application(t)
	add := func(days int) string {
		token, _, err := b.AddToken(t.Context(), a.ID, control.BearerToken, control.Days(days))
		if err != nil {
			t.Fatal(err)
		}
		return token.ID
	}
	first := add(2)
	wantCode(t, b.set(first, false), "OperationDenied.LastEnabledToken")
	wantCode(t, b.DeleteToken(t.Context(), first), "OperationDenied.TokenEnabled")
	second := add(1)
	wantCode(t, b.set(first, false), "")
	wantCode(t, b.set(second, false), "OperationDenied.LastEnabledToken")
	wantCode(t, b.set(first, true), "")
	b.now = b.now.Add(day) // the second is worth nothing now: it can go, and the first is the last one
	wantCode(t, b.set(first, false), "OperationDenied.LastEnabledToken")
	wantCode(t, b.set(second, false), "")
	wantCode(t, b.DeleteToken(t.Context(), second), "")
	wantCode(t, b.DeleteToken(t.Context(), second), "ResourceNotFound.ApplicationToken")
	wantCode(t, b.set(second, true), "ResourceNotFound.ApplicationToken")
}

func TestTwoWhoDisableAtOnceLeaveOne(t *testing.T) {
	b := newBench(t)
	a := b.application(t)
	var ids []string
	for range 2 {
		token, _, err := b.AddToken(t.Context(), a.ID, control.BearerToken, control.Days(1))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, token.ID)
	}
	done := make(chan error)
	for _, id := range ids {
		go func() { done <- b.set(id, false) }()
	}
	refused := 0
	for range ids {
		if err := <-done; err != nil {
			wantCode(t, err, "OperationDenied.LastEnabledToken")
			refused++
		}
	}
	if refused != 1 {
		t.Errorf("%d of two were refused, want 1", refused)
	}
	if n := len(slices.DeleteFunc(b.tokens(t, a.ID), func(t store.Token) bool { return !t.Enabled })); n != 1 {
		t.Errorf("%d tokens are enabled, want 1", n)
	}
}
