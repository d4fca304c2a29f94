// Package store is the contract of what keeps resources and the control plane. It answers queries; handlers do not.
//
// An implementation passes storetest.Run.
package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"scimproof/server/scim"
)

// The refusals of a store. Implementations wrap them; callers use errors.Is.
var (
	ErrNotFound = errors.New("not found")
	ErrTooMany  = errors.New("the query would look at too many rows")
	ErrClosed   = errors.New("the store is closed")
)

// Conflict says that a value that must be unique is taken. Attr is a Ref.Key such as "userName".
type Conflict struct{ Attr string }

func (c *Conflict) Error() string { return fmt.Sprintf("%s is taken", c.Attr) }

// Store keeps everything that two replicas must agree about.
type Store interface {
	// Read runs fn over one consistent state. It never waits for a writer.
	Read(ctx context.Context, fn func(Reader) error) error
	// Admit returns what decides about a request to an application with a token: ErrNotFound where there is no such application. It is
	// never older than the last Write that ended before, in this process or, where several share a database, in another.
	Admit(ctx context.Context, application string, digest []byte) (Admission, error)
	// Write runs fn as one atomic step: all of it happens, or, when fn or the commit fails, nothing. When Write returns nil the
	// step is durable. fn MUST be free of effects outside tx: it may run again after a conflict of two writers.
	// Steps are serializable: what fn reads through tx cannot change before it commits.
	Write(ctx context.Context, fn func(Tx) error) error
	// Close waits for reads and writes under way and releases the store. Every later call answers ErrClosed.
	Close() error
}

// View is a window on resources. Every call that touches resources names one.
type View struct {
	Directory   string // uniqueness and membership end at its borders: an instance (profile idaas) or an application (profile rfc)
	Application string // whose externalIds are seen and set
	Scoped      bool   // only what lies in the application's provisioning scope is seen
}

// Record is a stored resource.
type Record struct {
	ID           string // its own fold (scim.Fold without case), so that it compares alike whatever an attribute that holds it declares
	Type         string // name of the resource type
	Version      int64  // 1 at first, one more at each change of the resource itself
	Created      time.Time
	Modified     time.Time
	Source       string // id of the application that made it
	Organization string // id of the organization it is placed in, or ""
	ExternalID   string // as the view's application knows it, or ""
	Display      string // what others show for it (members.display, groups.display)
	Grouped      bool   // whether a group has it as a member, visible or not; read back only
	Body         []byte // canonical JSON object, without externalId, meta, the linked and the derived attribute
	Hidden       []byte // JSON object of attributes that the server keeps for itself, or nil
	Secret       []byte // password hash, or nil
	Keys         []Key  // what its indexed and unique attributes hold; written by Insert and Update, not read back
}

// Key is one value of an indexed attribute, folded as the attribute demands (scim.Fold).
type Key struct {
	Attr   string // Ref.Key
	Value  string
	Unique bool // no other record of the type in the directory may have it
}

// Query asks for the records of a view that satisfy a filter.
type Query struct {
	View
	Type       *scim.ResourceType
	Filter     scim.Cond // nil takes all
	SortBy     *scim.Ref // as scim.SortCompare has it, ties in the order of creation; nil keeps that order
	Descending bool      // turns the order of SortBy round, ties too; without SortBy it means nothing
	Start      int       // 1 is the first
	Count      int       // at most so many records; 0 asks for the total alone
	// After, where it is not nil, takes the place of Start: the page begins behind that position. Whoever follows the last position of
	// each page to the next meets every record that keeps its place exactly once, whatever else comes, goes or moves meanwhile.
	After Position
	// Locate writes the URL of a resource, for filters and sorts on meta.location and $ref. Where it is nil these have no value.
	Locate func(typ, id string) string
}

// Position is a place in the order of a query, in the store's own writing: it holds whether or not a record is still there. The empty one
// that is not nil lies before the first record. It is good for queries with the same view, type, filter and order, on every replica.
type Position []byte

// Page is an answer to a Query.
type Page struct {
	Total     int // of all matches, exact
	Records   []Record
	Positions []Position // of the records, one each, where the query has After; else nil
}

// Member is an entry of a linked attribute.
type Member struct {
	ID      string
	Type    string // name of the member's resource type
	Display string
}

// Membership is an entry of a derived attribute: a group that a resource belongs to.
type Membership struct {
	ID      string
	Display string
	Direct  bool
}

// Reader reads one consistent state. Times are UTC, to the millisecond.
type Reader interface {
	// Get returns the record, or ErrNotFound where the view does not show it.
	Get(v View, typ, id string) (Record, error)
	// ByExternalID returns the record that the view's application knows by that externalId and made itself, or ErrNotFound.
	// The scope does not hide it.
	ByExternalID(v View, typ, externalID string) (Record, error)
	// ByKey returns the records that have the key, whatever the scope. Unscoped on purpose: uniqueness ends at the directory.
	ByKey(v View, typ, attr, value string) ([]Record, error)
	// Query answers a query. ErrTooMany where a filter without an index would look at more rows than the store allows.
	Query(q Query) (Page, error)
	// Visible says whether the view shows the record.
	Visible(v View, typ, id string) (bool, error)
	// Members calls yield for each member of the group that the view shows, in the order they joined, until yield returns false.
	// yield may read from the store. ErrNotFound where the view does not show the group.
	Members(v View, group string, yield func(Member) bool) error
	// Memberships lists the groups of a resource that the view shows: direct ones, and those that contain one of them; the direct ones
	// first, each kind in the order of creation. Groups may contain each other in a circle. ErrNotFound where the view does not show
	// the resource.
	Memberships(v View, id string) ([]Membership, error)

	// The control plane: what has the id, or ErrNotFound; lists are in the order of creation.

	Instance(id string) (Instance, error)
	Instances() ([]Instance, error)
	Application(id string) (Application, error)
	Applications(instance string) ([]Application, error)
	Token(id string) (Token, error)
	TokenByDigest(digest []byte) (Token, error)
	Tokens(application string) ([]Token, error)
	Organization(id string) (Organization, error)
	Organizations(instance string) ([]Organization, error)
	// Placed counts the resources in an organization itself, whatever their directory.
	Placed(organization string) (int, error)
	Field(id string) (Field, error)
	Fields(instance string) ([]Field, error)
	// InScope says whether the organization is one of the application's scope, or lies below one.
	InScope(application, organization string) (bool, error)
	// Secret returns what is kept under the name, for all replicas the same, or ErrNotFound.
	Secret(name string) ([]byte, error)
	// ScopeGroups lists the ids of the groups in the application's provisioning scope, in the order of their creation.
	ScopeGroups(application string) ([]string, error)
}

// Tx is a Reader that can write, and sees what it wrote.
type Tx interface {
	Reader
	// Insert adds a record. *Conflict where a unique key or, with uniqueExternal, the externalId is taken.
	Insert(v View, r Record, uniqueExternal bool) error
	// Update writes a record over the one with its id and type, as it stands: the caller has set Version and Modified.
	// ErrNotFound where the view does not show that one, or *Conflict as with Insert.
	Update(v View, r Record, uniqueExternal bool) error
	// Delete removes the record, its keys, its externalIds and its memberships, as member and as group.
	// ErrNotFound where the view does not show it.
	Delete(v View, typ, id string) error

	// AddMembers lets records join a group; one that is in it already stays where it is. It returns how many joined.
	// ErrNotFound, and nothing done, where the view does not show the group or one of the members; a member's Display is not looked at.
	AddMembers(v View, group string, members []Member) (int, error)
	// RemoveMembers lets members leave a group, and returns how many did. One that the view does not show stays; one that is not in
	// the group is no error. ErrNotFound where the view does not show the group.
	RemoveMembers(v View, group string, ids []string) (int, error)
	// ClearMembers lets all members that the view shows leave, and returns how many did. ErrNotFound where the view does not show the group.
	ClearMembers(v View, group string) (int, error)
	// AddToScope puts a group into the application's provisioning scope; one that is in it stays. ErrNotFound where there is no such
	// application, or no such group in its directory.
	AddToScope(application, group string) error
	// RemoveFromScope takes a group out of the application's provisioning scope. ErrNotFound where it is not in it.
	RemoveFromScope(application, group string) error

	// Put writes what has the id anew, or over what is there; Delete answers ErrNotFound where nothing is.

	PutInstance(Instance) error
	// DeleteInstance removes an instance with all that it has: applications, organizations, fields and resources.
	DeleteInstance(id string) error
	// PutApplication writes an application and makes the organizations it lists its scope. Groups come and go by AddToScope and RemoveFromScope.
	PutApplication(Application) error
	// DeleteApplication removes an application with its tokens, its scope, its externalIds, and the resources of the directory that is its
	// own. What it made in its instance's directory stays.
	DeleteApplication(id string) error
	// PutToken writes a token. *Conflict with "digest" where another token has the digest; ErrNotFound where its application is not there.
	PutToken(Token) error
	DeleteToken(id string) error
	PutOrganization(Organization) error
	DeleteOrganization(id string) error
	PutField(Field) error
	DeleteField(id string) error
	// PutSecret keeps a secret under a name, anew or over what is there.
	PutSecret(name string, value []byte) error
}

// Instance is a tenant: organizations, accounts, groups and applications of one owner.
type Instance struct {
	ID             string
	Name           string
	PasswordPolicy string // name of a template
	Created        time.Time
}

// Application stands for one external system that pushes into an instance (rules app-*, scope-*, perm-*).
type Application struct {
	ID          string
	Instance    string
	Name        string
	Kind        string // standard, custom or template
	Profile     string // idaas or rfc
	Enabled     bool
	APIEnabled  bool
	Permissions []string // granted scenarios
	Scope       []string // ids of the organizations at the top of the provisioning scope
	Target      string   // synchronization target: id of an organization in the scope
	Variants    []string // legal freedoms that are on
	Namespace   string   // URN of the extended fields, or ""
	Fields      []string // ids of the extended fields that sync
	Created     time.Time
}

// Admission is an application, what of its instance counts for its requests, and the token of one.
type Admission struct {
	Application Application
	Instance    Instance
	Fields      []Field // of the instance
	Token       Token   // the zero Token where no token has the digest
}

// Token is a bearer token, or the secret that an application exchanges for one; only its digest is kept (rule tok-8).
type Token struct {
	ID          string
	Application string
	Kind        string // bearer_token or client_secret
	Digest      []byte // SHA-256 of the value
	Enabled     bool
	Created     time.Time
	Expires     time.Time
	LastUsed    time.Time // zero where it was never used
	Account     string    // id of the User that it speaks for, or ""
}

// Organization is a node of an instance's tree.
type Organization struct {
	ID       string
	Instance string
	Parent   string // "" at the root
	Name     string
}

// Field is an extended field of an instance's accounts (rules ext-*).
type Field struct {
	ID          string
	Instance    string
	Name        string // the attribute that clients write, which keeps it for good
	DisplayName string
	Description string
	Type        string // string, number or boolean
	Input       string // how people fill it in: input, select or checkbox
	Required    bool
	Unique      bool
	Options     []Option // the values that it can have; none means any
	Enabled     bool
	Created     time.Time
}

// Option is a value that an extended field can have.
type Option struct {
	Value       string
	DisplayName string
	Enabled     bool // one that is not cannot be chosen any more
}
